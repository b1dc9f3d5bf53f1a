"""A document's life, by those who may, and how open pages feel it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from collab import fold
from collab.errors import Forbidden, NoSuchDocument
from collab.models import LogEntry, Snapshot, Stream
from docs_app.content import parse
from docs_app.errors import NotAllowed, NotFound, Refused, TooMuch
from docs_app.models import Document
from docs_app.services.documents import (
    create_document,
    delete_document,
    export,
    note_edits,
    read_tree,
    rename_document,
    trash_document,
    untrash_document,
)
from tests.support.live import does, open_tab, running_engine
from tests.support.people import account, document_of_alice, visitor
from tests.support.until import until_async

pytestmark = pytest.mark.django_db(transaction=True)
MARKDOWN = "# Plan\n\nBuy *milk* & <b>bread</b>.\n\n- [x] done\n"


def test_a_new_document_is_empty_and_untitled() -> None:
    document = create_document(owner=account("alice"), title="  ")
    alice = account("alice")
    assert (document.title, document.owner, document.edited_by) == ("Untitled", alice, alice.principal)
    assert export(document, "txt")[1].strip() == ""
    assert not Snapshot.objects.exists()


def test_an_imported_text_is_the_owner_s_and_is_kept() -> None:
    document = create_document(owner=account("alice"), title="Plan", markdown=MARKDOWN)
    assert read_tree(document.id) == parse.from_markdown(MARKDOWN)
    entry = LogEntry.objects.get(document_id=document.id)
    assert [write.principal for write in fold.unpack(bytes(entry.payload))] == [account("alice").principal]
    assert list(Snapshot.objects.values_list("kind", "seq")) == [("import", 1)]


def test_too_long_a_text_makes_no_document() -> None:
    with pytest.raises(TooMuch):
        create_document(owner=account("alice"), markdown="x" * (parse.MAX_MARKDOWN_BYTES + 1))
    assert not Document.objects.exists() and not Stream.objects.exists()


def test_too_long_a_title_makes_no_document() -> None:
    with pytest.raises(Refused, match="A title may have 200 characters; this has 201"):
        create_document(owner=account("alice"), title="x" * 201, markdown=MARKDOWN)
    assert not Document.objects.exists() and not Stream.objects.exists()


def test_a_title_is_text_and_fit_to_be_seen() -> None:
    document = document_of_alice()
    rename_document(document=document, title=" <i>Min\0utes</i>\u202e ", by=visitor("bob"))
    document.refresh_from_db()
    assert document.title == "<i>Minutes</i>"
    with pytest.raises(Refused, match="A title must not be empty"):
        rename_document(document=document, title="\u202e", by=visitor("bob"))


@pytest.mark.parametrize(
    ("format", "media_type", "text"),
    [
        ("json", "application/json", json.dumps(parse.from_markdown(MARKDOWN), ensure_ascii=False)),
        ("md", "text/markdown; charset=utf-8", "# Plan"),
        ("txt", "text/plain; charset=utf-8", "Buy milk & <b>bread</b>."),
        ("html", "text/html; charset=utf-8", "Buy <em>milk</em> &amp; &lt;b&gt;bread&lt;/b&gt;."),
    ],
)
def test_a_document_is_had_in_each_format(format: str, media_type: str, text: str) -> None:
    document = create_document(owner=account("alice"), title="A < B", markdown=MARKDOWN)
    given_type, given = export(document, format)
    assert given_type == media_type
    assert text in given
    assert format != "html" or "<title>A &lt; B</title>" in given


def test_other_formats_are_refused() -> None:
    with pytest.raises(Refused, match="A document can be had as json, html, md, txt"):
        export(document_of_alice(), "docx")


@pytest.mark.parametrize("verb", [trash_document, untrash_document, delete_document])
def test_only_owners_put_a_document_away(verb: object) -> None:
    document = document_of_alice()
    assert callable(verb)
    with pytest.raises(NotAllowed, match="This takes the role Owner; yours is Editor"):
        verb(document=document, by=visitor("bob"))
    with pytest.raises(NotFound):
        verb(document=document, by=visitor("eve"))


def test_only_what_is_in_the_trash_is_deleted_for_good() -> None:
    document = document_of_alice()
    with pytest.raises(Refused, match="Only what is in the trash can be deleted for good"):
        delete_document(document=document, by=visitor("alice"))
    trash_document(document=document, by=visitor("alice"))
    delete_document(document=document, by=visitor("alice"))
    assert not Document.objects.exists() and not Stream.objects.exists()
    with pytest.raises(NotFound):
        read_tree(document.id)


def test_the_list_learns_who_edited_last() -> None:
    document = document_of_alice()
    note_edits({document.id: "user:7", uuid4(): "user:8"})
    now = Document.objects.get()
    assert (now.edited_by, now.edited_at > document.edited_at) == ("user:7", True)


@pytest.mark.anyio
async def test_in_the_trash_others_are_out_and_the_owner_only_reads() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        alice, dave = [await open_tab(hub, await does(visitor, name), document) for name in ("alice", "dave")]
        await does(trash_document, document=document, by=await does(visitor, "alice"))
        assert isinstance(dave.closed, Forbidden)
        assert alice.closed is None and not alice.peer.grant.may_write
        with pytest.raises(NoSuchDocument):
            await open_tab(hub, await does(visitor, "dave"), document)
        await does(untrash_document, document=document, by=await does(visitor, "alice"))
        assert alice.peer.grant.may_write


@pytest.mark.anyio
async def test_deleting_ends_every_connection() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        alice = await open_tab(hub, await does(visitor, "alice"), document)
        for verb in (trash_document, delete_document):
            await does(verb, document=document, by=await does(visitor, "alice"))
        assert isinstance(alice.closed, NoSuchDocument)


@pytest.mark.anyio
async def test_a_new_title_reaches_open_pages() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        dave = await open_tab(hub, await does(visitor, "dave"), document)
        await does(rename_document, document=document, title="Agenda", by=await does(visitor, "bob"))
        await until_async(lambda: dave.shows("Agenda"), "the new title is on Dave's page")
