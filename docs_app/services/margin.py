"""What a page shows beside the text, as templates and their contexts.

One builder serves the first page and the fragments that the socket brings later, so that a page which took any number
of fragments equals a fresh one. A fragment is for everybody of one level: it must not know who looks at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.template.loader import render_to_string

from collab.ports import Person
from docs_app.access import can
from docs_app.models import Document
from docs_app.services.comments import shown_threads
from docs_app.services.history import list_snapshots

TEMPLATES = {
    "presence": "documents/_presence.html",
    "comments": "comments/_threads.html",
    "title": "documents/_title.html",
    "snapshots": "history/_snapshots.html",
}
"""The topics, each with the template of its fragment."""


def context(topic: str, document: Document, level: int, people: Sequence[Person] = ()) -> dict[str, Any]:
    """What the topic's template needs: always `document` and `level`, and one list where there is one."""
    shared: dict[str, Any] = {"document": document, "level": level}
    match topic:
        case "presence":
            return shared | {"people": people}
        case "comments":
            return shared | {"threads": shown_threads(document)}
        case "snapshots":
            return shared | {"snapshots": list_snapshots(document) if _has_history(document, level) else []}
    return shared


def _has_history(document: Document, level: int) -> bool:
    """Whether to list what can be opened from the list: in the trash nothing can."""
    return can(level, "history") and document.trashed_at is None


def fragment(topic: str, document: Document, level: int, people: Sequence[Person] = ()) -> str:
    """The topic's HTML, which htmx swaps by its id; "" for a topic there is none of, or none for this level."""
    if topic not in TEMPLATES or (topic == "snapshots" and not _has_history(document, level)):
        return ""
    return render_to_string(TEMPLATES[topic], context(topic, document, level, people))


def notice(sentence: str, kind: Literal["error", "info"] = "error") -> str:
    """A sentence for one person's #notices."""
    return render_to_string("documents/_notice.html", {"text": sentence, "kind": kind})
