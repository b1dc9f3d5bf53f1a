"""What holds for every test of the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation


@pytest.fixture(autouse=True)
def others_are_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Telling others after a commit is not allowed to fail the change itself; here its failure fails the test."""
    yield
    failed = [record.getMessage() for record in caplog.get_records("call") if "on_commit" in record.getMessage()]
    assert failed == []


@pytest.fixture(autouse=True)
def no_uploads() -> None:
    """The database is emptied between tests; so is what belongs to its rows."""
    for name in default_storage.listdir("")[1]:
        default_storage.delete(name)


@pytest.fixture
def spoken() -> Iterator[None]:
    """Views run in this thread, and leave their language behind: from here to the end of the test it is English."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
