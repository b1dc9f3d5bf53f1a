"""Every binary frame's grammar, both ways: y-protocols' sync and awareness, and our own four kinds (docs/protocol.md).

Bytes in, values out, in linear time and without recursion; what an update *says* is the guard's matter. A frame that is
not exactly one message of the grammar raises Malformed, one that is merely too big TooLarge.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from collab.encoding import MAX_SAFE, decode_text, parse_json
from collab.encoding import Reader as Reader
from collab.encoding import varbytes as varbytes
from collab.encoding import varuint as varuint
from collab.errors import Malformed, TooLarge

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
STEP_1, STEP_2, UPDATE = 0, 1, 2
PERMISSION_DENIED = 0
HELLO, SAVED, LEVEL, NOTICE = 64, 65, 66, 67

MAX_FRAME_BYTES = 1 << 20
MAX_CLIENT_ID = MAX_SAFE
MAX_CLOCK = 2**31 - 1
MAX_VECTOR_CLIENTS = 200_000
MAX_STATES = 10_000
MAX_STATE_BYTES = 4096
MAX_STATE_DEPTH = 16


# --- messages -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """What the sender has: the next clock of each client id. It is answered by a step 2."""

    state_vector: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """Everything (Yjs v1) that the receiver of a step 1 found missing there."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """One change (Yjs v1)."""

    update: bytes


@dataclass(frozen=True, slots=True)
class ClientState:
    """Where one client is; `state` None says that it has gone."""

    client_id: int
    clock: int
    state: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class AwarenessUpdate:
    states: Collection[ClientState]


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Asks for everybody's state."""


Message = SyncStep1 | SyncStep2 | Update | AwarenessUpdate | QueryAwareness


_AN_UPDATE = bytes((SYNC, UPDATE))


def decode(frame: bytes) -> Message:
    """One frame of a client. Raises Malformed or TooLarge."""
    if len(frame) > MAX_FRAME_BYTES:
        raise TooLarge(f"A frame may have {MAX_FRAME_BYTES} bytes, this one has {len(frame)}.")
    if frame[:2] == _AN_UPDATE and 2 < len(frame) < 131 and frame[2] == len(frame) - 3:  # as nearly all are
        return Update(frame[3:])
    reader = Reader(frame)
    read = _READERS.get(reader.varuint())
    if read is None:
        raise Malformed("A client does not send frames of this kind.")
    message = read(reader)
    reader.end()
    return message


def _read_sync(reader: Reader) -> Message:
    build = _SYNC.get(reader.varuint())
    if build is None:
        raise Malformed("A sync message is a step 1, a step 2 or an update.")
    return build(reader.varbytes())


_SYNC: dict[int, Callable[[bytes], Message]] = {
    STEP_1: lambda payload: SyncStep1(decode_state_vector(payload)),
    STEP_2: SyncStep2,
    UPDATE: Update,
}
_READERS: dict[int, Callable[[Reader], Message]] = {
    SYNC: _read_sync,
    AWARENESS: lambda reader: AwarenessUpdate(decode_awareness(reader.varbytes())),
    QUERY_AWARENESS: lambda _: QueryAwareness(),
}

# --- sync -----------------------------------------------------------------------------------------------------------


def decode_state_vector(payload: bytes) -> dict[int, int]:
    """Next clock by client id; no bytes at all mean an empty one. Raises Malformed or TooLarge."""
    if not payload:
        return {}
    reader = Reader(payload)
    count = reader.varuint()
    if count > MAX_VECTOR_CLIENTS:
        raise TooLarge(f"A state vector may name {MAX_VECTOR_CLIENTS} clients.")
    vector = {reader.varuint(MAX_CLIENT_ID): reader.varuint(MAX_CLOCK) for _ in range(count)}
    reader.end()
    return vector


def encode_state_vector(vector: Mapping[int, int]) -> bytes:
    parts = [varuint(len(vector))]
    for client_id, clock in vector.items():
        parts += varuint(client_id), varuint(clock)
    return b"".join(parts)


def sync_step1(state_vector: bytes) -> bytes:
    return bytes((SYNC, STEP_1)) + varbytes(state_vector)


def sync_step2(update: bytes) -> bytes:
    return bytes((SYNC, STEP_2)) + varbytes(update)


def update(update: bytes) -> bytes:
    return bytes((SYNC, UPDATE)) + varbytes(update)


# --- awareness --------------------------------------------------------------------------------------------------------


def decode_awareness(payload: bytes) -> list[ClientState]:
    """The states of an awareness payload (without the message type). Raises Malformed or TooLarge."""
    reader = Reader(payload)
    count = reader.varuint()
    if count > MAX_STATES:
        raise TooLarge(f"An awareness update may hold {MAX_STATES} states.")
    states = [
        ClientState(reader.varuint(MAX_CLIENT_ID), reader.varuint(MAX_CLOCK), _state(reader.varbytes()))
        for _ in range(count)
    ]
    reader.end()
    return states


def _state(text: bytes) -> dict[str, object] | None:
    if len(text) > MAX_STATE_BYTES:
        raise TooLarge(f"An awareness state may have {MAX_STATE_BYTES} bytes.")
    state = parse_json(decode_text(text), MAX_STATE_DEPTH)
    if state is None or isinstance(state, dict):
        return state
    raise Malformed("An awareness state is a JSON object or null.")


def check_state(said: ClientState) -> None:
    """Raises TooLarge for a state that `decode_awareness` would not take back."""
    if len(_json(said.state)) > MAX_STATE_BYTES:
        raise TooLarge(f"An awareness state may have {MAX_STATE_BYTES} bytes, with the name and colour in it.")


def encode_awareness(states: Collection[ClientState]) -> bytes:
    parts = [varuint(len(states))]
    for said in states:
        parts += varuint(said.client_id), varuint(said.clock), _json(said.state)
    return b"".join(parts)


def awareness(states: Collection[ClientState]) -> bytes:
    return bytes((AWARENESS,)) + varbytes(encode_awareness(states))


# --- what only the server says ------------------------------------------------------------------------------------


def permission_denied(reason: str) -> bytes:
    """y-protocols' own refusal, for clients that do not speak scriptorium.v1."""
    return bytes((AUTH, PERMISSION_DENIED)) + varbytes(reason.encode())


def hello(facts: Mapping[str, object]) -> bytes:
    """The first frame: who the page is here, what it may do, and within which limits."""
    return bytes((HELLO,)) + _json(facts)


def saved(count: int, seq: int) -> bytes:
    """The first `count` step 2 and update frames of this connection are on disk; the log has `seq` entries."""
    return bytes((SAVED,)) + varuint(count) + varuint(seq)


def level(facts: Mapping[str, object]) -> bytes:
    """What the page may do from now on."""
    return bytes((LEVEL,)) + _json(facts)


def notice(kind: str, text: str) -> bytes:
    """A sentence for the person at the page; `kind` is refused, not-saving or saving-again."""
    return bytes((NOTICE,)) + varbytes(kind.encode()) + varbytes(text.encode())


def _json(value: object) -> bytes:
    # ASCII, so that a lone surrogate in a cursor's JSON cannot break the encoding.
    return varbytes(json.dumps(value, separators=(",", ":"), allow_nan=False).encode())
