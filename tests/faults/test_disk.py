"""The disk fills up and is freed: nobody is told that something is saved which is not, and everybody can still read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from collab import fold, protocol
from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import new_database, postgres
from tests.support.site import Account, Site, new_site
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.wire import socket, text_of, until_frame
from tests.support.writers import Crowd, crowd, words_in

WRITERS = 4

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


async def test_sqlite_on_it(ground: Path, length: Length[int], figure: Figure) -> None:
    with small_disk(64) as disk:
        site = new_site(ground, disk.path / "var").start()
        try:
            figure("A5 SQLite", await fill_and_free(disk, site, length(2, 20)))
        finally:
            site.kill()


async def test_postgresql_on_it(sites: Sites, length: Length[int], figure: Figure) -> None:
    with small_disk(192) as disk, postgres(disk.path) as database:
        site = sites(DATABASE_URL=new_database(database.url))
        figure("A5 PostgreSQL", await fill_and_free(disk, site, length(2, 20)))


async def fill_and_free(disk: SmallDisk, site: Site, times: int) -> str:
    """What was seen, in words."""
    async with crowd([site], WRITERS, pause=0.05) as people:
        for _ in range(times):
            await people.more(20)
            await asyncio.to_thread(disk.fill)
            await people.all_hear("not-saving")
            promised = set(people.acknowledged)
            await must_be_readable(people, promised)
            people.must_find(words_on_disk(site, people.document_id), promised)
            disk.free()
            await people.all_hear("saving-again")
        written = await people.settle()
    return f"disk full {times} times: {written:,} words acknowledged, 0 lost, 0 doubled; readable meanwhile"


async def must_be_readable(people: Crowd, promised: set[str]) -> None:
    """While nothing can be written: the document's page, its text for programs, and the document for a newcomer."""
    (site,), reader = people.sites, people.writers[0].account
    people.must_find((await asyncio.to_thread(text_of, site, reader, people.document_id)).split(), promised)
    assert await asyncio.to_thread(page_status, site, reader, people.document_id) == 200
    newcomer = fold.new_doc()
    async with socket(site, people.document_id, reader.token) as connection:
        await connection.send(protocol.sync_step1(b""))
        while not (frame := await until_frame(connection, protocol.SYNC)).startswith(protocol.sync_step2(b"")[:2]):
            pass
        answer = protocol.decode(frame)
        assert isinstance(answer, protocol.SyncStep2)
        newcomer.apply_update(answer.update)
    people.must_find(words_in(newcomer), promised)


def page_status(site: Site, account: Account, document_id: str) -> int:
    page = Request(f"{site.url}d/{document_id}/", headers={"Cookie": f"sessionid={account.session}"})
    with urlopen(page, timeout=30) as answer:
        return int(answer.status)
