"""The broker on a channel layer keeps the contract on a real Redis; and what is not signed by us is dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from collab.broker import ChannelBroker, decode, encode
from collab.errors import CollabError
from collab.ports import Message, Notify, Recheck
from tests.contracts.broker_contract import EVERY_MESSAGE, BrokerContract
from tests.support.servers import private_redis
from tests.support.until import until_async

SECRET = "one installation's secret"


class TestChannelBroker(BrokerContract):
    @pytest.fixture
    async def brokers(self, redis_url: str, anyio_backend: str) -> AsyncIterator[tuple[ChannelBroker, ChannelBroker]]:
        layers = RedisPubSubChannelLayer(hosts=[redis_url]), RedisPubSubChannelLayer(hosts=[redis_url])
        pair = ChannelBroker(layers[0], SECRET), ChannelBroker(layers[1], SECRET)
        yield pair
        for broker, layer in zip(pair, layers, strict=True):
            await broker.close()
            await layer.flush()

    async def test_what_others_put_on_the_layer_is_dropped(
        self, brokers: tuple[ChannelBroker, ChannelBroker], redis_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        heard = await self.hear(theirs, document_id)
        await self.is_connected(ours, document_id, heard)
        stranger = ChannelBroker(RedisPubSubChannelLayer(hosts=[redis_url]), "another secret")
        with caplog.at_level(logging.WARNING, "collab.broker"):
            stranger.publish(document_id, Recheck())
            await until_async(lambda: "not signed" in caplog.text, "the forgery is noticed")
        ours.publish(document_id, Notify("title"))
        await until_async(lambda: bool(heard), "the honest message is heard")
        assert heard == [Notify("title")]
        await stranger.close()


class Moody(RedisPubSubChannelLayer):
    """A layer that lets nobody into a group while Redis is, as it were, away."""

    is_away = False

    async def group_add(self, group: str, channel: str) -> None:
        if self.is_away:
            raise ConnectionError("Redis is away.")
        await self.__getattr__("group_add")(group, channel)  # the layer makes its methods as they are asked for


@pytest.mark.anyio
class TestTrouble:
    @pytest.fixture
    async def brokers(self, redis_url: str, anyio_backend: str) -> AsyncIterator[tuple[ChannelBroker, ChannelBroker]]:
        layers = Moody(hosts=[redis_url]), RedisPubSubChannelLayer(hosts=[redis_url])
        pair = ChannelBroker(layers[0], SECRET), ChannelBroker(layers[1], SECRET)
        yield pair
        for broker, layer in zip(pair, layers, strict=True):
            await broker.close()
            await layer.flush()

    async def test_a_document_that_was_opened_while_redis_was_away_is_heard_of_later(
        self, brokers: tuple[ChannelBroker, ChannelBroker], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours, theirs = brokers
        early, late = uuid4(), uuid4()
        of_early: list[Message] = []
        of_late: list[Message] = []
        await ours.subscribe(early, of_early.append)
        await until_async(lambda: _heard(theirs, early, of_early), "it is connected")
        monkeypatch.setattr(Moody, "is_away", True)
        await ours.subscribe(late, of_late.append)
        monkeypatch.setattr(Moody, "is_away", False)
        await until_async(lambda: _heard(theirs, late, of_late), "the later document is heard of too")

    async def test_a_room_that_cannot_take_a_message_does_not_make_the_process_deaf(
        self, brokers: tuple[ChannelBroker, ChannelBroker], caplog: pytest.LogCaptureFixture
    ) -> None:
        ours, theirs = brokers
        broken, well = uuid4(), uuid4()
        heard: list[Message] = []

        def choke(message: Message) -> None:
            if message == Recheck():
                raise CollabError("This room is out of order.")
            heard.append(message)

        await ours.subscribe(broken, choke)
        await ours.subscribe(well, heard.append)
        await until_async(lambda: _heard(theirs, broken, heard), "the one is connected")
        await until_async(lambda: _heard(theirs, well, heard, "well"), "the other is connected")
        with caplog.at_level(logging.WARNING, "collab.broker"):
            theirs.publish(broken, Recheck())
            theirs.publish(well, Notify("after"))
            await until_async(lambda: Notify("after") in heard, "the next message is heard")
        assert "joined again" not in caplog.text and "could not be taken" in caplog.text


def _heard(sender: ChannelBroker, document_id: UUID, heard: Sequence[Message], topic: str = "there?") -> bool:
    sender.publish(document_id, Notify(topic))
    return Notify(topic) in heard


@pytest.mark.anyio
async def test_it_comes_back_with_redis(caplog: pytest.LogCaptureFixture) -> None:
    """While Redis is away, publishing neither fails nor waits; afterwards the processes hear each other again."""
    with private_redis() as url:
        layer = RedisPubSubChannelLayer(hosts=[url])
        broker = ChannelBroker(layer, SECRET)
        heard: list[Message] = []
        await broker.subscribe(uuid4(), heard.append)
    with caplog.at_level(logging.WARNING, "collab.broker"):
        broker.publish(uuid4(), Recheck())
        await until_async(lambda: "Could not tell" in caplog.text, "the failure is logged")
    async with asyncio.timeout(10):
        await broker.close()


@pytest.mark.parametrize("message", EVERY_MESSAGE, ids=lambda message: type(message).__name__)
def test_a_message_survives_its_encoding(message: Message) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize("body", [b"", b"\0", b"\1", b"\1\xff", b"\4more", b"\5more", b"\3\xff", b"\x09"])
def test_other_bytes_are_no_message(body: bytes) -> None:
    with pytest.raises((ValueError, CollabError)):
        decode(body)
