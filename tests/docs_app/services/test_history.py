"""Snapshots named, shown, compared, copied, and restored into what people are typing."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from collab.models import LogEntry, Snapshot
from docs_app.content import parse
from docs_app.content.diff import make_equal
from docs_app.errors import NotAllowed, NotFound, NotNow, Refused
from docs_app.levels import Level
from docs_app.models import Document, Membership
from docs_app.services import live
from docs_app.services.documents import create_document, export, read_tree, rename_document
from docs_app.services.history import (
    compare_with_now,
    copy_as_document,
    list_snapshots,
    name_version,
    preview,
    restore,
)
from tests.support.live import does, open_tab, running_engine
from tests.support.people import account, document_of_alice, guest, visitor
from tests.support.until import until_async

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "First line.\n\nSecond line.\n\nThird line.\n"


def document_with_text(markdown: str = TEXT) -> Document:
    document = create_document(owner=account("alice"), title="Minutes", markdown=markdown)
    Membership.objects.create(document=document, user=account("bob"), level=Level.EDIT)
    Membership.objects.create(document=document, user=account("carol"), level=Level.COMMENT)
    return document


def rewrite(document: Document, markdown: str, name: str = "bob") -> None:
    target = parse.from_markdown(markdown)
    live.edit(document.id, account(name).principal, lambda fragment: make_equal(fragment, target))


def test_a_named_snapshot_is_listed_with_its_authors_names() -> None:
    document = document_with_text()
    rewrite(document, TEXT + "Fourth.\n")
    row = name_version(document=document, name=" Ready  to read ", by=visitor("bob"))
    rows = list_snapshots(document)
    assert [(one.kind, one.name, one.authors, one.seq) for one in rows] == [
        ("named", "Ready to read", ("Bob",), 2),
        ("import", "", ("Alice",), 1),
    ]
    assert rows[0] == row
    assert all(one.size > 0 for one in rows)


def test_authors_whose_account_is_gone_are_somebody() -> None:
    document = document_with_text()
    rewrite(document, "Changed.", "bob")
    name_version(document=document, name="One", by=visitor("alice"))
    account("bob").delete()
    assert list_snapshots(document)[0].authors == ("Someone",)


@pytest.mark.parametrize("name", ["", "\u202e", "x" * 201])
def test_a_snapshot_s_name_must_be_one(name: str) -> None:
    document = document_of_alice()
    with pytest.raises(Refused, match="A snapshot's name m"):
        name_version(document=document, name=name, by=visitor("alice"))
    assert not Snapshot.objects.exists()


def test_a_snapshot_is_shown_as_it_was_and_compared_with_now() -> None:
    document = document_with_text()
    rewrite(document, TEXT.replace("Second", "Middle"))
    kept = list_snapshots(document)[0].id
    assert preview(document, kept) == parse.from_markdown(TEXT)
    assert [change.kind for change in compare_with_now(document, kept)] == ["same", "changed", "same"]


def test_a_snapshot_of_another_document_is_not_found() -> None:
    document, other = document_with_text(), document_with_text("Secret.")
    foreign = list_snapshots(other)[0].id
    for snapshot_id in (foreign, uuid4()):
        with pytest.raises(NotFound, match="There is no such document or snapshot"):
            preview(document, snapshot_id)
        with pytest.raises(NotFound):
            restore(document=document, snapshot_id=snapshot_id, by=visitor("alice"))
        with pytest.raises(NotFound):
            copy_as_document(document=document, snapshot_id=snapshot_id, by=visitor("alice"))
    assert read_tree(document.id) == parse.from_markdown(TEXT)
    assert [row.kind for row in list_snapshots(document)] == ["import"]


def test_a_restore_brings_the_text_back_and_is_undone_by_another() -> None:
    document = document_with_text()
    first = list_snapshots(document)[0].id
    rewrite(document, "# All new\n")
    assert restore(document=document, snapshot_id=first, by=visitor("bob"))
    assert read_tree(document.id) == parse.from_markdown(TEXT)
    newest = list_snapshots(document)[0]
    assert (newest.kind, newest.authors) == ("before-restore", ("Bob",))
    assert restore(document=document, snapshot_id=newest.id, by=visitor("alice"))
    assert read_tree(document.id) == parse.from_markdown("# All new\n")
    document.refresh_from_db()
    assert document.title == "Minutes"


def test_restoring_what_is_there_already_changes_nothing() -> None:
    document = document_with_text()
    entries = LogEntry.objects.count()
    assert not restore(document=document, snapshot_id=list_snapshots(document)[0].id, by=visitor("alice"))
    assert LogEntry.objects.count() == entries


def test_only_editors_have_a_history() -> None:
    document = document_with_text()
    kept = list_snapshots(document)[0].id
    with pytest.raises(NotAllowed, match="This takes the role Editor; yours is Commenter"):
        restore(document=document, snapshot_id=kept, by=visitor("carol"))
    with pytest.raises(NotAllowed):
        name_version(document=document, name="Mine", by=visitor("carol"))
    with pytest.raises(NotAllowed):
        copy_as_document(document=document, snapshot_id=kept, by=visitor("carol"))
    with pytest.raises(NotAllowed, match="Sign in to have a document of your own"):
        copy_as_document(document=document, snapshot_id=kept, by=guest(document, Level.EDIT))
    with pytest.raises(NotFound):
        restore(document=document, snapshot_id=kept, by=visitor("eve"))


def test_a_copy_is_a_document_of_one_s_own() -> None:
    document = document_with_text()
    kept = list_snapshots(document)[0].id
    rewrite(document, "Changed.")
    copy = copy_as_document(document=document, snapshot_id=kept, by=visitor("bob"))
    assert (copy.owner, copy.title) == (account("bob"), "Copy of Minutes")
    assert read_tree(copy.id) == parse.from_markdown(TEXT)
    assert export(document, "txt")[1].strip() == "Changed."


def test_a_text_by_many_authors_is_kept_and_restored() -> None:
    lines = [f"Line {number}." for number in range(20)]
    document = document_with_text("\n\n".join(lines))
    first = list_snapshots(document)[0].id
    for number, line in enumerate(lines):  # each by an engine of its own, under a client id of its own
        lines[number] = f"{line} Seen."
        rewrite(document, "\n\n".join(lines))
    assert restore(document=document, snapshot_id=first, by=visitor("bob"))
    assert read_tree(document.id) == preview(document, first)


@pytest.mark.anyio
async def test_a_new_snapshot_is_shown_to_those_who_have_a_history() -> None:
    document = await does(document_with_text)
    async with running_engine() as hub:
        bob, carol = [await open_tab(hub, await does(visitor, name), document) for name in ("bob", "carol")]
        await does(name_version, document=document, name="Ready to read", by=await does(visitor, "bob"))
        await does(rename_document, document=document, title="Agenda", by=await does(visitor, "bob"))
        await until_async(lambda: bob.shows("Ready to read"), "the snapshot is on Bob's page")
        await until_async(lambda: carol.shows("Agenda"), "the later title is on Carol's page")
        assert not carol.shows("Ready to read")


@pytest.mark.anyio
async def test_who_keeps_the_server_busy_with_restores_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    document = await does(document_with_text)
    async with running_engine():
        with monkeypatch.context() as slow:
            slow.setattr("collab.api.time", SimpleNamespace(thread_time=iter([0.0, 2.5]).__next__))
            await does(rewrite, document, "Changed by Bob.")
        with pytest.raises(NotNow, match="more than one person can do"):
            await does(rewrite, document, "Again.")
        await does(rewrite, document, "Changed by Alice.", "alice")
        assert "Changed by Alice." in (await does(export, document, "txt"))[1]


@pytest.mark.anyio
async def test_a_restore_merges_with_what_is_being_typed_and_reaches_everybody() -> None:
    document = await does(document_with_text)
    kept = (await does(list_snapshots, document))[0].id
    async with running_engine() as hub:
        alice, bob = [await open_tab(hub, await does(visitor, name), document) for name in ("alice", "bob")]
        await bob.type(" Spoilt.", block=1)
        alice.hear()
        # What Alice types now is on its way while the restore happens.
        on_its_way = alice.typed(" Added.", block=0)
        assert await does(restore, document=document, snapshot_id=kept, by=await does(visitor, "bob"))
        await alice.say(on_its_way)
        for tab in (alice, bob):
            await tab.sync()
        assert alice.text == bob.text == ["First line. Added.", "Second line.", "Third line."]
    tree = await does(read_tree, document.id)
    assert tree == parse.from_markdown(TEXT.replace("First line.", "First line. Added."))
