"""What a principal may cost this process. Everything it sends has a price, in seconds of the server's work.

A principal has a full purse at first, and it fills again at SHARE of the time. Who has spent it is read more slowly,
over all its connections together; who owes more than PATIENCE is ended (4429) until most of it is paid. What must not
be, and what keeps everybody else waiting, costs far more than the work it makes: so it does not pay.

A full purse may be spent at once by whoever is alone. While others are at work too, nobody is given more than HASTE of
the time beyond a moment.

Where anybody can be a new principal at any time, as guests of a link are, each pays out of the purse of the whole crowd
as well: being many does not pay either.

Knows no frames, no sockets and no rooms. The prices are in docs/protocol.md, "What it costs".
"""

from __future__ import annotations

from collections.abc import Callable

from collab.errors import TooFast

SHARE = 0.4  # of this process's time, for one principal in the long run
PURSE = 15.0  # seconds of work that it may cost at once
PATIENCE = 10.0  # seconds that a connection of it is kept waiting, at most
HASTE, MOMENT = 0.2, 0.05  # of the time while others are at work too, and seconds of work that it may be ahead of that
PAUSE_SECONDS = 0.005  # it is not stopped for less
COMPANY_SECONDS = 1.0  # for which somebody is taken to be at work after each thing that they sent
CONNECTIONS = 256  # of one principal at once
CROWD_SHARE, CROWD_PURSE, CROWD_HASTE, CROWD_CONNECTIONS = 0.6, 60.0, 0.4, 4096  # the same, for a whole crowd

JOIN = 0.005
FRAME, BYTE = 25e-6, 0.2e-6
WRITE = 50e-6  # an update that is looked at, merged and kept; whatever is not awareness is taken for one
SHOWN = 2e-9  # for each byte of an update, and each peer that is shown it
CARET, CARET_SHOWN = 75e-6, 2e-6  # for each peer that sees the caret move
ANSWER, ANSWER_BYTE = 1e-3, 20e-9  # to a sync step 1
LOOK = 0.005  # the log was read, in case another process knew more
FORM = 0.020
STALL, STALL_FREE = 10.0, 0.010  # for each second that nobody else was served; what lasted less is free
REFUSED = 0.1  # twice as much each time, up to 256 times, until the purse has been full again
POISONED = 30.0

_MOST_DOUBLED = 8


class Purse:
    """What one principal, or a crowd, may spend. `size` is in seconds of work, `now` tells the time in seconds."""

    __slots__ = ("_full", "_haste", "_now", "_offences", "_rested", "_share", "_square", "connections")

    def __init__(
        self, now: Callable[[], float], size: float = PURSE, share: float = SHARE, haste: float = HASTE
    ) -> None:
        self.connections = 0
        self._now = now
        self._share = share
        self._haste = haste
        self._rested = float("-inf")  # when the work done so far was, or will be, no more than haste allows
        self._full = size / share
        self._square = now() - self._full  # when the work done so far is, or will be, paid for
        self._offences = 0

    def owe(self, cost: float) -> float:
        """Pay for work that is done; how long it takes until that is paid for, below 0 while something is left."""
        now = self._now()
        if self._square <= now - self._full:
            self._square, self._offences = now - self._full, 0
        self._square += cost / self._share
        return self._square - now

    def work(self, cost: float) -> float:
        """Pay for work that is no offence, and remember how much there has been of it lately."""
        self._rested = max(self._rested, self._now() - MOMENT / self._haste) + cost / self._haste
        return self.owe(cost)

    def fine(self, cost: float) -> None:
        """Pay for an offence: `cost` seconds of work for the first, and twice as much for each that follows it."""
        self.owe(cost * 2 ** min(self._offences, _MOST_DOUBLED))
        self._offences += 1

    @property
    def debt(self) -> float:
        """Seconds until the work done so far is paid for; below 0 while something is left."""
        return self._square - self._now()

    @property
    def breath(self) -> float:
        """Seconds until more may be done in company; below 0 while something may."""
        return self._rested - self._now()

    @property
    def is_full(self) -> bool:
        """Whether nothing has to be remembered of whose it is."""
        return not self.connections and self._square <= self._now() - self._full


