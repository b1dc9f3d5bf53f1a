"""A whole text written into a document that people may be typing in: by programs, as ProseMirror's JSON or Markdown."""

from __future__ import annotations

import json

from django.utils.translation import gettext

from docs_app.access import Visitor, document_for
from docs_app.content import diff, parse
from docs_app.content.losses import strict
from docs_app.content.nodes import Node, children, is_inline, without_comments
from docs_app.errors import Refused, TooMuch
from docs_app.models import Document, Thread
from docs_app.services import live
from docs_app.services.documents import read_tree

BLOCKS_LIMIT = 5_000  # the edit is made where people type: more of them would hold everybody up for many seconds


class TooMany(ValueError):
    """More blocks than may be written at once; `str()` of it is a sentence."""


def write_text(*, document: Document, text: str, is_markdown: bool, by: Visitor) -> bool:
    """Make the document say `text`, in one edit in `by`'s name that merges with what others type; whether it changed.

    The text before is kept as an automatic snapshot. Comments stay on what stays. Raises Refused for what is no JSON,
    NotOfSchema for what is no document, TooMany beyond BLOCKS_LIMIT, TooMuch, NotFound or NotNow.
    """
    document_for(by, document.id, "edit")
    threads = Thread.objects.filter(document=document).values_list("pk", flat=True)
    target = without_comments(_content(text, is_markdown=is_markdown), but={str(thread) for thread in threads})
    if _blocks(target) > BLOCKS_LIMIT:
        raise TooMany(f"A program may write {BLOCKS_LIMIT:,} blocks at once: make documents of the parts.")
    if without_comments(read_tree(document.id)) == without_comments(target):
        return False
    live.keep_snapshot(document.id, "auto")
    return live.edit(document.id, by.principal, lambda fragment: diff.make_equal(fragment, target))


def _content(text: str, *, is_markdown: bool) -> Node:
    if is_markdown:
        try:
            return parse.from_markdown(text)
        except parse.TooBig as error:
            raise TooMuch(gettext(str(error))) from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(gettext("This is not a text as the editor writes it.")) from error
    return strict(document)


def _blocks(node: Node) -> int:
    return 1 + sum(_blocks(child) for child in children(node) if not is_inline(child))
