"""Recorded editing sessions, character by character (the format of the public collection "editing-traces").

A transaction holds patches [position, deleted, inserted], positions in characters of the document after its parents.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Patch = tuple[int, int, str]
FOLDER = Path(os.environ.get("SCRIPTORIUM_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@dataclass(frozen=True, slots=True)
class Transaction:
    """`needs[b]` counts the transactions of author b that had been seen when this one was made."""

    author: int
    patches: tuple[Patch, ...]
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    authors: int
    transactions: Sequence[Transaction]
    final_text: str


def load(path: Path) -> Recording:
    """Read a recording. Raises ValueError if it is not one, or has characters that are not ASCII."""
    raw = json.loads(gzip.decompress(path.read_bytes()))
    name = path.name.removesuffix(".json.gz")
    if raw.get("startContent") or not all(text.isascii() for each in raw["txns"] for _, _, text in each["patches"]):
        raise ValueError(f"{name}: only recordings that begin empty and are ASCII can be replayed.")
    if raw.get("kind") == "concurrent":
        return Recording(name, raw["numAgents"], _concurrent(raw["txns"], raw["numAgents"]), raw["endContent"])
    transactions = [Transaction(0, _patches(each), (number,)) for number, each in enumerate(raw["txns"])]
    return Recording(name, 1, transactions, raw["endContent"])


def _concurrent(rows: Sequence[dict[str, Any]], authors: int) -> list[Transaction]:
    seen: list[tuple[int, ...]] = []  # by row: how many transactions of each author it and its ancestors are
    transactions = []
    for row in rows:
        parents = [seen[parent] for parent in row["parents"]] or [(0,) * authors]
        needs = tuple(max(counts) for counts in zip(*parents, strict=True))
        author = int(row["agent"])
        transactions.append(Transaction(author, _patches(row), needs))
        seen.append(tuple(count + (number == author) for number, count in enumerate(needs)))
    return transactions


def _patches(row: dict[str, Any]) -> tuple[Patch, ...]:
    return tuple((position, deleted, inserted) for position, deleted, inserted in row["patches"])
