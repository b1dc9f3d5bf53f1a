"""The load counts what it does not read, and the simulation loses nobody's keys."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from benchmarks.simulation import Gathering, Pace, simulate
from benchmarks.sizing import KINDS, explain
from benchmarks.sockets import Client, framed

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
WELCOME = b"\x82\x01!"
PING = b"\x89\x04ping"


def server_frame(size: int) -> bytes:
    if size < 126:
        return bytes([0x82, size]) + bytes(size)
    return b"\x82\x7e" + size.to_bytes(2, "big") + bytes(size)


@pytest.fixture
def ends() -> Iterator[tuple[Client, socket.socket]]:
    """A client of the crowd that is in, and the server's end of its connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = Client(listener.getsockname()[1], b"GET", [], lambda payload: payload == b"!")
        server, _ = listener.accept()
        with closing(server), closing(client.socket):
            server.sendall(UPGRADED + WELCOME)
            client.socket.setblocking(True)
            while not client.is_in:
                client.read()
            yield client, server


@pytest.mark.parametrize("seed", range(20))
def test_frames_are_counted_however_they_are_cut(ends: tuple[Client, socket.socket], seed: int) -> None:
    client, server = ends
    chance = Random(seed)
    frames = [chance.choice([PING, server_frame(chance.choice([0, 1, 7, 125, 126, 300, 5000]))]) for _ in range(200)]
    stream = b"".join(frames)
    was = client.frames, client.size
    at = 0
    while at < len(stream):
        piece = stream[at : at + chance.choice([1, 2, 3, 10, 1000])]
        server.sendall(piece)
        at += len(piece)
        while client.size - was[1] < at:
            client.read()
    assert client.frames - was[0] == len(frames)
    assert not client.ended


def test_pings_are_answered(ends: tuple[Client, socket.socket]) -> None:
    client, server = ends
    server.recv(100)  # the request
    server.sendall(server_frame(5) + PING[:3])
    client.read()
    server.sendall(PING[3:])
    client.read()
    answer = server.recv(100)
    assert answer[:2] == framed(b"ping", 10)[:2]
    assert bytes(byte ^ key for byte, key in zip(answer[6:], answer[2:6], strict=True)) == b"ping"


def test_every_key_is_committed_once_wherever_its_writer_is() -> None:
    pace = Pace(rate=4.0, commit=0.002, seconds=10.0)
    gatherings = [Gathering(5, 2), Gathering(1, 1), Gathering(40, 20)]
    one = simulate(gatherings, 1, pace, lambda document, person: 0)
    three = simulate(gatherings, 3, pace, lambda document, person: (document + person) % 3)
    for loads in (one, three):
        assert sum(load.received for load in loads) == pytest.approx(23 * 4)
        assert sum(load.connections for load in loads) == 46
    assert one[0].heard == 0
    assert sum(load.entries for load in three) > one[0].entries, "writers apart share fewer ticks"
    assert sum(load.rooms for load in three) == 3 + 1 + 3


def test_costs_are_found_again_in_what_they_add_up_to() -> None:
    chance = Random(1)
    true = {kind: chance.uniform(1, 100) for kind in KINDS}
    mixes = [{kind: chance.uniform(0, 1000) for kind in KINDS} for _ in range(8)]
    found = explain([(mix, sum(true[kind] * mix[kind] for kind in KINDS) / 1e6) for mix in mixes])
    assert found == pytest.approx(true, rel=0.01)
