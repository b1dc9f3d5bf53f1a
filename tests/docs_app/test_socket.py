"""What the engine is answered: who may connect and for how long, the fragments, and the forms of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab.errors import CollabError, Forbidden, NoSuchDocument, NotSignedIn
from collab.ports import Grant, Person, Readers
from docs_app.access import Visitor, colour_of
from docs_app.levels import Level
from docs_app.models import ApiToken, Comment, Document, Membership, ShareLink, Thread, User
from docs_app.services.documents import create_document
from docs_app.services.history import list_snapshots
from docs_app.services.tokens import create_token
from docs_app.socket import DocumentPages, admission
from tests.support.people import ROLES, account, document_of_alice, guest, visitor
from tests.support.scopes import by_session, by_token

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = DocumentPages()


def let_in(scope: dict[str, Any], document_id: UUID) -> Grant:
    grant: Grant = async_to_sync(PAGES.authorize)(scope, document_id)
    return grant


def asked_again(*grants: tuple[UUID, Grant]) -> Sequence[Grant | CollabError]:
    answer: Sequence[Grant | CollabError] = async_to_sync(PAGES.recheck)(grants)
    return answer


def assert_ended(document_id: UUID, grant: Grant, why: type[CollabError] = Forbidden) -> None:
    [answer] = asked_again((document_id, grant))
    assert isinstance(answer, why)


# --- who may connect --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "level", "may_write"), [("alice", 50, True), ("bob", 40, True), ("carol", 20, False), ("dave", 10, False)]
)
def test_a_session_lets_its_user_in_at_their_level(name: str, level: int, may_write: bool) -> None:
    document = document_of_alice()
    grant = let_in(by_session(visitor(name)), document.id)
    assert (grant.principal, grant.name) == (account(name).principal, name.title())
    assert (grant.level, grant.may_write) == (level, may_write)
    assert grant.colour == colour_of(grant.principal)


def test_a_guest_is_let_in_until_the_link_expires() -> None:
    document = document_of_alice()
    gail = guest(document, Level.EDIT)
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    grant = let_in(by_session(gail), document.id)
    assert (grant.principal, grant.name, grant.may_write) == (gail.principal, "Gail", True)
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NoSuchDocument):
        let_in(by_session(gail), document.id)


@pytest.mark.parametrize("in_address", [False, True])
def test_a_token_lets_its_owner_in(in_address: bool) -> None:
    document = document_of_alice()
    _, secret = create_token(user=account("bob"))
    grant = let_in(by_token(secret, in_address=in_address), document.id)
    assert (grant.principal, grant.level) == (account("bob").principal, Level.EDIT)


@pytest.mark.parametrize("secret", ["nonsense", "\xff", "x" * 5000])
def test_a_wrong_token_is_nobody_even_with_a_session(secret: str) -> None:
    document = document_of_alice()
    scope = by_session(visitor("alice")) | {"query_string": f"token={secret}".encode()}
    with pytest.raises(NotSignedIn, match="This token is not valid, or no longer"):
        let_in(scope, document.id)


@pytest.mark.parametrize(("asked", "language"), [("de", "de"), ("xx", "en"), ("", "en"), ("../de", "en")])
def test_a_page_is_spoken_to_in_the_language_it_names(asked: str, language: str) -> None:
    scope = by_session(visitor("alice")) | {"query_string": f"schema=2&language={asked}".encode()}
    document = document_of_alice()
    grant = let_in(scope, document.id)
    assert grant.language == language
    [again] = asked_again((document.id, grant))
    assert isinstance(again, Grant) and again.language == language


def test_nobody_known_is_asked_to_sign_in() -> None:
    with pytest.raises(NotSignedIn, match="Sign in, or open a link to this document"):
        let_in(by_session(Visitor()), document_of_alice().id)


def test_who_brings_nothing_is_sent_away_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = ThreadPoolExecutor(1)
    closed.shutdown()
    monkeypatch.setattr("docs_app.socket._threads", closed)
    for scope in by_token(""), {"headers": [], "query_string": b""}:
        with pytest.raises(NotSignedIn, match="Sign in, or open a link to this document"):
            let_in(scope, uuid4())


def test_strangers_are_told_the_same_of_what_is_there_and_what_is_not() -> None:
    for document_id in (document_of_alice().id, uuid4()):
        with pytest.raises(NoSuchDocument, match="There is no such document, or it is not shared with you"):
            let_in(by_session(visitor("eve")), document_id)


# --- for how long -----------------------------------------------------------------------------------------------------


def change_password(user: User) -> None:
    user.set_password("another")
    user.save()


ENDS: dict[str, Callable[[Document], object]] = {
    "logout": lambda document: Session.objects.all().delete(),
    "session expired": lambda document: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
    "password changed": lambda document: change_password(account("bob")),
    "suspended": lambda document: User.objects.filter(username="bob").update(is_active=False),
    "account deleted": lambda document: account("bob").delete(),
    "role taken": lambda document: Membership.objects.filter(user=account("bob")).delete(),
    "in the trash": lambda document: Document.objects.update(trashed_at=timezone.now()),
    "document deleted": lambda document: document.delete(),
}


@pytest.mark.parametrize("cause", ENDS)
def test_a_session_s_connection_ends_by_each_cause(cause: str) -> None:
    document = document_of_alice()
    grant = let_in(by_session(visitor("bob")), document.id)
    assert asked_again((document.id, grant)) == [grant]
    document_id = document.id
    ENDS[cause](document)
    assert_ended(document_id, grant, NoSuchDocument if cause == "document deleted" else Forbidden)


def test_a_token_s_connection_ends_with_the_token() -> None:
    document = document_of_alice()
    token, secret = create_token(user=account("bob"))
    grant = let_in(by_token(secret), document.id)
    assert asked_again((document.id, grant)) == [grant]
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    assert_ended(document.id, grant)


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_a_guest_s_connection_ends_with_the_link(change: str) -> None:
    document = document_of_alice()
    grant = let_in(by_session(guest(document)), document.id)
    assert asked_again((document.id, grant)) == [grant]
    ShareLink.objects.update(**{change: timezone.now()})
    assert_ended(document.id, grant)


def test_a_login_elsewhere_ends_nothing() -> None:
    document = document_of_alice()
    grant = let_in(by_session(visitor("bob")), document.id)
    account("bob").save(update_fields=["last_login"])
    by_session(visitor("bob"))
    assert asked_again((document.id, grant)) == [grant]


def test_a_new_role_and_a_new_name_are_in_the_new_grant() -> None:
    document = document_of_alice()
    grant = let_in(by_session(visitor("bob")), document.id)
    Membership.objects.update(level=Level.COMMENT)
    User.objects.filter(username="bob").update(name="Robert")
    [now] = asked_again((document.id, grant))
    assert isinstance(now, Grant)
    assert (now.level, now.may_write, now.name) == (Level.COMMENT, False, "Robert")
    assert now.credential == grant.credential


def test_seven_queries_serve_a_whole_process() -> None:
    asked = []
    for document in (document_of_alice() for _ in range(3)):
        asked += [(document.id, let_in(by_session(visitor(name)), document.id)) for name in ("alice", *ROLES)]
        asked += [(document.id, let_in(by_session(guest(document)), document.id)) for _ in range(3)]
        asked.append((document.id, let_in(by_token(create_token(user=account("bob"))[1]), document.id)))
    with CaptureQueriesContext(connection) as queries:
        assert admission.renew(asked) == [grant for _, grant in asked]
    assert len(asked) == 24
    assert len(queries) == 7


def test_a_grant_in_a_log_shows_no_password() -> None:
    grant = let_in(by_session(visitor("bob")), document_of_alice().id)
    assert account("bob").password not in repr(grant)


# --- what pages are shown ---------------------------------------------------------------------------------------------


def shown(document: Document, topic: str, level: int, people: Sequence[Person] = (), *, language: str = "en") -> str:
    html: str = async_to_sync(PAGES.render)(document.id, topic, Readers(level, language), people)
    return html


def document_with_text() -> Document:
    document = create_document(owner=account("alice"), title="<Story>", markdown="The brave knight.\n\n- One\n- Two\n")
    for name, level in ROLES.items():
        Membership.objects.create(document=document, user=account(name), level=level)
    return document


def test_each_topic_has_a_fragment_with_its_id() -> None:
    document = document_with_text()
    send(document, "carol", **COMMENT)
    person = Person("user:1", "<Ada>", "#123456", 50)
    fragments = {topic: shown(document, topic, Level.EDIT, [person]) for topic in IDS}
    for topic, fragment in fragments.items():
        assert f'id="{IDS[topic]}"' in fragment
        assert "<Story>" not in fragment and "<Ada>" not in fragment
    assert "&lt;Story&gt;" in fragments["title"]
    assert "Why?" in fragments["comments"]


IDS = {"presence": "presence", "comments": "comments", "title": "document-title", "snapshots": "snapshots"}


@pytest.mark.parametrize(("topic", "level"), [("snapshots", Level.COMMENT), ("snapshots", 0), ("weather", Level.OWN)])
def test_there_is_no_fragment_of_what_is_not_for_them(topic: str, level: int) -> None:
    assert shown(document_with_text(), topic, level) == ""


def test_there_is_no_fragment_of_what_is_not_there() -> None:
    document = document_of_alice()
    gone = Document(pk=document.pk)
    document.delete()
    assert shown(gone, "title", Level.OWN) == ""


# --- what pages send --------------------------------------------------------------------------------------------------

COMMENT = {
    "action": "comment.start",
    "from_path": "0",
    "from_offset": "4",
    "to_path": "0",
    "to_offset": "9",
    "quote": "brave",
    "body": "Why?",
}


def send(document: Document, name: str, /, **fields: str) -> str:
    grant = let_in(by_session(visitor(name)), document.id)
    notice: str = async_to_sync(PAGES.submit)(document.id, grant, fields)
    return notice


def test_a_whole_discussion_goes_by_forms() -> None:
    document = document_with_text()
    assert send(document, "carol", **COMMENT) == ""
    thread = Thread.objects.get()
    assert send(document, "bob", action="comment.reply", thread=str(thread.id), body="Because.") == ""
    first, answer = thread.comments.all()
    assert send(document, "carol", action="comment.edit", comment=str(first.id), body="Why so?") == ""
    assert send(document, "bob", action="thread.resolve", thread=str(thread.id)) == ""
    thread.refresh_from_db()
    assert thread.resolved_by == "Bob"
    assert send(document, "bob", action="thread.reopen", thread=str(thread.id)) == ""
    assert send(document, "bob", action="comment.delete", comment=str(answer.id)) == ""
    assert list(Comment.objects.values_list("body", flat=True)) == ["Why so?", ""]


def test_titles_and_snapshots_go_by_forms() -> None:
    document = document_with_text()
    assert send(document, "bob", action="title.rename", title="Tale") == ""
    assert send(document, "bob", action="snapshot.keep", name="First") == ""
    document.refresh_from_db()
    assert document.title == "Tale"
    assert [row.name for row in list_snapshots(document)] == ["First", ""]


def test_the_language_of_a_text_goes_by_a_form_and_comes_with_the_title() -> None:
    document = document_with_text()
    assert send(document, "bob", action="document.language", language="ar", direction="rtl") == ""
    document.refresh_from_db()
    assert (document.language, document.direction) == ("ar", "rtl")
    assert 'data-language="ar" data-direction="rtl"' in shown(document, "title", Level.VIEW)
    for language, direction, sentence in [
        ('x" onload="', "ltr", "There is no such language."),
        ("de", "up", "There is no such direction."),
        ("de", "", "There is no such direction."),
    ]:
        assert sentence in send(document, "bob", action="document.language", language=language, direction=direction)
    document.refresh_from_db()
    assert (document.language, document.direction) == ("ar", "rtl")


def test_a_guest_takes_another_name_where_they_are() -> None:
    document = document_with_text()
    gail = guest(document, Level.COMMENT)
    grant = let_in(by_session(gail), document.id)
    assert async_to_sync(PAGES.submit)(document.id, grant, COMMENT) == ""
    rename = {"action": "guest.rename", "name": "  Gail\u202e Gale "}
    assert async_to_sync(PAGES.submit)(document.id, grant, rename) == ""
    (now,) = asked_again((document.id, grant))
    assert isinstance(now, Grant)
    assert (now.name, now.principal, now.level) == ("Gail Gale", gail.principal, grant.level)
    assert "Gail Gale" in shown(document, "comments", Level.VIEW)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" ", "A name must not be empty."), ("x" * 65, "A name may have 64 characters; this has 65."), ("x" * 64, "")],
)
def test_a_guest_keeps_the_old_name_where_the_new_one_is_none(name: str, sentence: str) -> None:
    document = document_with_text()
    gail = guest(document)
    grant = let_in(by_session(gail), document.id)
    notice = async_to_sync(PAGES.submit)(document.id, grant, {"action": "guest.rename", "name": name})
    assert sentence in notice
    (now,) = asked_again((document.id, grant))
    assert isinstance(now, Grant)
    assert now.name == ("Gail" if sentence else name)


def test_a_comment_in_a_list_is_anchored_by_its_path() -> None:
    document = document_with_text()
    where = {"from_path": "1.1.0", "to_path": "1.1.0", "from_offset": "0", "to_offset": "3", "quote": "Two"}
    assert send(document, "carol", **COMMENT | where) == ""


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("dave", COMMENT, "This takes the role Commenter; yours is Viewer."),
        ("carol", {"action": "title.rename", "title": "Mine"}, "This takes the role Editor; yours is Commenter."),
        ("carol", {"action": "snapshot.keep", "name": "Mine"}, "This takes the role Editor; yours is Commenter."),
        ("carol", COMMENT | {"body": ""}, "A comment must not be empty."),
        ("carol", COMMENT | {"quote": "timid"}, "The text you selected has been changed meanwhile"),
        ("carol", COMMENT | {"from_path": "0.x"}, "This form is not complete"),
        ("carol", COMMENT | {"from_offset": "-1"}, "This form is not complete"),
        ("carol", COMMENT | {"to_offset": "9" * 5000}, "This form is not complete"),
        ("carol", {"action": "comment.start", "body": "Why?"}, "This form is not complete"),
        ("carol", {"action": "comment.reply", "thread": "7", "body": "Why?"}, "This form is not complete"),
        (
            "carol",
            {"action": "comment.reply", "thread": str(uuid4()), "body": "?"},
            "This discussion has been deleted.",
        ),
        ("carol", {"action": "comment.edit", "comment": str(uuid4())}, "This comment has been deleted."),
        ("bob", {"action": "guest.rename", "name": "Bobby"}, "Your name is that of your account: change it there."),
        ("alice", {"action": "share"}, "This page is older than the server: reload it."),
        ("alice", {}, "This page is older than the server: reload it."),
    ],
)
def test_a_form_that_is_refused_says_why_to_its_sender(name: str, fields: dict[str, str], sentence: str) -> None:
    document = document_with_text()
    notice = send(document, name, **fields)
    assert 'id="notices"' in notice
    assert sentence in notice
    assert not Thread.objects.exists()
    assert Document.objects.get().title == "<Story>"


def test_a_form_counts_by_the_rights_of_now_not_of_when_the_page_opened() -> None:
    document = document_with_text()
    grant = let_in(by_session(visitor("carol")), document.id)
    Membership.objects.filter(user=account("carol")).delete()
    notice = async_to_sync(PAGES.submit)(document.id, grant, COMMENT)
    assert "There is no such document, or it is not shared with you." in notice
    assert not Thread.objects.exists()


def test_edits_are_noted_for_all_documents_at_once() -> None:
    one, other = document_with_text(), document_with_text()
    async_to_sync(PAGES.edited)({one.id: "user:7", other.id: "user:8"})
    assert {document.id: document.edited_by for document in Document.objects.all()} == {
        one.id: "user:7",
        other.id: "user:8",
    }
