"""The power fails at any moment, or the disk fails to write: what was acknowledged is in what is left, once."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Sites
from tests.support.disk import words_in_sqlite
from tests.support.figures import Figure, Length
from tests.support.until import until
from tests.support.writelog import Call, File, is_over, recorded, recording
from tests.support.writers import Crowd, crowd

WRITERS = 4
EVERY_15TH = "fdatasync:error=EIO:when=20+15"

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


@pytest.mark.parametrize(("name", "faults"), [("A6", []), ("A7", [EVERY_15TH])], ids=["power", "failed writes"])
async def test_what_is_left(
    sites: Sites, tmp_path: Path, length: Length[int], figure: Figure, name: str, faults: list[str]
) -> None:
    skip_without_strace()
    site, log = sites(), tmp_path / "written"
    database = site.var_dir / "scriptorium.sqlite3"
    async with crowd([site], WRITERS, pause=0.03) as people:
        await people.more(1)
        await asyncio.to_thread(site.kill)
        with closing(sqlite3.connect(database)) as connection:  # and its log is empty after this
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before, ordinary = database.read_bytes(), site.command
        site.command = [*recording(log, *faults), *ordinary]
        await asyncio.to_thread(site.start)
        behind = sum(len(writer.typed) for writer in people.writers) - len(people.acknowledged)
        await people.more(behind + length(600, 4000), within=600)
        await asyncio.to_thread(site.terminate)
        until(lambda: is_over(log), "all is recorded")
        calls = recorded(log)
        cuts = cut_the_power(before, calls, people, database, images=length(40, 1000))
        site.command = ordinary
        await asyncio.to_thread(site.start)
        written = await people.settle()
    failed = sum(call.result < 0 for call in calls)
    assert bool(failed) == bool(faults)
    assert all(("not-saving" in writer.notices) == bool(faults) for writer in people.writers)
    events = f"{cuts} power cuts" + (f" and {failed} failed fsyncs" if faults else "")
    figure(name, f"{events} under {written:,} words: 0 lost, 0 doubled, 0 corrupt")


def skip_without_strace() -> None:
    if not shutil.which("strace") or subprocess.run(["strace", "true"], capture_output=True, check=False).returncode:
        pytest.skip("What is written is recorded by strace, which is not here or not allowed.")


def cut_the_power(before: bytes, calls: list[Call], people: Crowd, database: Path, *, images: int) -> int:
    """Look at what is left of the database at so many moments, or as many as there were. How many there were."""
    chance = random.Random(images)
    files = {str(database): File(bytearray(before)), f"{database}-wal": File(bytearray())}
    moments = set(chance.sample(range(len(calls)), min(images, len(calls))))
    busy_until, cuts = 0.0, 0
    for number, call in enumerate(calls):
        if number in moments and busy_until <= call.began:  # nothing is half done then
            left = database.parent / "left" / database.name
            left.parent.mkdir(exist_ok=True)
            for path, file in files.items():
                left.with_name(Path(path).name).write_bytes(file.after_power_cut(chance))
            left.with_name(f"{left.name}-shm").unlink(missing_ok=True)
            must_be_sound(left)
            promised = [word for word, at in people.acknowledged.items() if at < call.began]
            people.must_find(words_in_sqlite(left, people.document_id), promised)
            cuts += 1
        busy_until = max(busy_until, call.ended)
        if call.path in files:
            files[call.path].take(call)
    return cuts


def must_be_sound(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
