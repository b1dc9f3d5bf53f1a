"""Discussions: started at a passage, answered, corrected, resolved, deleted; the mark and the rows stay together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal
from uuid import uuid4

import pytest
from django.db import Error, connections

from collab.models import LogEntry
from docs_app.access import Visitor
from docs_app.content import anchors, parse
from docs_app.content.anchors import Anchor
from docs_app.content.diff import make_equal
from docs_app.errors import NotAllowed, NotFound, NotNow, Refused
from docs_app.levels import Level
from docs_app.models import Comment, Document, Membership, Thread
from docs_app.services import live
from docs_app.services.comments import (
    comment_for,
    delete_comment,
    edit_comment,
    reopen_thread,
    reply,
    resolve_thread,
    shown_threads,
    start_thread,
    thread_for,
)
from docs_app.services.documents import create_document
from tests.support.live import Tab, does, open_tab, running_engine
from tests.support.people import ROLES, account, guest, visitor
from tests.support.refusing import refusing
from tests.support.until import until_async

pytestmark = pytest.mark.django_db(transaction=True)
ANCHOR = Anchor((1,), 4, (1,), 9, "brave")


@pytest.fixture
def document() -> Document:
    return document_with_text()


def document_with_text() -> Document:
    document = create_document(owner=account("alice"), title="Story", markdown="# One\n\nThe brave knight.\n")
    for name, level in ROLES.items():
        Membership.objects.create(document=document, user=account(name), level=level)
    return document


def marked(document: Document) -> dict[str, str]:
    return dict(live.read(document.id, anchors.find))


def started(document: Document, name: str = "carol", body: str = "Why?") -> Thread:
    return start_thread(document=document, author=visitor(name), anchor=ANCHOR, body=body)


def rewrite(document: Document, markdown: str) -> None:
    target = parse.from_markdown(markdown)
    live.edit(document.id, "server", lambda fragment: make_equal(fragment, target))


def test_a_discussion_marks_its_passage(document: Document) -> None:
    thread = started(document, body="  Why <b>brave</b>?\r\nSays who? ")
    assert marked(document) == {str(thread.id): "brave"}
    [shown] = shown_threads(document)
    assert (shown.id, shown.quote, shown.lost, shown.resolved_at) == (thread.id, "brave", False, None)
    assert [(comment.author_name, comment.body) for comment in shown.shown_comments] == [
        ("Carol", "Why <b>brave</b>?\nSays who?")
    ]


def test_a_passage_that_is_no_longer_there_leaves_no_discussion(document: Document) -> None:
    rewrite(document, "# One\n\nNothing of that kind.\n")
    with pytest.raises(Refused, match="The text you selected has been changed meanwhile: select it again"):
        started(document)
    assert not Thread.objects.exists() and not Comment.objects.exists()
    assert marked(document) == {}


@pytest.mark.parametrize(
    ("anchor", "body", "sentence"),
    [
        (ANCHOR, "", "A comment must not be empty."),
        (ANCHOR, "x" * 10_001, "A comment may have 10000 characters; this has 10001."),
        (Anchor((1,), 4, (1,), 4, ""), "Why?", "Select some text to comment on."),
        (Anchor((1,), 3, (1,), 4, " "), "Why?", "Select some text to comment on."),
    ],
)
def test_a_discussion_is_about_something(document: Document, anchor: Anchor, body: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        start_thread(document=document, author=visitor("carol"), anchor=anchor, body=body)
    assert str(refusal.value) == sentence
    assert not Thread.objects.exists() and marked(document) == {}


def test_a_passage_whose_text_is_deleted_keeps_its_discussion_and_finds_it_again(document: Document) -> None:
    started(document)
    live.edit(document.id, "server", lambda fragment: fragment.children.__delitem__(1))
    assert [(shown.lost, shown.quote) for shown in shown_threads(document)] == [(True, "brave")]


def test_a_long_passage_is_quoted_from_its_beginning(document: Document) -> None:
    words = "long " * 400
    rewrite(document, words)
    anchor = Anchor((0,), 0, (0,), len(words.strip()), words.strip())
    thread = start_thread(document=document, author=visitor("carol"), anchor=anchor, body="Too long.")
    assert len(thread.quote) == 1000
    assert set(marked(document)) == {str(thread.id)}


def test_answers_follow_in_order_by_users_and_guests(document: Document) -> None:
    thread = started(document)
    gail = guest(document, Level.COMMENT)
    reply(thread=thread, author=visitor("bob"), body="Because.")
    reply(thread=thread, author=gail, body="I see.")
    both = Visitor(user=account("carol"), guest=gail.guest)
    reply(thread=thread, author=both, body="Signed in now.")
    [shown] = shown_threads(document)
    assert [comment.author_name for comment in shown.shown_comments] == ["Carol", "Bob", "Gail", "Carol"]
    assert shown.shown_comments[2].author_principal == gail.principal


@pytest.mark.parametrize("name", ["dave", "gail", "eve"])
def test_readers_and_strangers_say_nothing(document: Document, name: str) -> None:
    thread = started(document)
    who = guest(document) if name == "gail" else visitor(name)
    refusal = NotFound if name == "eve" else NotAllowed
    with pytest.raises(refusal):
        start_thread(document=document, author=who, anchor=ANCHOR, body="Me too.")
    with pytest.raises(refusal):
        reply(thread=thread, author=who, body="Me too.")
    for verb in (resolve_thread, reopen_thread):
        with pytest.raises(refusal):
            verb(thread=thread, by=who)
    assert Comment.objects.count() == 1


def test_authors_correct_their_own_and_nobody_else_s(document: Document) -> None:
    comment = started(document).comments.get()
    for name in ("alice", "bob"):
        with pytest.raises(NotAllowed, match="Only its author can change a comment"):
            edit_comment(comment=comment, body="Why not?", by=visitor(name))
    edit_comment(comment=comment, body="Why not?", by=visitor("carol"))
    comment.refresh_from_db()
    assert comment.body == "Why not?" and comment.edited_at is not None


def test_a_demoted_author_corrects_nothing(document: Document) -> None:
    comment = started(document).comments.get()
    Membership.objects.filter(user=account("carol")).update(level=Level.VIEW)
    with pytest.raises(NotAllowed, match="This takes the role Commenter; yours is Viewer"):
        edit_comment(comment=comment, body="Why not?", by=visitor("carol"))


def test_a_deleted_comment_keeps_its_place_for_the_answers(document: Document) -> None:
    thread = started(document)
    reply(thread=thread, author=visitor("bob"), body="Because.")
    first = thread.comments.all()[0]
    delete_comment(comment=first, by=visitor("carol"))
    [shown] = shown_threads(document)
    assert [(one.body, one.deleted_at is not None) for one in shown.shown_comments] == [("", True), ("Because.", False)]
    with pytest.raises(Refused, match="This comment has been deleted"):
        edit_comment(comment=Comment.objects.get(pk=first.pk), body="Back", by=visitor("carol"))


def test_what_is_deleted_while_somebody_corrects_or_resolves_it_stays_deleted(document: Document) -> None:
    thread = started(document)
    reply(thread=thread, author=visitor("bob"), body="Because.")
    stale = comment_for(document.id, thread.comments.all()[0].id)
    delete_comment(comment=comment_for(document.id, stale.id), by=visitor("carol"))
    with pytest.raises(Refused, match="This comment has been deleted"):
        edit_comment(comment=stale, body="Secret", by=visitor("carol"))
    assert Comment.objects.get(pk=stale.pk).body == ""

    Thread.objects.filter(pk=thread.pk).delete()
    for verb in (resolve_thread, reopen_thread):
        with pytest.raises(Refused, match="This discussion has been deleted"):
            verb(thread=thread, by=visitor("bob"))


@asynccontextmanager
async def without_its_log(document: Document, *verbs: Literal["UPDATE", "DELETE"]) -> AsyncIterator[Tab]:
    """A server that cannot write edits down, and knows it: somebody's typing waits. Nor can it do this to comments."""
    async with running_engine() as hub, AsyncExitStack() as refusals:
        tab = await open_tab(hub, await does(visitor, "alice"), document)
        await refusals.enter_async_context(refusing("INSERT", LogEntry))
        await tab.room.receive(tab.peer, tab.typed(" Or so.", block=1))
        await until_async(lambda: tab.room.ticker.trouble != "", "the server knows that it cannot write")
        for verb in verbs:
            await refusals.enter_async_context(refusing(verb, Comment, Thread))
        yield tab
        await refusals.aclose()
        await until_async(lambda: not tab.peer.unsaved, "what was typed is on disk")


