"""What holds for every test of the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def others_are_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Telling others after a commit is not allowed to fail the change itself; here its failure fails the test."""
    yield
    failed = [record.getMessage() for record in caplog.get_records("call") if "on_commit" in record.getMessage()]
    assert failed == []
