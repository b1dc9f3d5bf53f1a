"""The broker on a Django Channels layer: one channel per process, one group per document.

A layer may lose, repeat, reorder, stall or be away, and neighbours on it may say what they like: what comes in is
opened only when it is ours (collab.letters), and can then at most make a room read the log. Every half second the
process tells itself something through the layer. When that does not come back, something else may have been lost as
well, and whoever listens is told; when nothing comes back any more, the layer is joined anew.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from typing import Any, TypeAlias
from uuid import UUID

from channels.layers import BaseChannelLayer

from collab.errors import CollabError
from collab.letters import SENDER_BYTES, Letter, Seal, Senders, decode, encode
from collab.neighbours import Neighbours
from collab.ports import Ask, Awareness, Committed, Deliver, Head, Message
from collab.unsent import Unsent

PULSE_SECONDS = 0.5
DEAF_PULSES = 10  # so many without an echo: nothing comes in any more
DOUBT_PULSES = 10  # after so many we ask again whether we are alone with what is written
PATIENCE_SECONDS = 2.0  # for one thing that is asked of the layer
RETRY_SECONDS = 0.5
WHOLE_BYTES = 128 * 1024  # a longer entry is read from the log: the others are told of its seq only
NOBODY = UUID(int=0)  # the document of what a process tells itself

Work: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

logger = logging.getLogger(__name__)


class ChannelBroker:
    """Implements collab.ports.Broker. `secret` is shared by all processes of one installation."""

    def __init__(self, layer: BaseChannelLayer, secret: str) -> None:
        self._layer = layer
        self._seal = Seal(secret)
        self._name = secrets.token_bytes(SENDER_BYTES)
        self._numbers = count(1)
        self._senders = Senders()
        self._deliver: dict[UUID, Deliver] = {}
        self._neighbours = Neighbours()
        self._on_return: Callable[[], None] = lambda: None
        self._unsent = Unsent()
        self._channel = ""  # where this process is told; "" while it cannot be
        self._unjoined: set[UUID] = set()
        self._asked: set[UUID] = set()  # documents that we have asked about since the last pulse
        self._told: dict[UUID, Head] = {}  # what we have told the others since the last pulse
        self._pulses: deque[int] = deque()  # the numbers of those that have not come back
        self._dropped: Counter[str] = Counter()  # why, since the last pulse
        self._tasks: dict[Work, asyncio.Task[None]] = {}
        self._there: list[asyncio.Task[None]] = []  # what goes on while the layer is joined, as part of `_listen`
        self._is_closed = False

    @property
    def is_joined(self) -> bool:
        """Whether messages can come in, as far as is known."""
        return bool(self._channel)

    def watch(self, on_return: Callable[[], None]) -> None:
        """Have `on_return` called whenever messages may have been lost, and others would come now."""
        self._on_return = on_return

    async def subscribe(self, document_id: UUID, deliver: Deliver) -> None:
        """Have `deliver` called for the document's messages; a layer that is down is joined when it comes back."""
        is_new = document_id not in self._deliver
        self._deliver[document_id] = deliver
        self._start(self._listen, self._speak)
        if is_new and self._channel:
            await self._join(document_id)

    async def unsubscribe(self, document_id: UUID) -> None:
        self._unjoined.discard(document_id)
        self._leave(document_id)
        if self._deliver.pop(document_id, None) and self._channel:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._layer.group_discard(_group(document_id), self._channel)
            except Exception as error:  # noqa: BLE001 (a layer that is down has forgotten us anyway)
                logger.debug("Could not leave a group: %s", error)

    def _leave(self, document_id: UUID) -> None:
        if head := self._neighbours.forget(document_id):
            self.publish(document_id, head)

    def publish(self, document_id: UUID, message: Message, to: str = "") -> None:
        """Queue for sending, to one process's channel or to all. While the layer is away it waits, within bounds."""
        if self._is_closed:
            return
        if not to and self._would_hear_of_others(document_id) and self._neighbours.spares(document_id, message):
            return
        self._start(self._speak)
        if isinstance(message, Committed):
            self._told[document_id] = message.head
        body = encode(message)
        if len(body) > WHOLE_BYTES and isinstance(message, Committed):
            body = encode(self._told[document_id])
        self._unsent.put(to, document_id, self._sealed(document_id, body, to)[1])

    def _would_hear_of_others(self, document_id: UUID) -> bool:
        return bool(self._channel) and document_id in self._deliver and document_id not in self._unjoined

    async def close(self) -> None:
        """Send what waits, within reason, and leave."""
        for document_id in self._deliver:
            self._leave(document_id)
        self._is_closed = True
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._unsent.empty()
        except TimeoutError:
            logger.warning("Some hints to the other processes were not sent: they will read the log.")
        for document_id in list(self._deliver):
            await self.unsubscribe(document_id)
        # Each by itself, and again: redis-py may swallow a cancellation that comes while it connects, and a task group
        # passes on the first one only.
        while tasks := [task for task in (*self._tasks.values(), *self._there) if not task.done()]:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=0.1)
        self._tasks, self._there = {}, []

    def _start(self, *works: Work) -> None:
        for work in works:
            if work not in self._tasks:
                self._tasks[work] = asyncio.create_task(work())

    # --- speaking -----------------------------------------------------------------------------------------------

    async def _speak(self) -> None:
        is_well = True
        while True:
            item = await self._unsent.first()
            channel, document_id, sealed = item
            try:
                await self._send(channel, document_id, sealed)
                is_well = True
                self._unsent.drop(item)
            except Exception as error:  # noqa: BLE001 (whatever the layer raises when it is down: we come back)
                if is_well:
                    logger.warning("Could not tell the other processes, and try again: %s", _said(error))
                is_well = False
                await asyncio.sleep(RETRY_SECONDS)

    async def _send(self, channel: str, document_id: UUID, sealed: bytes) -> None:
        envelope = {"type": "collab", "sealed": sealed}
        async with asyncio.timeout(PATIENCE_SECONDS):
            if channel:
                await self._layer.send(channel, envelope)
            else:
                await self._layer.group_send(_group(document_id), envelope)

    def _sealed(self, document_id: UUID, body: bytes, to: str) -> tuple[int, bytes]:
        letter = Letter(self._name, next(self._numbers), to, document_id, body)
        return letter.number, self._seal.close(letter)

    # --- listening ----------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                await self._be_there()
            except Exception as error:  # noqa: BLE001 (as above)
                logger.warning("The channel layer failed, and is joined again: %s", _said(error))
            self._channel = ""
            with suppress(Exception):  # as above
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._layer.flush()
            await asyncio.sleep(RETRY_SECONDS)

    async def _be_there(self) -> None:
        """Hear what comes until the layer fails."""
        self._pulses.clear()
        async with asyncio.timeout(PATIENCE_SECONDS):
            channel = await self._layer.new_channel("collab")
        self._channel, self._unjoined = channel, set(self._deliver)
        await self._join_the_rest()
        self._on_return()
        async with asyncio.TaskGroup() as tasks:
            self._there = [tasks.create_task(self._receive()), tasks.create_task(self._pulse())]

    async def _receive(self) -> None:
        while True:
            try:
                self._take(await self._layer.receive(self._channel))
            except (KeyError, TypeError, ValueError, CollabError) as error:  # the layer's own reader may choke as well
                self._dropped[str(error)] += 1

    async def _pulse(self) -> None:
        for pulse in count():
            number, sealed = self._sealed(NOBODY, b"", self._channel)
            self._pulses.append(number)
            if len(self._pulses) > DEAF_PULSES:
                raise ConnectionError("nothing comes in any more")
            await self._send(self._channel, NOBODY, sealed)
            await self._join_the_rest()
            self._asked.clear()
            for why, times in self._dropped.items():
                logger.warning("%d messages on the channel layer were dropped: %s", times, why)
            self._dropped.clear()
            self._tell_again()
            if pulse % DOUBT_PULSES == 0:
                for document_id in self._neighbours.doubts():
                    self._ask(document_id)
            await asyncio.sleep(PULSE_SECONDS)

    def _tell_again(self) -> None:
        """How far the logs are: who has missed it looks now, not in some seconds."""
        told, self._told = self._told, {}
        for document_id, head in told.items():
            self.publish(document_id, head)

    async def _join_the_rest(self) -> None:
        for document_id in list(self._unjoined):
            await self._join(document_id)

    async def _join(self, document_id: UUID) -> None:
        """Join the document's group, and ask who is there."""
        self._unjoined.add(document_id)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._layer.group_add(_group(document_id), self._channel)
        except Exception as error:  # noqa: BLE001 (as above: the next pulse tries again)
            logger.warning("Could not join a group: %s", _said(error))
            return
        self._unjoined.discard(document_id)
        self._ask(document_id)

    def _ask(self, document_id: UUID) -> None:
        if document_id not in self._asked:
            self._asked.add(document_id)
            self.publish(document_id, Ask(self._channel))

    def _take(self, envelope: dict[str, Any]) -> None:
        letter = self._seal.open(envelope["sealed"])
        message = decode(letter.body) if letter.body else None
        if letter.sender == self._name:
            self._hear_ourselves(letter)
        elif message and letter.to in ("", self._channel) and self._senders.take(letter, is_to_us=bool(letter.to)):
            self._hand_over(letter, message)

    def _hear_ourselves(self, letter: Letter) -> None:
        if letter.number in self._pulses:
            is_first = letter.number == self._pulses[0]
            while self._pulses.popleft() != letter.number:
                pass
            if not is_first:
                self._on_return()

    def _hand_over(self, letter: Letter, message: Message) -> None:
        document_id = letter.document_id
        if document_id in self._deliver and (head := self._neighbours.meet(document_id)):
            self.publish(document_id, head)
        if isinstance(message, Awareness) and not self._senders.knows(letter.sender):
            self._ask(document_id)  # perhaps a repetition of long ago: whoever is there will say so
        elif deliver := self._deliver.get(document_id):
            try:
                deliver(message)
            except Exception:
                # The layer is well, and the others want their messages: one room must not make the process deaf.
                logger.exception("A message for document %s could not be taken", document_id)


def _group(document_id: UUID) -> str:
    return f"collab.{document_id.hex}"


def _said(error: BaseException) -> str:
    """What went wrong, in the words of whatever went wrong first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__
