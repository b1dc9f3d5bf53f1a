"""The guard against real Yjs: whole editing sessions of stock clients, made in Node, must pass and be read alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText

from collab import fold, guard, pairs, protocol, structs
from collab.lineage import Struct
from tests.support.figures import Figure, Length
from tests.support.node import node

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "support" / "js" / "sessions.mjs"
SEED, SESSIONS, STEPS = 11, 12, 500


@pytest.fixture(scope="module")
def sessions() -> list[list[dict[str, Any]]]:
    """Each session's messages; the last tells what Yjs's own server holds at the end."""
    subprocess.run([sys.executable, "-m", "project.bootstrap", "test_packages"], cwd=ROOT, check=True)
    command = [node(), str(SCRIPT), *map(str, (SEED, SESSIONS, STEPS))]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(_split(json.loads(line) for line in output.splitlines()))


def _split(messages: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    session: list[dict[str, Any]] = []
    for message in messages:
        session.append(message)
        if "clocks" in message:
            yield session
            session = []


@dataclass
class Heard:
    """A server's guard at work."""

    known: guard.Knowledge = field(default_factory=guard.Knowledge)
    owners: dict[int, str] = field(default_factory=dict)

    def take(self, update: bytes, principal: str) -> guard.Scan:
        scan = guard.scan(update)
        self.owners.update(guard.check(scan, self.known.clocks, principal, self.owners))
        self.known.news(scan)
        self.known.absorb(scan)
        return scan


def _ranges(pairs: list[Any]) -> dict[int, Any]:
    return {client: [tuple(each) for each in ranges] for client, ranges in pairs}


def test_every_update_of_a_stock_client_passes_and_is_read_as_yjs_reads_it(
    sessions: list[list[dict[str, Any]]],
) -> None:
    heard_of = 0
    for *messages, end in sessions:
        heard = Heard()
        for message in messages:
            scan = heard.take(bytes.fromhex(message["update"]), f"user:{message['from']}")
            assert scan.inserts == {client: tuple(reach) for client, reach in message["inserts"]}
            assert scan.deletes == _ranges(message["deletes"])
            assert not heard.known.news(scan)
        assert heard.known.clocks == dict(end["clocks"])
        heard_of += len(messages)
    assert heard_of >= 2000, "too little to tell"


def test_no_deletion_is_invented(sessions: list[list[dict[str, Any]]]) -> None:
    """Yjs may know of more: what was put into a deleted node, and marks that it has found redundant by itself."""
    for *messages, end in sessions:
        heard, truth = Heard(), guard.Knowledge()
        for message in messages:
            heard.take(bytes.fromhex(message["update"]), f"user:{message['from']}")
        truth.absorb(guard.Scan(deletes=_ranges(end["deleted"])))
        assert not truth.news(guard.Scan(deletes=heard.known.deleted()))


def test_the_whole_state_passes_and_is_no_news(sessions: list[list[dict[str, Any]]]) -> None:
    """Stock providers answer a reconnect with all they have."""
    for *messages, end in sessions:
        heard = Heard()
        for message in messages:
            heard.take(bytes.fromhex(message["update"]), f"user:{message['from']}")
        state = guard.scan(bytes.fromhex(end["state"]))
        assert guard.check(state, heard.known.clocks, "user:somebody else", heard.owners) == {}
        assert not heard.known.inserts(state)


def test_pycrdt_holds_what_the_guard_says_it_holds(sessions: list[list[dict[str, Any]]]) -> None:
    for *messages, _ in sessions:
        heard, doc = Heard(), fold.new_doc()
        for message in messages:
            heard.take(bytes.fromhex(message["update"]), f"user:{message['from']}")
            doc.apply_update(bytes.fromhex(message["update"]))
        clocks = doc.get_state()
        held = guard.Knowledge.of(clocks, doc.get_update(clocks), {})
        assert held.clocks == heard.known.clocks
        assert not held.news(guard.Scan(deletes=heard.known.deleted()))
        assert guard.scan(doc.get_update()).inserts == {client: (0, clock) for client, clock in held.clocks.items()}


def _tree(node: XmlFragment | XmlElement | XmlText) -> list[Any]:
    """As sessions.mjs tells it."""
    if isinstance(node, XmlText):
        return [[str(text), dict(marks or {})] for text, marks in node.diff()]
    name, attributes = "", {}
    if isinstance(node, XmlElement):
        name, attributes = str(node.tag), _attributes(node)
    return [name, attributes, [*map(_tree, node.children)]]


def _attributes(node: XmlElement) -> dict[str, Any]:
    values: Any = node.attributes
    return dict(values)


