"""Threads that ask the database: whose connection is kept, what becomes of it after a failure; and one that commits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event, current_thread

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection

from collab.threads import OneThread, Threads

pytestmark = [pytest.mark.anyio, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def threads() -> Threads:
    return Threads(1, "test")


def _ask(question: str = "SELECT 1") -> object:
    """The driver's connection that has answered."""
    with connection.cursor() as cursor:
        cursor.execute(question)
    return connection.connection


def _connected() -> bool:
    return connection.connection is not None


async def test_an_embedded_database_is_opened_once_in_a_thread(threads: Threads) -> None:
    first = await threads.run(_ask)
    assert await threads.run(_connected) is (connection.vendor == "sqlite")
    assert (await threads.run(_ask) is first) is (connection.vendor == "sqlite")


async def test_a_connection_that_has_failed_is_not_used_again(threads: Threads) -> None:
    with pytest.raises(DatabaseError):
        await threads.run(_ask, "SELECT nothing FROM nowhere")
    assert not await threads.run(_connected)
    await threads.run(_ask)


async def test_what_a_thread_waits_for_happens_in_the_loop_that_sent_it(threads: Threads) -> None:
    async def where() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    assert await threads.run(async_to_sync(where)) is asyncio.get_running_loop()


# --- one after the other ----------------------------------------------------------------------------------------------


@pytest.fixture
def one() -> Iterator[OneThread]:
    thread = OneThread("one")
    yield thread
    thread.close()


async def test_one_thread_does_things_in_order_and_goes_on_after_an_error(one: OneThread) -> None:
    done: list[int] = []
    first, wrong, last = one.run(done.append, 1), one.run(int, "no number"), one.run(done.append, 2)
    with pytest.raises(ValueError, match="no number"):
        await wrong
    await asyncio.gather(first, last)
    assert done == [1, 2]
    assert (await one.run(current_thread)).name == "one"


async def test_an_answer_that_nobody_waits_for_any_more_is_dropped(one: OneThread) -> None:
    gate = Event()
    waiting = one.run(gate.wait)
    waiting.cancel()
    gate.set()
    assert await one.run(int, "7") == 7


def test_a_loop_that_has_ended_meanwhile_is_not_missed(one: OneThread) -> None:
    gate = Event()

    async def leave() -> None:
        one.run(gate.wait)

    async def ask() -> int:
        return await one.run(int, "7")

    asyncio.run(leave())
    gate.set()
    assert asyncio.run(ask()) == 7


async def test_it_ends_after_what_waits() -> None:
    thread = OneThread("ending")
    last = thread.run(current_thread)
    thread.close()
    ended = await last
    await asyncio.to_thread(ended.join, 10)
    assert not ended.is_alive()
