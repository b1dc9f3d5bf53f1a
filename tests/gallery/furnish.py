"""The site of the pictures, written from beside its server by the services that the pages use.

Runs in a process with the site's settings (`Site.python`), so it is imported there alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from collab.models import Snapshot
from docs_app.access import Visitor
from docs_app.content import diff, parse
from docs_app.content.anchors import Anchor
from docs_app.levels import Level
from docs_app.models import Comment, Document, User
from docs_app.services import comments, documents, history, live, sharing, tokens, uploads
from tests.gallery.cast import ARABIC, ENGLISH, Cast, Remark

CASTS = {cast.language: cast for cast in (ENGLISH, ARABIC)}
ROLES = (Level.EDIT, Level.EDIT, Level.COMMENT, Level.VIEW)


def furnish(language: str, picture: str) -> dict[str, str]:
    """The ids and tokens that the scenes need. `picture` is the path of the document's picture."""
    cast = CASTS[language]
    people = [_introduced(username, name) for username, name in cast.people.items()]
    owner = people[0]
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    document = _written(cast, people, Path(picture).read_bytes())
    _discuss(document, cast.remarks, people)
    put_away, *others = [documents.create_document(owner=owner, title=title) for title in cast.others]
    documents.trash_document(document=put_away, by=Visitor(owner))
    sharing.share_with(document=others[1], who=people[1].username, level=Level.EDIT, by=Visitor(owner))
    _let_time_pass([document, *others], people)
    tokens.create_token(user=owner, label="backup.py")
    _, token = sharing.create_link(document=document, level=Level.VIEW, by=Visitor(owner), label=cast.link)
    snapshot = history.list_snapshots(document)[1]
    return {
        "document": str(document.pk),
        "trashed": str(put_away.pk),
        "snapshot": str(snapshot.id),
        "token": token,
    }


def _introduced(username: str, name: str) -> User:
    user = User.objects.get(username=username)
    user.name = name
    user.save(update_fields=["name"])
    return user


def _written(cast: Cast, people: Sequence[User], picture: bytes) -> Document:
    """In three stages, of which the first two are kept under their names."""
    owner, first, second, *_ = people
    document = documents.create_document(owner=owner, title=cast.title, markdown=cast.text(2).replace(*cast.draft))
    for person, level in zip(people[1:], ROLES, strict=False):
        sharing.share_with(document=document, who=person.username, level=level, by=Visitor(owner))
    sent = uploads.Sent("room.png", picture)
    address = uploads.keep_picture(document=document, by=Visitor(owner), sent=sent).address
    history.name_version(document=document, name=cast.kept[0], by=Visitor(owner))
    for author, sections in (first, 3), (second, None):
        _revise(document, cast.text(sections).replace("(room.svg)", f"({address})"), author)
        live.keep_snapshot(document.id, "auto", authors=[author.principal])
        if author == first:
            history.name_version(document=document, name=cast.kept[1], by=Visitor(owner))
    return document


def _revise(document: Document, markdown: str, author: User) -> None:
    content = parse.from_markdown(markdown)
    live.edit(document.id, author.principal, lambda fragment: diff.make_equal(fragment, content))
    documents.note_edits({document.id: author.principal})


def _discuss(document: Document, remarks: Iterable[Remark], people: Sequence[User]) -> None:
    for remark in remarks:
        nearest = Anchor((0,), 0, (0,), 0, remark.passage)
        author = Visitor(people[remark.by])
        thread = comments.start_thread(document=document, author=author, anchor=nearest, body=remark.body)
        for who, body in remark.answers:
            comments.reply(thread=thread, author=Visitor(people[who]), body=body)


def _let_time_pass(shown: Sequence[Document], people: Sequence[User]) -> None:
    """Everything was made a moment ago; in the pictures it is of the last days and weeks."""
    _space(Snapshot.objects.filter(document_id=shown[0].pk).order_by("at", "seq"), "at", hours=7)
    _space(Comment.objects.filter(thread__document=shown[0]).order_by("created_at"), "created_at", hours=2)
    for number, document in enumerate(shown):
        ago = timedelta(minutes=4) if number == 0 else timedelta(hours=5 * 3**number)
        author = people[number % 3].principal
        Document.objects.filter(pk=document.pk).update(edited_at=timezone.now() - ago, edited_by=author)


def _space(rows: Any, field: str, *, hours: int) -> None:
    """The newest an hour ago, each other so many hours before the next."""
    moment: datetime = timezone.now() - timedelta(hours=1)
    for row in reversed(list(rows)):
        setattr(row, field, moment)
        row.save(update_fields=[field])
        moment -= timedelta(hours=hours)
