"""A recorded session of two authors, replayed through real sockets, ends as it was recorded, wherever one looks."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.recordings import FOLDER, load
from benchmarks.replay import replay
from tests.support.site import Site

RECORDING = FOLDER / "friendsforever.json.gz"


@pytest.mark.skipif(not RECORDING.is_file(), reason="friendsforever.json.gz is not in SCRIPTORIUM_DATA")
def test_two_authors_at_once(site: Site) -> None:
    recording = load(RECORDING)
    result = asyncio.run(replay(recording, site, site.enrol("ada", "grace")))
    assert len(result.texts) == 5
    assert {who for who, text in result.texts.items() if text != recording.final_text} == set()
    print(f"{len(recording.transactions):,} transactions in {result.seconds:.1f} s, {result.stored}")
