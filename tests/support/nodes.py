"""Machines of their own: network namespaces, joined with this one by lines that can be cut one by one.

A line that is cut drops whatever is sent, in silence, as a broken network does.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

LINES = ("people", "database", "redis")


class Node:
    """`number` (from 0) makes its addresses: ours are `here(line)`, its own `there(line)`."""

    def __init__(self, number: int) -> None:
        self.name = f"scriptorium-{os.getpid()}-{number}"
        self._number = number

    def here(self, line: str) -> str:
        return f"10.231.{self._number}.{4 * LINES.index(line) + 1}"

    def there(self, line: str) -> str:
        return f"10.231.{self._number}.{4 * LINES.index(line) + 2}"

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command that runs this one there."""
        return ["ip", "netns", "exec", self.name, *command]

    def cut(self, *lines: str) -> None:
        for line in lines:
            _ip("link", "set", self._end(line), "down")

    def heal(self, *lines: str) -> None:
        for line in lines:
            _ip("link", "set", self._end(line), "up")

    def begin(self) -> None:
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        for line in LINES:
            _ip("link", "add", self._end(line), "type", "veth", "peer", "name", line, "netns", self.name)
            _ip("addr", "add", f"{self.here(line)}/30", "dev", self._end(line))
            _ip("-n", self.name, "addr", "add", f"{self.there(line)}/30", "dev", line)
            _ip("-n", self.name, "link", "set", line, "up")
            self.heal(line)

    def end(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)

    def _end(self, line: str) -> str:
        return f"s{os.getpid() % 100_000}-{self._number}-{line[:4]}"


def may_have_nodes() -> bool:
    """Whether this machine lets us make network namespaces."""
    name = f"scriptorium-{os.getpid()}-may"
    try:
        made = subprocess.run(["ip", "netns", "add", name], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
    subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
    return made


@contextmanager
def nodes(count: int) -> Iterator[list[Node]]:
    made = [Node(number) for number in range(count)]
    try:
        for node in made:
            node.begin()
        yield made
    finally:
        for node in made:
            node.end()


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
