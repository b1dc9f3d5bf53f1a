"""What can be done about a document that disagrees with itself: first a plan, then, if somebody wants it, the deed.

Where only rows beside the text are wrong they are put right. Where the text itself must be put together anew (from the
newest sound snapshot and every edit that still fits), the document begins a new epoch: whoever has the old one open, or
kept it offline, is not mixed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from pycrdt import Doc, XmlFragment

from collab import fold, guard
from collab.audit import Audit, audit, load
from collab.errors import CollabError, Gap, Malformed, Unavailable
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import SERVER, Entry, Write
from collab.records import kept, one_moment, owners_of, records_of, snapshots_of
from collab.retention import next_look

NAME = "After a repair"


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` are sentences; `state` is the text put together anew, None where it is right as it is."""

    document_id: UUID
    head: int
    steps: Sequence[str]
    snapshots: Sequence[UUID] = ()  # to be dropped
    owners: Mapping[int, str | None] = field(default_factory=dict)  # to be set; None: to be taken away
    state: bytes | None = None


def plan(document_id: UUID, *, without: str = "", since: int = 1) -> Plan:
    """What to do about all that `audit` finds; also, if asked, how to do without what the principal `without` has
    written from entry `since` on. Raises NoSuchDocument."""
    with one_moment():
        found = audit(records_of(document_id))
        broken = [problem.about for problem in found.problems if problem.kind == "snapshot"]
        dropped = [about for about in broken if isinstance(about, UUID)]
        newest = snapshots_of(document_id).last()
        must_begin_anew = without or found.doc is None or (newest is not None and newest.id in dropped)
        steps = [f"Drop the snapshot {each}." for each in dropped]
        doc = found.doc
        if must_begin_anew or any(problem.kind == "entry" for problem in found.problems):
            doc, told = _salvage(document_id, dropped, without, since)
            steps += [*told, "Begin a new epoch: open pages come back, and offer what they have as a text of its own."]
            must_begin_anew = True
        owners = _owners(document_id, doc, found) if doc is not None else {}
        steps += [_about_owner(client, who) for client, who in owners.items()]
        state = doc.get_update() if must_begin_anew and doc is not None else None
        return Plan(document_id, _head(document_id), steps, dropped, owners, state)


def _about_owner(client: int, who: str | None) -> str:
    return (
        f"Client {client} belongs to {who}." if who else f"Client {client} belongs to nobody: it has written nothing."
    )


def _head(document_id: UUID) -> int:
    heads = [
        model.objects.filter(document_id=document_id).aggregate(most=Max(column))["most"] or 0
        for model, column in ((LogEntry, "seq"), (Snapshot, "seq"), (Stream, "floor"))
    ]
    return max(heads)


# --- the text, put together anew ------------------------------------------------------------------------------------


def _salvage(
    document_id: UUID, dropped: Sequence[UUID], without: str, since: int
) -> tuple[Doc[XmlFragment], list[str]]:
    """The newest sound snapshot (before `since`, if somebody is left out) and every later edit that fits."""
    start, doc = _soundest(document_id, dropped, since if without else None)
    whence = (
        f"Put the text together from the snapshot of entry {start}." if start else "Replay the log from its beginning."
    )
    steps = [whence]
    mender = _Mender(doc)
    left_out = 0
    for seq, payload in _entries_after(document_id, start):
        for write in _readable(payload, mender, seq):
            if without and write.principal == without and seq >= since:
                left_out += 1
            else:
                mender.take(seq, write)
    if without:
        steps.append(f"Leave out {left_out} edits of {without}.")
    if mender.unfit:
        steps.append(f"Leave out {len(mender.unfit)} edits that do not fit any more, in entries {_few(mender.unfit)}.")
    return mender.doc, steps


def _soundest(document_id: UUID, dropped: Sequence[UUID], before: int | None) -> tuple[int, Doc[XmlFragment]]:
    rows = snapshots_of(document_id).exclude(id__in=dropped)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    for row in rows.reverse().iterator(1):
        if doc := load(kept(row)):
            return row.seq, doc
    return 0, fold.new_doc()


