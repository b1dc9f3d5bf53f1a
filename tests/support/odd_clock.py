"""`python -m tests.support.odd_clock RATE`: the real server, whose time passes RATE times as fast as ours.

Each SIGUSR1 puts its clock an hour forward, each SIGUSR2 an hour back, as whoever sets a machine's clock does: what
waits for seconds to pass notices nothing of that. The clocks are Python's, changed before anything reads them.
"""

from __future__ import annotations

import selectors
import signal
import sys
import time
from datetime import UTC, datetime
from functools import partial

import django
import psycopg  # noqa: F401 (it is to have seen the clocks as they are)
from django.core.management import call_command
from django.utils import timezone

from tests.support.site import Site
from tests.support.until import until

HOUR = 3600.0
SAID = "The clock says"


class OddClock:
    """`offset` is in seconds, and of the clock alone."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.offset = 0.0
        self._monotonic = time.monotonic
        self._began, self._began_at = time.monotonic(), time.time()

    def monotonic(self) -> float:
        return self._began + (self._monotonic() - self._began) * self.rate

    def time(self) -> float:
        return self._began_at + (self._monotonic() - self._began) * self.rate + self.offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def install(self) -> None:
        clock = self

        class Selector(selectors.EpollSelector):
            def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
                return super().select(timeout and timeout / clock.rate)

        # Event loops look it up when they begin; psycopg has its own, and really waits.
        selectors.DefaultSelector = Selector  # type: ignore[misc, assignment]
        time.monotonic, time.time, timezone.now = self.monotonic, self.time, self.now
        signal.signal(signal.SIGUSR1, lambda *_: self.step(HOUR))
        signal.signal(signal.SIGUSR2, lambda *_: self.step(-HOUR))

    def step(self, seconds: float) -> None:
        self.offset += seconds
        print(f"{SAID} {self.now():%H:%M}", flush=True)


def with_odd_clock(rate: float = 1.0) -> list[str]:
    """The command that starts such a server."""
    return [sys.executable, "-m", "tests.support.odd_clock", str(rate)]


def turn_clock(site: Site, hours: int) -> None:
    """Put the clock of a site that has an odd one forward or back."""
    assert site.process is not None
    for _ in range(abs(hours)):
        turned = site.log.count(SAID)
        site.process.send_signal(signal.SIGUSR1 if hours > 0 else signal.SIGUSR2)
        until(partial(has_turned, site, turned), "the clock is turned")


def has_turned(site: Site, times: int) -> bool:
    return site.log.count(SAID) > times


if __name__ == "__main__":
    OddClock(float(sys.argv[1])).install()
    django.setup()
    call_command("serve")
