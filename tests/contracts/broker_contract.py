"""What every Broker must do between two processes. A test class per implementation gives `brokers`, two of them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from collab.ports import Awareness, Broker, Committed, Entry, Forget, Message, Notify, Recheck, Write
from tests.support.until import until_async

EVERY_MESSAGE: list[Message] = [
    Committed(Entry(3, (Write("user:1", b"\0\xff" * 40_000), Write("guest:ä", b"")))),
    Awareness(b"\1\2\3"),
    Notify("comments"),
    Recheck(),
    Forget(),
]


@pytest.mark.anyio
class BrokerContract:
    async def hear(self, broker: Broker, document_id: UUID) -> list[Message]:
        heard: list[Message] = []
        await broker.subscribe(document_id, heard.append)
        return heard

    async def is_connected(self, sender: Broker, document_id: UUID, heard: list[Message]) -> None:
        """Joining may take a moment, and what is said before it may be lost."""

        def try_again() -> bool:
            sender.publish(document_id, Notify("are you there?"))
            return bool(heard)

        await until_async(try_again, "the other process hears")
        sender.publish(document_id, Notify("now"))
        await until_async(lambda: Notify("now") in heard, "the other process has heard all so far")
        heard.clear()

    async def test_the_other_process_hears_every_kind_of_message(self, brokers: tuple[Broker, Broker]) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        await self.hear(ours, document_id)
        heard = await self.hear(theirs, document_id)
        await self.is_connected(ours, document_id, heard)
        for message in EVERY_MESSAGE:
            ours.publish(document_id, message)
        await until_async(lambda: len(heard) >= len(EVERY_MESSAGE), "all has been heard")
        assert sorted(map(repr, heard)) == sorted(map(repr, EVERY_MESSAGE))

    async def test_who_has_told_something_before_it_listens_hears_all_the_same(
        self, brokers: tuple[Broker, Broker]
    ) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        theirs.publish(document_id, Recheck())
        heard = await self.hear(theirs, document_id)
        await self.is_connected(ours, document_id, heard)

    async def test_the_publisher_does_not_hear_itself(self, brokers: tuple[Broker, Broker]) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        echo, heard = await self.hear(ours, document_id), await self.hear(theirs, document_id)
        await self.is_connected(ours, document_id, heard)
        assert echo == []

    async def test_documents_are_apart(self, brokers: tuple[Broker, Broker]) -> None:
        ours, theirs = brokers
        one, other = uuid4(), uuid4()
        of_one, of_other = await self.hear(theirs, one), await self.hear(theirs, other)
        await self.is_connected(ours, other, of_other)
        await self.is_connected(ours, one, of_one)
        ours.publish(one, Notify("for one"))
        await until_async(lambda: of_one == [Notify("for one")], "the one is heard")
        assert of_other == []

    async def test_after_unsubscribing_nothing_comes(self, brokers: tuple[Broker, Broker]) -> None:
        ours, theirs = brokers
        gone, kept = uuid4(), uuid4()
        of_gone, of_kept = await self.hear(theirs, gone), await self.hear(theirs, kept)
        await self.is_connected(ours, gone, of_gone)
        await self.is_connected(ours, kept, of_kept)
        await theirs.unsubscribe(gone)
        ours.publish(gone, Recheck())
        ours.publish(kept, Recheck())
        await until_async(lambda: of_kept == [Recheck()], "the kept one is heard")
        assert of_gone == []

    async def test_closing_twice_is_no_harm(self, brokers: tuple[Broker, Broker]) -> None:
        await brokers[0].close()
        await brokers[0].close()
