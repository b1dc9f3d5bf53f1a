"""The broker on a Django Channels layer: one channel per process, one group per document.

A layer may lose, repeat or reorder; so may we. What comes in is authenticated, and anything else is dropped, so that a
neighbour on the same Redis can at most make us read the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias
from uuid import UUID

from channels.layers import BaseChannelLayer

from collab import fold
from collab.errors import CollabError
from collab.ports import Awareness, Committed, Deliver, Entry, Forget, Message, Notify, Recheck
from collab.protocol import Reader, varuint

RETRY_SECONDS = 1.0
REJOIN_SECONDS = 3600.0  # groups expire after a day: long before that we join again
MAX_UNSENT = 10_000

Work: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

logger = logging.getLogger(__name__)


def encode(message: Message) -> bytes:
    """A message as bytes: one byte of kind, then its content."""
    match message:
        case Committed(entry):
            return b"\1" + varuint(entry.seq) + fold.pack(entry.writes)
        case Awareness(update):
            return b"\2" + update
        case Notify(topic):
            return b"\3" + topic.encode()
        case Recheck():
            return b"\4"
        case Forget():
            return b"\5"


def decode(body: bytes) -> Message:
    """What `encode` made. Raises Malformed or ValueError for anything else."""
    kind, content = body[:1], body[1:]
    if kind == b"\1":
        reader = Reader(content)
        seq = reader.varuint()
        return Committed(Entry(seq, fold.unpack(reader.rest())))
    if kind == b"\2":
        return Awareness(content)
    if kind == b"\3":
        return Notify(content.decode())
    if body == b"\4":
        return Recheck()
    if body == b"\5":
        return Forget()
    raise ValueError("This is not a message between our processes.")


class ChannelBroker:
    """Implements collab.ports.Broker. `secret` is shared by all processes of one installation."""

    def __init__(self, layer: BaseChannelLayer, secret: str) -> None:
        self._layer = layer
        self._key = hashlib.sha256(b"scriptorium broker:" + secret.encode()).digest()
        self._deliver: dict[UUID, Deliver] = {}
        self._unsent: asyncio.Queue[tuple[UUID, bytes]] = asyncio.Queue(MAX_UNSENT)
        self._channel = ""
        self._join_at: dict[UUID, float] = {}  # seconds of the loop's clock
        self._tasks: dict[Work, asyncio.Task[None]] = {}
        self._is_closed = False

    async def subscribe(self, document_id: UUID, deliver: Deliver) -> None:
        """Have `deliver` called for the document's messages; a layer that is down is joined when it comes back."""
        self._deliver[document_id] = deliver
        self._start(self._receive, self._send, self._rejoin)
        if self._channel:
            await self._join(document_id)

    async def unsubscribe(self, document_id: UUID) -> None:
        self._join_at.pop(document_id, None)
        if self._deliver.pop(document_id, None) and self._channel:
            try:
                await self._layer.group_discard(_group(document_id), self._channel)
            except Exception as error:  # noqa: BLE001 (a layer that is down has forgotten us anyway)
                logger.debug("Could not leave a group: %s", error)

    def publish(self, document_id: UUID, message: Message) -> None:
        """Queue for sending. When the layer stalls, the oldest hints are dropped: the log has the truth."""
        if self._is_closed:
            return
        self._start(self._send)
        if self._unsent.full():
            self._unsent.get_nowait()
            self._unsent.task_done()
        self._unsent.put_nowait((document_id, encode(message)))

    async def close(self) -> None:
        """Send what waits, within reason, and leave."""
        self._is_closed = True
        try:
            async with asyncio.timeout(2):
                await self._unsent.join()
        except TimeoutError:
            logger.warning("Some hints to the other processes were not sent: they will read the log.")
        for document_id in list(self._deliver):
            await self.unsubscribe(document_id)
        tasks, self._tasks = list(self._tasks.values()), {}
        while tasks:  # redis-py may swallow a cancellation that comes while it connects
            for task in tasks:
                task.cancel()
            _, pending = await asyncio.wait(tasks, timeout=0.1)
            tasks = list(pending)

    # --- tasks --------------------------------------------------------------------------------------------------

    def _start(self, *works: Work) -> None:
        for work in works:
            if work not in self._tasks:
                self._tasks[work] = asyncio.create_task(work())

    async def _send(self) -> None:
        while True:
            document_id, body = await self._unsent.get()
            try:
                await self._layer.group_send(_group(document_id), self._envelope(document_id, body))
            except Exception as error:  # noqa: BLE001 (the layer is down: the others will read the log)
                logger.warning("Could not tell the other processes: %s", error)
            finally:
                self._unsent.task_done()

    async def _receive(self) -> None:
        while True:
            try:
                if not self._channel:
                    self._channel = await self._layer.new_channel("collab")
                    for document_id in list(self._deliver):
                        await self._join(document_id)
                self._take(await self._layer.receive(self._channel))
            except Exception as error:  # noqa: BLE001 (whatever the layer raises when it is down: we come back)
                logger.warning("The channel layer failed, and is joined again: %s", error)
                self._channel = ""
                await asyncio.sleep(RETRY_SECONDS)

    async def _rejoin(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            now = asyncio.get_running_loop().time()
            for document_id in [each for each, at in self._join_at.items() if at <= now]:
                if document_id in self._deliver:
                    await self._join(document_id)

    async def _join(self, document_id: UUID) -> None:
        pause = REJOIN_SECONDS
        try:
            await self._layer.group_add(_group(document_id), self._channel)
        except Exception as error:  # noqa: BLE001 (whatever the layer raises when it is down)
            logger.warning("Could not join a group: %s", error)
            pause = RETRY_SECONDS
        if document_id in self._deliver:
            self._join_at[document_id] = asyncio.get_running_loop().time() + pause

    # --- envelopes ----------------------------------------------------------------------------------------------

    def _envelope(self, document_id: UUID, body: bytes) -> dict[str, Any]:
        mac = self._mac(document_id, body)
        return {"type": "collab", "from": self._channel, "document": document_id.bytes, "body": body, "mac": mac}

    def _mac(self, document_id: UUID, body: bytes) -> bytes:
        return hashlib.blake2b(document_id.bytes + body, key=self._key, digest_size=16).digest()

    def _take(self, envelope: dict[str, Any]) -> None:
        try:
            document_id, body = UUID(bytes=envelope["document"]), envelope["body"]
            if envelope["from"] == self._channel:
                return
            if not hmac.compare_digest(envelope["mac"], self._mac(document_id, body)):
                raise ValueError("The message is not signed by one of our processes.")
            message = decode(body)
        except (KeyError, TypeError, ValueError, CollabError) as error:
            logger.warning("A message on the channel layer was dropped: %s", error)
            return
        if deliver := self._deliver.get(document_id):
            try:
                deliver(message)
            except Exception:
                # The layer is well, and the others want their messages: one room must not make the process deaf.
                logger.exception("A message for document %s could not be taken", document_id)


def _group(document_id: UUID) -> str:
    return f"collab.{document_id.hex}"
