"""How much a request may bring: Django puts what comes on the disk before anybody has asked who sends it.

Beyond that it is refused by what its head says, and else ended where it goes too far.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
BESIDES = 1 << 20  # bytes of a form besides its file


class Bodies:
    """ASGI middleware for HTTP. `largest` is the largest file that is taken, in bytes."""

    def __init__(self, app: App, largest: int) -> None:
        self.app = app
        self.most = largest + BESIDES

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if lengths and int(lengths[0]) > self.most:
            await self._refuse(send)
            return
        left = self.most

        async def receiving() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            return message if left >= 0 else {"type": "http.disconnect"}

        await self.app(scope, receiving, send)

    async def _refuse(self, send: Any) -> None:
        sentence = f"A request may have {self.most:,} bytes.".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": sentence})
