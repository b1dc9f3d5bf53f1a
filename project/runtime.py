"""What a server does once before it serves. What it must not know: what is served."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from django.template import Engine

# Connections come and go by the thousand, each with some hundred objects, and nearly all die by their last reference:
# there is no hurry to look for circles among them.
COLLECTIONS = 10_000, 20, 20
# The thread that commits needs Python's lock a dozen times for each entry, and waits so long for it each time while the
# loop is busy. With Python's own 5 ms a commit takes 30.
SWITCH_SECONDS = 0.0005


def compile_templates() -> None:
    """Else whoever asks for a page first waits for it: a document's page is made of fifty, which take 0.1 s."""
    engine = Engine.get_default()
    for folder in map(Path, engine.dirs):
        for path in folder.rglob("*.*"):
            engine.get_template(str(path.relative_to(folder)))


def settle() -> None:
    """What is loaded by now stays: to walk through all of it would hold everybody up for 80 ms, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    sys.setswitchinterval(SWITCH_SECONDS)
