"""The engine's numbers as Prometheus reads them, for all server processes of this machine in one answer.

Each process counts for itself, and each sample says whose it is (`process`), so that a counter never falls but where a
process began anew: sum over processes with `sum(rate(...))`. What it must not know: what a document is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext

from django.conf import settings
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from collab import engine
from collab.tally import Census, Histogram, tally
from project import siblings

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_PROCESS = ProcessCollector(registry=None)


def are_shown() -> bool:
    return bool(settings.METRICS_TOKEN)


def may_see(authorization: str) -> bool:
    """Whether this header has the token. Without one in the settings nobody may."""
    return are_shown() and constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}")


def shared() -> AbstractAsyncContextManager[None]:
    """While this lasts, the other processes have our figures for theirs."""
    return siblings.answering(own) if are_shown() else nullcontext()


async def page() -> str:
    """What all processes have counted, in Prometheus's text format."""
    everybody = [own(), *await siblings.ask()]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gathered(everybody))
    return generate_latest(registry).decode()


def own() -> bytes:
    """This process's figures, for a sibling that is asked for everybody's."""
    families = [*_counted(), *_present(), *_PROCESS.collect()]
    rows = [[family.name, family.documentation, family.type, _samples(family)] for family in families]
    return json.dumps({"process": os.getpid(), "families": rows}).encode()


def _samples(family: Metric) -> list[list[object]]:
    return [[sample.name, sample.labels, sample.value] for sample in family.samples]


class _Gathered(Collector):
    """The answers of all processes, one family for each name."""

    def __init__(self, answers: Iterable[bytes]) -> None:
        self.answers = [json.loads(answer) for answer in answers]

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for answer in self.answers:
            for name, documentation, kind, samples in answer["families"]:
                family = families.setdefault(name, Metric(name, documentation, kind))
                for sample, labels, value in samples:
                    family.add_sample(sample, {**labels, "process": str(answer["process"])}, value)
        yield from families.values()
        yield GaugeMetricFamily("scriptorium_processes", "Server processes that answered", value=len(self.answers))


def _counted() -> Iterator[Metric]:
    for name, documentation, value in (
        ("frames", "Binary frames that came from pages", tally.frames),
        ("entries", "Entries committed to the log", tally.entries),
        ("failed_commits", "Transactions of the log that failed", tally.failed_commits),
        ("catch_ups", "Reads of what another process may have written", tally.catch_ups),
        ("rebuilds", "Documents loaded again because theirs in memory was suspect", tally.rebuilds),
        ("snapshots", "Snapshots kept", tally.snapshots),
    ):
        yield CounterMetricFamily(f"scriptorium_{name}", documentation, value=value)
    yield _histogram("commit_seconds", "How long transactions of the log took", tally.commit_seconds)
    yield _histogram("load_seconds", "How long documents took to come from the log into memory", tally.load_seconds)
    yield _histogram("tick_updates", "How many updates a tick brought together", tally.tick_updates)
    closed = CounterMetricFamily("scriptorium_closed", "Connections that ended, by close code", labels=["code"])
    for code, count in sorted(tally.closed.items()):
        closed.add_metric([str(code)], count)
    yield closed


def _histogram(name: str, documentation: str, histogram: Histogram) -> Metric:
    bounds = [*map(str, histogram.bounds), "+Inf"]
    sums = [sum(histogram.counts[: place + 1]) for place in range(len(bounds))]
    buckets = list(zip(bounds, sums, strict=True))
    return HistogramMetricFamily(f"scriptorium_{name}", documentation, buckets=buckets, sum_value=histogram.total)


def _present() -> Iterator[Metric]:
    hub = engine.running()
    here = hub.census() if hub else Census()
    for name, documentation, value in (
        ("rooms", "Documents in memory", here.rooms),
        ("peers", "Open connections to documents", here.peers),
        ("people", "People with a document open, once in each process", here.people),
        ("outbox_frames", "Frames that pages have not taken yet", here.waiting_frames),
        ("outbox_bytes", "Bytes that pages have not taken yet", here.waiting_bytes),
        ("outbox_most_bytes", "Of these, what the furthest behind has not taken", here.most_waiting_bytes),
        ("rooms_behind", "Documents that lacked something at the last look at the log", tally.rooms_behind),
        ("entries_behind", "Entries that the document furthest behind lacked then", tally.entries_behind),
    ):
        yield GaugeMetricFamily(f"scriptorium_{name}", documentation, value=value)
