"""Random schedules: whatever is typed, cut, lost, killed, pruned: all replicas end equal, what was acknowledged stays.

At every frame the network also checks that what is shown or acknowledged is on disk.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.figures import Figure, Length
from tests.support.network import Network

NAMES = ("alice", "bob", "carol")

name = st.sampled_from(NAMES)
place = st.floats(0, 1)
typing = st.tuples(st.just("type"), name, st.text("abcdefg ", min_size=1, max_size=5), place)
deleting = st.tuples(st.just("delete"), name, place, st.integers(1, 6))
waiting = st.tuples(st.just("wait"), st.floats(0, 3))
wires = st.tuples(st.sampled_from(["cut", "heal"]), name)
disk = st.tuples(st.sampled_from(["break_disk", "mend_disk"]))
servers = st.tuples(st.sampled_from(["kill", "restart"]), st.integers(0, 1))
between = st.tuples(st.sampled_from(["part", "join"]))
thinning = st.tuples(st.just("prune"))
steps = st.one_of(typing, typing, typing, deleting, waiting, wires, disk, servers, between, thinning)
story = st.lists(steps, max_size=25)


def tell(net: Network, step: Sequence[object]) -> None:
    match step:
        case ("break_disk",):
            net.log.is_broken = True
        case ("mend_disk",):
            net.log.is_broken = False
        case ("part",):
            net.wire.is_cut = True
        case ("join",):
            net.wire.is_cut = False
        case ("kill" | "restart" as fate, int(server)):
            net.log.is_broken = False  # a server that drains waits for its disk
            getattr(net, fate)(server % len(net.hubs))
        case (str(verb), *arguments):
            getattr(net, verb)(*arguments)


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_all_replicas_end_equal(servers: int, length: Length[int], figure: Figure) -> None:
    schedules = length(150, 10_000)

    @given(story=story, seed=st.integers(0, 2**32), loss=st.sampled_from([0.0, 0.3]))
    @settings(max_examples=schedules, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    def run(story: Sequence[Sequence[object]], seed: int, loss: float) -> None:
        perform(servers, story, seed=seed, loss=loss)

    run()
    figure(
        f"B1 servers: {servers}",
        f"{schedules:,} random schedules: all replicas equal, nothing shown that is not on disk",
    )


def perform(servers: int, story: Sequence[Sequence[object]], *, seed: int, loss: float) -> None:
    net = Network(*NAMES, servers=servers, seed=seed)
    net.wire.loss = net.log.silence = loss
    try:
        for step in story:
            tell(net, step)
        net.log.is_broken, net.log.silence, net.wire.is_cut = False, 0.0, False
        text = net.converged()
        assert not text or set(text) <= set("abcdefg ")
    finally:
        net.end()


@pytest.mark.parametrize("servers", [1, 2])
def test_every_letter_that_was_typed_is_there_exactly_once(servers: int) -> None:
    """Without deletions the end is known: a letter lost or doubled would show."""
    net = Network(*NAMES, servers=servers, seed=7)
    net.log.silence = net.wire.loss = 0.2
    for number in range(150):
        name = net.chance.choice(NAMES)
        net.type(name, name[0], net.chance.random())
        if number % 15 == 0:
            net.kill(net.chance.randrange(servers))
        if number % 7 == 0:
            net.heal(*NAMES)
        net.wait(net.chance.random() * 0.1)
    net.log.silence = 0.0
    text = net.converged()
    assert len(text) == 150 and set(text) == {"a", "b", "c"}
    net.end()
