"""A message as the bytes that go over the wire: RFC 6455, section 5.2, as servers send it (unmasked, in one frame).

A message to everybody is framed once, however many sockets it goes to.
"""

from __future__ import annotations

TEXT, BINARY = 0x81, 0x82  # with the bit that says: this frame is the whole message


class Frame:
    """What a peer is sent: `payload`, and `wire`, its WebSocket frame."""

    __slots__ = ("payload", "wire")

    def __init__(self, payload: bytes | str) -> None:
        self.payload = payload
        self.wire = framed(BINARY, payload) if isinstance(payload, bytes) else framed(TEXT, payload.encode())

    def __len__(self) -> int:
        return len(self.payload)


def framed(first: int, payload: bytes) -> bytes:
    """A WebSocket frame. `first`: TEXT or BINARY."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload
