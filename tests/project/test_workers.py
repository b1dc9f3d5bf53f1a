"""Several processes behind one port, on PostgreSQL and Redis: counted together, ended in good order, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from tests.conftest import Sites
from tests.support.scrape import TOKEN, Figures, scrape
from tests.support.site import ROOT, Account, Site, new_site
from tests.support.until import until, until_async
from tests.support.wire import close_code, new_document, socket, text_of, write

pytestmark = pytest.mark.anyio


@pytest.fixture
def pair(sites: Sites, postgres_database: str, redis_url: str) -> Site:
    """A site of two processes."""
    return sites(WORKERS="2", DATABASE_URL=postgres_database, REDIS_URL=redis_url, METRICS_TOKEN=TOKEN)


def figures_of_two(site: Site) -> Figures | None:
    figures = scrape(site)
    return figures if len(figures.processes) == 2 else None


@asynccontextmanager
async def peers_in_both(site: Site, document_id: str, account: Account) -> AsyncIterator[list[ClientConnection]]:
    """Connections, as many as it takes until each process has one: the kernel hands them out."""
    async with AsyncExitStack() as stack:
        connections: list[ClientConnection] = []

        async def both() -> bool:
            connections.append(await stack.enter_async_context(socket(site, document_id, account.token)))
            return len([count for count in scrape(site).by_process("scriptorium_peers").values() if count]) == 2

        await until_async(both, "both processes have a connection")
        yield connections


async def test_each_counts_for_itself_and_any_answers_for_both(pair: Site) -> None:
    (ada,) = pair.enrol("ada")
    document_id = new_document(pair, ada)
    async with peers_in_both(pair, document_id, ada) as connections:
        for number, connection in enumerate(connections):
            await write(connection, f"word{number}")
        seen = scrape(pair)
        assert seen.of("scriptorium_peers") == len(connections)
        assert seen.of("scriptorium_entries_total") == seen.of("scriptorium_commit_seconds_count") == len(connections)
        assert seen.of("scriptorium_tick_updates_sum") == len(connections)
        assert all(seen.by_process("scriptorium_rooms").values()) and len(seen.by_process("scriptorium_rooms")) == 2
        for _ in range(10):  # whichever answers, it is the same
            assert scrape(pair).by_process("scriptorium_entries_total") == seen.by_process("scriptorium_entries_total")


async def test_one_that_dies_is_started_again(pair: Site) -> None:
    until(lambda: figures_of_two(pair), "both processes answer")
    before = scrape(pair).processes
    victim = min(before)
    os.kill(victim, signal.SIGKILL)

    def successor() -> bool:
        figures = figures_of_two(pair)
        return figures is not None and victim not in figures.processes

    until(successor, "another process has taken its place")
    assert (before - {victim}) < scrape(pair).processes
    assert os.listdir(pair.var_dir / "processes") and str(victim) not in os.listdir(pair.var_dir / "processes")


async def test_they_end_when_the_one_that_started_them_is_killed(pair: Site) -> None:
    until(lambda: figures_of_two(pair), "both processes answer")
    workers = {int(process) for process in scrape(pair).processes}
    pair.kill()
    until(lambda: not any(Path(f"/proc/{worker}/stat").exists() for worker in workers), "both have ended")
    assert not os.listdir(pair.var_dir / "processes")


def test_a_server_whose_processes_cannot_start_gives_up(ground: Path, tmp_path: Path, redis_url: str) -> None:
    site = new_site(ground, tmp_path / "site", WORKERS="2", REDIS_URL=redis_url, METRICS_TOKEN=TOKEN)
    (site.var_dir / "processes").touch()  # where a folder should be
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 3
    assert "File exists" in done.stderr and "ready at" not in done.stdout


async def test_asked_to_end_both_say_that_they_restart_and_keep_what_they_took(pair: Site) -> None:
    (ada,) = pair.enrol("ada")
    document_id = new_document(pair, ada)
    async with peers_in_both(pair, document_id, ada) as connections:
        for number, connection in enumerate(connections):
            await write(connection, f"word{number}")
        assert pair.process is not None
        for _ in ("asked", "asked again"):
            pair.process.send_signal(signal.SIGTERM)
        assert {await close_code(connection) for connection in connections} == {1012}
    assert pair.process.wait(30) == 0, pair.log
    assert "Traceback" not in pair.log and not os.listdir(pair.var_dir / "processes")
    pair.start()
    assert set(text_of(pair, ada, document_id).split()) == {f"word{number}" for number in range(len(connections))}
