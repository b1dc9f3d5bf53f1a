"""What `manage.py check` asks of a deployment: whether its parts are enough for it, and safe between machines."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from project import env


def processes(**_: Any) -> list[CheckMessage]:
    """Several of them tell each other of edits through Redis, and write at the same time."""
    try:
        workers = env.number("WORKERS", 1, least=1, most=256)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="scriptorium.E001")]
    found: list[CheckMessage] = []
    if workers > 1 and not settings.REDIS_URL:
        sentence = "WORKERS above 1 need REDIS_URL: the processes tell each other of edits through Redis."
        found.append(Error(sentence, id="scriptorium.E002"))
    if workers > 1 and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        sentence = "WORKERS above 1 wait for each other at SQLite, which has one writer: use PostgreSQL (DATABASE_URL)."
        found.append(Warning(sentence, id="scriptorium.W001"))
    return found


def neighbours(**_: Any) -> list[CheckMessage]:
    """What people write goes through Redis; our signatures keep forgers out, not readers."""
    found: list[CheckMessage] = []
    url = urlsplit(settings.REDIS_URL)
    if url.scheme == "unix" or not url.hostname or is_this_machine(url.hostname):
        return found
    if url.scheme != "rediss":
        sentence = "REDIS_URL leads to another machine in the clear, and what people write with it: use rediss://."
        found.append(Warning(sentence, id="scriptorium.W002"))
    if not url.password:
        sentence = "REDIS_URL leads to a Redis on another machine that asks for no password: anybody there can read it."
        found.append(Warning(sentence, id="scriptorium.W003"))
    return found


def is_this_machine(host: str) -> bool:
    """Whether only this machine can reach what listens at `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
