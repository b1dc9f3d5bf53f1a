"""What people experience: a tick commits, then acknowledges, then shows; trouble costs nothing and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from collab import protocol
from collab.errors import Forbidden, NoSuchDocument, Unavailable
from collab.hub import Tuning
from collab.keeper import Habit
from collab.ports import Append, Outcome
from tests.support.network import Network
from tests.support.writers import words_in

Stage = Callable[..., Network]


@pytest.fixture
def stage() -> Iterator[Stage]:
    networks: list[Network] = []

    def build(*names: str, **options: object) -> Network:
        networks.append(Network(*names, **options))  # type: ignore[arg-type]
        return networks[-1]

    yield build
    for net in networks:
        net.end()


def notices(net: Network, name: str) -> list[str]:
    """The kinds of notices that somebody's page has got."""
    frames = [frame for frame in net.people[name].frames if isinstance(frame, bytes) and frame[0] == 67]
    return [protocol.Reader(frame[1:]).varstring() for frame in frames]


def fragments(net: Network, name: str, topic: str) -> list[str]:
    return [frame for frame in net.people[name].frames if isinstance(frame, str) and frame.startswith(topic)]


def updates(net: Network, name: str) -> list[bytes]:
    return [frame for frame in net.people[name].frames if isinstance(frame, bytes) and frame[:2] == b"\0\2"]


# --- writing ------------------------------------------------------------------------------------------------------


