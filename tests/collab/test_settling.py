"""Structs whose order depends on who reads them when: an editor can write them, and a document must survive it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

import pytest
from pycrdt import Doc, XmlElement, XmlFragment

from collab import fold, protocol
from collab.audit import Kept, Records, audit
from collab.errors import CollabError
from collab.keeper import Habit
from tests.collab import hostile as h
from tests.collab.test_guard_yjs import SCRIPT, Heard
from tests.collab.test_pairs import yjs_reads
from tests.support.network import Network
from tests.support.node import node

A, B, C = 10, 20, 30
# "c" stands, so it says, before "b" with nothing in between; but "a" is there.
TWISTED = [
    h.update([h.block(h.item(h.element("a"), parent=h.root()), client=A)]),
    h.update([h.block(h.item(h.element("b"), origin=h.id_(A, 0)), client=A, clock=1)]),
    h.update([h.block(h.item(h.element("c"), right=h.id_(A, 1)), client=B)]),
    h.update([h.block(h.item(h.element("d"), origin=h.id_(A, 0)), client=C)]),
]

# "c" stands, so it says, after the second of two letters and before the first.
RESTLESS = [
    h.of(
        h.item(h.TEXT, parent=h.root()),
        h.item(h.string("a"), parent=h.inside(h.ATTACKER, 0)),
        h.item(h.string("bb"), origin=h.id_(h.ATTACKER, 1)),
        h.item(h.string("c"), origin=h.id_(h.ATTACKER, 3), right=h.id_(h.ATTACKER, 2)),
    )
]


# Letters that were brought back, and parted then, are brought back once more with their block. What stood behind the
# first part is, so it says, both behind and before the last letter of it. Yjs finds what is left of a struct first and
# parts that for what is right of it then, so that it goes on with the wrong half; unless both were apart already, as
# they are for their author, and for whoever opens the document.
HONEST = """
import * as Y from 'yjs'
const doc = new Y.Doc()
const root = doc.getXmlFragment('default')
const undo = new Y.UndoManager(root, { captureTimeout: 0 })
doc.on('update', (update) => console.log(Buffer.from(update).toString('hex')))
const text = () => root.get(0).get(0)
const paragraph = new Y.XmlElement('paragraph')
paragraph.insert(0, [new Y.XmlText('abc')])
root.insert(0, [paragraph])
text().delete(1, 2)
undo.undo()
text().insert(2, 'X')
root.delete(0, 1)
undo.undo()
console.log(root.toString())
"""


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice", "bob", "mallory", servers=2)
    network.type("alice", "safe")
    network.wait(1)
    yield network
    network.end()


def say(net: Network, name: str, updates: Sequence[bytes]) -> None:
    async def speak() -> None:
        for update in updates:
            net.people[name].say(protocol.update(update))

    net.do(speak())
    net.wait(2)


def blocks(doc: Doc[XmlFragment]) -> list[str]:
    return [str(each.tag) for each in doc.get(fold.ROOT, type=XmlFragment).children if isinstance(each, XmlElement)]


def test_they_are_read_in_two_ways() -> None:
    doc = fold.new_doc()
    for update in TWISTED:
        doc.apply_update(update)
    again = fold.open_state(doc.get_update())
    assert blocks(doc) != blocks(again) and sorted(blocks(doc)) == sorted(blocks(again))
    assert blocks(fold.open_state(again.get_update())) == blocks(again)


def test_an_honest_undo_is_read_in_two_ways_by_yjs_as_by_us_and_so_not_refused() -> None:
    command = [node(), "--input-type=module", "--eval", HONEST]
    *said, wanted = subprocess.check_output(command, cwd=SCRIPT.parent, text=True).split()
    held, doc = Heard(), fold.new_doc()
    for update in map(bytes.fromhex, said):
        held.take(update, "user:1")
        doc.apply_update(update)
    again = fold.open_state(doc.get_update())
    ours = [str(each.get(fold.ROOT, type=XmlFragment)) for each in (doc, again)]
    assert ours == ["<paragraph>acbX</paragraph>", "<paragraph>abXc</paragraph>"] and ours[1] == wanted
    read = yjs_reads([[*map(bytes.fromhex, said)], [doc.get_update()]])
    assert [each["text"] for each in read] == ours


def test_a_snapshot_is_kept_and_all_servers_come_to_what_a_newcomer_reads(net: Network) -> None:
    say(net, "mallory", TWISTED)
    rooms = [hub.loaded()[0] for hub in net.hubs]
    newcomer = fold.open_state(rooms[0].replica.state())
    assert not fold.is_same(rooms[0].replica.doc, newcomer)
    for room in rooms:
        net.do(room.keep_snapshot("auto"))
        assert fold.is_same(room.replica.doc, newcomer)
    net.type("alice", " and sound")
    net.wait(2)
    assert fold.is_same(rooms[0].replica.doc, rooms[1].replica.doc)
    stored = net.do(net.log.load(net.document_id))
    assert fold.is_same(rooms[0].replica.doc, fold.replay(stored.state, stored.entries))
    assert "safe and sound" in net.people["bob"].text


def test_what_changes_places_at_each_reading_is_kept_as_whoever_opens_it_reads_it(net: Network) -> None:
    say(net, "mallory", RESTLESS)
    room = net.hubs[0].loaded()[0]
    one = fold.open_state(room.replica.state())
    other = fold.open_state(one.get_update())
    assert not fold.is_same(one, other) and not fold.is_same(other, fold.open_state(other.get_update()))
    for _ in range(3):
        net.do(room.keep_snapshot("auto"))
        stored = net.do(net.log.load(net.document_id))
        assert stored.seq == room.replica.seq
        assert fold.is_same(room.replica.doc, fold.replay(stored.state, stored.entries))


def test_automatic_snapshots_go_on(net: Network) -> None:
    for hub in net.hubs:
        hub.loaded()[0].keeper._habit = Habit(entries=5, seconds=1000)
    say(net, "mallory", TWISTED)
    for _ in range(20):
        net.type("alice", "x")
        net.wait(0.3)
    assert len(net.do(net.log.snapshots(net.document_id))) >= 3


def test_a_snapshot_of_them_is_no_fault_and_another_text_is(net: Network) -> None:
    say(net, "mallory", TWISTED)
    room = net.hubs[0].loaded()[0]
    net.do(room.keep_snapshot("auto"))
    net.type("alice", "!")
    net.wait(1)
    net.do(room.keep_snapshot("auto"))
    assert faults(net) == []
    state = fold.open_state(room.replica.state())
    state.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph"))
    assert len(faults(net, instead=state.get_update())) == 1


def faults(net: Network, instead: bytes | None = None) -> list[str]:
    """What `audit` finds, with another state in the newest snapshot."""
    infos = sorted(net.do(net.log.snapshots(net.document_id)), key=lambda info: info.seq)
    kept = [Kept(info, net.do(net.log.snapshot_state(net.document_id, info.id)), None) for info in infos]
    if instead:
        kept[-1] = Kept(infos[-1], instead, None)
    stored = net.do(net.log.load(net.document_id))
    entries = [(entry.seq, fold.pack(entry.writes)) for entry in net.log.history(net.document_id)]
    found = audit(Records(stored.epoch, 0, stored.owners, kept, entries))
    return [problem.sentence for problem in found.problems if problem.kind == "snapshot"]


def test_a_state_that_never_settles_is_not_kept(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "is_faithful", lambda *_: False)
    with pytest.raises(CollabError, match="does not load again"):
        net.do(net.hubs[0].loaded()[0].keep_snapshot("auto"))
    assert "safe" in net.converged()
