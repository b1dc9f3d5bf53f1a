"""Whether what is kept agrees with itself: each document's log, snapshots, owners, text and discussions.

What is derived from the text has a line in DERIVED.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Q
from pycrdt import XmlFragment, XmlText

from collab import api
from collab.errors import NoSuchDocument
from docs_app.content import render, tree
from docs_app.content.nodes import Node
from docs_app.content.validity import settle
from docs_app.errors import Refused
from docs_app.models import Document, Thread
from docs_app.services import live
from docs_app.services.uploads import open_upload

Check = Callable[[Document, Node], Iterable[str]]


def verify_all() -> Iterator[tuple[UUID | None, Sequence[str]]]:
    """Every document with what is wrong with it; under None what belongs to no document."""
    with api.one_moment():
        ids = api.document_ids() | set(Document.objects.values_list("pk", flat=True))
        strays = [problem.sentence for problem in api.strays()]
    yield None, strays
    for document_id in sorted(ids):
        yield document_id, verify_document(document_id)


def verify_document(document_id: UUID) -> Sequence[str]:
    """What is wrong with the document, in sentences. Reads all of it at one moment."""
    with api.one_moment():
        document = Document.objects.filter(pk=document_id).first()
        try:
            audit = api.audit(document_id)
        except NoSuchDocument:
            return ["It has no log." if document else "There is no such document."]
        problems = [problem.sentence for problem in audit.problems]
        if document is None:
            return [*problems, "Its log belongs to no document."]
        if audit.doc is not None:
            problems += _text_problems(document, live.fragment_of(audit.doc))
        return problems


def _text_problems(document: Document, fragment: XmlFragment) -> Iterator[str]:
    try:
        content = tree.to_json(fragment)
        unreachable = not all(map(tree.is_sound, _parents(fragment)))
    except Exception as error:  # noqa: BLE001 (whatever it is, the text cannot be read)
        yield f"Its text cannot be read: {type(error).__name__}."
        return
    if unreachable:
        yield "Something that is no part of a text stands among its blocks: those behind it are not shown."
    for check in (_renders, _discussions, *DERIVED):
        yield from check(document, content)


def _parents(parent: tree.Parent) -> Iterator[tree.Parent]:
    todo: list[tree.Parent] = [parent]
    while todo:
        found = todo.pop()
        yield found
        todo += [child for child in tree.members(found) if not isinstance(child, XmlText)]


def _renders(document: Document, content: Node) -> Iterator[str]:
    """What is shown, exported and given to programs is valid, whatever the text holds."""
    if settle(content) != content:
        yield "Its text is not valid against the schema."
    for name, rendering in ("HTML", render.to_html), ("Markdown", render.to_markdown), ("plain text", render.to_text):
        try:
            rendering(content)
        except Exception as error:  # noqa: BLE001 (as above)
            yield f"Its text cannot be shown as {name}: {type(error).__name__}."


def _discussions(document: Document, content: Node) -> Iterator[str]:
    """Rows without marks are discussions of text that is gone, marks without rows those of text that has come back."""
    threads = Thread.objects.filter(document=document)
    silent = threads.annotate(said=Count("comments", filter=Q(comments__deleted_at=None))).filter(said=0)
    for thread_id in silent.values_list("pk", flat=True):
        yield f"Nothing is said in discussion {thread_id}."
    foreign = Thread.objects.filter(pk__in=_marked(content)).exclude(document=document)
    for thread_id in foreign.values_list("pk", flat=True):
        yield f"The discussion {thread_id}, of another document, is marked in its text."


def _marked(content: Node) -> set[UUID]:
    found: set[UUID] = set()
    todo = [content]
    while todo:
        node = todo.pop()
        todo += node.get("content", [])
        for mark in node.get("marks", []):
            if mark["type"] == "comment":
                found |= _as_id(mark["attrs"]["thread"])
    return found


def _as_id(text: str) -> set[UUID]:
    try:
        return {UUID(text)}
    except ValueError:
        return set()


def _files(document: Document, content: Node) -> Iterator[str]:
    """What has been uploaded is there, and is what was uploaded."""
    for upload in document.uploads.order_by("pk"):
        try:
            with open_upload(upload) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != upload.checksum:
                    yield f"The file {upload.pk} is damaged."
        except Refused:
            yield f"The file {upload.pk} is missing in the storage."


DERIVED: tuple[Check, ...] = (_files,)
"""What else is kept of a document that must agree with its text: a check for each, given the text as JSON."""
