"""Django's sessions in the database, which is asked only for keys that could be one.

A cookie may say anything, and to PostgreSQL a NUL, which a quoted cookie can hold, is not a key unknown but an error.
"""

from __future__ import annotations

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and _KEY.fullmatch(key))
