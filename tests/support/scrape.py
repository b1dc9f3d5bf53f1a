"""A Prometheus of our own: the figures of a running site, read as a real one reads them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.request import Request, urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.support.site import Site

TOKEN = "for those who watch: 0123456789"


class Figures:
    """One answer of /metrics. Each sample is (name, labels, value)."""

    def __init__(self, text: str) -> None:
        self.samples = [
            (sample.name, sample.labels, sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]

    @property
    def processes(self) -> set[int]:
        return {int(labels["process"]) for _, labels, _ in self.samples if "process" in labels}

    def of(self, name: str, **labels: str) -> float:
        """The sum over all samples of this name that have these labels."""
        return sum(value for found, has, value in self.samples if found == name and labels.items() <= has.items())

    def by_process(self, name: str) -> Mapping[int, float]:
        return {int(labels["process"]): value for found, labels, value in self.samples if found == name}


def scrape(site: Site) -> Figures:
    request = Request(f"{site.url}metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(request, timeout=20) as answer:
        return Figures(answer.read().decode())
