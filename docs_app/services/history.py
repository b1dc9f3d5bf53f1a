"""Kept states of a document: listed, named, looked at, and brought back as an edit that merges with all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from collab.ports import SnapshotInfo, SnapshotKind
from docs_app import queries
from docs_app.access import NOBODY, Visitor, document_for
from docs_app.content import diff, tree
from docs_app.content.diff import Change
from docs_app.content.nodes import Node, without_comments
from docs_app.errors import NotAllowed, NotFound
from docs_app.models import Document, User
from docs_app.services import live
from docs_app.services.documents import TITLE_LIMIT, create_from_tree, read_tree
from docs_app.services.mentions import known_to
from docs_app.services.words import clean_name

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A snapshot as the history lists it. `authors` are names, `size` is in bytes."""

    id: UUID
    seq: int
    kind: SnapshotKind
    name: str
    authors: tuple[str, ...]
    size: int
    at: datetime


def list_snapshots(document: Document) -> list[SnapshotRow]:
    """Newest first. Raises NotNow."""
    kept = live.snapshots(document.id)
    names = queries.names_of({author for info in kept for author in info.authors})
    return [_row(info, names) for info in kept]


def find_snapshot(document: Document, snapshot_id: UUID) -> SnapshotRow:
    """Raises NotFound, for another document's snapshot too."""
    try:
        info = live.snapshot(document.id, snapshot_id)
    except NotFound as error:
        raise NotFound(gettext("This snapshot is not kept any more.")) from error
    return _row(info, queries.names_of(info.authors))


def _row(info: SnapshotInfo, names: dict[str, str]) -> SnapshotRow:
    authors = tuple(dict.fromkeys(names[author] for author in info.authors))
    return SnapshotRow(info.id, info.seq, info.kind, info.name, authors, info.size, info.at)


def name_version(*, document: Document, name: str, by: Visitor) -> SnapshotRow:
    """Keep the text as it is now under a name, which keeps it for good. Raises Refused for a name that is none."""
    document_for(by, document.id, "snapshot")
    name = clean_name(name, what=gettext("A snapshot's name"), limit=NAME_LIMIT)
    info = live.keep_snapshot(document.id, "named", name=name)
    return _row(info, queries.names_of(info.authors))


def preview(document: Document, snapshot_id: UUID) -> Node:
    """A snapshot's text as ProseMirror JSON. Raises NotFound, for another document's snapshot too."""
    return tree.to_json(live.snapshot_fragment(document.id, snapshot_id))


def compare_with_now(document: Document, snapshot_id: UUID, reader: Visitor = NOBODY) -> list[Change]:
    """What has been changed since the snapshot, block by block, as `reader` sees it. Raises NotFound."""
    was, now = preview(document, snapshot_id), read_tree(document.id)
    return diff.changes(was, now, known=known_to(reader, document, was, now))


def restore(*, document: Document, snapshot_id: UUID, by: Visitor) -> bool:
    """Make the text what it was in the snapshot, in one edit in `by`'s name; whether anything had to be changed.

    What others are typing meanwhile merges with it. The state before it is kept, so a restore is itself undone by a
    restore. The title stays. Raises NotFound.
    """
    document_for(by, document.id, "restore")
    return bring_back(document=document, snapshot_id=snapshot_id, principal=by.principal)


def bring_back(*, document: Document, snapshot_id: UUID, principal: str) -> bool:
    """Restore without asking about rights: who administers the site may, without a role in the document."""
    target = preview(document, snapshot_id)
    live.keep_snapshot(document.id, "before-restore", authors=[principal])
    return live.edit(document.id, principal, lambda fragment: diff.make_equal(fragment, target))


def copy_as_document(*, document: Document, snapshot_id: UUID, by: Visitor) -> Document:
    """A new document of `by`'s own with a snapshot's text, without its comments. Raises NotFound."""
    document, _ = document_for(by, document.id, "history")
    if by.user is None:
        raise NotAllowed(gettext("Sign in to have a document of your own."))
    return copy_for(document=document, snapshot_id=snapshot_id, owner=by.user)


def copy_for(*, document: Document, snapshot_id: UUID, owner: User) -> Document:
    """The same without asking about rights, for who administers the site. Raises NotFound."""
    content = without_comments(preview(document, snapshot_id))
    title = (gettext("Copy of %(title)s") % {"title": document.title})[:TITLE_LIMIT]
    copied = create_from_tree(owner=owner, title=title, content=content, source=document)
    copied.language, copied.direction = document.language, document.direction
    copied.save(update_fields=["language", "direction"])
    return copied
