"""One page in a real Chromium: how soon it can be written in, and how long its keys take while twenty others type."""

from __future__ import annotations

import gzip
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Response

from benchmarks.browser.book import BLOCKS, MEASURED, RATE, TYPISTS, book_text, write_book
from benchmarks.browser.surfaces import Surface
from benchmarks.browser.typists import typing
from benchmarks.dialects import Seat
from benchmarks.load import Crowd
from benchmarks.measure import percentile
from benchmarks.rounds import Row
from benchmarks.scenarios import SEED_SECONDS, newcomer
from benchmarks.script import SENTENCE
from benchmarks.server import Server
from benchmarks.sockets import framed
from tests.support.browser import running_chromium
from tests.support.until import until

KEYS = 240
KEYS_A_SECOND = 8.0
SECONDS = 45.0  # for which the others type, if nobody ends it
SETTLING = 1.0  # seconds of their typing before the first key
PATIENCE = 60.0  # seconds for a page to open, or to catch up
PROBE = Path(__file__).with_name("probe.js")
EDITOR = ".ProseMirror[contenteditable=true]"
BUSY = {
    "busy": "TaskDuration",
    "scripting": "ScriptDuration",
    "layout": "LayoutDuration",
    "style": "RecalcStyleDuration",
}
"""How much of a second the page's thread was at work, in milliseconds, and on what, by Chromium's names."""


def keystrokes(server: Server, seconds: float) -> Row:
    """Milliseconds of keys and of opening, kilobytes of script, and how busy the page's thread was meanwhile."""
    assert isinstance(server, Surface)
    script = write_book(server.shape, int(SECONDS * RATE))
    try:
        server.start()
        seats = server.seats(1, TYPISTS + 1)[0]
        _put_down(seats[0], script.seed)
        with _everywhere(), running_chromium() as chromium:
            context = chromium.new_context(viewport={"width": 1280, "height": 800})
            server.sign_in(context)
            context.add_init_script(PROBE.read_text())
            page = context.new_page()
            opened = _open_twice(page, server.address(seats[0]))
            page.locator(f"{EDITOR} p").nth(MEASURED).click()
            page.keyboard.press("End")
            with typing(seats[1:], script.lines, SECONDS):
                typed = _type(page)
            return opened | typed | {"disagree": _disagreements(page, seats[0]) if server.is_shared else []}
    finally:
        server.stop()
        server.remove()


@contextmanager
def _everywhere() -> Iterator[None]:
    """Who is started in here may use every core, as a browser does."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _put_down(seat: Seat, seed: bytes) -> None:
    crowd = Crowd()
    try:
        (client,) = crowd.join([seat])
        client.send(framed(seat.update(seed)))
        crowd.listen(SEED_SECONDS)
    finally:
        crowd.close()


def _open_twice(page: Page, address: str) -> Row:
    """With nothing in the browser's cache, and again. `script` is what was fetched of it until then, compressed."""
    fetched: list[Response] = []

    def note(answer: Response) -> None:
        fetched.append(answer)

    page.on("response", note)
    cold = _open(page, address)
    scripts = [answer.body() for answer in fetched if answer.request.resource_type == "script"]
    page.remove_listener("response", note)
    return {
        "cold": cold,
        "warm": _open(page, address),
        "script": sum(len(gzip.compress(script)) for script in scripts) / 1e3,
    }


def _open(page: Page, address: str) -> float:
    """Milliseconds from the navigation until the whole text was drawn and could be written in."""
    page.goto(address, wait_until="commit")
    opened: float = page.evaluate(f"probe.opened({BLOCKS})")
    return opened


def _type(page: Page) -> Row:
    """Keys in an uneven rhythm, where the caret stands."""
    page.wait_for_timeout(SETTLING * 1e3)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate("probe.begin()")
    before, begun, chance = _durations(session), time.monotonic(), random.Random(1)
    for number, letter in enumerate(islice(cycle(SENTENCE), KEYS)):
        due = begun + (number + chance.uniform(0.1, 0.9)) / KEYS_A_SECOND
        page.wait_for_timeout(max(0.0, due - time.monotonic()) * 1e3)
        page.keyboard.press("Space" if letter == " " else letter)
    until(lambda: page.evaluate("probe.keys.length") >= KEYS, "the last key was drawn", within=PATIENCE)
    seconds, after = time.monotonic() - begun, _durations(session)
    busy = {name: (after[figure] - before[figure]) / seconds * 1e3 for name, figure in BUSY.items()}
    return _times(page) | busy


def _times(page: Page) -> Row:
    told = page.evaluate("({ keys: probe.keys, long: probe.long })")
    keys, long = sorted(told["keys"]), told["long"]
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "worst": 1}
    return {name: percentile(keys, share) for name, share in shares.items()} | {
        "keys": len(keys),
        "long_tasks": len(long),
        "longest_task": max(long, default=0),
    }


def _durations(session: CDPSession) -> dict[str, float]:
    """Seconds for which the page's thread has been at work so far, by Chromium's names."""
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}


def _disagreements(page: Page, seat: Seat) -> list[str]:
    """Whether the page shows, once the others have ended, what somebody gets who comes now."""

    def is_equal() -> bool:
        return bool(book_text(newcomer(seat).doc) == page.evaluate("probe.text()"))

    try:
        until(is_equal, "the page shows the document", within=PATIENCE)
    except AssertionError:
        return ["the page"]
    return []
