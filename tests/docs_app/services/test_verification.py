"""`verify` finds every fault that is planted in a real database, and none where there is none."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from collab import fold
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import Write
from docs_app.content import parse
from docs_app.content.anchors import Anchor
from docs_app.content.diff import make_equal
from docs_app.models import Comment, Document, Thread
from docs_app.services import live
from docs_app.services.comments import start_thread
from docs_app.services.documents import create_document, create_from_tree
from docs_app.services.uploads import Sent, keep_file
from docs_app.services.verification import verify_all
from tests.support.figures import Figure, Length
from tests.support.people import account, visitor

pytestmark = pytest.mark.django_db(transaction=True)

EMPTY = parse.from_markdown("")
STAGES = [f"# Minutes\n\nThe brave knight {number} rides.\n" for number in range(6)]


def document_with_a_past(title: str) -> Document:
    """An import, five edits by two people with snapshots between them, a discussion, and a file."""
    document = create_document(owner=account("alice"), title=title, markdown=STAGES[0])
    for number, stage in enumerate(STAGES[1:]):
        target = parse.from_markdown(stage)
        author = account("bob" if number % 2 else "alice").principal
        live.edit(document.id, author, partial(make_equal, target=target))
        if number % 2:
            live.keep_snapshot(document.id, "auto")
    anchor = Anchor((1,), 4, (1,), 9, "brave")
    start_thread(document=document, author=visitor("alice"), anchor=anchor, body="Is he?")
    keep_file(document=document, by=visitor("alice"), sent=Sent("minutes.txt", b"sounds"))
    return document


def problems() -> dict[UUID | None, list[str]]:
    return {document_id: list(found) for document_id, found in verify_all() if found}


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """One bit of it is another."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


@dataclass
class Fault:
    """`plant` spoils something of a document; True if it could."""

    name: str
    plant: Callable[[Document, random.Random], object]


def entry(document: Document, chance: random.Random, *, but_last: bool = False) -> LogEntry:
    rows = list(LogEntry.objects.filter(document_id=document.id).order_by("seq"))
    return chance.choice(rows[:-1] if but_last else rows)


def snapshot(document: Document, chance: random.Random) -> Snapshot:
    return chance.choice(list(Snapshot.objects.filter(document_id=document.id)))


def flip_entry(document: Document, chance: random.Random) -> None:
    row = entry(document, chance)
    LogEntry.objects.filter(pk=row.pk).update(payload=spoilt(bytes(row.payload), chance))


def cut_entry(document: Document, chance: random.Random) -> None:
    row = entry(document, chance)
    LogEntry.objects.filter(pk=row.pk).update(payload=bytes(row.payload)[: chance.randrange(len(row.payload))])


def swap_entries(document: Document, chance: random.Random) -> None:
    first, second = chance.sample(list(LogEntry.objects.filter(document_id=document.id)), 2)
    LogEntry.objects.filter(pk=first.pk).update(payload=second.payload)


def change_author(document: Document, chance: random.Random) -> None:
    """The row is sound in itself: only who owns the client ids tells."""
    row = entry(document, chance)
    writes = [Write("user:999", write.update) for write in fold.unpack(bytes(row.payload))]
    LogEntry.objects.filter(pk=row.pk).update(payload=fold.pack(writes))
    clients = [client for write in writes for client in fold.clients(write.update)]
    owners = ClientOwner.objects.filter(document_id=document.id)
    owners.filter(client_id__in=clients).update(principal="user:1000")


def flip_snapshot(document: Document, chance: random.Random) -> None:
    row = snapshot(document, chance)
    Snapshot.objects.filter(pk=row.pk).update(state=spoilt(bytes(row.state), chance))


def cut_snapshot(document: Document, chance: random.Random) -> None:
    row = snapshot(document, chance)
    Snapshot.objects.filter(pk=row.pk).update(state=bytes(row.state)[: chance.randrange(len(row.state))])


def other_state(document: Document, chance: random.Random) -> None:
    """Of another document, and sound in itself."""
    other = create_from_tree(owner=account("alice"), title="", content=EMPTY)
    state = live.read(other.id, lambda fragment: fragment.doc.get_update())
    other.delete()
    Snapshot.objects.filter(pk=snapshot(document, chance).pk).update(state=state, checksum=fold.checksum(state))


