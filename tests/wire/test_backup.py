"""A backup is made while twenty people write, and restored into a site of the other database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import Sites
from tests.support.figures import Figure, Length
from tests.support.servers import new_database
from tests.support.site import Site, new_site
from tests.support.wire import text_of
from tests.support.writers import crowd

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
    figure: Figure,
    length: Length[int],
) -> None:
    here, there = databases
    site, file = sites(**here), str(tmp_path / "backup")
    async with crowd([site], WRITERS, seed=31, pause=0.2) as people:  # beside a command that needs the processor too
        await people.more(length(300, 20_000), within=1000)
        promised = set(people.acknowledged)
        await asyncio.to_thread(site.manage, "backup", file)
        meanwhile = len(people.acknowledged) - len(promised)
        assert meanwhile > 0, "nobody wrote while the backup was made"
        with pytest.raises(AssertionError, match="end it first"):
            await asyncio.to_thread(site.manage, "restore", file, "--replace")

    restored = new_site(ground, tmp_path / "restored", **there)
    restored.manage("restore", file)
    assert "No problems" in restored.manage("verify")
    assert epoch_of(restored) != epoch_of(site)
    restored.start()
    found = text_of(restored, people.writers[0].account, people.document_id).split()
    restored.kill()
    people.must_find(found, promised)
    assert set(found) <= {word for writer in people.writers for word in writer.typed}
    figure(
        f"H1 backup, {request.node.callspec.params['databases']}",
        f"{len(promised):,} words acknowledged before, {meanwhile:,} while it was made under {WRITERS} writers: "
        f"0 lost, 0 doubled, {(tmp_path / 'backup').stat().st_size:,} bytes",
    )


def epoch_of(site: Site) -> str:
    return str(site.python("from collab.models import Stream\nresult = str(Stream.objects.get().epoch)"))
