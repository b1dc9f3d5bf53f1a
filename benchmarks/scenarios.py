"""People typing in documents: one run of one server, from an empty database to everybody's text compared."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.dialects import Seat
from benchmarks.load import Crowd, Performance, Strain, Stroke, strokes
from benchmarks.measure import cpu_seconds, percentile, rss_bytes
from benchmarks.observers import Key, Observer, everybody_has
from benchmarks.rounds import Row
from benchmarks.script import rhythm, spread, write
from benchmarks.server import Server
from benchmarks.sockets import framed

WARM_UP = 1.5  # seconds
OBSERVERS = 8
SEED_SECONDS = 0.5
DRAIN_SECONDS = 15.0  # how long a server that is behind may take to deliver the rest


@dataclass(frozen=True, slots=True)
class Scenario:
    """`people` in each of `documents`; in each, `writers` of them type `rate` characters a second."""

    people: int
    writers: int
    rate: float
    documents: int = 1

    def __str__(self) -> str:
        return f"{self.people}x{self.writers}" + (f"x{self.documents}" if self.documents > 1 else "")

    @property
    def deliveries(self) -> float:
        """Edits to be delivered per second, their authors excluded."""
        return self.documents * self.writers * self.rate * (self.people - 1)

    def edits(self, seconds: float) -> int:
        """How many each writer types in a run."""
        return int((WARM_UP + seconds) * self.rate)


TYPING = {
    str(scenario): scenario
    for scenario in (
        Scenario(2, 1, 10),
        Scenario(50, 10, 10),
        Scenario(200, 50, 5),
        Scenario(500, 100, 4),
        Scenario(1000, 100, 4),
        Scenario(3, 1, 5, documents=200),
    )
}


@dataclass(frozen=True, slots=True)
class Window:
    """Counts at one moment: seconds of server CPU, frames and bytes that clients have heard, what the server tells."""

    at: float
    cpu: float
    frames: int
    size: int
    counters: Mapping[str, float]


class Run:
    """One server, one scenario: `enter`, `play`, `settle`, then `result`; `leave` in any case."""

    def __init__(self, server: Server, scenario: Scenario, seconds: float) -> None:
        self.server = server
        self.scenario = scenario
        self.seconds = seconds
        self.script = write(scenario.writers, scenario.edits(seconds))
        self.crowd = Crowd()
        self.observers: list[Observer] = []
        self.documents: list[list[Seat]] = []
        self.sent: dict[Key, float] = {}
        self.is_settled = False
        self._strokes: list[Stroke] = []
        self.windows: list[Window] = []
        self._rss: list[int] = []
        self._strain = Strain(0, 0)

    def enter(self) -> None:
        """Start the server, let everybody in, write the seed."""
        self.server.start()
        self._note_rss()
        self.documents = self.server.seats(self.scenario.documents, self.scenario.people)
        watched = set(spread(len(self.documents), OBSERVERS))
        for number, seats in enumerate(self.documents):
            observers = OBSERVERS // len(watched) if number in watched else 0
            self._enter_document(seats, writers=self.scenario.writers, observers=observers)
        self.crowd.listen(SEED_SECONDS)
        self._note_rss()

    def _enter_document(self, seats: Sequence[Seat], *, writers: int, observers: int) -> None:
        writing = spread(len(seats), writers)
        readers = [person for person in range(len(seats)) if person not in set(writing)]
        watching = [readers[index] for index in spread(len(readers), observers)]
        clients = self.crowd.join(seats, frozenset(watching))
        self.observers += [Observer(clients[person], seats[person]) for person in watching]
        clients[0].send(framed(seats[0].update(self.script.seed)))
        for line, person in zip(self.script.lines, writing, strict=False):
            times = rhythm(len(self._strokes), self.scenario.rate, len(line.updates))
            self._strokes += strokes(line, times, seats[person], clients[person])

    def play(self) -> None:
        """The load, and in the middle of it the window in which everything is counted."""
        performance = Performance(self.crowd, self._strokes)
        self.sent = performance.sent
        self._strain = performance.play(warm_up=WARM_UP, seconds=self.seconds, on_window=self.note_window)

    def note_window(self) -> None:
        """The window begins, or has just ended."""
        if self.windows:
            self._note_rss()
        cpu = cpu_seconds(self.server.pids)
        self.windows.append(
            Window(time.perf_counter(), cpu, self.crowd.frames, self.crowd.size, self.server.counters())
        )

    def _note_rss(self) -> None:
        self._rss.append(rss_bytes(self.server.pids))

    def settle(self) -> None:
        """Wait until all observers have everything, if the server can do that in a reasonable time."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while not self.is_settled and time.monotonic() < deadline:
            self.crowd.flush()
            self.crowd.listen(0.3)
            self.is_settled = everybody_has(self.observers, self.script.clocks)

    def disagreements(self) -> list[str]:
        """Who does not have the script's text at the end: observers, fresh clients, the database."""
        texts = [(f"observer {number}", observer.text) for number, observer in enumerate(self.observers)]
        documents = {observer.seat.document: observer.seat for observer in self.observers}
        texts += [(f"fresh client of {name}", _fresh_text(seat)) for name, seat in documents.items()]
        stored = self.server.texts([seats[0].document for seats in self.documents])
        texts += [("database", text) for text in stored or ()]
        return [who for who, text in texts if text != self.script.text]

    def rates(self) -> Row:
        """What was counted in the window, a second: CPU in cores, frames and kB that clients heard, and so on."""
        first, last = self.windows
        seconds = last.at - first.at
        counted = {f"{name}/s": (last.counters[name] - was) / seconds for name, was in first.counters.items()}
        return counted | {
            "cpu": (last.cpu - first.cpu) / seconds,
            "frames": (last.frames - first.frames) / seconds,
            "kilobytes": (last.size - first.size) / seconds / 1e3,
            "rss": [size / (1 << 20) for size in self._rss],
            "load_cpu": self._strain.cpu,
            "load_late": self._strain.late * 1e3,
            "load_is_saturated": self._strain.is_too_much,
            "lost_connections": len(self.crowd.ended),
        }

    def result(self) -> Row:
        """Rates, latency in milliseconds, and CPU in milliseconds per 1,000 edits delivered."""
        first, last = self.windows
        seen = sum(first.at <= at < last.at for observer in self.observers for at in observer.seen.values())
        delivered = self._delivered(seen) / (last.at - first.at)
        times = sorted(self._latencies(first.at, last.at))
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "worst": 1}
        rates = self.rates()
        return {name: percentile(times, share) * 1e3 for name, share in shares.items()} | {
            "offered": self.scenario.deliveries,
            "delivered": delivered,
            "cost": rates["cpu"] / delivered * 1e6 if delivered else float("nan"),
            **rates,
        }

    def _delivered(self, seen: int) -> float:
        """What everybody was delivered, from what the observers (who do not write) were."""
        scenario = self.scenario
        return seen / len(self.observers) * (scenario.people - 1) * scenario.documents

    def _latencies(self, start: float, end: float) -> list[float]:
        """Seconds from a writer's socket to an observer's, of the edits that were sent in the window."""
        sent = {key: at for key, at in self.sent.items() if start <= at < end}
        return [at - sent[key] for observer in self.observers for key, at in observer.seen.items() if key in sent]

    def leave(self) -> None:
        self.crowd.close()
        self.server.stop()
        self.server.remove()


def newcomer(seat: Seat) -> Observer:
    """Somebody who comes now, and has seen what there is."""
    crowd = Crowd()
    try:
        observer = Observer(crowd.join([seat], frozenset([0]))[0], seat)
        observer.catch_up()
        return observer
    finally:
        crowd.close()


def _fresh_text(seat: Seat) -> str:
    try:
        return newcomer(seat).text
    except (ConnectionError, TimeoutError) as error:
        return f"none, for {error}"


def measure(server: Server, scenario: Scenario, seconds: float) -> Row:
    """One whole run, with who disagreed in the end."""
    run = Run(server, scenario, seconds)
    try:
        run.enter()
        run.play()
        run.settle()
        return run.result() | {"disagree": run.disagreements()}
    finally:
        run.leave()
