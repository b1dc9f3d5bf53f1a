"""The guard against real Yjs: whole editing sessions of stock clients, made in Node, must pass and be read alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from collab import fold, guard
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
    count = 0
    for *messages, end in sessions:
        heard = Heard()
        for message in messages:
            scan = heard.take(bytes.fromhex(message["update"]), f"user:{message['from']}")
            assert scan.inserts == {client: tuple(reach) for client, reach in message["inserts"]}
            assert scan.deletes == _ranges(message["deletes"])
            assert not heard.known.news(scan)
        assert heard.known.clocks == dict(end["clocks"])
        count += len(messages)
    assert count >= 2000, "too little to tell"


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
        held = guard.Knowledge.of(clocks, doc.get_update(clocks))
        assert held.clocks == heard.known.clocks
        assert not held.news(guard.Scan(deletes=heard.known.deleted()))
        assert guard.scan(doc.get_update()).inserts == {client: (0, clock) for client, clock in held.clocks.items()}


def test_a_state_in_pieces_is_the_same_state(sessions: list[list[dict[str, Any]]]) -> None:
    for *_, end in sessions:
        heard, doc = Heard(), fold.new_doc()
        for piece in guard.split(bytes.fromhex(end["state"]), 7):
            heard.take(piece, "user:1")  # raises Gap if it came too early
            doc.apply_update(piece)
        assert heard.known.clocks == dict(end["clocks"])
        assert fold.is_faithful(bytes.fromhex(end["state"]), doc)
