"""A Python of a site's own that does what it is told, step by step: quicker than a process for each step."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.site import ROOT, Site

_LOOP = """
import json as _json, sys as _sys
for _line in _sys.stdin:
    _order = _json.loads(_line)
    print("\\x1e" + _json.dumps(globals()[_order.pop("do")](**_order)), flush=True)
"""


class Remote:
    """Calls functions of the code that it was started with; arguments and answers go through JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, name: str, **arguments: Any) -> Any:
        """Raises AssertionError when the process has ended, which is how an exception there shows."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        print(json.dumps({"do": name, **arguments}), file=stdin, flush=True)
        for line in stdout:
            if "\x1e" in line:
                return json.loads(line.rpartition("\x1e")[2])
        raise AssertionError(f"{name} failed")


@contextmanager
def remote(site: Site, code: str) -> Iterator[Remote]:
    """With the site's settings, as a management command has them; the site itself is not asked."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", textwrap.dedent(code) + _LOOP]
    with subprocess.Popen(
        command, cwd=ROOT, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Remote(process)
        finally:
            process.kill()
