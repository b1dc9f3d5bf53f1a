"""Channel layers on a real Redis that misbehave, and somebody who listens in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis


@contextmanager
def recording(redis_url: str) -> Iterator[Callable[[], list[tuple[bytes, bytes]]]]:
    """A neighbour on the same Redis, who writes down all that passes."""
    with Redis.from_url(redis_url) as redis, redis.pubsub() as ear:
        ear.psubscribe("*")
        ear.get_message(timeout=5)

        def record() -> list[tuple[bytes, bytes]]:
            messages = iter(partial(ear.get_message, timeout=0.1), None)
            kept.extend((each["channel"], each["data"]) for each in messages if each["type"] == "pmessage")
            return list(kept)

        kept: list[tuple[bytes, bytes]] = []
        yield record


class Deaf(RedisPubSubChannelLayer):
    """A layer that hears nothing, and says nothing of it, as when a connection is half open."""

    is_deaf = False
    missed = 0

    async def receive(self, channel: str) -> object:
        while True:
            message = await self.__getattr__("receive")(channel)
            if not Deaf.is_deaf:
                return message
            Deaf.missed += 1
