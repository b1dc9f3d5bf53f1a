"""What Python is told once a server has started."""

from __future__ import annotations

import gc
import sys

import pytest
from django.template import Engine
from django.template.loaders.cached import Loader

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


def test_no_page_has_to_be_compiled_for_the_first_who_asks() -> None:
    (loader,) = Engine.get_default().template_loaders
    assert isinstance(loader, Loader)
    loader.reset()
    runtime.compile_templates()
    assert {"documents/document.html", "base.html", "icons/share.svg"} <= loader.get_template_cache.keys()
