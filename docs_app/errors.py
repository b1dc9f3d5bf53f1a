"""What can be refused, each with a sentence for whoever asked and the HTTP status that says the same.

Refused        400  it makes no sense, or not now; the sentence says what would
├── NotAllowed 403  somebody who may know of the document, but not do this
├── NotFound   404  nothing there, or nothing this person may know of: the two are not told apart
├── TooMuch    413  more than we take at once
└── NotNow     503  the text cannot be reached at the moment: the same again may work
"""

from __future__ import annotations

import sqlite3

from django.db import DataError, Error, IntegrityError, NotSupportedError, ProgrammingError


class Refused(Exception):
    """`str()` of it is a whole sentence, fit to be shown as it is."""

    status = 400


class NotAllowed(Refused):
    status = 403


class NotFound(Refused):
    status = 404


class TooMuch(Refused):
    status = 413


class NotNow(Refused):
    status = 503


def is_outage(error: BaseException) -> bool:
    """Whether the database cannot be reached or cannot go on; not whether something wrong was asked of it."""
    if isinstance(error, DataError | IntegrityError | NotSupportedError | ProgrammingError):
        return False
    # SQLite's errors are all alike but for this number, which stands for all that is wrong with a statement.
    is_wrong = getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(error, Error) and not is_wrong
