"""What Python is told once a server has started."""

from __future__ import annotations

import gc
import sys

import pytest

from project import runtime


def test_what_is_loaded_is_not_looked_through_again() -> None:
    thresholds, interval, frozen = gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count()
    try:
        runtime.settle()
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.get_threshold() == runtime.COLLECTIONS
        assert sys.getswitchinterval() == pytest.approx(runtime.SWITCH_SECONDS)
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)
