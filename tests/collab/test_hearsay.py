"""What other processes say, true, late, repeated or forged, makes a room read the log at most; and it is not much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from collab import protocol
from collab.errors import NoSuchDocument
from collab.letters import encode
from collab.memory import MemoryBroker
from collab.ports import Ask, Awareness, Committed, Entry, Forget, Head, Message, Notify, Recheck, Write
from tests.support.network import Network


class Listening(Network):
    """Counts what the processes say to each other, and how often they read the log's tail."""

    def __init__(self, *names: str, servers: int = 2) -> None:
        super().__init__(*names, servers=servers)
        self.said: list[Message] = []
        self.reads = 0
        publish, since = self.wire.publish, self.log.since

        def listen(sender: MemoryBroker, document_id: UUID, message: Message, to: str) -> None:
            self.said.append(message)
            publish(sender, document_id, message, to)

        async def count(document_id: UUID, seq: int) -> Sequence[Entry]:
            self.reads += 1
            return await since(document_id, seq)

        self.wire.publish, self.log.since = listen, count  # type: ignore[method-assign]  # to hear what passes

    def forge(self, *messages: Message) -> None:
        """Have every server hear these."""

        async def say() -> None:
            for message in messages:
                for hub in self.hubs:
                    assert isinstance(hub.broker, MemoryBroker)
                    hub.broker.receive(self.document_id, message)

        self.do(say())
        self.wait(1)

    @property
    def epoch(self) -> UUID:
        return self.hubs[0].loaded()[0].replica.epoch

    def names_at(self, server: int) -> list[str]:
        return [person.name for person in self.hubs[server].loaded()[0].carets.people()]

    def appear(self, name: str, clock: int = 1) -> None:
        state = protocol.ClientState(self.people[name].doc.client_id, clock, {"cursor": {"at": clock}})
        self.people[name].say(protocol.awareness([state]))


Made = Callable[..., Listening]


@pytest.fixture
def listening() -> Iterator[Made]:
    made: list[Listening] = []

    def make(*names: str, **facts: Any) -> Listening:
        made.append(Listening(*names, **facts))
        return made[-1]

    yield make
    for net in made:
        net.end()


# --- hints that are not true ------------------------------------------------------------------------------------------


def test_a_document_that_is_said_to_be_gone_is_looked_for_in_the_log(listening: Made) -> None:
    net = listening("alice", "bob")
    net.forge(Forget(), Forget())
    assert net.reads
    net.type("alice", "still here")
    assert net.converged() == "still here"
    net.log.erase(net.document_id)
    net.forge(Forget())
    assert [type(page.closed) for page in net.people.values()] == [NoSuchDocument] * 2


def test_entries_from_before_a_backup_was_restored_are_not_taken(listening: Made) -> None:
    net = listening("alice", "bob")
    head = net.hubs[0].loaded()[0].replica.seq
    before, old = net.reads, Write("user:1", b"\1\1\1\0\4\1\7default\1x\0")
    net.forge(Committed(uuid4(), Entry(head + 1, (old,))))
    assert net.reads == before + 2, "each server has read the log"
    net.type("alice", "as it is")
    assert net.converged() == "as it is"


@pytest.mark.parametrize("seq", [0, 1, 2, 10**9])
def test_whatever_head_is_told_only_the_log_counts(listening: Made, seq: int) -> None:
    net = listening("alice", "bob")
    net.type("alice", "text")
    net.wait(1)
    net.forge(Head(net.epoch, seq), Head(uuid4(), seq))
    assert net.converged() == "text"


def test_a_head_that_is_ahead_brings_what_was_lost(listening: Made) -> None:
    net = listening("alice", "bob")
    net.wire.is_cut = True
    net.type("alice", "lost on the way")
    net.wait(0.5)
    net.wire.is_cut = False
    assert net.people["bob"].text == ""
    net.forge(Head(net.epoch, net.hubs[0].loaded()[0].replica.seq))
    assert net.people["bob"].text == "lost on the way"


def test_a_flood_of_hints_costs_few_reads(listening: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    net = listening("alice", "bob", servers=1)
    asked: list[int] = []
    recheck = net.pages.recheck

    async def count(grants: Any) -> Any:
        asked.append(len(grants))
        return await recheck(grants)

    monkeypatch.setattr(net.pages, "recheck", count)
    before = net.reads
    flood: list[Message] = [Forget(), Recheck(), Head(uuid4(), 1)]
    net.forge(*flood * 500)
    assert net.reads - before <= 2 and len(asked) <= 2 + 2, "two in a second are the hub's own"


def test_an_odd_awareness_does_no_harm(listening: Made) -> None:
    net = listening("alice", "bob")
    net.appear("alice")
    net.wait(1)
    with pytest.raises(Exception, match=r"."):
        net.hubs[1].loaded()[0].deliver(Awareness(b"\xff\xff"))  # the broker logs it
    assert net.names_at(1) == ["Alice"]


# --- who is here ------------------------------------------------------------------------------------------------------


def test_a_process_that_opens_a_document_knows_at_once_who_is_there(listening: Made) -> None:
    net = listening("alice", servers=2)
    net.appear("alice")
    net.wait(0.3)

    async def open_there() -> None:
        await net.hubs[1].room(net.document_id)

    net.do(open_there())
    net.wait(0.5)
    assert net.names_at(1) == ["Alice"]


def test_who_leaves_is_gone_at_once_and_who_falls_silent_after_a_while(listening: Made) -> None:
    net = listening("alice", "bob")
    net.appear("alice")
    net.wait(0.5)
    net.cut("alice")
    net.wait(0.5)
    assert net.names_at(1) == []
    net.heal("alice")
    net.wait(0.5)
    net.appear("alice", clock=9)
    net.wait(0.5)
    net.wire.is_cut = True
    net.wait(29)
    assert net.names_at(1) == ["Alice"]
    net.wait(15)
    assert net.names_at(1) == []


# --- how much is said -------------------------------------------------------------------------------------------------


def test_carets_that_move_together_travel_in_one_message(listening: Made) -> None:
    net = listening("alice", "bob")
    net.latency = 0.0
    net.said.clear()
    for clock in range(1, 41):
        net.appear("alice", clock)
    net.wait(1)
    assert Counter(map(type, net.said)) == {Awareness: 1}


def test_what_a_document_costs_the_other_processes(listening: Made) -> None:
    """The arithmetic in docs/operations.md stands on these numbers."""
    net = listening("alice", "bob", "carol", servers=3)
    for name in net.people:
        net.appear(name)
    net.wait(15)
    net.said.clear()
    net.wait(600)
    idle = Counter(map(type, net.said))
    assert idle[Awareness] == 3 * 60, "one every ten seconds from each process that has somebody"
    assert idle.keys() <= {Awareness, Notify}, "besides, an automatic snapshot is told of"
    net.said.clear()
    for _ in range(20):
        net.type("alice", "x")
        net.wait(0.2)
    said = Counter(map(type, net.said))
    assert said[Committed] == 20 and said.keys() <= {Committed, Awareness}
    sizes = [len(encode(message)) for message in net.said if isinstance(message, Committed)]
    assert max(sizes) < 100, "bytes"


def test_opening_a_document_is_one_question_and_an_answer_from_each(listening: Made) -> None:
    net = listening("alice", "bob", servers=3)
    net.said.clear()

    async def open_there() -> None:
        await net.hubs[2].room(net.document_id)

    net.do(open_there())
    net.wait(1)
    assert Counter(map(type, net.said)) == {Ask: 1, Awareness: 2}