def _plain(tree: list[Any], *, marks: bool = False) -> list[Any]:
    """The tree with its runs joined that say the same, for who splits them is nobody's concern; or without `marks`."""
    if len(tree) == 3 and isinstance(tree[0], str):
        return [*tree[:2], [_plain(child, marks=marks) for child in tree[2]]]
    runs: list[list[Any]] = []
    for text, has in tree:
        if runs and (runs[-1][1] == has or not marks):
            runs[-1][0] += text
        else:
            runs.append([text, has if marks else {}])
    return runs


def _endless_sessions() -> Iterator[list[dict[str, Any]]]:
    for seed in count(SEED + 1):
        command = [node(), str(SCRIPT), str(seed), "25", "60", "trees"]
        yield from _split(map(json.loads, subprocess.check_output(command, text=True).splitlines()))


def test_pycrdt_and_yjs_make_the_same_of_it(length: Length[int], figure: Figure) -> None:
    """After every update that the guard lets in: text, elements, attributes, and who has written how much.

    Marks are counted only: Yjs drops some that it finds redundant, by itself and without telling anybody.
    """
    wanted, compared, otherwise_marked = length(1_000, 100_000), 0, 0
    for *messages, _ in _endless_sessions():
        heard, doc = Heard(), fold.new_doc()
        for message in messages:
            update = bytes.fromhex(message["update"])
            heard.take(update, f"user:{message['from']}")
            doc.apply_update(update)
            ours, theirs = _tree(doc.get(fold.ROOT, type=XmlFragment)), message["tree"]
            assert _plain(ours) == _plain(theirs), messages
            assert protocol.decode_state_vector(doc.get_state()) == dict(message["vector"])
            otherwise_marked += _plain(ours, marks=True) != _plain(theirs, marks=True)
        compared += len(messages)
        if compared >= wanted:
            break
    figure("B2", f"pycrdt and Yjs agree after each of {compared:,} updates; marks differ after {otherwise_marked:,}")
    assert otherwise_marked < compared / 50


# A neighbour that was deleted and brought back stands for two, its old self and its new one: what is brought back
# between them is, so it says, behind the new one and before the new one.
_UNDO = """
import * as Y from 'yjs'
const doc = new Y.Doc()
const root = doc.getXmlFragment('default')
const undo = new Y.UndoManager(root, { captureTimeout: 0 })
doc.on('update', (update) => console.log(Buffer.from(update).toString('hex')))
const list = new Y.XmlElement('bulletList')
list.insert(0, ['first', 'second', 'third'].map((name) => new Y.XmlElement(name)))
root.insert(0, [list])
list.delete(1, 1)
undo.undo()
list.insert(2, [new Y.XmlElement('between')])
list.insert(3, [new Y.XmlElement('behind')])
root.delete(0, 1)
undo.undo()
"""


def test_an_honest_undo_stands_where_nothing_can_and_is_let_in() -> None:
    """So an update is not refused because what is right of it stands left of it: see docs/caveats.md."""
    command = [node(), "--input-type=module", "--eval", _UNDO]
    said = subprocess.run(command, cwd=SCRIPT.parent, check=True, capture_output=True, text=True).stdout
    heard, doc, twisted = Heard(), fold.new_doc(), 0
    for update in map(bytes.fromhex, said.split()):
        heard.take(update, "user:1")
        doc.apply_update(update)
        blocks = _structs(update)
        twisted += sum(each.origin is not None and each.origin == each.right for each in blocks)
    assert twisted == 1
    (bullets,) = _tree(doc.get(fold.ROOT, type=XmlFragment))[2]
    assert [name for name, *_ in bullets[2]] == ["first", "second", "between", "behind", "third"]
    assert fold.is_faithful(doc.get_update(), doc)


def _structs(update: bytes) -> list[Struct]:
    scanner = structs._Scanner(update, guard.DEFAULT)
    scanner.read()
    return [each for _, block, *_ in scanner.blocks for each in block]


def test_where_pairs_are_is_told_without_reading_all(sessions: list[list[dict[str, Any]]]) -> None:
    found = [pairs.find(bytes.fromhex(end["state"])) for *_, end in sessions]
    assert found == [guard.scan(bytes.fromhex(end["state"])).pairs for *_, end in sessions]
    assert sum(len(seconds) for each in found for seconds in each.values()) > 100


def test_a_state_in_pieces_is_the_same_state(sessions: list[list[dict[str, Any]]]) -> None:
    for *_, end in sessions:
        heard, doc = Heard(), fold.new_doc()
        for piece in guard.split(bytes.fromhex(end["state"]), 7):
            heard.take(piece, "user:1")  # raises Gap if it came too early
            doc.apply_update(piece)
        assert heard.known.clocks == dict(end["clocks"])
        assert fold.is_faithful(bytes.fromhex(end["state"]), doc)
