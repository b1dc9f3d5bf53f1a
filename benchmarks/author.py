"""Somebody who writes through a real WebSocket: a Doc of their own, one frame a transaction, the server's receipts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.recordings import Patch
from collab import protocol


class Author:
    """Connected to one document with a bearer token. What is typed waits in `unsent` until it is sent."""

    def __init__(self, address: str, token: str, client_id: int | None = None) -> None:
        self.doc: Doc[XmlFragment] = Doc(client_id=client_id)
        self.root = self.doc.get("default", type=XmlFragment)
        self.unsent: deque[bytes] = deque()
        self.typed = 0  # transactions made
        self.sent = 0  # of them, how many are on their way
        self._address = address
        self._token = token
        self._frames = 0  # step 2 and update frames sent
        self._saved = 0
        self._news = asyncio.Condition()
        self._answers = 0
        self._ended = ""
        self._hearing = False
        self._watch = self.doc.observe(self._on_change)

    async def __aenter__(self) -> Author:
        self._socket: ClientConnection = await connect(
            self._address,
            subprotocols=["scriptorium.v1"],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Bearer {self._token}"},
            max_size=None,
            compression=None,
        )
        self._listener = asyncio.create_task(self._listen())
        await self.synchronise()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._listener.cancel()
        await self._socket.close()

    # --- writing ------------------------------------------------------------------------------------------------

    @property
    def block(self) -> XmlElement:
        """The document's only block."""
        block = self.root.children[0]
        assert isinstance(block, XmlElement)
        return block

    @property
    def text(self) -> str:
        texts = [child for child in self.block.children if isinstance(child, XmlText)]
        return "".join(str(piece) for text in texts for piece, _ in text.diff())

    def type(self, patches: Sequence[Patch]) -> None:
        """One transaction, in the Doc and in `unsent`."""
        with self.doc.transaction():
            if not len(self.block.children):
                self.block.children.append(XmlText(""))
            text = self.block.children[0]
            assert isinstance(text, XmlText)
            for position, deleted, inserted in patches:
                if deleted:
                    del text[position : position + deleted]
                if inserted:
                    text.insert(position, inserted)
        self.typed += 1

    def _on_change(self, event: TransactionEvent) -> None:
        if not self._hearing:
            self.unsent.append(event.update)

    async def send(self, upto: int | None = None) -> None:
        """Send what has been typed, or the first `upto` transactions of all."""
        upto = self.typed if upto is None else upto
        while self.sent < upto:
            await self._send_counted(protocol.update(self.unsent.popleft()))
            self.sent += 1

    async def _send_counted(self, frame: bytes) -> None:
        self._frames += 1
        await self._socket.send(frame)

    async def saved(self) -> None:
        """Return once all that was sent is on the server's disk."""
        await self._until(lambda: self._saved >= self._frames)

    # --- hearing ------------------------------------------------------------------------------------------------

    async def synchronise(self) -> None:
        """Return once this Doc has all that the server has now."""
        expected = self._answers + 1
        await self._socket.send(protocol.sync_step1(self.doc.get_state()))
        await self._until(lambda: self._answers >= expected)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with self._news:
            await self._news.wait_for(lambda: condition() or self._ended)
        if not condition():
            raise ConnectionError(f"The server closed the connection: {self._ended}")

    async def _listen(self) -> None:
        async for frame in self._socket:
            if isinstance(frame, bytes):
                await self._hear(frame)
        self._ended = f"{self._socket.close_code} {self._socket.close_reason}"
        async with self._news:
            self._news.notify_all()

    async def _hear(self, frame: bytes) -> None:
        if frame[0] == protocol.SAVED:
            self._saved = protocol.Reader(frame[1:]).varuint()
        elif frame[0] == protocol.SYNC:
            match protocol.decode(frame):
                case protocol.SyncStep1(vector):
                    missing = self.doc.get_update(protocol.encode_state_vector(vector))
                    await self._send_counted(protocol.sync_step2(missing))
                case protocol.SyncStep2(update):
                    self._apply(update)
                    self._answers += 1
                case protocol.Update(update):
                    self._apply(update)
        async with self._news:
            self._news.notify_all()

    def _apply(self, update: bytes) -> None:
        self._hearing = True
        self.doc.apply_update(update)
        self._hearing = False
