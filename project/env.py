"""Typed readers of the environment, each of which refuses nonsense with a sentence (ImproperlyConfigured).

Nothing else looks at os.environ, except project.bootstrap, which runs before Django is there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(f"{name}={value!r} is not a yes or a no: use 1 or 0.")


def number(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {least} to {most}.")
    return int(value)


def choice(name: str, default: str, *others: str) -> str:
    """One of these words, in any case."""
    value = text(name, default).upper()
    if value not in {default, *others}:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join([default, *others])}.")
    return value


def zone(name: str, default: str) -> str:
    """The name of a time zone."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"{name}={value!r} is no time zone: use one such as Europe/Paris.") from error
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def words_of(name: str, known: Sequence[str], default: str) -> frozenset[str]:
    """A comma-separated list of words that are known."""
    found = frozenset(words(name, default))
    if unknown := sorted(found - set(known)):
        raise ImproperlyConfigured(f"{name} has {unknown[0]!r}, which is none of {', '.join(known)}.")
    return found


def url(name: str, *schemes: str) -> str:
    value = text(name)
    beginnings = tuple(f"{scheme}://" for scheme in schemes)
    if value and not value.startswith(beginnings):
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(beginnings)}.")
    return value
