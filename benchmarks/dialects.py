"""How each server wants to be spoken to: plain y-protocols, our subprotocol, or Hocuspocus's addressed messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.sockets import upgrade
from collab.encoding import Reader, varbytes

_SYNC, _AUTH, _SYNC_REPLY = 0, 2, 4
_STEP_1, _STEP_2, _UPDATE = 0, 1, 2
_EMPTY = b"\0"  # a state vector
_NOTHING = b"\0\0"  # an update


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person sits: an address, a document, and what speaks for them."""

    port: int
    path: str
    document: str
    token: str = ""
    subprotocol: str = ""
    is_addressed: bool = False  # Hocuspocus: every message begins with the document's name

    @property
    def request(self) -> bytes:
        return upgrade(f"127.0.0.1:{self.port}", self.path, token=self.token, subprotocol=self.subprotocol)

    def greeting(self) -> Sequence[bytes]:
        """What a page says first: who it is (Hocuspocus), a question for all there is, and that it has nothing new."""
        auth = [bytes([_AUTH, 0]) + varbytes((self.token or "anybody").encode())] if self.is_addressed else []
        step_1, step_2 = bytes([_SYNC, _STEP_1]) + varbytes(_EMPTY), bytes([_SYNC, _STEP_2]) + varbytes(_NOTHING)
        return [self._addressed(message) for message in (*auth, step_1, step_2)]

    def update(self, update: bytes) -> bytes:
        return self._addressed(bytes([_SYNC, _UPDATE]) + varbytes(update))

    def is_welcome(self, message: bytes) -> bool:
        """Whether this answers the question: from here on, what others write comes as it happens."""
        return self._sync(message)[:1] == bytes([_STEP_2])

    def update_in(self, message: bytes) -> bytes | None:
        """The update that a message brings, if it does."""
        sync = self._sync(message)
        return Reader(sync[1:]).varbytes() if sync[:1] in (bytes([_STEP_2]), bytes([_UPDATE])) else None

    def _addressed(self, message: bytes) -> bytes:
        return varbytes(self.document.encode()) + message if self.is_addressed else message

    def _sync(self, message: bytes) -> bytes:
        """What follows the message type of a sync message; nothing of others."""
        if self.is_addressed:
            reader = Reader(message)
            reader.varbytes()
            message = reader.rest()
        return message[1:] if message[:1] in (bytes([_SYNC]), bytes([_SYNC_REPLY])) else b""
