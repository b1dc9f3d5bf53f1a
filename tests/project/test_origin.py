"""Who gets past the guard at the WebSocket's door, with which headers."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from project.origin import OriginGuard

Message = dict[str, Any]


class Door:
    """Connects with some headers; keeps what the application behind the guard and the browser before it saw."""

    def __init__(self) -> None:
        self.let_in: list[list[tuple[bytes, bytes]]] = []
        self.sent: list[Message] = []

    async def knock(self, *headers: tuple[str, str]) -> None:
        async def application(scope: Message, receive: Any, send: Any) -> None:
            self.let_in.append(scope["headers"])

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            self.sent.append(message)

        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        await OriginGuard(application)({"type": "websocket", "headers": encoded}, receive, send)


@pytest.fixture
def door(settings: Settings) -> Door:
    settings.ALLOWED_HOSTS = ["docs.example.org", "[::1]"]
    settings.HTTPS = True
    return Door()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("docs.example.org", "https://docs.example.org"),
        ("docs.example.org:8443", "https://docs.example.org:8443"),
        ("DOCS.example.org", "https://docs.EXAMPLE.org"),
        ("[::1]:8000", "https://[::1]:8000"),
    ],
)
async def test_our_own_pages_come_in_with_their_cookies(door: Door, host: str, origin: str) -> None:
    headers = [("host", host), ("origin", origin), ("cookie", "sessionid=1")]
    await door.knock(*headers)
    assert door.let_in == [[(name.encode(), value.encode()) for name, value in headers]]
    assert door.sent == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("docs.example.org", "https://evil.example"),
        ("docs.example.org", "http://docs.example.org"),
        ("docs.example.org", "https://docs.example.org:8443"),
        ("docs.example.org", "https://docs.example.org.evil.example"),
        ("docs.example.org", "null"),
        ("docs.example.org", ""),
        ("evil.example", "https://evil.example"),
        ("docs.example.org@evil.example", "https://docs.example.org@evil.example"),
    ],
)
async def test_a_foreign_origin_is_accepted_and_closed_with_4403(door: Door, host: str, origin: str) -> None:
    await door.knock(("host", host), ("origin", origin), ("cookie", "sessionid=1"))
    assert door.let_in == []
    assert [message["type"] for message in door.sent] == ["websocket.accept", "websocket.close"]
    assert door.sent[1]["code"] == 4403


@pytest.mark.anyio
@pytest.mark.parametrize("twice", ["host", "origin"])
async def test_a_header_sent_twice_is_foreign(door: Door, twice: str) -> None:
    once = {"host": "docs.example.org", "origin": "https://docs.example.org"}
    await door.knock(*once.items(), (twice, once[twice]))
    assert door.let_in == []
    assert door.sent[-1]["code"] == 4403


@pytest.mark.anyio
async def test_who_names_no_origin_comes_in_without_cookies(door: Door) -> None:
    await door.knock(("host", "docs.example.org"), ("cookie", "sessionid=1"), ("authorization", "Bearer x"))
    assert door.let_in == [[(b"host", b"docs.example.org"), (b"authorization", b"Bearer x")]]


@pytest.mark.anyio
async def test_without_https_the_origin_is_a_plain_one(door: Door, settings: Settings) -> None:
    settings.HTTPS = False
    await door.knock(("host", "docs.example.org"), ("origin", "http://docs.example.org"))
    assert len(door.let_in) == 1
    await door.knock(("host", "docs.example.org"), ("origin", "https://docs.example.org"))
    assert door.sent[-1]["code"] == 4403
