"""One document's old history is let go: a bounded turn, taken by one process at a time.

A turn is claimed by moving the document's due time, so that others leave it alone, and a process that ends half way
only delays it. What is kept is verified first: snapshots are compared with a replay of the log since the last one that
was. Only what lies at or before a verified one goes. A document whose log and snapshots disagree keeps everything.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from collab.audit import Audit, load
from collab.fold import new_doc
from collab.models import LogEntry, Snapshot, Stream
from collab.ports import SnapshotInfo
from collab.records import give_up_when_abandoned, info, kept, owners_of
from collab.retention import Retention, next_look, outlived

LEASE = timedelta(minutes=10)  # after which somebody else may take a turn that has not ended
AT_ONCE = 1000  # entries: after so many, no further snapshot is verified in one turn

logger = logging.getLogger(__name__)


def turn(retention: Retention, now: datetime) -> bool:
    """Thin out the document that has been due for longest; False when none is."""
    due = Stream.objects.filter(tidy_at__lte=now).order_by("tidy_at").first()
    if due is None:
        return False
    if Stream.objects.filter(pk=due.pk, tidy_at=due.tidy_at).update(tidy_at=now + LEASE):
        thin_out(due.document_id, retention, now)
    return True


def thin_out(document_id: UUID, retention: Retention, now: datetime) -> list[str]:
    """Let go of what may go. What is wrong with the document, if anything is, in sentences; then it keeps the rest.

    Two at once do no harm: what one has found is looked at again when it is made true.
    """
    rows = Snapshot.objects.filter(document_id=document_id).defer("state").order_by("seq", "at")
    snapshots = [info(row) for row in rows]
    floor = _floor(document_id)
    going = {each.id: each for each in outlived(snapshots, now, retention)}
    staying = [each for each in snapshots if each.id not in going or each.seq == floor]
    verified, problems = _verify(document_id, staying, floor)
    for problem in problems:
        logger.error("The history of document %s stays as it is: %s", document_id, problem)
    if verified and not problems:
        base = _base(document_id, verified, now - retention.log)
        let_go(document_id, base, [each for each in going.values() if each.seq <= verified[-1].seq])
    is_done = bool(problems) or verified[-1:] == staying[-1:]
    at = (next_look(now, snapshots[-1].at) if is_done else now) if snapshots else None
    Stream.objects.filter(document_id=document_id).update(tidy_at=at)
    return problems


def _floor(document_id: UUID) -> int:
    return Stream.objects.filter(document_id=document_id).aggregate(floor=Max("floor"))["floor"] or 0


def _verify(document_id: UUID, staying: Sequence[SnapshotInfo], floor: int) -> tuple[list[SnapshotInfo], list[str]]:
    """Go on verifying where the last turn ended: all that are verified now, and what is wrong."""
    rows = Snapshot.objects.filter(document_id=document_id, seq__gte=floor, is_verified=True)
    ids = set(rows.values_list("id", flat=True))
    verified, unverified = ([each for each in staying if (each.id in ids) is known] for known in (True, False))
    audit = Audit(owners_of(document_id))
    if not _begin(audit, document_id, verified, floor):
        return [], [f"The log begins after entry {floor}, and no sound snapshot is of it."]
    count = 0
    for each in unverified:
        if each.seq < audit.seq:  # older than the log, or taken late: what is after it has been verified
            continue
        for seq, payload in _entries(document_id, audit.seq, each.seq):
            audit.take(seq, payload)
            count += 1
        audit.compare(kept(Snapshot.objects.get(pk=each.id)))
        if audit.problems:
            break
        Snapshot.objects.filter(pk=each.id).update(is_verified=True)
        verified.append(each)
        if count > AT_ONCE:
            break
    return verified, [problem.sentence for problem in audit.problems]


def _begin(audit: Audit, document_id: UUID, verified: Sequence[SnapshotInfo], floor: int) -> bool:
    """Start from the newest snapshot that is known to be right, or from nothing if nothing has been let go."""
    if not verified:
        audit.begin(0, new_doc())
        return floor == 0
    doc = load(kept(Snapshot.objects.get(pk=verified[-1].id)))
    if doc is not None:
        audit.begin(verified[-1].seq, doc)
    return doc is not None


def _entries(document_id: UUID, after: int, until: int) -> list[tuple[int, bytes]]:
    rows = LogEntry.objects.filter(document_id=document_id, seq__gt=after, seq__lte=until).order_by("seq")
    return [(seq, bytes(payload)) for seq, payload in rows.values_list("seq", "payload")]


def _base(document_id: UUID, verified: Sequence[SnapshotInfo], before: datetime) -> int:
    """Up to which entry the log may go: all that is older than `before`, as far as a verified snapshot has it."""
    old = LogEntry.objects.filter(document_id=document_id, at__lt=before).aggregate(seq=Max("seq"))["seq"] or 0
    return max((each.seq for each in verified if each.seq <= old), default=0)


def let_go(document_id: UUID, base: int, going: Sequence[SnapshotInfo]) -> None:
    """Raise the floor, delete the snapshots that are still nobody's choice, and clear what lies below the floor."""
    with transaction.atomic():
        give_up_when_abandoned()
        # Who is committing an entry holds the row too: nobody can add one below the floor.
        stream = Stream.objects.select_for_update().filter(document_id=document_id).first()
        if stream is None:
            return
        snapshots = Snapshot.objects.filter(document_id=document_id)
        if base > stream.floor and snapshots.filter(seq=base, is_verified=True).exists():
            stream.floor = base
            stream.save(update_fields=["floor"])
        ids = [each.id for each in going if each.seq != stream.floor]
        snapshots.filter(id__in=ids, kind__in=["auto", "before-restore"]).delete()
    _clear(document_id, stream.floor)


def _clear(document_id: UUID, floor: int) -> None:
    """Some at a time, for others write to the same database."""
    rows = LogEntry.objects.filter(document_id=document_id, seq__lte=floor).order_by("seq")
    while ids := list(rows.values_list("id", flat=True)[:AT_ONCE]):
        LogEntry.objects.filter(id__in=ids).delete()
