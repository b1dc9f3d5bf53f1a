"""The engine's numbers: they say what has happened, and counting costs next to nothing."""

from __future__ import annotations

import timeit
from collections.abc import Iterator

import pytest

from collab import protocol
from collab.tally import Histogram, Tally, tally
from tests.support.figures import Figure
from tests.support.network import Network


@pytest.fixture(autouse=True)
def from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are the process's: what earlier tests did does not count here."""
    fresh = Tally()
    for name in Tally.__slots__:
        monkeypatch.setattr(tally, name, getattr(fresh, name))


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice", "bob", servers=2)
    yield network
    network.end()


@pytest.mark.parametrize(("value", "place"), [(0.5, 0), (1, 0), (1.5, 1), (2, 1), (9, 2)])
def test_a_bound_belongs_to_the_values_below_it(value: float, place: int) -> None:
    histogram = Histogram(1, 2)
    histogram.add(value)
    assert histogram.counts == [int(place == each) for each in range(3)] and histogram.total == value


def test_what_is_written_is_counted_once_for_each_entry(net: Network) -> None:
    net.type("alice", "abc")
    net.wait(1)
    entries = len(net.log.history(net.document_id))
    assert tally.entries == sum(tally.tick_updates.counts) == entries > 0
    assert sum(tally.commit_seconds.counts) >= 1
    assert tally.frames > 0
    assert sum(tally.load_seconds.counts) == 2 and tally.rebuilds == tally.failed_commits == 0


def test_who_is_here_is_counted_when_asked(net: Network) -> None:
    census = [hub.census() for hub in net.hubs]
    assert [(here.rooms, here.peers, here.people) for here in census] == [(1, 1, 1), (1, 1, 1)]


def test_what_nobody_takes_stands_in_the_outbox(net: Network) -> None:
    peer = next(iter(net.hubs[0].loaded()[0].peers))

    async def burst() -> tuple[int, int, int]:
        peer.take_now()
        for _ in range(3):
            peer.send(protocol.awareness([]))
        here = net.hubs[0].census()
        return here.waiting_frames, here.waiting_bytes, here.most_waiting_bytes

    size = 3 * len(protocol.awareness([]))
    assert net.do(burst()) == (3, size, size)


def test_a_room_that_has_missed_something_is_seen_behind_at_the_next_look(net: Network) -> None:
    first, second = net.hubs
    room = second.loaded()[0]
    net.do(second.broker.unsubscribe(room.document_id))
    net.type("alice", "unheard")
    net.wait(0.5)
    lack = first.loaded()[0].replica.seq - room.replica.seq
    net.do(second.look())
    assert (tally.rooms_behind, tally.entries_behind) == (1, lack)
    net.do(room.settle())
    net.do(second.look())
    assert (tally.rooms_behind, tally.entries_behind) == (0, 0)


def test_a_document_that_is_loaded_anew_is_counted(net: Network) -> None:
    ticker = net.hubs[0].loaded()[0].ticker
    net.do(ticker._rebuild())
    assert tally.rebuilds == 1


def test_a_snapshot_is_counted_when_it_is_kept(net: Network) -> None:
    net.type("alice", "to keep")
    net.wait(1)
    before = tally.snapshots
    net.do(net.hubs[0].loaded()[0].keep_snapshot("named", name="Now"))
    assert tally.snapshots == before + 1


def test_counting_costs_next_to_nothing(figure: Figure) -> None:
    rounds = 100_000
    adding = timeit.timeit("tally.frames += 1", globals={"tally": tally}, number=rounds) / rounds
    sorting = timeit.timeit("tally.commit_seconds.add(0.003)", globals={"tally": tally}, number=rounds) / rounds
    figure("Counting", f"{adding * 1e9:.0f} ns for each frame, {sorting * 1e9:.0f} ns for each commit")
    assert tally.frames == sum(tally.commit_seconds.counts) == rounds
