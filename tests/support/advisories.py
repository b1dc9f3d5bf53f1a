"""A registry of our own that knows of two faults, one in a Python package and one in a node package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

FAULT = {
    "id": "PYSEC-2026-1",
    "summary": "It tells secrets.",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
        }
    ],
}
ADVISORY = {
    "id": 1,
    "url": "https://advisories.example/1",
    "title": "Prototype pollution",
    "severity": "high",
    "vulnerable_versions": "<2.0.0",
}
PACKAGE = {
    "name": "leaky-node",
    "dist-tags": {"latest": "2.0.0"},
    "versions": {version: {"name": "leaky-node", "version": version} for version in ("1.0.0", "2.0.0")},
}


class _Registry(BaseHTTPRequestHandler):
    asked: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if self.path == "/osv":
            is_leaky = json.loads(body)["package"]["name"] == "leaky"
            self._answer({"vulns": [FAULT]} if is_leaky else {})
        else:
            self._answer({"leaky-node": [ADVISORY]})

    def do_GET(self) -> None:
        self._answer(PACKAGE)

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def registry_with_advisories() -> Iterator[tuple[dict[str, str], list[str]]]:
    """The variables that lead pip-audit and npm there, and what has been asked."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Registry", (_Registry,), {"asked": asked}))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield (
            {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": f"{url}osv", "npm_config_registry": url},
            asked,
        )
    finally:
        server.shutdown()
        server.server_close()
