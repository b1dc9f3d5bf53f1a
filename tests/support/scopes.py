"""What the engine is told of a connection: an ASGI scope as the session middleware leaves it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from docs_app.access import Visitor


def by_session(visitor: Visitor) -> dict[str, Any]:
    """A browser's connection, with a session of its own."""
    session = SessionStore()
    if visitor.user:
        session[SESSION_KEY] = str(visitor.user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = visitor.user.get_session_auth_hash()
    if visitor.guest:
        session["guest_id"] = str(visitor.guest.pk)
    session.save()
    return {"user": visitor.user, "session": session, "headers": [], "query_string": b"schema=1"}


def by_token(secret: str, *, in_address: bool = False) -> dict[str, Any]:
    headers = [] if in_address else [(b"host", b"here"), (b"authorization", f"Bearer {secret}".encode())]
    query = f"schema=1&token={secret}".encode() if in_address else b""
    return {"user": None, "session": SessionStore(), "headers": headers, "query_string": query}
