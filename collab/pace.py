"""What a principal may cost this process. Everything it sends has a price, in seconds of the server's work.

A principal has a full purse at first, and it fills again at SHARE of the time. Who has spent it is read more slowly,
over all its connections together; who owes more than PATIENCE is ended (4429) until most of it is paid. What must not
be, and what keeps everybody else waiting, costs far more than the work it makes: so it does not pay.

Knows no frames, no sockets and no rooms. The prices are in docs/protocol.md, "What it costs".
"""

from __future__ import annotations

from collections.abc import Callable

from collab.errors import TooFast

SHARE = 0.4  # of this process's time, for one principal in the long run
PURSE = 15.0  # seconds of work that it may cost at once
PATIENCE = 10.0  # seconds that a connection of it is kept waiting, at most
CONNECTIONS = 256  # of one principal at once

JOIN = 0.005
FRAME, BYTE = 25e-6, 0.2e-6
SHOWN = 2e-9  # for each byte of an update, and each peer that is shown it
CARET, CARET_SHOWN = 50e-6, 0.5e-6  # for each peer that sees the caret move
ANSWER, ANSWER_BYTE = 1e-3, 20e-9  # to a sync step 1
LOOK = 0.005  # the log was read, in case another process knew more
FORM = 0.020
STALL, STALL_FREE = 10.0, 0.010  # for each second that nobody else was served; what lasted less is free
REFUSED = 0.1  # twice as much each time, up to 256 times, until the purse has been full again
POISONED = 30.0

_FULL = PURSE / SHARE
_MOST_DOUBLED = 8


class Meter:
    """One principal's purse. `now` tells the time in seconds."""

    __slots__ = ("_now", "_offences", "_square", "connections")

    def __init__(self, now: Callable[[], float]) -> None:
        self.connections = 0
        self._now = now
        self._square = now() - _FULL  # when the work done so far is, or will be, paid for
        self._offences = 0

    def spend(self, cost: float) -> float:
        """Pay for `cost` seconds of work; how many seconds to wait before more is read. Raises TooFast."""
        wait = self.owe(cost)
        if wait <= 0.0:
            return 0.0
        self.check()
        return wait

    def owe(self, cost: float) -> float:
        """The same for work that is done already, without a complaint; below 0 while there is something left."""
        now = self._now()
        if self._square <= now - _FULL:
            self._square, self._offences = now - _FULL, 0
        self._square += cost / SHARE
        return self._square - now

    def fine(self, cost: float) -> None:
        """It has sent what no honest client sends: dearer each time."""
        self.owe(cost * 2 ** min(self._offences, _MOST_DOUBLED))
        self._offences += 1

    def stalled(self, seconds: float) -> None:
        """Nobody else was served while something of this principal's was done. Raises TooFast."""
        if seconds > STALL_FREE:
            self.spend(seconds * STALL)

    def check(self) -> None:
        """Raises TooFast while it owes so much that nothing more of it is taken."""
        if self._square - self._now() > PATIENCE:
            raise TooFast("This is more than one person can do: come back in a minute.")

    @property
    def is_full(self) -> bool:
        """Whether nothing has to be remembered of this principal."""
        return not self.connections and self._square <= self._now() - _FULL


class Meters:
    """The purses of all principals of one process."""

    def __init__(self, now: Callable[[], float], connections: int = CONNECTIONS) -> None:
        self._now = now
        self._most = connections
        self._meters: dict[str, Meter] = {}

    def enter(self, principal: str) -> Meter:
        """A connection of this principal begins. Raises TooFast when it has too many."""
        meter = self._meters.get(principal)
        if meter is None:
            meter = self._meters[principal] = Meter(self._now)
        if meter.connections >= self._most:
            raise TooFast(f"Nobody may have more than {self._most} connections to documents: close a few pages.")
        meter.connections += 1
        return meter

    def forget(self) -> None:
        """Drop the purses that are full again."""
        self._meters = {principal: meter for principal, meter in self._meters.items() if not meter.is_full}

    def __len__(self) -> int:
        return len(self._meters)
