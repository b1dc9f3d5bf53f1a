"""What a browser needs to open documents without a connection: the service worker, and the page for what is not kept.

Which pages it may keep, and for whom, each page says itself (`may_be_kept`). Everything else it leaves alone.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from docs_app.language import known
from docs_app.models import User

Answer = TypeVar("Answer", bound=HttpResponseBase)

KEEP = "Scriptorium-Keep"
"""The header with the principal for whom the worker may keep this page on the device."""

# Of our own files, what no page of ours shows. htmx is not our own.
_NOT_SHOWN = [".*", "*.txt", "worker.js", "admin-*"]
_HTMX = ["django_htmx/htmx-2.min.js", "django_htmx/ext/hx-ws-2.min.js"]
# What is handed out instead when the site does without: it undoes an earlier worker's work, and itself.
_FAREWELL = """\
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  const forgotten = caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(Promise.all([forgotten, registration.unregister()]));
});
"""


def may_be_kept(answer: Answer, user: User) -> Answer:
    answer[KEEP] = user.principal
    return answer


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """At the root of the site, for that is what it answers for. Who chooses another language gets another worker."""
    script = _script(known(get_language() or "")) if settings.OFFLINE else _FAREWELL
    return HttpResponse(script, content_type="text/javascript")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker with the site's files, and the same for everybody of one language: it asks without cookies."""
    if language := request.GET.get("language"):
        translation.activate(known(language))
    return render(request, "documents/offline.html")


@cache
def _script(language: str) -> str:
    """The worker, after what this build is made of; its version changes with any of it.

    The files are those of every language: a page that is kept stays in its own until it is fetched again.
    """
    found = finders.find("worker.js")
    if found is None:  # not built
        return _FAREWELL
    text = Path(str(found)).read_text()
    files = [_address(name) for name in (*_own_files(), *_HTMX)]
    version = sha256(json.dumps([text, files]).encode()).hexdigest()[:12]
    build = {"version": version, "files": files, "offline": f"{reverse('offline')}?language={language}"}
    return f"const BUILD = {json.dumps(build)};\n{text}"


def _own_files() -> list[str]:
    found = finders.FileSystemFinder().list(_NOT_SHOWN)
    return sorted(f"{storage.prefix}/{name}" if getattr(storage, "prefix", "") else name for name, storage in found)


def _address(name: str) -> str:
    """Scripts name each other by the hash that they were built with; pages by Django's."""
    return f"{settings.STATIC_URL}{name}" if name.startswith("lazy/") else static(name)
