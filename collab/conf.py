"""The engine's settings: `COLLAB = {...}` in Django's settings, typed, read once, refusing nonsense with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from collab.hub import Tuning
from collab.keeper import Habit
from collab.pace import CONNECTIONS

_DEFAULTS: Mapping[str, float] = {
    "IDLE_SECONDS": 30.0,
    "RECHECK_SECONDS": 0.75,
    "LOOK_SECONDS": 5.0,
    "SNAPSHOT_SECONDS": 300.0,
    "SNAPSHOT_ENTRIES": 500,
    "CONNECTIONS": CONNECTIONS,
}


@cache
def tuning() -> Tuning:
    """The times a hub works by. Raises ImproperlyConfigured for an unknown name or a value that is not positive."""
    given = getattr(settings, "COLLAB", {})
    for name, value in given.items():
        if name not in _DEFAULTS:
            raise ImproperlyConfigured(f"COLLAB has no setting {name}: it knows {', '.join(sorted(_DEFAULTS))}.")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise ImproperlyConfigured(f"COLLAB[{name!r}] must be a positive number, not {value!r}.")
    merged = {**_DEFAULTS, **given}
    return Tuning(
        idle=merged["IDLE_SECONDS"],
        recheck=merged["RECHECK_SECONDS"],
        look=merged["LOOK_SECONDS"],
        habit=Habit(entries=int(merged["SNAPSHOT_ENTRIES"]), seconds=merged["SNAPSHOT_SECONDS"]),
        connections=int(merged["CONNECTIONS"]),
    )