@pytest.mark.anyio
async def test_a_last_comment_whose_mark_cannot_be_taken_away_keeps_its_words() -> None:
    document = await does(document_with_text)
    comment = await does((await does(started, document)).comments.get)
    async with without_its_log(document, "UPDATE", "DELETE"):
        with pytest.raises(NotNow, match="Nothing was changed"):
            await does(delete_comment, comment=comment, by=await does(visitor, "carol"))
        await does(comment.refresh_from_db)
        assert (comment.body, comment.deleted_at) == ("Why?", None)
    assert await does(marked, document) == {str(comment.thread_id): "brave"}
    await does(delete_comment, comment=comment, by=await does(visitor, "carol"))
    assert await does(marked, document) == {} and not await does(Thread.objects.exists)


@pytest.mark.anyio
async def test_a_last_comment_that_stays_without_its_mark_keeps_its_words_and_can_be_deleted_again() -> None:
    document = await does(document_with_text)
    comment = await does((await does(started, document)).comments.get)
    async with refusing("UPDATE", Comment), refusing("DELETE", Comment):
        with pytest.raises(Error):
            await does(delete_comment, comment=comment, by=await does(visitor, "carol"))
    [shown] = await does(shown_threads, document)
    assert (shown.lost, shown.quote, [one.body for one in shown.shown_comments]) == (True, "brave", ["Why?"])
    await does(delete_comment, comment=comment, by=await does(visitor, "carol"))
    assert not await does(Thread.objects.exists)


