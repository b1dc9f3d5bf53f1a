"""A document that disagrees with itself: what the plan says, that it helps, and that a sound text is not touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from pycrdt import Doc, XmlFragment

from collab import fold
from collab.audit import audit
from collab.errors import Malformed, Unavailable
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import Append, Write
from collab.records import records_of
from collab.repair import NAME, Plan, carry_out, plan
from tests.support.chronicle import Chronicle, text_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def past() -> Iterator[Chronicle]:
    """Eight entries by two people; snapshots of the fourth and the last."""
    chronicle = Chronicle()
    chronicle.types("user:1", "One. ", "Two. ", "Three. ")
    chronicle.keeps()
    chronicle.types("user:2", "Four. ", "Five. ")
    chronicle.types("user:1", "Six. ")
    chronicle.keeps("named", "So far")
    chronicle.types("user:2", "Seven.")
    yield chronicle
    async_to_sync(chronicle.log.close)()


def text_of(doc: Doc[XmlFragment]) -> str:
    return "".join(str(piece) for piece, _ in text_in(doc).diff())


def problems(past: Chronicle) -> list[str]:
    return [problem.sentence for problem in audit(records_of(past.document_id)).problems]


def epoch() -> object:
    return Stream.objects.get().epoch


def repaired(past: Chronicle, made: Plan) -> str:
    """The text after the plan was carried out; nothing is wrong with the document any more."""
    carry_out(made)
    assert problems(past) == [] and plan(past.document_id).steps == []
    return text_of(past.loaded())


WHOLE = "One. Two. Three. Four. Five. Six. Seven."


def test_a_sound_document_needs_nothing(past: Chronicle) -> None:
    assert problems(past) == [] and plan(past.document_id).steps == []


def test_a_damaged_snapshot_is_dropped_and_the_log_used(past: Chronicle) -> None:
    old, before = Snapshot.objects.get(kind="auto"), epoch()
    Snapshot.objects.filter(pk=old.pk).update(state=bytes(old.state)[:-3])
    made = plan(past.document_id)
    assert made.steps == [f"Drop the snapshot {old.pk}."]
    assert repaired(past, made) == WHOLE and epoch() == before


def test_where_the_newest_snapshot_is_another_text_the_log_decides(past: Chronicle) -> None:
    """Rooms may have been loaded from it: they must not go on."""
    state, before = fold.new_doc().get_update(), epoch()
    Snapshot.objects.filter(kind="named").update(state=state, checksum=fold.checksum(state))
    assert repaired(past, plan(past.document_id)) == WHOLE
    assert epoch() != before and list(Snapshot.objects.values_list("name", flat=True)) == [NAME, ""]


def test_owners_are_those_whom_the_log_names(past: Chronicle) -> None:
    there = dict(ClientOwner.objects.values_list("client_id", "principal"))
    before, (first, second, *_) = epoch(), there
    ClientOwner.objects.filter(client_id=first).update(principal="user:9")
    ClientOwner.objects.filter(client_id=second).delete()
    ClientOwner.objects.create(document_id=past.document_id, client_id=7, principal="user:1")
    assert len(plan(past.document_id).steps) == 3
    assert repaired(past, plan(past.document_id)) == WHOLE and epoch() == before
    assert dict(ClientOwner.objects.values_list("client_id", "principal")) == there


def test_a_hole_before_a_snapshot_costs_nothing(past: Chronicle) -> None:
    LogEntry.objects.filter(seq=5).delete()
    before = epoch()
    assert repaired(past, plan(past.document_id)) == WHOLE and epoch() != before


def test_after_a_damaged_entry_what_still_fits_is_kept(past: Chronicle) -> None:
    Snapshot.objects.filter(kind="named").delete()
    row = LogEntry.objects.get(seq=6)
    LogEntry.objects.filter(pk=row.pk).update(payload=bytes(row.payload)[:-1])
    made = plan(past.document_id)
    assert "Leave out 3 edits that do not fit any more, in entries 6, 7, 8." in made.steps
    assert repaired(past, made) == "One. Two. Three. Four. "


def test_without_what_somebody_wrote_of_late(past: Chronicle) -> None:
    made = plan(past.document_id, without="user:2", since=8)
    assert "Leave out 1 edits of user:2." in made.steps
    assert repaired(past, made) == "One. Two. Three. Four. Five. Six. "


def test_without_what_somebody_wrote_others_words_on_it_are_named(past: Chronicle) -> None:
    made = plan(past.document_id, without="user:2", since=5)
    assert "Leave out 1 edits that do not fit any more, in entries 7." in made.steps
    assert repaired(past, made) == "One. Two. Three. "


def test_nothing_is_done_when_somebody_has_written_since(past: Chronicle) -> None:
    made = plan(past.document_id, without="user:2", since=8)
    past.types("user:1", "Eight.")
    with pytest.raises(Unavailable, match="make the plan again"):
        carry_out(made)
    assert text_of(past.loaded()) == f"{WHOLE}Eight."


def test_what_would_not_help_is_not_done(past: Chronicle) -> None:
    LogEntry.objects.filter(seq=5).delete()
    before = epoch()
    with pytest.raises(Malformed, match="would not help"):
        carry_out(Plan(past.document_id, past.seq, ["Hope."]))
    assert epoch() == before


def test_an_edit_that_cannot_be_read_is_left_out(past: Chronicle) -> None:
    past.seq += 1
    odd = Append(past.document_id, past.seq, (Write("user:3", b"\1\1\x05\0\x24\0\0\1\x01a\0"),), {5: "user:3"})
    async_to_sync(past.log.append)([odd])
    assert problems(past) != []
    assert repaired(past, plan(past.document_id)) == WHOLE
