"""Files: who may send them, what is refused with which sentence, and what becomes of them with their document."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from docs_app.access import Visitor
from docs_app.content import pictures
from docs_app.content.nodes import attr, children
from docs_app.errors import NotAllowed, NotFound, NotNow, Refused, TooMuch
from docs_app.levels import Level
from docs_app.models import Document, LinkUse, Upload
from docs_app.services import copies, documents, history, uploads
from docs_app.services.uploads import Sent, find_upload, keep_file, keep_picture, open_upload
from tests.support.people import account, document_of_alice, guest, link_to, somebody, visitor
from tests.support.pictures import SVG, bomb, picture

pytestmark = pytest.mark.django_db(transaction=True)


def stored() -> list[str]:
    return sorted(default_storage.listdir("")[1])


def kept(document: Document, by: Visitor | None = None, data: bytes = b"hello", name: str = "a.txt") -> Upload:
    return keep_file(document=document, by=by or visitor("alice"), sent=Sent(name, data))


def shown(document: Document, by: str = "alice") -> Upload:
    return keep_picture(document=document, by=visitor(by), sent=Sent("cat.png", picture()))


def content(upload: Upload) -> bytes:
    with open_upload(upload) as file:
        return bytes(file.read())


def with_files(*files: Upload) -> dict[str, Any]:
    """A text that shows these, the last of them inside of a quote."""
    nodes = [
        {"type": "image", "attrs": {"src": each.address}} if each.is_picture
        else {"type": "file", "attrs": {"src": each.address, "name": each.name, "size": each.size}}
        for each in files
    ]  # fmt: skip
    return {"type": "doc", "content": [*nodes[:-1], {"type": "blockquote", "content": nodes[-1:]}]}


def test_a_picture_is_kept_as_what_it_shows() -> None:
    document = document_of_alice()
    sent = Sent("C:\\holiday\u202e\n.jpg", picture(kind="JPEG"))
    upload = keep_picture(document=document, by=visitor("bob"), sent=sent)
    upload.refresh_from_db()
    assert (upload.media_type, upload.width, upload.height, upload.by) == (
        "image/jpeg", 60, 40, account("bob").principal,
    )  # fmt: skip
    assert upload.name == "C:\\holiday .jpg"
    assert content(upload)[:3] == b"\xff\xd8\xff" and len(content(upload)) == upload.size
    assert stored() == [str(upload.id)]


@pytest.mark.parametrize("data", [b"plain", SVG, picture(), b"<html><script>alert(1)</script>", b"%PDF-1.7 x"])
def test_a_file_is_kept_as_it_is_and_as_nothing_that_a_browser_would_show(data: bytes) -> None:
    upload = kept(document_of_alice(), data=data)
    assert content(upload) == data
    assert (upload.media_type, upload.is_picture) == ("application/octet-stream", False)


@pytest.mark.parametrize("keep", [keep_file, keep_picture])
@pytest.mark.parametrize(
    ("name", "error"),
    [("alice", None), ("bob", None), ("carol", NotAllowed), ("dave", NotAllowed), ("gail", NotAllowed),
     ("eve", NotFound), ("nobody", NotFound)],
)  # fmt: skip
def test_who_may_send_one(keep: Any, name: str, error: type[Exception] | None) -> None:
    document = document_of_alice()
    sent = Sent("cat.png", picture())
    if error is None:
        assert keep(document=document, by=somebody(name, document), sent=sent).document == document
        return
    with pytest.raises(error):
        keep(document=document, by=somebody(name, document), sent=sent)
    assert stored() == []


def test_a_guest_who_may_write_may_send_one() -> None:
    document = document_of_alice()
    gail = guest(document, Level.EDIT)
    assert kept(document, gail).by == gail.principal


@pytest.mark.parametrize(
    ("keep", "data", "sentence"),
    [
        (keep_picture, b"no image", "This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."),
        (keep_picture, SVG, "This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."),
        (keep_picture, bomb(50_000, 50_000), "An image may have 50 million pixels; this has more."),
        (keep_picture, bytes(30_000_000), "A file may have 25 MB; this has 30 MB."),
        (keep_file, bytes(30_000_000), "A file may have 25 MB; this has 30 MB."),
        (keep_file, b"", "This file is empty."),
        (keep_file, b"\x7fELF\2\1\1", "Files of this kind (program) are not taken here."),
    ],
)
def test_what_is_refused_leaves_nothing(keep: Any, data: bytes, sentence: str) -> None:
    document = document_of_alice()
    with pytest.raises(Refused) as refusal:
        keep(document=document, by=visitor("alice"), sent=Sent("holiday.png", data))
    assert str(refusal.value).startswith(sentence)
    assert stored() == [] and not Upload.objects.exists()


def test_which_kinds_are_taken_is_the_site_s_to_say(settings: Settings) -> None:
    settings.UPLOAD_KINDS = frozenset({"pdf"})
    document = document_of_alice()
    kept(document, data=b"%PDF-1.7")
    with pytest.raises(Refused, match=r"this kind \(text\)"):
        kept(document)


def test_a_document_and_a_person_may_have_so_much_and_no_more(settings: Settings) -> None:
    settings.UPLOAD_DOCUMENT_BYTES, settings.UPLOAD_PERSON_BYTES = 100, 150
    first, second = document_of_alice("First"), document_of_alice("Second")
    kept(first, data=b"x" * 100)
    with pytest.raises(TooMuch, match="The files of a document may have"):
        kept(first, visitor("bob"))
    kept(second, data=b"x" * 50)
    with pytest.raises(TooMuch, match="The files that one person has sent"):
        kept(second)
    kept(second, visitor("bob"))
    assert len(stored()) == 3


@pytest.mark.parametrize("who", ["alice", "gail"])
def test_a_person_may_have_no_more_by_sending_to_several_documents_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    settings.UPLOAD_PERSON_BYTES = 150
    there = [document_of_alice(f"Document {number}") for number in range(6)]
    by = guest(there[0], Level.EDIT) if who == "gail" else visitor(who)
    for document in there[1:] if by.guest else ():
        LinkUse.objects.create(link=link_to(document, Level.EDIT), guest=by.guest)
    together, store = Barrier(len(there)), uploads.store

    def store_together(upload: Upload, data: bytes) -> None:
        store(upload, data)
        together.wait(20)

    def keep(document: Document) -> bool:
        try:
            kept(document, by, b"x" * 50)
        except TooMuch:
            return False
        finally:
            connection.close()
        return True

    monkeypatch.setattr(uploads, "store", store_together)
    with ThreadPoolExecutor(len(there)) as threads:
        assert sum(threads.map(keep, there)) == 3
    assert Upload.objects.count() == len(stored()) == 3


def test_a_storage_that_fails_is_said_and_leaves_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    document = document_of_alice()
    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(NotNow, match="could not be stored"):
        kept(document)
    assert not Upload.objects.exists()


def test_who_waits_too_long_for_a_decoder_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of_alice()
    monkeypatch.setattr(pictures, "_turns", BoundedSemaphore(1))
    monkeypatch.setattr(pictures, "_PATIENCE", 0.01)
    with pictures._turns, pytest.raises(NotNow, match="try again later"):
        shown(document)
    assert shown(document).is_picture


@pytest.mark.parametrize(
    ("name", "may"),
    [*((name, True) for name in ("alice", "bob", "carol", "dave", "gail")), ("eve", False), ("nobody", False)],
)
def test_who_may_have_one(name: str, may: bool) -> None:
    document = document_of_alice()
    upload = kept(document)
    if may:
        assert find_upload(somebody(name, document), upload.id) == upload
        return
    with pytest.raises(NotFound, match="There is no such file, or it is not shared with you"):
        find_upload(somebody(name, document), upload.id)


def test_a_right_that_ends_ends_for_the_files() -> None:
    document = document_of_alice()
    upload = kept(document)
    document.memberships.filter(user=account("dave")).delete()
    with pytest.raises(NotFound):
        find_upload(visitor("dave"), upload.id)
    documents.trash_document(document=document, by=visitor("alice"))
    assert find_upload(visitor("alice"), upload.id) == upload
    with pytest.raises(NotFound):
        find_upload(visitor("bob"), upload.id)


def test_files_go_with_their_document() -> None:
    document, other = document_of_alice("One"), document_of_alice("Other")
    kept(document), shown(document)
    stays = kept(other)
    document.delete()
    assert stored() == [str(stays.id)]
    other.owner.delete()
    assert stored() == [] and not Upload.objects.exists()


def test_a_copy_of_a_document_has_copies_of_its_files() -> None:
    draft = document_of_alice("Draft")
    file, image = kept(draft), shown(draft)
    document = documents.create_from_tree(owner=account("alice"), title="Plan", content=with_files(file, image))
    snapshot = history.name_version(document=document, name="First", by=visitor("alice"))
    copy = history.copy_as_document(document=document, snapshot_id=snapshot.id, by=visitor("alice"))
    document.delete()
    first, quote = children(documents.read_tree(copy.id))
    there = {each.address: each for each in copy.uploads.all()}
    assert len(there) == 2
    assert content(there[attr(first, "src")]) == b"hello"
    assert there[attr(children(quote)[0], "src")].is_picture
    call_command("verify")


def test_an_editor_s_copy_has_the_files_that_are_the_document_s_own() -> None:
    """Whoever may write could have put in the address of any file: no copy brings one that was not to be read."""
    secret = kept(document_of_alice("Secret"))
    document = documents.create_from_tree(owner=account("frank"), title="Bait", content=with_files())
    image = shown_by_owner(document)
    content_ = with_files(secret, image)
    copy = documents.create_from_tree(owner=account("frank"), title="Copy", content=content_, source=document)
    assert [each.is_picture for each in copy.uploads.all()] == [True]
    bait, _ = children(documents.read_tree(copy.id))
    assert attr(bait, "src") == secret.address
    with pytest.raises(NotFound):
        find_upload(visitor("frank"), secret.id)


def shown_by_owner(document: Document) -> Upload:
    return keep_picture(document=document, by=Visitor(document.owner), sent=Sent("cat.png", picture()))


def test_several_copies_at_once_are_counted_together(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of_alice()
    content, owner = with_files(kept(document, data=b"x" * 50)), document.owner
    settings.UPLOAD_PERSON_BYTES = 150
    together, store = Barrier(6), uploads.store

    def store_together(upload: Upload, data: bytes) -> None:
        store(upload, data)
        together.wait(20)

    def copied(number: int) -> bool:
        try:
            documents.create_from_tree(owner=owner, title=f"Copy {number}", content=content)
        except TooMuch:
            return False
        finally:
            connection.close()
        return True

    monkeypatch.setattr(copies, "store", store_together)
    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(copied, range(6))) == 2
    assert len(stored()) == 3 and Document.objects.count() == 3


def test_a_copy_counts_and_is_refused_whole(settings: Settings) -> None:
    document = document_of_alice()
    upload = kept(document, data=b"x" * 100)
    settings.UPLOAD_PERSON_BYTES = 150
    with pytest.raises(TooMuch, match="which do not fit any more"):
        documents.create_from_tree(owner=document.owner, title="Copy", content=with_files(upload))
    assert Document.objects.count() == 1 and len(stored()) == 1


def test_what_the_storage_has_lost_is_as_lost_in_the_copy() -> None:
    document = document_of_alice()
    upload = kept(document)
    default_storage.delete(upload.stored_as)
    found = copies.copies_for(document.owner, with_files(upload), None)
    assert found.uploads == {}
    with pytest.raises(NotFound, match="The site has lost this file"):
        uploads.open_upload(upload)
