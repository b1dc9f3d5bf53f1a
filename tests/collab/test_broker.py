"""The broker on a channel layer keeps the contract on a real Redis; and what is not signed by us is dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from uuid import uuid4

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
