"""The Node that the front end was built with: the machine's own, or the one that make has put beside Python."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def node() -> str:
    """The program's path. Raises AssertionError when there is none."""
    found = shutil.which("node", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    assert found, "Node is missing: `make test` brings it"
    return found
