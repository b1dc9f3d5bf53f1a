"""One connection of the load: WebSocket frames over a bare socket, with as little work as can be.

During the run a client either keeps every frame with the time it came, to be understood afterwards (an observer), or
steps over frames by their length without looking inside (one of the crowd). Knows nothing of documents.
"""

from __future__ import annotations

import base64
import os
import socket
import time
from collections.abc import Callable, Sequence

_BUFFER = bytearray(1 << 19)
_VIEW = memoryview(_BUFFER)
_BINARY, _CLOSE, _PING, _PONG = 2, 8, 9, 10


def framed(payload: bytes, opcode: int = _BINARY) -> bytes:
    """A client's frame, masked at random as browsers do (a mask of zeros would spare some servers the work)."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    mask = os.urandom(4)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return head + mask + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


def upgrade(host: str, path: str, *, token: str = "", subprotocol: str = "") -> bytes:
    """The request that opens a WebSocket; it offers compression, as browsers do."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    ]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []
    return "\r\n".join([*lines, "", ""]).encode()


class Client:
    """`greeting`: frames to send once the socket is open. `is_welcome` says of a payload that with it the client is in.

    `heard` holds (time, payload) of an observer; `frames` and `size` (bytes) count what came in any case.
    """

    __slots__ = (
        "_carry", "_greeting", "_is_welcome", "_skip", "_unsent", "ended", "frames", "heard", "is_in", "is_observer",
        "read", "size", "socket",
    )  # fmt: skip

    def __init__(
        self, port: int, request: bytes, greeting: Sequence[bytes], is_welcome: Callable[[bytes], bool]
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.is_in = False
        self.is_observer = False
        self.ended = ""
        self.heard: list[tuple[float, bytes]] = []
        self.frames = self.size = 0
        self.read: Callable[[], None] = self._shake_hands
        self._greeting = greeting
        self._is_welcome = is_welcome
        self._carry = b""
        self._skip = 0
        self._unsent = b""
        self.send(request)

    def send(self, frame: bytes) -> None:
        """Never waits: what the server does not take now goes with the next frame, or with `flush`."""
        data = self._unsent + frame if self._unsent else frame
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._end(str(error))
            return
        self._unsent = data[sent:] if sent < len(data) else b""

    def flush(self) -> None:
        if self._unsent:
            self.send(b"")

    def close(self) -> None:
        self.socket.close()

    def _end(self, why: str) -> None:
        self.ended = self.ended or why

    # --- until it is in: every frame is looked at -----------------------------------------------------------------

    def _shake_hands(self) -> None:
        self._carry += self._receive()
        head, end, rest = self._carry.partition(b"\r\n\r\n")
        if not end:
            return
        if b" 101 " not in head.split(b"\r\n")[0]:
            self._end(f"refused: {head[:80]!r}")
            return
        self._carry = rest
        self.read = self._listen
        for payload in self._greeting:
            self.send(framed(payload))
        self._parse(time.perf_counter())

    def _listen(self) -> None:
        now = time.perf_counter()
        self._carry += self._receive()
        self._parse(now)

    def _receive(self) -> bytes:
        try:
            size = self.socket.recv_into(_BUFFER)
        except BlockingIOError:
            return b""
        except OSError as error:
            self._end(str(error))
            return b""
        if not size:
            self._end("cut")
        self.size += size
        return bytes(_VIEW[:size])

    def _parse(self, now: float) -> None:
        data, at = self._carry, 0
        while (end := _frame_end(data, at)) and end[1] <= len(data):
            start, stop = end
            self.frames += 1
            self._take(data[at], data[start:stop], now)
            at = stop
        self._carry = data[at:]
        if self.is_in and not self.is_observer and self.read == self._listen:
            self.read = self._skim

    def _take(self, head: int, payload: bytes, now: float) -> None:
        if head & 0x70:
            raise ValueError("The server compresses: the load cannot measure that.")
        opcode = head & 0x0F
        if opcode == _BINARY:
            if not self.is_in and self._is_welcome(payload):
                self.is_in = True
            if self.is_observer:
                self.heard.append((now, payload))
        elif opcode == _PING:
            self.send(framed(payload, _PONG))
        elif opcode == _CLOSE:
            self._end(f"closed {int.from_bytes(payload[:2], 'big')} {payload[2:].decode(errors='replace')}")

    # --- afterwards, in the crowd: stepping from head to head -----------------------------------------------------

    def _skim(self) -> None:
        ahead = len(self._carry)
        try:
            if ahead:
                _BUFFER[:ahead] = self._carry
                size = self.socket.recv_into(_VIEW[ahead:])
            else:
                size = self.socket.recv_into(_BUFFER)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(str(error))
            return
        if not size:
            self._end("cut")
            return
        self.size += size
        self._step(ahead + size)

    def _step(self, size: int) -> None:
        """Count the frames in so many bytes of the buffer. `_skip` bytes at its beginning belong to an earlier one."""
        buffer, at = _BUFFER, self._skip
        self._carry = b""
        while at < size:
            is_control = buffer[at] & 8
            length = buffer[at + 1] if at + 1 < size else 127
            known = at + 2 + (0 if length < 126 else 2 if length == 126 else 8)
            if known > size or (is_control and known + length > size):
                self._carry, at = bytes(_VIEW[at:size]), size
                break
            if length > 125:
                length = int.from_bytes(_VIEW[at + 2 : known], "big")
            if is_control:
                self._take(buffer[at], bytes(_VIEW[known : known + length]), 0.0)
            self.frames += 1
            at = known + length
        self._skip = at - size


def _frame_end(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `at` begins and ends; None if its head is not all there."""
    if at + 2 > len(data):
        return None
    length = data[at + 1] & 0x7F
    start = at + 2 + (0 if length < 126 else 2 if length == 126 else 8)
    if start > len(data):
        return None
    if length > 125:
        length = int.from_bytes(data[at + 2 : start], "big")
    return start, start + length