class Company:
    """Who is at work in a process: one principal, or several."""

    __slots__ = ("_latest", "_now", "_turned")

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._latest: Purse | None = None
        self._turned = float("-inf")  # when it was last somebody else than before

    def has_others(self, purse: Purse) -> bool:
        """The owner of `purse` is at work now: whether somebody else has been lately."""
        now = self._now()
        if purse is not self._latest:
            if self._latest is not None:
                self._turned = now
            self._latest = purse
        return now - self._turned < COMPANY_SECONDS


class Meter:
    """What one connection costs, taken from its principal's purse, and from the crowd's if it belongs to one."""

    __slots__ = ("_company", "_crowd", "_own")

    def __init__(self, own: Purse, crowd: Purse | None = None, company: Company | None = None) -> None:
        self._own = own
        self._crowd = crowd
        self._company = company

    def spend(self, cost: float) -> float:
        """Pay for `cost` seconds of work; how many seconds to wait before more is read. Raises TooFast."""
        wait = self.owe(cost)
        if wait > 0.0:
            self.check()
        if self._company is not None and self._company.has_others(self._own):
            breath = max(self._own.breath, self._crowd.breath if self._crowd is not None else 0.0)
            wait = max(wait, breath if breath >= PAUSE_SECONDS else 0.0)
        return max(wait, 0.0)

    def owe(self, cost: float) -> float:
        """The same for work that is done already, without a complaint; below 0 while there is something left."""
        debt = self._own.work(cost)
        return debt if self._crowd is None else max(debt, self._crowd.work(cost))

    def fine(self, cost: float) -> None:
        """It has sent what no honest client sends: dearer each time, but not for the crowd, which cannot help it."""
        self._own.fine(cost)
        if self._crowd is not None:
            self._crowd.owe(cost)

    def stalled(self, seconds: float) -> None:
        """Nobody else was served while something of this connection's was done. Raises TooFast."""
        if seconds > STALL_FREE:
            self.owe_stall(seconds)
            self.check()

    def owe_stall(self, seconds: float) -> None:
        """The same, without a complaint and however short it was."""
        self._own.owe(seconds * STALL)
        if self._crowd is not None:
            self._crowd.owe(seconds * STALL)

    def check(self) -> None:
        """Raises TooFast while so much is owed that nothing more is taken."""
        if self._own.debt > PATIENCE:
            raise TooFast("This is more than one person can do: come back in a minute.")
        if self._crowd is not None and self._crowd.debt > PATIENCE:
            raise TooFast("This is more than all guests together can do: come back in a minute.")

    def enter(self, most: int) -> None:
        """The connection begins. Raises TooFast when its principal has `most` already, or the crowd too many."""
        if self._own.connections >= most:
            raise TooFast(f"Nobody may have more than {most} connections to documents: close a few pages.")
        if self._crowd is not None and self._crowd.connections >= CROWD_CONNECTIONS:
            raise TooFast("There are too many guests at once: come back in a minute.")
        self._count(1)

    def leave(self) -> None:
        """The connection has ended, or did not come about."""
        self._count(-1)

    def _count(self, difference: int) -> None:
        self._own.connections += difference
        if self._crowd is not None:
            self._crowd.connections += difference


class Meters:
    """The purses of all principals and crowds of one process."""

    def __init__(self, now: Callable[[], float], connections: int = CONNECTIONS) -> None:
        self._now = now
        self._most = connections
        self._purses: dict[str, Purse] = {}
        self._crowds: dict[str, Purse] = {}
        self._company = Company(now)

    def enter(self, principal: str, crowd: str = "") -> Meter:
        """A connection of this principal begins; `crowd` is whom it shares a purse with. Raises TooFast."""
        meter = self.of(principal, crowd)
        meter.enter(self._most)
        return meter

    def of(self, principal: str, crowd: str = "") -> Meter:
        """For what is done for this principal without a connection."""
        own = self._purses.get(principal) or self._purses.setdefault(principal, Purse(self._now))
        return Meter(own, self._crowd(crowd) if crowd else None, self._company)

    def _crowd(self, name: str) -> Purse:
        known = self._crowds.get(name)
        return known or self._crowds.setdefault(name, Purse(self._now, CROWD_PURSE, CROWD_SHARE, CROWD_HASTE))

    def forget(self) -> None:
        """Drop the purses that are full again."""
        self._purses = {principal: purse for principal, purse in self._purses.items() if not purse.is_full}
        self._crowds = {crowd: purse for crowd, purse in self._crowds.items() if not purse.is_full}

    def __len__(self) -> int:
        return len(self._purses) + len(self._crowds)
