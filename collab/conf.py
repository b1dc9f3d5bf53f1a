"""The engine's settings: `COLLAB = {...}` in Django's settings, typed, read once, refusing nonsense with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from collab.hub import Tuning
from collab.keeper import Habit
from collab.pace import CONNECTIONS
from collab.retention import Retention

_DEFAULTS: Mapping[str, float] = {
    "IDLE_SECONDS": 30.0,
    "RECHECK_SECONDS": 0.75,
    "LOOK_SECONDS": 5.0,
    "SNAPSHOT_SECONDS": 300.0,
    "SNAPSHOT_ENTRIES": 500,
    "TIDY_SECONDS": 2.0,
    "KEEP_LOG_DAYS": 7,
    "KEEP_HISTORY_DAYS": 365,
    "CONNECTIONS": CONNECTIONS,
}


@cache
def _numbers() -> Mapping[str, float]:
    given = getattr(settings, "COLLAB", {})
    for name, value in given.items():
        if name not in _DEFAULTS:
            raise ImproperlyConfigured(f"COLLAB has no setting {name}: it knows {', '.join(sorted(_DEFAULTS))}.")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise ImproperlyConfigured(f"COLLAB[{name!r}] must be a positive number, not {value!r}.")
    return {**_DEFAULTS, **given}


def tuning() -> Tuning:
    """The times a hub works by. Raises ImproperlyConfigured for an unknown name or a value that is not positive."""
    numbers = _numbers()
    return Tuning(
        idle=numbers["IDLE_SECONDS"],
        recheck=numbers["RECHECK_SECONDS"],
        look=numbers["LOOK_SECONDS"],
        tidy=numbers["TIDY_SECONDS"],
        habit=Habit(entries=int(numbers["SNAPSHOT_ENTRIES"]), seconds=numbers["SNAPSHOT_SECONDS"]),
        connections=int(numbers["CONNECTIONS"]),
    )


def retention() -> Retention:
    """How long history is kept. Raises ImproperlyConfigured as `tuning` does."""
    numbers = _numbers()
    return Retention(log=timedelta(days=numbers["KEEP_LOG_DAYS"]), history=timedelta(days=numbers["KEEP_HISTORY_DAYS"]))
