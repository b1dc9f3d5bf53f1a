"""A disk of a few mebibytes that can be filled and freed: a tmpfs, which only root may mount."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PIECE = 4096  # bytes: to the last block


class SmallDisk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        """Until not a single block is left."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 20, _PIECE):
                try:
                    while ballast.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(mebibytes: int) -> Iterator[SmallDisk]:
    """Skips the test where mounting is not allowed."""
    path = Path(tempfile.mkdtemp(prefix="scriptorium-disk-"))
    path.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        path.rmdir()
        pytest.skip("A disk can be filled only where a small one can be mounted, which root may.")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)
        path.rmdir()
