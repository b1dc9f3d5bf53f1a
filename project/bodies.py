"""How much a request may bring: Django puts what comes on the disk before anybody has asked who sends it.

Beyond that it is refused by what its head says, and else ended where it goes too far.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
BESIDES = 1 << 20  # bytes of a form besides its file
HEARD_OUT = 1 << 27  # bytes of what is refused that are thrown away


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
        """Who is still sending would see a broken connection, not the answer: so it is heard out, within bounds."""
        left, message = HEARD_OUT, await receive()
        while message.get("more_body") and left > 0:
            left -= len(message["body"])
            message = await receive()
        sentence = f"A request may have {self.most:,} bytes."
        is_api = path.startswith("/api/")
        kind = b"application/json" if is_api else b"text/plain; charset=utf-8"
        headers = [(b"content-type", kind), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        body = json.dumps({"detail": sentence}) if is_api else sentence
        await send({"type": "http.response.body", "body": body.encode()})
