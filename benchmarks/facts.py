"""What a reader must know to judge figures: when, on which machine, with which versions."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks.node_servers import FOLDER, Hocuspocus, WebsocketServer
from tests.support.node import node

_PEERS = (
    "@y/websocket-server",
    "@hocuspocus/server",
    "@hocuspocus/extension-sqlite",
    "@tiptap/core",
    "@blocknote/core",
    "yjs",
)
_OURS = ("django", "channels", "pycrdt", "uvicorn", "uvloop")


def facts() -> dict[str, str]:
    """By name, in the order in which they are told."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    gibibytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)
    machine = f"{processor[1] if processor else platform.machine()}, {os.cpu_count()} cores, {gibibytes:.0f} GiB"
    # The rest of a release is the builder's, and says nothing to others.
    kernel = re.match(r"[\d.]*\d", platform.release())
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{machine}, Linux {kernel[0] if kernel else '?'}",
        "ours": ", ".join(
            [
                f"Python {platform.python_version()}",
                f"SQLite {sqlite3.sqlite_version}",
                *(f"{name} {version(name)}" for name in _OURS),
            ]
        ),
        "others": ", ".join(
            [
                f"Node {subprocess.check_output([node(), '--version'], text=True).strip().removeprefix('v')}",
                *(f"{name} {number}" for name, number in _locked().items()),
            ]
        ),
    }


def _locked() -> dict[str, str]:
    """What of the others is measured, and the Yjs that each brings."""
    found = {}
    for folder in (WebsocketServer.package, Hocuspocus.package, "browser"):
        packages = json.loads((FOLDER / folder / "package-lock.json").read_text())["packages"]
        for name in _PEERS:
            if package := packages.get(f"node_modules/{name}"):
                found[f"{name} ({folder})" if name == "yjs" else name] = package["version"]
    return found
