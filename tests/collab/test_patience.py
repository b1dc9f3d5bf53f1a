"""An outage is told of once when it begins and once when it is over."""

from __future__ import annotations

import logging

import pytest

from collab.errors import Unavailable
from collab.patience import CALM_SECONDS, Outage


def trouble() -> Unavailable:
    error = Unavailable("The database does not answer.")
    error.__cause__ = OSError("Connection refused\nDETAIL: of no concern")
    return error


def test_a_line_when_it_begins_and_one_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    now = 0.0
    outage = Outage(lambda: now)
    outage.is_answered()
    for now in range(100):  # noqa: B007 (the clock reads it)
        outage.noticed(trouble())
        outage.is_answered()  # something else can be read: it is not over for that
    assert caplog.messages == ["The database does not answer. (Connection refused) What people type waits for it."]
    now += CALM_SECONDS + 1
    outage.is_answered()
    outage.is_answered()
    assert caplog.messages[1:] == ["The database answers again, after 99 seconds."]
    outage.noticed(trouble())
    assert len(caplog.messages) == 3
