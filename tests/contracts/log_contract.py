"""What every Log must do, whatever it is made of. A test class per implementation inherits this and gives a `log`."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from pycrdt import XmlElement, XmlFragment

from collab import fold
from collab.errors import NoSuchDocument, Pruned
from collab.ports import Append, Entry, Log, Outcome, Write

UPDATES = [b"\0\0", b"\1\2\3", b"\xff" * 1000]


def state(tag: str) -> bytes:
    doc = fold.new_doc(1)
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement(tag))
    return doc.get_update()


def entry(document_id: UUID, seq: int, *writes: Write, claims: dict[int, str] | None = None) -> Append:
    return Append(document_id, seq, writes or (Write("user:1", UPDATES[0]),), claims or {})


@pytest.mark.anyio
class LogContract:
    async def prune(self, log: Log, document_id: UUID) -> None:
        """Let go of all entries that the newest snapshot has."""
        raise NotImplementedError

    async def test_a_new_document_is_empty(self, log: Log, document_id: UUID) -> None:
        stored = await log.load(document_id)
        assert (stored.seq, stored.state, stored.entries, stored.owners) == (0, None, (), {})
        assert stored.head == 0

    async def test_what_is_committed_is_loaded(self, log: Log, document_id: UUID) -> None:
        writes = (Write("user:1", UPDATES[1]), Write("guest:ä", UPDATES[2]))
        assert await log.append([entry(document_id, 1, *writes)]) == [Outcome.COMMITTED]
        stored = await log.load(document_id)
        assert stored.entries == (Entry(1, writes),) and stored.head == 1

    async def test_a_document_keeps_its_epoch(self, log: Log, document_id: UUID) -> None:
        assert (await log.load(document_id)).epoch == (await log.load(document_id)).epoch

    async def test_an_unknown_document(self, log: Log) -> None:
        with pytest.raises(NoSuchDocument):
            await log.load(uuid4())
        assert await log.append([entry(uuid4(), 1)]) == [Outcome.GONE]
        with pytest.raises(NoSuchDocument):
            await log.since(uuid4(), 0)

    async def test_two_cannot_take_the_same_seq(self, log: Log, document_id: UUID) -> None:
        batch = [entry(document_id, 1, Write("a", b"x")), entry(document_id, 1, Write("b", b"y"))]
        assert await log.append(batch) == [Outcome.COMMITTED, Outcome.BEHIND]
        assert [each.writes[0].principal for each in await log.since(document_id, 0)] == ["a"]

    async def test_one_batch_holds_many_documents_and_many_seqs(self, log: Log, document_id: UUID) -> None:
        batch = [entry(document_id, 1), entry(uuid4(), 1), entry(document_id, 2)]
        assert await log.append(batch) == [Outcome.COMMITTED, Outcome.GONE, Outcome.COMMITTED]

    async def test_since_gives_what_came_after(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, seq, Write(f"user:{seq}", b"u")) for seq in (1, 2, 3)])
        assert [each.seq for each in await log.since(document_id, 1)] == [2, 3]
        assert list(await log.since(document_id, 3)) == []

    async def test_heads(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, 1), entry(document_id, 2)])
        heads = await log.heads([document_id, uuid4()])
        assert heads[document_id] == 2 and sum(heads.values()) == 2

    async def test_the_first_to_claim_a_client_id_owns_it(self, log: Log, document_id: UUID) -> None:
        assert await log.append([entry(document_id, 1, claims={7: "a", 2**53 - 1: "a"})]) == [Outcome.COMMITTED]
        assert await log.append([entry(document_id, 2, claims={7: "a"})]) == [Outcome.COMMITTED]
        assert await log.append([entry(document_id, 3, claims={7: "b"})]) == [Outcome.CLAIMED]
        stored = await log.load(document_id)
        assert stored.owners == {7: "a", 2**53 - 1: "a"} and stored.head == 2

    async def test_a_refused_claim_leaves_no_other_claim_behind(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, 1, claims={7: "a"})])
        assert await log.append([entry(document_id, 2, claims={6: "b", 7: "b", 8: "b"})]) == [Outcome.CLAIMED]
        assert (await log.load(document_id)).owners == {7: "a"}

    async def test_an_entry_that_came_too_late_leaves_no_claim_behind(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, 1)])
        assert await log.append([entry(document_id, 1, claims={7: "b"})]) == [Outcome.BEHIND]
        assert (await log.load(document_id)).owners == {}

    async def test_loading_begins_at_the_newest_snapshot(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, seq) for seq in (1, 2, 3)])
        await log.save_snapshot(document_id, seq=2, state=state("b"), kind="auto")
        await log.save_snapshot(document_id, seq=1, state=state("a"), kind="auto")
        stored = await log.load(document_id)
        assert (stored.seq, stored.state) == (2, state("b"))
        assert [each.seq for each in stored.entries] == [3] and stored.head == 3

    async def test_snapshots_are_listed_newest_first_without_their_states(self, log: Log, document_id: UUID) -> None:
        first = await log.save_snapshot(document_id, seq=0, state=state("a"), kind="auto", authors=["user:1", "user:2"])
        second = await log.save_snapshot(document_id, seq=0, state=state("b"), kind="named", name="Draft ✓")
        assert list(await log.snapshots(document_id)) == [second, first]
        assert (first.authors, first.size, second.name) == (("user:1", "user:2"), len(state("a")), "Draft ✓")
        assert await log.snapshot(document_id, first.id) == first
        assert await log.snapshot_state(document_id, first.id) == state("a")

    async def test_a_snapshot_of_another_document_is_none(self, log: Log, document_id: UUID) -> None:
        kept = await log.save_snapshot(document_id, seq=0, state=state("a"), kind="auto")
        for ask in log.snapshot, log.snapshot_state:
            with pytest.raises(NoSuchDocument):
                await ask(uuid4(), kept.id)
            with pytest.raises(NoSuchDocument):
                await ask(document_id, uuid4())

    async def test_no_snapshot_of_a_document_that_is_gone(self, log: Log) -> None:
        with pytest.raises(NoSuchDocument):
            await log.save_snapshot(uuid4(), seq=0, state=state("a"), kind="auto")

    async def test_who_asks_for_what_has_been_let_go_is_told_to_load(self, log: Log, document_id: UUID) -> None:
        await log.append([entry(document_id, seq) for seq in (1, 2, 3, 4)])
        await log.save_snapshot(document_id, seq=3, state=state("a"), kind="auto")
        await self.prune(log, document_id)
        with pytest.raises(Pruned):
            await log.since(document_id, 2)
        assert [each.seq for each in await log.since(document_id, 3)] == [4]
        stored = await log.load(document_id)
        assert (stored.seq, stored.head) == (3, 4)

    async def test_a_seq_that_has_been_let_go_is_not_given_again(self, log: Log, document_id: UUID) -> None:
        """Who lags behind must not write where others have written."""
        await log.append([entry(document_id, seq) for seq in (1, 2, 3)])
        await log.save_snapshot(document_id, seq=3, state=state("a"), kind="auto")
        await self.prune(log, document_id)
        late = [entry(document_id, seq) for seq in (1, 3)]
        assert await log.append(late) == [Outcome.BEHIND, Outcome.BEHIND]
        assert (await log.heads([document_id]))[document_id] == 3
        assert await log.append([entry(document_id, 4)]) == [Outcome.COMMITTED]
        assert (await log.heads([document_id]))[document_id] == 4
