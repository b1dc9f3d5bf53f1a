"""What every Broker must do between two processes. A test class per implementation gives `brokers`, two of them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from collab.ports import Ask, Awareness, Broker, Committed, Entry, Forget, Head, Message, Notify, Recheck, Write
from tests.support.until import until_async

EPOCH = UUID(int=7)
NOBODY_IS_HERE = Awareness(b"\0")
EVERY_MESSAGE: list[Message] = [
    Committed(EPOCH, Entry(3, (Write("user:1", b"\0\xff" * 40_000), Write("guest:ä", b"")))),
    Head(EPOCH, 4),
    Awareness(b"\1\2\3"),
    Notify("comments"),
    Recheck(),
    Forget(),
]


@pytest.mark.anyio
class BrokerContract:
    async def hear(self, broker: Broker, document_id: UUID) -> list[Message]:
        """What comes, but for what processes that open a document ask and answer each other by themselves."""
        heard: list[Message] = []

        def take(message: Message) -> None:
            if isinstance(message, Ask):
                broker.publish(document_id, NOBODY_IS_HERE, to=message.answer_to)
            elif message != NOBODY_IS_HERE:
                heard.append(message)

        await broker.subscribe(document_id, take)
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

        def try_again() -> bool:  # who is here is not believed of somebody who has not answered yet
            for message in EVERY_MESSAGE:
                if message not in heard:
                    ours.publish(document_id, message)
            return all(message in heard for message in EVERY_MESSAGE)

        await until_async(try_again, "all has been heard")
        assert all(message in EVERY_MESSAGE or message == Head(EPOCH, 3) for message in heard)

    async def test_who_has_told_something_before_it_listens_hears_all_the_same(
        self, brokers: tuple[Broker, Broker]
    ) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        theirs.publish(document_id, Recheck())
        heard = await self.hear(theirs, document_id)
        await self.is_connected(ours, document_id, heard)

    async def test_who_opens_a_document_asks_who_is_there_and_is_answered_alone(
        self, brokers: tuple[Broker, Broker]
    ) -> None:
        ours, theirs = brokers
        document_id = uuid4()
        asked: list[Message] = []
        answers: list[Message] = []
        await ours.subscribe(document_id, asked.append)
        await self.hear(ours, uuid4())
        await theirs.subscribe(document_id, answers.append)
        await until_async(lambda: any(isinstance(each, Ask) for each in asked), "the question is heard")
        (question,) = [each for each in asked if isinstance(each, Ask)][-1:]
        ours.publish(document_id, Awareness(b"I am"), to=question.answer_to)
        await until_async(lambda: Awareness(b"I am") in answers, "the answer is heard")
        assert Awareness(b"I am") not in asked

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
