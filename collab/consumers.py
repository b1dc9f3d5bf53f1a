"""A document's WebSocket: binary frames to the room, forms to the product, and the outbox back at the peer's own speed.

A Channels consumer with a dispatch of its own: the stock one hops to a thread for every message, and its channel layer
is not needed, for the room holds its peers. See docs/protocol.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import AsyncConsumer

from collab import engine
from collab.errors import CollabError, Left, Malformed, NoSuchDocument, Outdated, TooLarge
from collab.hub import Hub
from collab.pace import FORM
from collab.peer import Peer
from collab.ports import LINE, Line, Pages
from collab.reception import Rest
from collab.room import Room
from collab.tally import tally

SUBPROTOCOL = "scriptorium.v1"
SEND_SECONDS = 20.0  # a peer that does not take a burst of frames in this time is given up
MAX_FORM_BYTES = 64 * 1024
AHEAD_BYTES, AHEAD_FRAMES = 64 * 1024, 1024  # that are read while others are dealt with: pings come behind them
REFUSED = 4400  # from here on, close codes are refusals

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)


class DocumentConsumer(AsyncConsumer):
    """One tab's connection to one document, at /ws/documents/<uuid>/. `pages` is the product's answer to the engine."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        is_page = SUBPROTOCOL in scope.get("subprotocols", [])
        # Accept first: a close before that reaches a browser as a bare 403, without its code.
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if is_page else None})
        document_id: UUID = scope["url_route"]["kwargs"]["document_id"]
        line: Line | None = scope.get("extensions", {}).get(LINE)
        hub = engine.start(self.pages)
        try:
            self._check_schema(scope)
            peer = Peer(await self.pages.authorize(scope, document_id), is_page=is_page, line=line)
            room = await hub.join(document_id, peer)
        except CollabError as error:
            _record(document_id, error)
            await _close(send, error)
            return
        ear = Ear(room, peer, self.pages)
        if line:
            ear.listen_to(line)
            line.stay(_stay(hub, room, peer, ear, send))
        else:
            ear.listen(receive)
            await _stay(hub, room, peer, ear, send)

    def _check_schema(self, scope: Mapping[str, Any]) -> None:
        """An editor with an older schema deletes what it does not know: it must not even begin."""
        spoken = parse_qs(scope["query_string"].decode("latin-1")).get("schema")
        if spoken and spoken[0] != str(self.pages.schema_version):
            raise Outdated("This page is older than the server: reload it.")


class Ear:
    """Hands what a peer says to its room and to the product, one message after the other."""

    def __init__(self, room: Room, peer: Peer, pages: Pages) -> None:
        self._room = room
        self._peer = peer
        self._pages = pages
        self._line: Line | None = None
        self._waiting: deque[Mapping[str, Any]] | None = None  # there is one while there is a task
        self._ahead = 0  # bytes of those
        self._task: asyncio.Task[None] | None = None

    def listen_to(self, line: Line) -> None:
        """Hear what comes from the wire as it comes; a task is made only for what takes its time."""
        self._line = line
        line.listen(self._hear)

    def listen(self, receive: Receive) -> None:
        self._task = asyncio.create_task(self._listen(receive))

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self, receive: Receive) -> None:
        while not self._peer.closed:
            await self._finish(self._begin(await receive()))

    def _hear(self, message: Mapping[str, Any]) -> None:
        if self._waiting is not None:
            self._waiting.append(message)
            self._ahead += _size(message)
            if self._line and (self._ahead > AHEAD_BYTES or len(self._waiting) > AHEAD_FRAMES):
                self._line.hold()
        elif rest := self._begin(message):
            self._waiting = deque()
            self._task = asyncio.create_task(self._catch_up(rest, self._waiting))

    async def _catch_up(self, rest: Rest, waiting: deque[Mapping[str, Any]]) -> None:
        await self._finish(rest)
        while waiting:
            message = waiting.popleft()
            self._ahead -= _size(message)
            await self._finish(self._begin(message))
        self._task = self._waiting = None
        if self._line:
            self._line.go_on()

    def _begin(self, message: Mapping[str, Any]) -> Rest | None:
        """Take a message as ASGI has it; what is left to do with it, if it cannot be done at once."""
        if self._peer.closed:
            return None
        if message["type"] == "websocket.disconnect":
            self._peer.close(Left("The other side has gone."))
            return None
        try:
            if (frame := message.get("bytes")) is not None:
                return self._room.hear(self._peer, frame)
            return self._submit(message["text"])
        except Exception:  # noqa: BLE001 (it belongs to this peer, and is logged)
            self._fail()
            return None

    async def _finish(self, rest: Rest | None) -> None:
        try:
            if rest:
                await rest
        except CollabError as error:
            self._peer.refuse(error)
        except Exception:  # noqa: BLE001 (it belongs to this peer, and is logged)
            self._fail()

    def _fail(self) -> None:
        logger.exception("A frame for document %s could not be handled", self._room.document_id)
        self._peer.close(CollabError("Something went wrong on the server."))

    async def _submit(self, text: str) -> None:
        """A form of the page (htmx's ws-send), answered to its sender alone."""
        await asyncio.sleep(self._peer.meter.spend(FORM))
        fields = _form(text)
        if not self._peer.is_page:
            raise Malformed("Forms are spoken in scriptorium.v1 only.")
        fragment = await self._pages.submit(self._room.document_id, self._peer.grant, fields)
        if fragment:
            self._peer.send(fragment)


