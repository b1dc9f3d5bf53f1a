"""Who may open a WebSocket from where: browsers only from our own pages, programs without an Origin only by token.

Browsers send cookies with a WebSocket from any site, so the Origin must be exactly ours, scheme and port included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http.request import validate_host

from collab.errors import Forbidden
from collab.tally import tally

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class OriginGuard:
    """ASGI middleware: refuses foreign origins (4403), and takes the cookies from connections that name none."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if not origins:
            headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
            await self.app({**scope, "headers": headers}, receive, send)
        elif len(origins) == 1 and _is_ours(origins[0].decode("latin-1"), scope):
            await self.app(scope, receive, send)
        else:
            await receive()
            tally.closed[Forbidden.code] += 1
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": Forbidden.code, "reason": "Foreign origin."})


def _is_ours(origin: str, scope: dict[str, Any]) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return False
    host = hosts[0].lower()
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdecimal() else host
    scheme = "https" if settings.HTTPS else "http"
    return validate_host(name, settings.ALLOWED_HOSTS) and origin.lower() == f"{scheme}://{host}"
