"""Asking an ASGI application over HTTP without a server between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from asgiref.testing import ApplicationCommunicator


class Heard(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str


async def ask(
    app: Callable[[dict[str, Any], Any, Any], Awaitable[None]],
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> Heard:
    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "path": path, "method": method, "headers": sent, "query_string": b""}
    communicator: Any = ApplicationCommunicator(app, scope)  # type: ignore[no-untyped-call]  # asgiref has none
    await communicator.send_input({"type": "http.request", "body": b""})
    start = await communicator.receive_output(20)
    body = await communicator.receive_output(20)
    return Heard(
        start["status"],
        {name.decode().lower(): value.decode() for name, value in start["headers"]},
        body.get("body", b"").decode(),
    )
