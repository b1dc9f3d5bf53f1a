"""What a log may hold, and how its lines look: who reads it gets into no document by it, nor learns who wrote what.

Tokens, passwords in addresses, e-mail addresses and the values that PostgreSQL quotes are left out, whoever logs them.
"""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from datetime import UTC, datetime
from uuid import UUID

from collab.errors import CollabError

_PRIVATE = re.compile(
    r"(?<=/s/)[^/\s?'\"]+"  # the token in a share link's address
    r"|(?<=\btoken=)[^&\s'\"]+"  # the one that programs add to an address
    r"|(?<=/password/reset/key/)[^/\s?'\"]+"  # the one in a letter for a forgotten password
    r"|(?<=://)[^/\s@'\"]+(?=@)"  # name and password in the address of a server
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<=\bDETAIL:).*?(?=\n(?:CONTEXT|HINT|Traceback|The above|During handling)\b|\n\n|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def discreet(text: str) -> str:
    return _PRIVATE.sub("…", text)


class Discreet(logging.Formatter):
    """Lines for people: leaves private things out of the finished line, traceback and all."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


class Seldom(logging.Filter):
    """Lets lines of one kind pass `times` a minute, whatever they say in particular."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times
        self._passed: dict[str, deque[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        passed = self._passed.setdefault(record.msg, deque(maxlen=self._times))
        if len(passed) == self._times and record.created - passed[0] < 60.0:
            return False
        passed.append(record.created)
        return True


class Structured(logging.Formatter):
    """Lines for programs, one JSON object each: time (UTC), level, logger, message.

    Where the message is about them also `document` (its id), `code` (a connection's close code) and `exception`.
    """

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
            **_subject(record),
        }
        if record.exc_info:
            fields["exception"] = discreet(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


def _subject(record: logging.LogRecord) -> dict[str, object]:
    """What the arguments of a message tell of: the engine logs documents by their id, and refusals by their error."""
    subject: dict[str, object] = {}
    for argument in record.args if isinstance(record.args, tuple) else ():
        if isinstance(argument, UUID):
            subject["document"] = str(argument)
        elif isinstance(argument, CollabError):
            subject["code"] = argument.code
    return subject
