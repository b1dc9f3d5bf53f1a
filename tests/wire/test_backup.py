"""A backup is made while twenty people write, and restored into a site of the other database."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.conftest import Sites
from tests.support.figures import Figure, Length
from tests.support.servers import new_database
from tests.support.site import Site, new_site
from tests.support.until import until_async
from tests.support.wire import new_document, share, text_of
from tests.wire import test_crash
from tests.wire.test_crash import Writer

WRITERS = 20

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["SQLite to PostgreSQL", "PostgreSQL to SQLite"])
def databases(request: pytest.FixtureRequest, postgres_url: str) -> tuple[dict[str, str], dict[str, str]]:
    """The environments of where the backup is made and where it is restored."""
    one: dict[str, str] = {"DATABASE_URL": new_database(postgres_url)}
    other: dict[str, str] = {}
    return (other, one) if request.param.startswith("SQLite") else (one, other)


@pytest.mark.timeout(300)
async def test_all_that_was_acknowledged_before_is_in_it(
    sites: Sites,
    databases: tuple[dict[str, str], dict[str, str]],
    ground: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
    length: Length[int],
) -> None:
    monkeypatch.setattr(test_crash, "PAUSE", 0.2)  # twenty writers in one process, beside a command that needs it too
    here, there = databases
    site = sites(**here)
    accounts = site.enrol(*(f"writer{number}" for number in range(WRITERS)))
    document_id = new_document(site, accounts[0])
    share(site, document_id, *accounts[1:])
    chance = random.Random(31)
    writers = [Writer(account, chance) for account in accounts]
    tasks = [asyncio.create_task(writer.stay_connected(site, document_id)) for writer in writers]
    tasks += [asyncio.create_task(writer.type(100_000)) for writer in writers]

    def acknowledged() -> set[str]:
        return set().union(*(writer.acknowledged for writer in writers))

    await until_async(lambda: len(acknowledged()) >= length(300, 20_000), "much has been written", within=1000)
    promised = acknowledged()
    await asyncio.to_thread(site.manage, "backup", str(tmp_path / "backup"))
    meanwhile = len(acknowledged()) - len(promised)
    assert meanwhile > 0, "nobody wrote while the backup was made"
    with pytest.raises(AssertionError, match="end it first"):
        await asyncio.to_thread(site.manage, "restore", str(tmp_path / "backup"), "--replace")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)  # their connections are closed

    restored = new_site(ground, tmp_path / "restored", **there)
    restored.manage("restore", str(tmp_path / "backup"))
    assert "No problems" in restored.manage("verify")
    assert epoch_of(restored) != epoch_of(site)
    restored.start()
    found = text_of(restored, accounts[0], document_id).split()
    restored.kill()
    assert len(found) == len(set(found)) and promised <= set(found), f"lost: {sorted(promised - set(found))[:10]}"
    assert set(found) <= {word for writer in writers for word in writer.typed}
    figure(
        f"H1 backup, {request.node.callspec.params['databases']}",
        f"{len(promised):,} words acknowledged before, {meanwhile:,} while it was made under {WRITERS} writers: "
        f"0 lost, 0 doubled, {(tmp_path / 'backup').stat().st_size:,} bytes",
    )


def epoch_of(site: Site) -> str:
    return str(site.python("from collab.models import Stream\nresult = str(Stream.objects.get().epoch)"))
