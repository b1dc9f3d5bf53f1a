"""Where a document is open in one process alone, nothing is said of it; and whoever opens it is told all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeAlias
from uuid import UUID, uuid4

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from collab.broker import ChannelBroker
from collab.ports import Ask, Awareness, Committed, Entry, Head, Message, Notify, Write
from tests.support.layers import Deaf, recording
from tests.support.until import until_async

SECRET = "one installation's secret"
EPOCH = UUID(int=7)

Two: TypeAlias = tuple[ChannelBroker, ChannelBroker]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def brokers(redis_url: str, anyio_backend: str) -> AsyncIterator[Two]:
    """Ours has the layer that can be deaf."""
    layers = Deaf(hosts=[redis_url]), RedisPubSubChannelLayer(hosts=[redis_url])
    pair = ChannelBroker(layers[0], SECRET), ChannelBroker(layers[1], SECRET)
    yield pair
    for broker, layer in zip(pair, layers, strict=True):
        await broker.close()
        await layer.flush()


def entry(seq: int) -> Committed:
    return Committed(EPOCH, Entry(seq, (Write("user:1", b"typed"),)))


async def open_at(broker: ChannelBroker, document_id: UUID) -> list[Message]:
    """A room that says that it is there when it is asked, as all do. What it hears."""
    heard: list[Message] = []

    def take(message: Message) -> None:
        heard.append(message)
        if isinstance(message, Ask):
            broker.publish(document_id, Awareness(b"\0"), to=message.answer_to)

    await broker.subscribe(document_id, take)
    return heard


async def test_of_a_document_that_nobody_else_has_open_nothing_is_said(brokers: Two, redis_url: str) -> None:
    """Until somebody opens it: they are told how far the log is, and everything from then on."""
    ours, theirs = brokers
    document_id = uuid4()
    group = f"asgi__group__collab.{document_id.hex}".encode()
    with recording(redis_url) as record:
        await open_at(ours, document_id)
        await until_async(lambda: group in [channel for channel, _ in record()], "it has asked who is there")
        ours.publish(document_id, Awareness(b"caret"))
        ours.publish(document_id, entry(5))
        ours.publish(document_id, Notify("title"))
        await until_async(lambda: [channel for channel, _ in record()].count(group) > 1, "the title is told of")
        assert [channel for channel, _ in record()].count(group) <= 3, "asked, perhaps twice, and the title"
    heard = await open_at(theirs, document_id)
    await until_async(lambda: Head(EPOCH, 5) in heard, "who comes is told how far the log is")
    ours.publish(document_id, entry(6))
    await until_async(lambda: entry(6) in heard, "who is there is told of each entry")
    assert entry(5) not in heard


async def test_who_was_not_heard_coming_is_found_all_the_same(
    brokers: Two, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.broker.PULSE_SECONDS", 0.05)
    ours, theirs = brokers
    document_id = uuid4()
    group = f"asgi__group__collab.{document_id.hex}".encode()
    with recording(redis_url) as record:
        await open_at(ours, document_id)
        await until_async(lambda: [channel for channel, _ in record()].count(group) == 1, "ours has asked")
        monkeypatch.setattr(Deaf, "is_deaf", True)
        heard = await open_at(theirs, document_id)
        await until_async(lambda: [channel for channel, _ in record()].count(group) == 2, "theirs has asked")
    missed = Deaf.missed
    await until_async(lambda: Deaf.missed > missed + 1, "pulses from after that have been missed as well")
    monkeypatch.setattr(Deaf, "is_deaf", False)
    ours.publish(document_id, entry(5))
    await until_async(lambda: Head(EPOCH, 5) in heard, "they are asked for, and told")
    assert any(isinstance(message, Ask) for message in heard) and entry(5) not in heard


@pytest.mark.parametrize("how", ["closes", "ends"])
async def test_who_leaves_before_anybody_has_answered_says_how_far_the_log_is(
    brokers: Two, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a command does that opens a document, changes it, and ends."""
    ours, theirs = brokers
    document_id = uuid4()
    heard = await open_at(theirs, document_id)
    await until_async(lambda: theirs.is_joined, "they would hear")
    monkeypatch.setattr(Deaf, "is_deaf", True)
    await open_at(ours, document_id)
    await until_async(lambda: ours.is_joined and any(isinstance(message, Ask) for message in heard), "it is there")
    ours.publish(document_id, entry(5))
    await (ours.unsubscribe(document_id) if how == "closes" else ours.close())
    await until_async(lambda: Head(EPOCH, 5) in heard, "they are told")
    assert entry(5) not in heard


async def test_who_opens_a_document_again_knows_no_longer_who_had_it_open(brokers: Two, redis_url: str) -> None:
    ours, theirs = brokers
    document_id = uuid4()
    await open_at(ours, document_id)
    heard = await open_at(theirs, document_id)
    ours.publish(document_id, entry(4))
    await until_async(lambda: Head(EPOCH, 4) in heard or entry(4) in heard, "they have met")
    for broker in theirs, ours:
        await broker.unsubscribe(document_id)
    await open_at(ours, document_id)
    with recording(redis_url) as record:
        for seq in range(5, 15):
            ours.publish(document_id, entry(seq))
        ours.publish(document_id, Notify("title"))
        group = f"asgi__group__collab.{document_id.hex}".encode()
        await until_async(lambda: group in [channel for channel, _ in record()], "the title is told of")
        assert [channel for channel, _ in record()].count(group) < 5, "of no entry"
