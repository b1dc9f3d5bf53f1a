"""Discussions in the margin: rows here, and in the text one mark for each, which only the server writes.

A thread's row is on disk before its mark and after it, so that no mark is ever without a thread; a thread whose text
has been deleted stays, and shows what it was about.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext

from collab.ports import SERVER
from docs_app import queries
from docs_app.access import Visitor, can, document_for
from docs_app.content import anchors
from docs_app.content.anchors import Anchor, AnchorLost
from docs_app.errors import NotAllowed, Refused
from docs_app.models import Comment, Document, Thread
from docs_app.services import live
from docs_app.services.words import clean_body

logger = logging.getLogger(__name__)
BODY_LIMIT = 10_000  # characters
QUOTE_LIMIT = 1_000  # characters of the passage that are kept with the thread


@dataclass(frozen=True, slots=True)
class ShownThread:
    """A thread as the margin shows it. `lost`: its text is no longer in the document, only the quote is left."""

    id: UUID
    quote: str
    lost: bool
    resolved_at: datetime | None
    resolved_by: str
    shown_comments: Sequence[Comment]


def shown_threads(document: Document) -> list[ShownThread]:
    """All discussions of the document in the order they began. Raises NotFound or NotNow."""
    threads = list(queries.threads_of(document))
    anchored = live.read(document.id, anchors.find) if threads else {}
    return [_shown(thread, lost=str(thread.id) not in anchored) for thread in threads]


def _shown(thread: Thread, *, lost: bool) -> ShownThread:
    comments = list(thread.comments.all())
    return ShownThread(thread.id, thread.quote, lost, thread.resolved_at, thread.resolved_by, comments)


def start_thread(*, document: Document, author: Visitor, anchor: Anchor, body: str) -> Thread:
    """Begin a discussion of the passage at `anchor`. Raises Refused, also when that passage is no longer there."""
    document, _ = document_for(author, document.id, "comment")
    body = clean_body(body, what=gettext("A comment"), limit=BODY_LIMIT)
    if not anchor.quote.strip():
        raise Refused(gettext("Select some text to comment on."))
    with transaction.atomic():
        thread = Thread.objects.create(document=document, quote=_kept_quote(anchor.quote))
        _say(thread, author, body)
    try:
        live.edit(document.id, SERVER, lambda fragment: anchors.place(fragment, anchor, str(thread.id)))
    except AnchorLost as error:
        _take_back(thread)
        raise Refused(gettext("The text you selected has been changed meanwhile: select it again.")) from error
    except Exception:
        _take_back(thread)
        raise
    live.tell(document.id, "comments")
    return thread


def _take_back(thread: Thread) -> None:
    """Where not even that can be written, the words stay with their quote, for their author to delete or keep."""
    try:
        thread.delete()
    except Error:  # what the caller raises says more
        logger.warning("A discussion of %s has stayed without its place.", thread.document_id)


def _kept_quote(quote: str) -> str:
    return clean_body(quote[: QUOTE_LIMIT * 2], what=gettext("A passage"), limit=QUOTE_LIMIT * 2)[:QUOTE_LIMIT]


def _say(thread: Thread, author: Visitor, body: str) -> Comment:
    # A signed-in guest writes under their account.
    guest = None if author.user else author.guest
    return Comment.objects.create(thread=thread, user=author.user, guest=guest, body=body)


@transaction.atomic
def reply(*, thread: Thread, author: Visitor, body: str) -> Comment:
    """Raises Refused for an empty or too long remark, and when the discussion has just been deleted."""
    document_for(author, thread.document_id, "comment")
    body = clean_body(body, what=gettext("A comment"), limit=BODY_LIMIT)
    if not _hold(thread):
        raise Refused(gettext("This discussion has been deleted."))
    comment = _say(thread, author, body)
    live.tell(thread.document_id, "comments")
    return comment


def _hold(thread: Thread) -> bool:
    """Whether the discussion is there still; if so, nobody else answers in it or deletes until the transaction ends."""
    return Thread.objects.select_for_update().filter(pk=thread.pk).first() is not None


@transaction.atomic
def edit_comment(*, comment: Comment, body: str, by: Visitor) -> None:
    """Authors change their own. Raises NotAllowed for others'."""
    document_for(by, comment.thread.document_id, "comment")
    if comment.author_principal != by.principal:
        raise NotAllowed(gettext("Only its author can change a comment."))
    body = clean_body(body, what=gettext("A comment"), limit=BODY_LIMIT)
    if not Comment.objects.filter(pk=comment.pk, deleted_at=None).update(body=body, edited_at=timezone.now()):
        raise Refused(gettext("This comment has been deleted."))
    live.tell(comment.thread.document_id, "comments")


def delete_comment(*, comment: Comment, by: Visitor) -> None:
    """Authors delete their own, owners anybody's; with its last comment the thread goes too, and its mark.

    Until then the comment's place is kept, without its words, for the sake of the answers. The last one's mark goes
    first and its words last: whatever fails between them leaves a discussion that has lost its place, as does an answer
    that comes in there, and deleting it once more is enough. Raises NotNow.
    """
    thread = comment.thread
    _, level = document_for(by, thread.document_id, "comment")
    if comment.author_principal != by.principal and not can(level, "moderate"):
        raise NotAllowed(gettext("Only its author or an owner can delete a comment."))
    if not _emptied(comment):
        live.edit(thread.document_id, SERVER, lambda fragment: anchors.remove(fragment, str(thread.id)))
        with transaction.atomic():
            if not _emptied(comment):
                Thread.objects.filter(pk=thread.pk).delete()
    live.tell(thread.document_id, "comments")


@transaction.atomic
def _emptied(comment: Comment) -> bool:
    """Take the words out of a comment beside which others stand; where it is the last one, nothing is done."""
    _hold(comment.thread)
    said = Comment.objects.filter(thread=comment.thread, deleted_at=None)
    if not said.exclude(pk=comment.pk).exists():
        return False
    said.filter(pk=comment.pk).update(body="", deleted_at=timezone.now())
    return True


def resolve_thread(*, thread: Thread, by: Visitor) -> None:
    """Done with; the mark stays, for it may be opened again. Raises Refused when it has just been deleted."""
    _set_resolved(thread, by, timezone.now(), by.name[:64])


def reopen_thread(*, thread: Thread, by: Visitor) -> None:
    """Raises Refused when it has just been deleted."""
    _set_resolved(thread, by, None, "")


@transaction.atomic
def _set_resolved(thread: Thread, by: Visitor, at: datetime | None, name: str) -> None:
    document_for(by, thread.document_id, "comment")
    if not Thread.objects.filter(pk=thread.pk).update(resolved_at=at, resolved_by=name):
        raise Refused(gettext("This discussion has been deleted."))
    live.tell(thread.document_id, "comments")


def thread_for(document_id: UUID, thread_id: UUID) -> Thread:
    """A thread of this document. Raises Refused when it has been deleted, or is another's."""
    thread = Thread.objects.filter(pk=thread_id, document=document_id).first()
    if thread is None:
        raise Refused(gettext("This discussion has been deleted."))
    return thread


def comment_for(document_id: UUID, comment_id: UUID) -> Comment:
    """A comment on this document. Raises Refused when it has been deleted, or is another's."""
    rows = Comment.objects.select_related("thread", "user", "guest")
    comment = rows.filter(pk=comment_id, thread__document=document_id).first()
    if comment is None:
        raise Refused(gettext("This comment has been deleted."))
    return comment
