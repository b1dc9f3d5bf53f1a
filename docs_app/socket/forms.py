"""The forms that pages send over their socket (htmx's ws-send), read and handed to the services.

All fields are strings from outside: what cannot be read is refused with a sentence, like anything a service refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.utils.translation import gettext

from docs_app.access import Visitor, document_for
from docs_app.content.anchors import Anchor
from docs_app.errors import Refused
from docs_app.models import Comment, Document, Thread
from docs_app.services import comments, documents, history, people

Fields = Mapping[str, str]


def submit(visitor: Visitor, document_id: UUID, fields: Fields) -> None:
    """Do what the form says, in the visitor's name. Raises Refused."""
    document, _ = document_for(visitor, document_id, "read")
    action = _ACTIONS.get(fields.get("action", ""))
    if action is None:
        raise Refused(gettext("This page is older than the server: reload it."))
    action(document, visitor, fields)


def _start_comment(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.start_thread(document=document, author=visitor, anchor=_anchor(fields), body=fields.get("body", ""))


def _reply(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.reply(thread=_thread(document, fields), author=visitor, body=fields.get("body", ""))


def _edit_comment(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.edit_comment(comment=_comment(document, fields), body=fields.get("body", ""), by=visitor)


def _delete_comment(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.delete_comment(comment=_comment(document, fields), by=visitor)


def _resolve(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.resolve_thread(thread=_thread(document, fields), by=visitor)


def _reopen(document: Document, visitor: Visitor, fields: Fields) -> None:
    comments.reopen_thread(thread=_thread(document, fields), by=visitor)


def _rename(document: Document, visitor: Visitor, fields: Fields) -> None:
    documents.rename_document(document=document, title=fields.get("title", ""), by=visitor)


def _say_language(document: Document, visitor: Visitor, fields: Fields) -> None:
    language, direction = fields.get("language", ""), fields.get("direction", "")
    documents.say_language(document=document, language=language, direction=direction, by=visitor)


def _keep_snapshot(document: Document, visitor: Visitor, fields: Fields) -> None:
    history.name_version(document=document, name=fields.get("name", ""), by=visitor)


def _rename_guest(document: Document, visitor: Visitor, fields: Fields) -> None:
    if visitor.guest is None or visitor.user is not None:
        raise Refused(gettext("Your name is that of your account: change it there."))
    people.rename_guest(guest=visitor.guest, name=fields.get("name", ""))


_ACTIONS: Mapping[str, Callable[[Document, Visitor, Fields], None]] = {
    "comment.start": _start_comment,
    "comment.reply": _reply,
    "comment.edit": _edit_comment,
    "comment.delete": _delete_comment,
    "thread.resolve": _resolve,
    "thread.reopen": _reopen,
    "title.rename": _rename,
    "document.language": _say_language,
    "snapshot.keep": _keep_snapshot,
    "guest.rename": _rename_guest,
}
"""The forms of the page (docs/protocol.md), by their field "action"."""


def _thread(document: Document, fields: Fields) -> Thread:
    return comments.thread_for(document.id, _uuid(fields, "thread"))


def _comment(document: Document, fields: Fields) -> Comment:
    return comments.comment_for(document.id, _uuid(fields, "comment"))


def _uuid(fields: Fields, name: str) -> UUID:
    try:
        return UUID(fields.get(name, ""))
    except ValueError:
        raise Refused(gettext("This form is not complete: reload the page.")) from None


def _anchor(fields: Fields) -> Anchor:
    try:
        return Anchor(
            from_path=_path(fields["from_path"]),
            from_offset=_index(fields["from_offset"]),
            to_path=_path(fields["to_path"]),
            to_offset=_index(fields["to_offset"]),
            quote=fields["quote"],
        )
    except (KeyError, ValueError):
        raise Refused(gettext("This form is not complete: reload the page.")) from None


def _path(text: str) -> tuple[int, ...]:
    """Child indexes, as the page writes them: "0.2.1". Raises ValueError."""
    return tuple(map(_index, text.split(".")))


def _index(text: str) -> int:
    if len(text) > 9 or not text.isascii() or not text.isdecimal():
        raise ValueError(text)
    return int(text)
