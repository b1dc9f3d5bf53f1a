"""A document's life: made, named, put in the trash, taken out, deleted for good, and handed out in other formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext
from pycrdt import Doc, XmlFragment

from collab import api
from docs_app.access import NOBODY, Visitor, document_for
from docs_app.content import parse, render, tree
from docs_app.content.nodes import Node, without_comments
from docs_app.content.validity import settle
from docs_app.errors import Refused, TooMuch
from docs_app.language import TEXT_LANGUAGES
from docs_app.models import Direction, Document, User
from docs_app.services import live
from docs_app.services.copies import copies_for
from docs_app.services.mentions import known_to
from docs_app.services.words import clean_line, clean_name

TITLE_LIMIT = 200
JSON_LIMIT = 2_000_000  # bytes
FORMATS = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
"""What a document can be had as, with the media type."""

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""


def create_document(*, owner: User, title: str = "", markdown: str = "") -> Document:
    """A new document, empty or with what `markdown` says. Raises Refused, or TooMuch for too long a text.

    What was imported is also kept as a snapshot, to come back to.
    """
    try:
        content = parse.from_markdown(markdown)
    except parse.TooBig as error:
        raise TooMuch(gettext(str(error))) from error
    document = create_from_tree(owner=owner, title=title, content=content)
    if markdown.strip():
        live.keep_snapshot(document.id, "import", authors=[owner.principal])
    return document


def create_from_json(*, owner: User, title: str, content: str) -> Document:
    """A new document with the text that a page has sent, ProseMirror's JSON: what of it is valid, without its comments.

    Kept as a snapshot too. Raises Refused for what is no JSON, TooMuch beyond JSON_LIMIT.
    """
    if len(content.encode()) > JSON_LIMIT:
        raise TooMuch(
            gettext("This text is too long to be sent at once: download it, and make documents of its parts.")
        )
    try:
        text = settle(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise Refused(gettext("This is not a text as the editor writes it.")) from error
    document = create_from_tree(owner=owner, title=title, content=without_comments(text))
    live.keep_snapshot(document.id, "import", authors=[owner.principal])
    return document


def create_from_tree(*, owner: User, title: str, content: Node, source: Document | None = None) -> Document:
    """A new document with this content, in its owner's name, and copies of the files that it shows (services.copies).

    An empty one has its first paragraph already: two who begin to write at once begin in the same one. Raises Refused
    for its title, TooMuch for its files.
    """
    title = clean_line(title, what=gettext("A title"), limit=TITLE_LIMIT) or gettext("Untitled")
    files = copies_for(owner, content, source)
    try:
        with transaction.atomic():
            document = Document.objects.create(title=title, owner=owner, edited_by=owner.principal)
            files.keep(document)
            api.create(document.id, owner.principal, _state_of(files.text(content)))
    except BaseException:
        files.drop()
        raise
    return document


def _state_of(content: Node) -> bytes:
    doc: Doc[XmlFragment] = Doc()
    fragment = live.fragment_of(doc)
    with doc.transaction():
        tree.build(fragment, content)
    return doc.get_update()


@transaction.atomic
def rename_document(*, document: Document, title: str, by: Visitor) -> None:
    """Raises Refused for an empty or too long title."""
    document_for(by, document.id, "rename")
    document.title = clean_name(title, what=gettext("A title"), limit=TITLE_LIMIT)
    document.save(update_fields=["title"])
    live.tell(document.id, "title")


@transaction.atomic
def say_language(*, document: Document, language: str, direction: str, by: Visitor) -> None:
    """In which of TEXT_LANGUAGES the text is ("" for not said), and which Direction it is read in. Raises Refused."""
    document_for(by, document.id, "rename")
    if language and language not in TEXT_LANGUAGES:
        raise Refused(gettext("There is no such language."))
    if direction not in Direction.values:
        raise Refused(gettext("There is no such direction."))
    document.language, document.direction = language, direction
    document.save(update_fields=["language", "direction"])
    live.tell(document.id, "title")


@transaction.atomic
def trash_document(*, document: Document, by: Visitor) -> None:
    """From now on only its owners see it, and nobody changes it."""
    document_for(by, document.id, "trash")
    document.trashed_at, document.trashed_by = timezone.now(), by.user
    document.save(update_fields=["trashed_at", "trashed_by"])
    live.ask_again(document.id)


@transaction.atomic
def untrash_document(*, document: Document, by: Visitor) -> None:
    """Everybody has it again as before."""
    document_for(by, document.id, "untrash")
    document.trashed_at = document.trashed_by = None
    document.save(update_fields=["trashed_at", "trashed_by"])
    live.ask_again(document.id)


@transaction.atomic
def delete_document(*, document: Document, by: Visitor) -> None:
    """For good, with its text, history and comments. Raises Refused unless it is in the trash."""
    current, _ = document_for(by, document.id, "delete")
    if current.trashed_at is None:
        raise Refused(gettext("Only what is in the trash can be deleted for good."))
    current.delete()


def read_tree(document_id: UUID) -> Node:
    """The live text as ProseMirror JSON. Raises NotFound or NotNow."""
    return tree_later(document_id)()


def tree_later(document_id: UUID) -> Callable[[], Node]:
    """The text as it is now, to be read when the answer is called. Raises NotFound or NotNow."""
    return live.read_later(document_id, tree.to_json)


def export(document: Document, format: str, reader: Visitor = NOBODY) -> tuple[str, str]:
    """The media type and the text in one of FORMATS, as `reader` sees it. Raises Refused, NotFound or NotNow."""
    if format not in FORMATS:
        raise Refused(gettext("A document can be had as %(formats)s.") % {"formats": ", ".join(FORMATS)})
    content = read_tree(document.id)
    known = known_to(reader, document, content)
    match format:
        case "json":
            text = json.dumps(content, ensure_ascii=False)
        case "html":
            text = _PAGE.format(
                language=document.language,
                direction=document.direction,
                title=escape(document.title),
                body=render.to_html(content, known=known),
            )
        case "md":
            text = render.to_markdown(content, known=known)
        case _:
            text = render.to_text(content, known=known)
    return FORMATS[format], text


def note_edits(authors: Mapping[UUID, str]) -> None:
    """These texts have been edited, each by this principal last: the lists show when and by whom."""
    by_author: dict[str, list[UUID]] = {}
    for document_id, principal in authors.items():
        by_author.setdefault(principal, []).append(document_id)
    with transaction.atomic():  # and one write to the disk, which the engine needs itself
        for principal, edited in sorted(by_author.items()):
            Document.objects.filter(pk__among=edited).update(edited_at=timezone.now(), edited_by=principal)