def _entries_after(document_id: UUID, seq: int) -> Iterator[tuple[int, bytes]]:
    rows = LogEntry.objects.filter(document_id=document_id, seq__gt=seq).order_by("seq")
    return ((seq, bytes(payload)) for seq, payload in rows.values_list("seq", "payload").iterator(200))


def _readable(payload: bytes, mender: _Mender, seq: int) -> Sequence[Write]:
    try:
        return fold.unpack(payload)
    except CollabError:
        mender.unfit.append(seq)
        return ()


def _few(seqs: Sequence[int]) -> str:
    shown = ", ".join(map(str, seqs[:10]))
    return f"{shown} …" if len(seqs) > 10 else shown


class _Mender:
    """Takes edits one by one; what does not fit, or breaks the document, is left out."""

    def __init__(self, doc: Doc[XmlFragment]) -> None:
        self.doc = doc
        self.unfit: list[int] = []
        self._beginning = doc.get_update()
        self._clocks = fold.clocks(doc)
        self._taken: list[Write] = []

    def take(self, seq: int, write: Write) -> None:
        try:
            scan = guard.scan(write.update, guard.TRUSTED)
            if any(end > self._clocks.get(client, 0) < start for client, (start, end) in scan.inserts.items()):
                raise Gap("It builds on what is not there.")
            guard.check_known(scan, self._clocks)
            fold.apply(self.doc, [Entry(seq, (write,))])
        except Malformed:  # by pycrdt perhaps, and then the document is suspect
            self.unfit.append(seq)
            self.doc = fold.replay(self._beginning, [Entry(0, tuple(self._taken))])
        except CollabError:
            self.unfit.append(seq)
        else:
            self._taken.append(write)
            for client, (_, end) in scan.inserts.items():
                self._clocks[client] = max(end, self._clocks.get(client, 0))


# --- who owns which client id ---------------------------------------------------------------------------------------


def _owners(document_id: UUID, doc: Doc[XmlFragment], found: Audit) -> dict[int, str | None]:
    """What to change: to whom the log says, or to the server where it no longer does."""
    there, clocks = owners_of(document_id), fold.clocks(doc)
    wrong = {problem.about for problem in found.problems if problem.kind == "owner"}
    first: dict[int, str] = {}
    for _, payload in _entries_after(document_id, 0):
        try:
            for write in fold.unpack(payload):
                for client in guard.scan(write.update, guard.TRUSTED).inserts:
                    first.setdefault(client, write.principal)
        except CollabError:
            continue
    changes: dict[int, str | None] = {
        client: first.get(client, SERVER) for client in clocks if client not in there or client in wrong
    }
    return changes | {client: None for client in there.keys() & wrong if client not in clocks}


# --- the deed -------------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_out(plan: Plan) -> None:
    """Do it, all or nothing. Raises Unavailable when somebody has written since the plan was made, and Malformed when
    the document would still disagree with itself."""
    stream = Stream.objects.select_for_update().get(document_id=plan.document_id)
    if _head(plan.document_id) != plan.head:
        raise Unavailable("Somebody has written in this document meanwhile: make the plan again.")
    Snapshot.objects.filter(document_id=plan.document_id, id__in=plan.snapshots).delete()
    for client, who in plan.owners.items():
        owner = ClientOwner.objects.filter(document_id=plan.document_id, client_id=client)
        if who is None:
            owner.delete()
        elif not owner.update(principal=who):
            ClientOwner.objects.create(document_id=plan.document_id, client_id=client, principal=who)
    if plan.state is not None:
        _begin_anew(stream, plan.head + 1, plan.state)
    if problems := audit(records_of(plan.document_id)).problems:
        raise Malformed(f"This would not help: {problems[0].sentence}")


def _begin_anew(stream: Stream, seq: int, state: bytes) -> None:
    now = timezone.now()
    Snapshot.objects.create(
        document_id=stream.document_id,
        seq=seq,
        kind="named",
        name=NAME,
        authors=[SERVER],
        state=state,
        size=len(state),
        checksum=fold.checksum(state),
        is_verified=True,
        at=now,
    )
    clients = fold.clocks(fold.replay(state, ()))
    ClientOwner.objects.filter(document_id=stream.document_id).exclude(client_id__in=clients).delete()
    stream.epoch, stream.floor, stream.tidy_at = uuid4(), seq, next_look(now, now)
    stream.save()