@pytest.mark.anyio
async def test_a_discussion_that_cannot_begin_says_why_and_is_taken_back_if_that_can_be_written() -> None:
    document = await does(document_with_text)
    async with without_its_log(document):
        with pytest.raises(NotNow, match="Nothing was changed"):
            await does(started, document)
        assert not await does(Thread.objects.exists)
    async with without_its_log(document, "DELETE"):
        with pytest.raises(NotNow):
            await does(started, document)
    [shown] = await does(shown_threads, document)
    assert (shown.lost, [one.body for one in shown.shown_comments]) == (True, ["Why?"])


def test_with_its_last_comment_a_discussion_and_its_mark_go(document: Document) -> None:
    kept, gone = started(document, "bob"), started(document)
    answer = reply(thread=gone, author=visitor("bob"), body="Because.")
    delete_comment(comment=gone.comments.all()[0], by=visitor("carol"))
    delete_comment(comment=answer, by=visitor("bob"))
    assert list(Thread.objects.all()) == [kept]
    assert marked(document) == {str(kept.id): "brave"}


def test_owners_delete_anybody_s_comment_and_others_their_own_only(document: Document) -> None:
    comment = started(document).comments.get()
    with pytest.raises(NotAllowed, match="Only its author or an owner can delete a comment"):
        delete_comment(comment=comment, by=visitor("bob"))
    delete_comment(comment=comment, by=visitor("alice"))
    assert not Thread.objects.exists()


def test_nobody_answers_in_a_discussion_that_has_just_been_deleted(document: Document) -> None:
    thread = started(document)
    delete_comment(comment=thread.comments.get(), by=visitor("carol"))
    with pytest.raises(Refused, match="This discussion has been deleted"):
        reply(thread=thread, author=visitor("bob"), body="Wait!")


def test_two_who_delete_the_last_two_comments_at_once_take_the_mark_with_them(document: Document) -> None:
    thread = started(document)
    answer = reply(thread=thread, author=visitor("bob"), body="Because.")
    both = [(thread.comments.all()[0], visitor("carol")), (answer, visitor("bob"))]

    def delete(comment: Comment, by: Visitor) -> None:
        try:
            delete_comment(comment=comment, by=by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as people:
        done = [people.submit(delete, *one) for one in both]
    assert [one.result() for one in done] == [None, None]
    assert not Thread.objects.exists() and marked(document) == {}


def test_resolving_keeps_the_mark_and_is_undone_by_reopening(document: Document) -> None:
    thread = started(document)
    resolve_thread(thread=thread, by=visitor("bob"))
    [shown] = shown_threads(document)
    assert (shown.resolved_by, shown.resolved_at is not None, shown.lost) == ("Bob", True, False)
    reopen_thread(thread=thread, by=visitor("carol"))
    [shown] = shown_threads(document)
    assert (shown.resolved_by, shown.resolved_at) == ("", None)


def test_threads_and_comments_of_other_documents_are_not_there(document: Document) -> None:
    thread, other = started(document), document_with_text()
    assert thread_for(document.id, thread.id) == thread
    assert comment_for(document.id, thread.comments.get().id) == thread.comments.get()
    for thread_id in (thread.id, uuid4()):
        with pytest.raises(Refused, match="This discussion has been deleted"):
            thread_for(other.id, thread_id)
    with pytest.raises(Refused, match="This comment has been deleted"):
        comment_for(other.id, thread.comments.get().id)


@pytest.mark.anyio
async def test_a_comment_reaches_open_pages_with_its_mark_and_merges_with_typing() -> None:
    document = await does(document_with_text)
    async with running_engine() as hub:
        bob, dave = [await open_tab(hub, await does(visitor, name), document) for name in ("bob", "dave")]
        bob.hear()
        on_its_way = bob.typed(" Or so.", block=1)
        thread = await does(started, document)
        await bob.say(on_its_way)

        def shows() -> bool:
            dave.hear()
            return any(str(thread.id) in fragment and "Why?" in fragment for fragment in dave.fragments)

        await until_async(shows, "the comment is on Dave's page")
        await dave.sync()
        assert dave.text == ["One", "The brave knight. Or so."]
        assert await does(marked, document) == {str(thread.id): "brave"}