def test_two_write_and_both_see_it(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.type("alice", "Hello")
    net.type("bob", "World")
    net.wait(1)
    assert net.people["alice"].text == net.people["bob"].text
    assert sorted(net.converged()) == sorted("HelloWorld")


def test_a_lone_author_is_not_told_its_own_words(stage: Stage) -> None:
    net = stage("alice", "bob")
    heard = len(updates(net, "alice"))
    net.type("alice", "h")
    net.wait(1)
    assert len(updates(net, "alice")) == heard and net.people["bob"].text == "h"


def test_fifty_keystrokes_at_once_are_few_entries(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.latency = 0
    before = len(net.log.history(net.document_id))
    for _ in range(50):
        net.type("alice", "x")
    net.wait(1)
    entries = net.log.history(net.document_id)[before:]
    assert sum(len(entry.writes) for entry in entries) == 50 and len(entries) < 10
    assert {write.principal for entry in entries for write in entry.writes} == {"alice"}


def test_nothing_is_shown_or_acknowledged_before_it_is_on_disk(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.log.is_broken = True
    net.type("alice", "hello")
    net.wait(20)
    assert net.people["alice"].unsaved and net.people["bob"].text == ""
    assert notices(net, "alice") == notices(net, "bob") == ["not-saving"]
    net.log.is_broken = False
    net.wait(10)
    assert net.people["bob"].text == "hello" and not net.people["alice"].unsaved
    assert notices(net, "bob") == ["not-saving", "saving-again"]


def test_a_disk_that_is_full_can_still_be_read(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.cut("bob")
    net.type("alice", "kept")
    net.wait(1)
    net.log.is_full = True
    net.type("alice", " waits")
    net.wait(1)
    net.heal("bob")
    net.wait(1)
    assert net.people["bob"].text == "kept"
    (room,) = net.hubs[0].loaded()
    assert net.do(room.read(lambda replica: words_in(replica.doc))) == ["kept"]
    with pytest.raises(Unavailable):
        net.do(room.keep_snapshot("named"))
    net.log.is_full = False
    net.wait(10)
    assert net.converged() == "kept waits"


def test_who_joins_while_the_disk_is_broken_sees_what_is_on_disk(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.type("alice", "kept")
    net.wait(1)
    net.cut("bob")
    net.log.is_broken = True
    net.type("alice", " lost?")
    net.wait(1)
    net.heal("bob")
    net.wait(3)
    assert net.people["bob"].text == "kept"
    net.log.is_broken = False
    assert net.converged() == "kept lost?"


def test_words_that_another_connection_brought_are_acknowledged_only_once_on_disk(stage: Stage) -> None:
    """Alice's first connection has handed them in, is cut, and her second sends them again while they wait."""
    net = stage("alice", "bob")
    net.log.is_broken = True
    net.type("alice", "twice")
    net.wait(1)
    net.cut("alice")
    net.heal("alice")
    net.wait(3)
    assert net.people["alice"].sent > 0 and net.people["alice"].saved == 0
    net.log.is_broken = False
    assert net.converged() == "twice"


def test_a_commit_whose_answer_was_lost_counts_once(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.log.silence = 0.7
    for word in "one", "two", "three":
        net.type("alice", word)
        net.wait(2)
    net.log.silence = 0
    assert net.converged() == "onetwothree"


def test_a_commit_whose_answer_was_lost_counts_once_though_others_find_it_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log stays shut for writing so long that the look at its head finds the entry before the next attempt."""
    net = stage("alice", "bob")
    append, before, attempts = net.log.append, len(net.log.history(net.document_id)), 0

    async def lose(batch: Sequence[Append]) -> Sequence[Outcome]:
        nonlocal attempts
        attempts += 1
        if 1 < attempts < 8:
            raise Unavailable("The disk is full.")
        outcomes = await append(batch)
        if attempts == 1:
            raise Unavailable("The answer was lost.")
        return outcomes

    monkeypatch.setattr(net.log, "append", lose)
    net.type("alice", "once")
    net.wait(30)
    assert len(net.log.history(net.document_id)) == before + 1 and not net.people["alice"].unsaved
    assert net.converged() == "once"


# --- wires and servers ----------------------------------------------------------------------------------------------


def test_what_is_written_offline_comes_in_later(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.cut("bob")
    net.type("bob", "bob was away ")
    net.type("alice", "alice was here ")
    net.wait(5)
    net.heal("bob")
    assert sorted(net.converged()) == sorted("bob was away alice was here ")


def test_a_killed_server_loses_nothing(stage: Stage) -> None:
    net = stage("alice", "bob")
    for number in range(20):
        net.type("alice", f"{number} ")
        net.type("bob", "b ", 0)
        if number % 4 == 0:
            net.kill()
            net.heal("alice", "bob")
        net.wait(0.03)
    assert sorted(net.converged().split()) == sorted([*map(str, range(20)), *["b"] * 20])


def test_a_server_that_ends_in_good_order_says_so(stage: Stage) -> None:
    net = stage("alice")
    net.type("alice", "before")
    net.wait(1)
    page = net.people["alice"]
    peer = page.peer
    net.restart()
    assert peer and isinstance(peer.closed, Unavailable) and peer.closed.code == 1012
    assert net.converged() == "before"


def test_people_on_two_servers_see_each_other_at_once(stage: Stage) -> None:
    net = stage("alice", "bob", servers=2)
    net.type("alice", "hi")
    net.wait(0.5)
    assert net.people["bob"].text == "hi"


def test_people_on_two_servers_see_each_other_within_six_seconds_without_the_wire(stage: Stage) -> None:
    net = stage("alice", "bob", servers=2)
    net.wire.is_cut = True
    net.type("alice", "hi")
    net.wait(6)
    assert net.people["bob"].text == "hi"


def test_writing_on_top_of_what_the_own_server_has_not_heard_of(stage: Stage) -> None:
    """Alice moves to the other server before it has heard of her words: it reads the log rather than refusing her."""
    net = stage("alice", "bob", servers=2)
    net.wire.is_cut = True
    net.type("alice", "first ")
    net.wait(1)
    net.cut("alice")
    net.people["alice"].server = 1
    net.people["alice"].frames.clear()
    net.heal("alice")
    net.type("alice", "second")
    net.wait(2)
    assert net.people["bob"].text == "first second"
    assert sum(frame[:2] == b"\0\0" for frame in net.people["alice"].frames) == 1, "it has asked her again"


def test_bringing_others_words_that_the_own_server_has_not_heard_of(stage: Stage) -> None:
    """Carol moves with Bob's words in her document: they are his, and in the log, though this server does not know."""
    net = stage("alice", "bob", "carol", servers=2)
    net.cut("carol")
    net.people["carol"].server = 1
    net.heal("carol")
    net.wait(1)
    net.wire.is_cut = True
    net.type("bob", "bob's ")
    net.wait(1)
    net.cut("carol")
    net.people["carol"].server = 0
    net.heal("carol")
    net.wait(0.5)
    net.type("carol", "and carol's")
    net.wait(1)
    assert net.people["carol"].closed is None
    assert net.people["alice"].text == "bob's and carol's"


def test_an_idle_room_is_dropped_and_comes_back(stage: Stage) -> None:
    net = stage("alice", tuning=Tuning(idle=10))
    net.type("alice", "kept")
    net.wait(1)
    net.cut("alice")
    net.wait(8)
    assert net.hubs[0].loaded()
    net.wait(12)
    assert not net.hubs[0].loaded()
    assert net.converged() == "kept"


# --- rights ---------------------------------------------------------------------------------------------------------


def test_a_viewer_changes_nothing_and_is_told(stage: Stage) -> None:
    net = stage("alice", "dave")
    net.pages.levels["dave"] = "viewer"
    net.wait(1)
    net.type("dave", "graffiti")
    net.type("alice", "text")
    net.wait(2)
    assert net.people["alice"].text == "text"
    assert notices(net, "dave") == ["refused"] and net.people["dave"].unsaved
    net.pages.levels["dave"] = "editor"  # what could not be said before comes in now
    net.wait(2)
    assert sorted(net.converged()) == sorted("textgraffiti")


def test_a_right_taken_away_ends_the_connection_within_a_second(stage: Stage) -> None:
    net = stage("alice", "eve")
    eve = net.people["eve"].peer
    net.pages.gone.add("eve")
    net.wait(1)
    assert eve and isinstance(eve.closed, Forbidden) and eve.closed.code == 4403
    net.type("alice", "secret")
    net.wait(1)
    assert net.people["eve"].text == ""


def test_a_push_takes_rights_away_on_every_server_at_once(stage: Stage) -> None:
    net = stage("alice", "eve", servers=2)
    eve = net.people["eve"].peer
    net.pages.gone.add("eve")
    net.do(net.hubs[0].recheck(net.document_id))
    net.wait(0.25)
    assert eve and isinstance(eve.closed, Forbidden)


def test_a_deleted_document_ends_for_everybody(stage: Stage) -> None:
    net = stage("alice", "bob", servers=2)
    alice, bob = net.people["alice"], net.people["bob"]
    net.log.erase(net.document_id)
    net.type("alice", "too late")
    net.wait(7)
    assert isinstance(alice.closed, NoSuchDocument)
    net.do(_forget(net))
    net.wait(1)
    assert isinstance(bob.closed, NoSuchDocument) and bob.closed.code == 4404


async def _forget(net: Network) -> None:
    net.hubs[0].forget(net.document_id)


# --- beside the text ------------------------------------------------------------------------------------------------


def test_snapshots_come_with_entries_with_time_and_when_the_last_one_leaves(stage: Stage) -> None:
    net = stage("alice", tuning=Tuning(habit=Habit(entries=5, seconds=60)))

    def kept() -> int:
        return len(net.do(net.log.snapshots(net.document_id)))

    for _ in range(6):
        net.type("alice", "x")
        net.wait(0.2)
    assert kept() == 1
    net.type("alice", "y")
    net.wait(70)
    assert kept() == 2
    net.wait(200)
    assert kept() == 2  # nothing new, nothing to keep
    net.type("alice", "z")
    net.wait(0.5)
    net.cut("alice")
    net.wait(1)
    snapshots = net.do(net.log.snapshots(net.document_id))
    assert [snapshot.kind for snapshot in snapshots] == ["auto"] * 3
    assert "alice" in snapshots[0].authors


def test_fragments_go_to_each_level_once_and_presence_follows_people(stage: Stage) -> None:
    net = stage("alice", "dave")
    net.pages.levels["dave"] = "viewer"
    net.wait(2)
    for name in "alice", "dave":
        frame = protocol.awareness([protocol.ClientState(len(name), 1, {"cursor": None})])
        net.do(_say(net, name, frame))
        net.wait(1)
    assert fragments(net, "alice", "presence")[-1] == "presence@40: Alice, Dave"
    assert fragments(net, "dave", "presence")[-1] == "presence@10: Alice, Dave"
    net.cut("dave")
    net.wait(1)
    assert fragments(net, "alice", "presence")[-1] == "presence@40: Alice"


async def _say(net: Network, name: str, frame: bytes) -> None:
    net.people[name].say(frame)


def test_the_product_hears_who_has_edited_but_not_at_every_key(stage: Stage) -> None:
    net = stage("alice", "bob")
    net.wait(5)
    net.pages.reported.clear()
    for _ in range(20):
        net.type("alice", "a")
        net.type("bob", "b")
        net.wait(0.1)
    net.wait(5)
    assert 1 <= len(net.pages.reported) <= 2 and set(net.pages.reported) <= {"alice", "bob"}
