"""How much a request may bring: Django puts what comes on the disk before anybody has asked who sends it.

Beyond that it is refused by what its head says, and else ended where it goes too far.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
BESIDES = 1 << 20  # bytes of a form besides its file
HEARD_OUT, HEARD_OUT_SECONDS = 1 << 27, 10.0  # how much of what is refused is thrown away, in bytes


class Bodies:
    """ASGI middleware for HTTP. `largest` is the largest file that is taken, in bytes."""

    def __init__(self, app: App, largest: int) -> None:
        self.app = app
        self.most = largest + BESIDES

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if lengths and int(lengths[0]) > self.most:
            await self._refuse(scope["path"], receive, send)
            return
        left = self.most

        async def receiving() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            return message if left >= 0 else {"type": "http.disconnect"}

        await self.app(scope, receiving, send)

    async def _refuse(self, path: str, receive: Any, send: Any) -> None:
        sentence = f"A request may have {self.most:,} bytes."
        is_api = path.startswith("/api/")
        body = (json.dumps({"detail": sentence}) if is_api else sentence).encode()
        headers = [
            (b"content-type", b"application/json" if is_api else b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await _hear_out(receive)
        await send({"type": "http.response.body"})


async def _hear_out(receive: Any) -> None:
    """Throw away what still comes: who is ended while sending sees a broken connection instead of the answer."""
    left = HEARD_OUT
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARD_OUT_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return
