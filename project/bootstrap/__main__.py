"""The steps by name: `python -m project.bootstrap front`, or several; `npm FOLDER WORD…` takes the rest of the line."""

from __future__ import annotations

import os
import sys

from project.bootstrap.audit import audit
from project.bootstrap.data import prepare
from project.bootstrap.debian import servers
from project.bootstrap.languages import languages
from project.bootstrap.node import front, npm, test_packages
from project.bootstrap.places import PYTHON, ROOT
from project.bootstrap.python import fuzzer, tools, venv
from project.bootstrap.work import CannotGoOn


def serve() -> None:
    """All that a server needs, and then becomes the server."""
    venv()
    front()
    languages()
    prepare()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), "serve"])  # noqa: S606 (no shell on purpose)


_ALL = (venv, tools, fuzzer, audit, servers, front, languages, test_packages, prepare, serve)
STEPS = {step.__name__: step for step in _ALL}


def main(words: list[str]) -> int:
    try:
        if words[:1] == ["npm"]:
            npm(*words[1:])
        else:
            for word in words:
                STEPS[word]()
    except CannotGoOn as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or ROOT
        print(f"Cannot use {where} ({error.strerror}): see that it is yours to change.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
