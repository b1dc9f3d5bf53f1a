"""What every answer says to browsers, whoever gives it: Django, a static file, a probe, or a request nobody could read.

It stands outside of Django, some of whose errors pass by its middleware. What an answer says for itself, it keeps.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

ALWAYS = (
    # For what is no page of ours; pages come with settings.CONTENT_SECURITY_POLICY.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    # Nearly all we say is for one person. What is for everybody, a static file, says so.
    (b"cache-control", b"private, no-store"),
)


class Headers:
    """ASGI middleware for HTTP."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(message.get("headers", ()))}
            await send(message)

        await self.app(scope, receive, sending)


def _completed(headers: Any) -> list[tuple[bytes, bytes]]:
    given = list(headers)
    said = {name.lower() for name, _ in given}
    return given + [header for header in ALWAYS if header[0] not in said]
