"""The broker on a channel layer keeps the contract on a real Redis; and what is not signed by us is dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis

from collab.broker import WHOLE_BYTES, ChannelBroker
from collab.errors import CollabError
from collab.ports import Awareness, Committed, Entry, Head, Message, Notify, Recheck, Write
from collab.unsent import MAX_UNSENT_BYTES, Unsent
from tests.contracts.broker_contract import BrokerContract
from tests.support.layers import Deaf, recording
from tests.support.servers import free_port, private_redis
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
            with Redis.from_url(redis_url) as redis:
                redis.publish(f"asgi__group__collab.{document_id.hex}", b"\xc1 not even the layer's own format")
        ours.publish(document_id, Notify("title"))
        await until_async(lambda: bool(heard), "the honest message is heard")
        assert heard == [Notify("title")] and "joined again" not in caplog.text
        await stranger.close()

    async def test_a_process_subscribes_once_to_each_document(
        self, brokers: tuple[ChannelBroker, ChannelBroker], redis_url: str
    ) -> None:
        """Redis itself says who listens to what."""
        one, other = uuid4(), uuid4()
        for broker in brokers:
            of_one, of_other = await self.hear(broker, one), await self.hear(broker, other)
            await broker.subscribe(one, of_one.append)  # again, as a hub does once a room is loaded
            await broker.subscribe(other, of_other.append)
        with Redis.from_url(redis_url) as redis:
            groups = [f"asgi__group__collab.{each.hex}" for each in (one, other)]
            await until_async(lambda: [n for _, n in redis.pubsub_numsub(*groups)] == [2, 2], "both have joined both")
            listening = {name.decode() for name in redis.pubsub_channels("asgi__group__collab.*")}
            assert set(groups) <= listening
            await brokers[0].unsubscribe(one)
            await until_async(lambda: [n for _, n in redis.pubsub_numsub(*groups)] == [1, 2], "one has left one")

    async def test_what_is_repeated_is_taken_once(
        self, brokers: tuple[ChannelBroker, ChannelBroker], redis_url: str
    ) -> None:
        """Whoever listens on Redis may send again what they have heard, also much later, also to others."""
        ours, theirs = brokers
        document_id = uuid4()
        await self.hear(ours, document_id)
        heard = await self.hear(theirs, document_id)
        here, there = Awareness(b"here"), Awareness(b"back again")

        def is_believed(broker: ChannelBroker, message: Message) -> bool:
            broker.publish(document_id, message)
            return message in heard

        with recording(redis_url) as record:
            await until_async(lambda: is_believed(ours, here), "it is believed")
            ours.publish(document_id, Recheck())
            await until_async(lambda: Recheck() in heard, "all is heard")
            await ours.close()
            heard.clear()
            with Redis.from_url(redis_url) as redis:
                for channel, data in record():
                    redis.publish(channel, data)
            third = ChannelBroker(RedisPubSubChannelLayer(hosts=[redis_url]), SECRET)
            newcomer = await self.hear(third, document_id)
            await until_async(lambda: is_believed(third, there), "what is new is believed")
            assert here not in heard and Recheck() not in heard
            with Redis.from_url(redis_url) as redis:
                for channel, data in record():
                    redis.publish(channel, data)
            theirs.publish(document_id, Notify("last"))
            await until_async(lambda: Notify("last") in newcomer, "the newcomer has heard it all")
            assert here not in newcomer, "of who is here, nothing is believed that an ended process once said"
            await third.close()


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


@pytest.mark.anyio
async def test_when_redis_is_back_whoever_listens_knows_that_something_may_have_been_lost() -> None:
    """And what was said meanwhile is said again, should the listener be back first."""
    document_id, port = uuid4(), free_port()
    layers = [RedisPubSubChannelLayer(hosts=[f"redis://127.0.0.1:{port}/0"]) for _ in range(2)]
    ours, theirs = (ChannelBroker(layer, SECRET) for layer in layers)
    heard: list[Message] = []
    returns: list[str] = []
    theirs.watch(lambda: returns.append("back"))
    await theirs.subscribe(document_id, heard.append)
    with private_redis(port):
        await until_async(lambda: _heard(ours, document_id, heard), "they are connected")
        assert returns
    ours.publish(document_id, Notify("while it is away"))
    await until_async(lambda: not theirs.is_joined, "the listener has noticed")
    returns.clear()
    with private_redis(port):
        await until_async(lambda: returns, "the listener knows that Redis is back")
        assert theirs.is_joined
        await until_async(lambda: _heard(ours, document_id, heard, "after"), "they hear each other")
        for broker, layer in zip((ours, theirs), layers, strict=True):
            await broker.close()
            await layer.flush()


@pytest.mark.anyio
async def test_a_process_that_does_not_hear_itself_joins_anew(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("collab.broker.PULSE_SECONDS", 0.02)
    layer = Deaf(hosts=[redis_url])
    broker = ChannelBroker(layer, SECRET)
    returns: list[str] = []
    broker.watch(lambda: returns.append("back"))
    await broker.subscribe(uuid4(), lambda message: None)
    await until_async(lambda: returns, "it is connected")
    with caplog.at_level(logging.WARNING, "collab.broker"):
        monkeypatch.setattr(Deaf, "is_deaf", True)
        await until_async(lambda: "nothing comes in any more" in caplog.text, "it notices")
        monkeypatch.setattr(Deaf, "is_deaf", False)
        await until_async(lambda: len(returns) > 1, "it is connected again")
    await broker.close()
    await layer.flush()


@pytest.mark.anyio
async def test_who_came_only_to_say_something_has_left_at_once(redis_url: str) -> None:
    """Commands do, while everything that listens is still connecting."""
    for turns in range(20):
        layer = RedisPubSubChannelLayer(hosts=[redis_url])
        broker = ChannelBroker(layer, SECRET)
        await broker.subscribe(uuid4(), lambda _message: None)
        broker.publish(uuid4(), Notify("title"))
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(2):
            await broker.close()
        await layer.flush()


@pytest.mark.anyio
async def test_one_lost_message_of_its_own_is_enough_to_look(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collab.broker.PULSE_SECONDS", 0.02)
    layer = Deaf(hosts=[redis_url])
    broker = ChannelBroker(layer, SECRET)
    returns: list[str] = []
    broker.watch(lambda: returns.append("back"))
    await broker.subscribe(uuid4(), lambda message: None)
    await until_async(lambda: returns, "it is connected")
    monkeypatch.setattr(Deaf, "is_deaf", True)
    missed = Deaf.missed
    await until_async(lambda: Deaf.missed > missed, "it has missed one")
    monkeypatch.setattr(Deaf, "is_deaf", False)
    await until_async(lambda: len(returns) > 1, "it looks")
    await broker.close()
    await layer.flush()


@pytest.mark.anyio
async def test_a_long_entry_is_told_of_by_its_number(redis_url: str) -> None:
    layers = RedisPubSubChannelLayer(hosts=[redis_url]), RedisPubSubChannelLayer(hosts=[redis_url])
    ours, theirs = (ChannelBroker(layer, SECRET) for layer in layers)
    document_id, epoch = uuid4(), uuid4()
    heard: list[Message] = []
    await theirs.subscribe(document_id, heard.append)
    await until_async(lambda: _heard(ours, document_id, heard), "they are connected")
    ours.publish(document_id, Committed(epoch, Entry(5, (Write("user:1", b"x" * WHOLE_BYTES),))))
    await until_async(lambda: Head(epoch, 5) in heard, "it is told")
    assert not any(isinstance(message, Committed) for message in heard)
    for broker, layer in zip((ours, theirs), layers, strict=True):
        await broker.close()
        await layer.flush()


def test_what_waits_has_a_bound() -> None:
    unsent = Unsent()
    for number in range(100):
        unsent.put("", UUID(int=number), bytes(1024 * 1024))
    first = asyncio.run(unsent.first())
    assert first[1] == UUID(int=100 - MAX_UNSENT_BYTES // (1024 * 1024))
