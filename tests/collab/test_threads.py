"""Threads that ask the database: whose connection is kept, and what becomes of it after a failure."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection

from collab.threads import Threads

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
