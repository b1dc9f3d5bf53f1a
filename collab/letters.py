"""What our processes write each other: sealed, so that nobody else can, and numbered, so that nobody can repeat it.

A letter is for everybody who has a document open, or for one process's channel. Whoever answers to our own channel
lives now: from then on its numbers only count forwards here. What a process says that has not answered yet may be a
repetition of long ago. Pure: bytes in, values out; how they travel is not known here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from collab import fold
from collab.errors import Malformed
from collab.ports import Ask, Awareness, Committed, Entry, Forget, Head, Message, Notify, Recheck
from collab.protocol import Reader, varbytes, varuint

SENDER_BYTES, MAC_BYTES = 16, 16
WINDOW = 1024  # numbers that may overtake each other
MAX_SENDERS = 10_000


def encode(message: Message) -> bytes:
    """A message as bytes: one byte of kind, then its content."""
    match message:
        case Committed(epoch, entry):
            return b"\1" + epoch.bytes + varuint(entry.seq) + fold.pack(entry.writes)
        case Awareness(update):
            return b"\2" + update
        case Notify(topic):
            return b"\3" + topic.encode()
        case Recheck():
            return b"\4"
        case Forget():
            return b"\5"
        case Head(epoch, seq):
            return b"\6" + epoch.bytes + varuint(seq)
        case Ask(answer_to):
            return b"\7" + answer_to.encode()


def decode(body: bytes) -> Message:
    """What `encode` made. Raises Malformed or ValueError for anything else."""
    kind, reader = body[:1], Reader(body[1:])
    match kind:
        case b"\1":
            epoch, seq = UUID(bytes=reader.take(16)), reader.varuint()
            return Committed(epoch, Entry(seq, fold.unpack(reader.rest())))
        case b"\2":
            return Awareness(reader.rest())
        case b"\3":
            return Notify(reader.rest().decode())
        case b"\6":
            head = Head(UUID(bytes=reader.take(16)), reader.varuint())
            reader.end()
            return head
        case b"\7":
            return Ask(reader.rest().decode())
    if body in _BARE:
        return _BARE[body]
    raise Malformed("This is not a message between our processes.")


_BARE: dict[bytes, Message] = {b"\4": Recheck(), b"\5": Forget()}


@dataclass(frozen=True, slots=True)
class Letter:
    """`sender` is 16 random bytes of a process's life, `to` the one channel it is for, "" for everybody's."""

    sender: bytes
    number: int
    to: str
    document_id: UUID
    body: bytes


class Seal:
    """Made from the `secret` that all processes of one installation share."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"scriptorium broker:" + secret.encode()).digest()

    def close(self, letter: Letter) -> bytes:
        parts = letter.sender, varuint(letter.number), varbytes(letter.to.encode()), letter.document_id.bytes
        content = b"".join(parts) + letter.body
        return self._mac(content) + content

    def open(self, sealed: bytes) -> Letter:
        """Raises Malformed for what has not been sealed with this secret."""
        mac, content = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content)):
            raise Malformed("The message is not signed by one of our processes.")
        reader = Reader(content)
        sender, number, to = reader.take(SENDER_BYTES), reader.varuint(), reader.varstring()
        return Letter(sender, number, to, UUID(bytes=reader.take(16)), reader.rest())

    def _mac(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, key=self._key, digest_size=MAC_BYTES).digest()


class _Numbers:
    """Which of one sender's numbers have come: the highest, and a bit for each of those just below it."""

    __slots__ = ("_seen", "_top")

    def __init__(self, top: int) -> None:
        self._top, self._seen = top, (1 << WINDOW) - 1  # what came before we knew it may be a repetition

    def take(self, number: int) -> bool:
        """False if it has come before, or is too far behind for anybody to know."""
        ahead = number - self._top
        if ahead > 0:
            self._seen = (self._seen << min(ahead, WINDOW) | 1) & ((1 << WINDOW) - 1)
            self._top = number
            return True
        bit = 1 << -ahead if -ahead < WINDOW else 0
        is_new = bool(bit) and not self._seen & bit
        self._seen |= bit
        return is_new


class Senders:
    """The processes that have answered us."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, _Numbers] = OrderedDict()

    def knows(self, sender: bytes) -> bool:
        return sender in self._known

    def take(self, letter: Letter, *, is_to_us: bool) -> bool:
        """Whether the letter is to be read: not if it is a repetition by somebody who `knows`."""
        if numbers := self._known.get(letter.sender):
            return numbers.take(letter.number)
        if is_to_us:
            self._known[letter.sender] = _Numbers(letter.number)
            if len(self._known) > MAX_SENDERS:
                self._known.popitem(last=False)
        return True
