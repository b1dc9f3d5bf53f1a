"""What Python's own machinery is told once a server has started. What it must not know: what is served."""

from __future__ import annotations

import gc
import sys

# Connections come and go by the thousand, each with some hundred objects, and nearly all die by their last reference:
# there is no hurry to look for circles among them.
COLLECTIONS = 10_000, 20, 20
# The thread that commits needs Python's lock a dozen times for each entry, and waits so long for it each time while the
# loop is busy. With Python's own 5 ms a commit takes 30.
SWITCH_SECONDS = 0.0005


def settle() -> None:
    """What is loaded by now stays: to walk through all of it would hold everybody up for 80 ms, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    sys.setswitchinterval(SWITCH_SECONDS)
