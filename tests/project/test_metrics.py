"""/metrics: who may read it, and that what it says is what happened on a real server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from project import metrics, siblings
from tests.conftest import Sites
from tests.quality.test_docs import OPERATIONS
from tests.support.scrape import TOKEN, scrape
from tests.support.site import Site
from tests.support.until import until_async
from tests.support.wire import close_code, new_document, socket, write

pytestmark = pytest.mark.anyio


@pytest.fixture
def watched(sites: Sites) -> Site:
    return sites(METRICS_TOKEN=TOKEN)


def get(site: Site, headers: Mapping[str, str]) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=20)) as connection:
        connection.request("GET", "/metrics", headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_without_a_token_in_the_settings_there_is_nothing(sites: Sites) -> None:
    site = sites()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert get(site, headers) == (404, "Set METRICS_TOKEN to have figures here.\n")
    assert not (site.var_dir / "processes").exists()


def test_only_who_has_the_token_reads_it(watched: Site) -> None:
    (root,) = watched.enrol("root")
    for wrong in ("", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"Bearer {root.token}", "Bearer é"):
        status, text = get(watched, {"Authorization": wrong, "X-Forwarded-For": "127.0.0.1"})
        assert status == 401 and "scriptorium_" not in text
    status, text = get(watched, {"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.5:8000"})
    assert status == 200 and "scriptorium_rooms" in text
    assert (watched.var_dir / "processes").stat().st_mode & 0o077 == 0


async def test_they_tell_what_has_happened(watched: Site) -> None:
    ada, eve = watched.enrol("ada", "eve")
    document_id = new_document(watched, ada)
    async with (
        socket(watched, document_id, ada.token) as first,
        socket(watched, document_id, ada.token),
        socket(watched, document_id, eve.token) as stranger,
    ):
        assert await close_code(stranger) == 4404
        await write(first, "one")
        await write(first, "two")
        seen = scrape(watched)
        assert (seen.of("scriptorium_rooms"), seen.of("scriptorium_peers"), seen.of("scriptorium_people")) == (1, 2, 1)
        assert seen.of("scriptorium_entries_total") == seen.of("scriptorium_tick_updates_count") == 2
        assert seen.of("scriptorium_commit_seconds_bucket", le="+Inf") == 2
        assert 0 < seen.of("scriptorium_commit_seconds_sum") < 60
        assert seen.of("scriptorium_closed_total", code="4404") == 1
        assert seen.of("scriptorium_load_seconds_count") == 1
        await first.send(b"\xff\xff\xff")
        assert await close_code(first) == 4400
    assert scrape(watched).of("scriptorium_closed_total", code="4400") == 1
    await until_async(lambda: scrape(watched).of("scriptorium_peers") == 0, "nobody is there")
    await until_async(lambda: scrape(watched).of("scriptorium_snapshots_total") == 1, "a snapshot was kept")
    assert scrape(watched).of("process_resident_memory_bytes") > 0


async def test_who_was_killed_is_left_out_and_cleared_away(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.METRICS_TOKEN = tmp_path / ("deep" * 40), TOKEN
    async with metrics.shared():
        assert len(await siblings.ask()) == 0  # not oneself
        left = settings.VAR_DIR / "processes" / str(uuid4())
        folder = settings.VAR_DIR / "processes"
        (own,) = folder.iterdir()
        own.rename(left)
        assert len(await siblings.ask()) == 1  # as another process sees us
    assert await siblings.ask() == [] and list(folder.iterdir()) == []


async def test_each_figure_is_documented() -> None:
    families = [family.name for family in text_string_to_metric_families(await metrics.page())]
    ours = [name.removeprefix("scriptorium_") for name in families if not name.startswith("process_")]
    section = OPERATIONS.read_text().partition("### Figures\n")[2].partition("\n#")[0]
    assert sorted(ours) == sorted(re.findall(r"`scriptorium_(\w+?)(?:_total)?`", section))