async def _stay(hub: Hub, room: Room, peer: Peer, ear: Ear, send: Send) -> None:
    """Until the connection ends, for whatever reason."""
    try:
        await _pump(peer, send)
    finally:
        _record(room.document_id, peer.closed or Left("Cancelled."))
        hub.leave(room, peer)
        await ear.close()


async def _pump(peer: Peer, send: Send) -> None:
    """Send what waits, at the speed the other side reads, until the peer is closed."""
    try:
        while payloads := await peer.take():
            async with asyncio.timeout(SEND_SECONDS):
                for payload in payloads:
                    await send(_message(payload))
        async with asyncio.timeout(SEND_SECONDS):
            await _close(send, peer.closed or CollabError("Done."))
    except (TimeoutError, OSError, RuntimeError):
        # It does not read, or has gone while we wrote: there is nobody to tell.
        peer.close(Left("The connection was lost."))


async def no_such_document(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """What answers a WebSocket at any other address."""
    await receive()
    await send({"type": "websocket.accept"})
    tally.closed[NoSuchDocument.code] += 1
    await _close(send, NoSuchDocument("There is no document at this address."))


def _size(message: Mapping[str, Any]) -> int:
    """Bytes of a frame, letters of a form."""
    return len(message.get("bytes") or message.get("text") or "")


def _message(payload: bytes | str) -> dict[str, Any]:
    return {"type": "websocket.send", "text" if isinstance(payload, str) else "bytes": payload}


def _record(document_id: UUID, end: CollabError) -> None:
    """Count every end of a connection, and tell of those that somebody may want to look into."""
    tally.closed[end.code] += 1
    if end.code >= REFUSED or end.code == CollabError.code:
        logger.info("A connection to document %s was closed with %d: %s", document_id, end.code, end)


async def _close(send: Send, error: CollabError) -> None:
    # A close frame's reason has room for 123 bytes.
    reason = str(error).encode()[:120].decode(errors="ignore")
    with suppress(RuntimeError, OSError):  # the other side was faster
        await send({"type": "websocket.close", "code": error.code, "reason": reason})


def _form(text: str) -> dict[str, str]:
    """The fields of an htmx form. Raises Malformed or TooLarge."""
    if len(text.encode()) > MAX_FORM_BYTES:
        raise TooLarge(f"A form may have {MAX_FORM_BYTES} bytes.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("A text frame must be a form in JSON.") from None
    if not isinstance(data, dict):
        raise Malformed("A text frame must be a form in JSON.")
    fields = {name: value for name, value in data.items() if name != "HEADERS"}
    if not all(isinstance(value, str) for value in fields.values()):
        raise Malformed("A form's fields must be strings.")
    return fields
