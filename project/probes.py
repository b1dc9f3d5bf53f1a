"""For whoever watches a process: /healthz (it lives), /readyz (it can do its work), /metrics (its figures).

Answered in the event loop, before Django: a probe asks by address, over http and without a cookie, and must hear
something also when all threads are busy. Answers are plain sentences and tell no secrets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from project import metrics
from project.headers import App
from project.readiness import Readiness


class Answer(NamedTuple):
    status: int
    body: str
    content_type: str = "text/plain; charset=utf-8"


class Probes:
    """ASGI middleware for HTTP."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.answers = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        self._readiness = Readiness()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        answering = self.answers.get(scope["path"])
        if answering is None:
            await self.app(scope, receive, send)
            return
        is_asked = scope["method"] in {"GET", "HEAD"}
        answer = await answering(scope) if is_asked else Answer(405, "Ask with GET.")
        body = answer.body.encode()
        headers = {"content-type": answer.content_type, "content-length": str(len(body))}
        if answer.status == 401:
            headers["www-authenticate"] = "Bearer"
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _healthz(self, scope: dict[str, Any]) -> Answer:
        return Answer(200, "ok\n")

    async def _readyz(self, scope: dict[str, Any]) -> Answer:
        faults, remarks = await self._readiness.look()
        return Answer(503 if faults else 200, "".join(f"{line}\n" for line in faults or ["ready", *remarks]))

    async def _metrics(self, scope: dict[str, Any]) -> Answer:
        given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if not metrics.are_shown():
            return Answer(404, "Set METRICS_TOKEN to have figures here.\n")
        if not metrics.may_see(given):
            return Answer(401, "Send the token: Authorization: Bearer METRICS_TOKEN.\n")
        return Answer(200, await metrics.page(), metrics.CONTENT_TYPE)
