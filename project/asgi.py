"""What the server runs: HTTP through Django, documents through the engine, and an orderly start and end.

Here, and only here, the engine is handed the product's answers (docs_app.socket).
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import django
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import get_resolver, path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()
# WhiteNoise reads files as Django does outside ASGI; they are small, and browsers keep them for ever.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# Models may be imported only once Django is set up.
from collab import engine  # noqa: E402
from collab.consumers import DocumentConsumer, no_such_document  # noqa: E402
from docs_app.socket import DocumentPages  # noqa: E402
from project import metrics, runtime, siblings  # noqa: E402
from project.bodies import Bodies  # noqa: E402
from project.headers import Headers  # noqa: E402
from project.origin import OriginGuard  # noqa: E402
from project.outages import ComeBack  # noqa: E402
from project.probes import Probes  # noqa: E402

pages = DocumentPages()


def warm_up() -> None:
    """Read what Django would read while the first visitor waits, and all others with them, for a fifth of a second."""
    get_resolver().reverse_dict  # noqa: B018  # imports what is behind each address
    runtime.compile_templates()


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The engine starts with the server, and drains before it ends."""
    await receive()
    siblings.end_with_the_parent()
    engine.start(pages)
    warm_up()
    runtime.settle()
    async with metrics.shared():
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await engine.stop()
    await send({"type": "lifespan.shutdown.complete"})


documents = URLRouter(
    [
        path("ws/documents/<uuid:document_id>/", DocumentConsumer.as_asgi(pages=pages)),
        re_path(r"", no_such_document),  # type: ignore[arg-type]  # channels routes to applications, not to views
    ]
)
by_session = AuthMiddlewareStack(documents)


async def sockets(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Sessions are looked for where there is a cookie: programs have none, and strangers are sent away for nothing."""
    has_cookie = any(name == b"cookie" for name, _ in scope["headers"])
    await (by_session if has_cookie else documents)(scope, receive, send)


application = ProtocolTypeRouter(
    {
        "http": Headers(Probes(Bodies(get_asgi_application(), settings.UPLOAD_BYTES))),
        "websocket": OriginGuard(ComeBack(sockets)),
        "lifespan": lifespan,
    }
)