def stray(model: type[LogEntry] | type[Snapshot] | type[ClientOwner]) -> Callable[[Document, random.Random], object]:
    def plant(document: Document, chance: random.Random) -> None:
        row = chance.choice(list(model.objects.filter(document_id=document.id).order_by("pk")))
        model._base_manager.filter(pk=row.pk).update(document_id=uuid4())

    return plant


def someones(document: Document, chance: random.Random) -> ClientOwner:
    return chance.choice(list(ClientOwner.objects.filter(document_id=document.id)))


def file_of(document: Document) -> str:
    return document.uploads.get().stored_as


def replace_file(name: str) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"rotten"))


FAULTS = [
    Fault("a flipped bit in an entry", flip_entry),
    Fault("an entry cut off", cut_entry),
    Fault("an entry in another's place", swap_entries),
    Fault("a missing entry", lambda document, chance: entry(document, chance, but_last=True).delete()),
    Fault("another author's entry", change_author),
    Fault("a flipped bit in a snapshot", flip_snapshot),
    Fault("a snapshot cut off", cut_snapshot),
    Fault("a snapshot of something else", other_state),
    Fault("a floor without a snapshot", lambda document, _: Stream.objects.filter(pk=document.id).update(floor=1000)),
    Fault("an owner missing", lambda document, chance: someones(document, chance).delete()),
    Fault("an owner of nothing", lambda document, _: ClientOwner.objects.create(document_id=document.id, client_id=7)),
    Fault("an entry of no document", stray(LogEntry)),
    Fault("a snapshot of no document", stray(Snapshot)),
    Fault("an owner in no document", stray(ClientOwner)),
    Fault("a document without a log", lambda document, _: Stream.objects.filter(pk=document.id).delete()),
    Fault("a log without a document", lambda *_: Stream.objects.create(document_id=uuid4())),
    Fault("a silent discussion", lambda document, _: Comment.objects.filter(thread__document=document).delete()),
    Fault("a file that is gone", lambda document, _: default_storage.delete(file_of(document))),
    Fault("a file that is another", lambda document, _: replace_file(file_of(document))),
    Fault("another's mark", lambda document, _: Thread.objects.filter(document=document).update(document=other())),
]  # fmt: skip


def other() -> Document:
    return Document.objects.filter(title="The other").first() or document_with_a_past("The other")


@pytest.mark.timeout(900)
def test_every_planted_fault_is_found(figure: Figure, length: Length[int]) -> None:
    times = length(2, 12)
    other()
    found, planted, chance = 0, 0, random.Random(4)
    for fault in FAULTS:
        for _ in range(times):
            document = document_with_a_past(fault.name)
            assert problems() == {}
            fault.plant(document, chance)
            said = problems()
            planted += 1
            found += bool(said)
            assert said, f"{fault.name} was not found"
            clear_up(document)
    figure("H3 planted faults", f"{found} of {planted} found, of {len(FAULTS)} kinds; none where there was none")


def clear_up(document: Document) -> None:
    there = Document.objects.get(title="The other").pk
    for model in (Stream, LogEntry, Snapshot, ClientOwner):
        model.objects.exclude(document_id=there).delete()
    Thread.objects.exclude(pk=Thread.objects.order_by("created_at")[0].pk).delete()
    Document.objects.exclude(pk=there).delete()


def test_the_command_says_each_and_ends_with_one() -> None:
    document = document_with_a_past("One")
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue() == "Documents verified: 1. No problems.\n"
    ClientOwner.objects.create(document_id=document.id, client_id=7, principal="user:1")
    with pytest.raises(CommandError, match="Documents verified: 1. Problems: 1."):
        call_command("verify", str(document.id), stdout=out)
    assert f"{document.id}: Client 7 has an owner, but has written nothing.\n" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("verify", str(uuid4()), stdout=out)
    assert "There is no such document." in out.getvalue()


def test_discussions_of_text_that_is_gone_or_has_come_back_are_no_fault() -> None:
    document = document_with_a_past("One")
    live.edit(document.id, "server", lambda fragment: make_equal(fragment, EMPTY))
    assert problems() == {}
