"""A document's WebSocket: binary frames to the room, forms to the product, and the outbox back at the peer's own speed.

A Channels consumer with a dispatch of its own: the stock one hops to a thread for every message, and its channel layer
is not needed, for the room holds its peers. See docs/protocol.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import AsyncConsumer

from collab import engine
from collab.errors import CollabError, Malformed, NoSuchDocument, Outdated, TooLarge
from collab.peer import Frame, Peer
from collab.ports import Pages
from collab.room import Room

SUBPROTOCOL = "scriptorium.v1"
SEND_SECONDS = 20.0  # a peer that does not take a burst of frames in this time is given up
MAX_FORM_BYTES = 64 * 1024

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
        hub = engine.start(self.pages)
        try:
            self._check_schema(scope)
            peer = Peer(await self.pages.authorize(scope, document_id), is_page=is_page)
            room = await hub.join(document_id, peer)
        except CollabError as error:
            await _close(send, error)
            return
        listening = asyncio.ensure_future(self._listen(room, peer, receive))
        try:
            await self._pump(peer, send)
        finally:
            hub.leave(room, peer)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    def _check_schema(self, scope: Mapping[str, Any]) -> None:
        """An editor with an older schema deletes what it does not know: it must not even begin."""
        spoken = parse_qs(scope["query_string"].decode("latin-1")).get("schema")
        if spoken and spoken[0] != str(self.pages.schema_version):
            raise Outdated("This page is older than the server: reload it.")

    async def _listen(self, room: Room, peer: Peer, receive: Receive) -> None:
        try:
            while not peer.closed:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    peer.close(CollabError("The other side has gone."))
                elif (frame := message.get("bytes")) is not None:
                    await room.receive(peer, frame)
                else:
                    await self._submit(room, peer, message["text"])
        except CollabError as error:
            peer.close(error)
        except Exception:
            logger.exception("A frame for document %s could not be handled", room.document_id)
            peer.close(CollabError("Something went wrong on the server."))
            raise

    async def _submit(self, room: Room, peer: Peer, text: str) -> None:
        """A form of the page (htmx's ws-send), answered to its sender alone."""
        fields = _form(text)
        if not peer.is_page:
            raise Malformed("Forms are spoken in scriptorium.v1 only.")
        fragment = await self.pages.submit(room.document_id, peer.grant, fields)
        if fragment:
            peer.send(fragment)

    async def _pump(self, peer: Peer, send: Send) -> None:
        """Send what waits, at the speed the other side reads, until the peer is closed."""
        try:
            while frames := await peer.take():
                async with asyncio.timeout(SEND_SECONDS):
                    for frame in frames:
                        await send(_message(frame))
            async with asyncio.timeout(SEND_SECONDS):
                await _close(send, peer.closed or CollabError("Done."))
        except (TimeoutError, OSError, RuntimeError):
            # It does not read, or has gone while we wrote: there is nobody to tell.
            peer.close(CollabError("The connection was lost."))


async def no_such_document(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """What answers a WebSocket at any other address."""
    await receive()
    await send({"type": "websocket.accept"})
    await _close(send, NoSuchDocument("There is no document at this address."))


def _message(frame: Frame) -> dict[str, Any]:
    if isinstance(frame, str):
        return {"type": "websocket.send", "text": frame}
    return {"type": "websocket.send", "bytes": frame}


async def _close(send: Send, error: CollabError) -> None:
    # A close frame's reason has room for 123 bytes.
    reason = str(error).encode()[:120].decode(errors="ignore")
    with suppress(RuntimeError, OSError):  # the other side was faster
        await send({"type": "websocket.close", "code": error.code, "reason": reason})


def _form(text: str) -> dict[str, str]:
    """The fields of an htmx form. Raises Malformed or TooLarge."""
    if len(text) > MAX_FORM_BYTES:
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
