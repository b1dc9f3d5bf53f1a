"""`python -m tests.support.doomed STEP N STEP N ...`: the real server, which lives once for each of these steps.

In each life it kills itself when it comes to the step the N-th time; after the last it stays dead. The steps are those
of docs/architecture.md, "How a keystroke travels", and what stands beside it. Production code has no fault points: the
functions that make a step are wrapped from here before the server starts.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from itertools import count
from typing import Any, Literal

import django
from django.conf import settings
from django.core.management import call_command


@dataclass(frozen=True, slots=True)
class Step:
    """Before the function is called, or after it has returned (which must then be no coroutine function)."""

    when: Literal["before", "after"]
    module: str
    function: str
    most: int = 40  # so often it surely happens while three people write
    thread: str = ""  # counts only in threads whose name begins so


DIED = "The server died"
_WRITER = (40, "collab-commit")
# Entries without new owners are one statement, which commits itself; of the others there is one at least.
_COMMIT = ("django.db.backends.base.base", "BaseDatabaseWrapper._commit", 1, "collab-commit")

STEPS: Mapping[str, Step] = {
    "somebody is let in": Step("before", "collab.hub", "Hub.join", 3),
    "the document is loaded": Step("after", "collab.store", "_load", 1),
    "somebody is greeted": Step("after", "collab.room", "Room.join", 3),
    "a frame is received": Step("before", "collab.reception", "Reception.hear"),
    "an update is vetted": Step("after", "collab.replica", "Replica.vet"),
    "a tick is applied": Step("before", "collab.ticker", "Ticker._commit"),
    "an entry waits for the writer": Step("after", "collab.writer", "Writer.append"),
    "the entries are being inserted": Step("before", "collab.commits", "_insert_entries", *_WRITER),
    "the entries are inserted": Step("after", "collab.commits", "_insert_entries", *_WRITER),
    # Once at least: what all three have begun with may have come into one entry.
    "an entry that needs an owner is inserted": Step("after", "collab.commits", "_insert_entry", 1),
    "an owner is inserted": Step("after", "collab.commits", "_claim", 3),
    "before the commit": Step("before", *_COMMIT),
    "after the commit": Step("after", *_COMMIT),
    "the answer of the log arrives": Step("before", "collab.writer", "_settle"),
    "before it is shown": Step("before", "collab.room", "Room.show"),
    "after it was shown": Step("after", "collab.room", "Room.show"),
    "before the receipt": Step("before", "collab.reception", "Reception.committed"),
    "after the receipt": Step("after", "collab.reception", "Reception.committed"),
    "a frame goes out": Step("before", "collab.framing", "framed"),
    "a snapshot is captured": Step("after", "collab.keeper", "Keeper.capture", 3),
    "a snapshot is begun": Step("before", "collab.store", "_save", 3),
    "a snapshot is inserted": Step("after", "collab.models", "Snapshot.save", 3),
}


def arm(step: Step, passes: int) -> None:
    """Wrap the step's function so that the process dies at the given pass. Raises AttributeError if it is gone."""
    *path, name = step.function.split(".")
    owner: Any = import_module(step.module)
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, name, _deadly(getattr(owner, name), step, passes))


def _deadly(function: Callable[..., Any], step: Step, passes: int) -> Callable[..., Any]:
    counted = count(1)

    def pass_by() -> None:
        if threading.current_thread().name.startswith(step.thread) and next(counted) == passes:
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if step.when == "before":
            pass_by()
        result = function(*args, **kwargs)
        if step.when == "after":
            pass_by()
        return result

    return wrapped


def live(step: str, passes: int) -> None:
    """One life, in a process of its own: a fork, for all that takes time at a start has been imported by then."""
    lifeline, ours = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        threading.Thread(target=_die_with_parent, args=[lifeline], daemon=True).start()
        arm(STEPS[step], passes)
        call_command("serve")
        os._exit(1)
    os.close(lifeline)
    _, status = os.waitpid(child, 0)
    os.close(ours)
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        sys.exit(f"The server ended in another way where {step}: {status}.")
    print(f"{DIED} where {step}", flush=True)


def _die_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


if __name__ == "__main__":
    django.setup()
    settings.COLLAB = {"SNAPSHOT_ENTRIES": 20}  # or nobody would live to see one
    import_module("project.asgi")
    for step, passes in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        live(step, int(passes))
