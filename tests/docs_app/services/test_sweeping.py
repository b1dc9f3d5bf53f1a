"""Files that nothing speaks of any more go, but only after days, and none that undo or history could bring back."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from collab.models import LogEntry, Snapshot
from docs_app.content import diff
from docs_app.models import Document, Upload
from docs_app.services import live
from docs_app.services.documents import create_from_tree
from docs_app.services.sweeping import Swept, sweep
from docs_app.services.uploads import Sent, keep_file
from tests.support.people import account, document_of_alice, visitor

pytestmark = pytest.mark.django_db(transaction=True)

EMPTY: Any = {"type": "doc", "content": [{"type": "paragraph"}]}


def with_file(upload: Upload) -> Any:
    attrs = {"src": upload.address, "name": upload.name, "size": upload.size}
    return {"type": "doc", "content": [{"type": "file", "attrs": attrs}]}


def write(document: Document, content: Any) -> None:
    live.edit(document.id, "user:1", lambda fragment: diff.make_equal(fragment, content))


def sent(document: Document) -> Upload:
    return keep_file(document=document, by=visitor("alice"), sent=Sent("a.txt", b"hello"))


def after(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_what_never_came_into_a_text_goes_after_a_week() -> None:
    document = document_of_alice()
    upload = sent(document)
    assert sweep(days=7, now=after(30)) == Swept(waiting=1)
    assert sweep(days=7, now=after(36)) == Swept(waiting=1)
    assert sweep(days=7, now=after(37.1)) == Swept(files=1, size=5)
    assert not Upload.objects.exists() and not default_storage.exists(upload.stored_as)


def test_what_a_text_shows_stays() -> None:
    document = document_of_alice()
    write(document, with_file(sent(document)))
    assert sweep(days=1, now=after(100)) == sweep(days=1, now=after(200)) == Swept()


def test_what_was_deleted_stays_while_the_log_or_a_snapshot_could_bring_it_back() -> None:
    document = document_of_alice()
    upload = sent(document)
    write(document, with_file(upload))
    live.keep_snapshot(document.id, "auto")
    write(document, EMPTY)
    live.keep_snapshot(document.id, "auto")
    assert sweep(days=1, now=after(100)) == Swept()
    LogEntry.objects.all().delete()
    assert sweep(days=1, now=after(100)) == Swept()  # the older snapshot has it
    Snapshot.objects.order_by("seq").first().delete()  # type: ignore[union-attr]  # there are two
    assert sweep(days=1, now=after(100)) == Swept(waiting=1)
    assert sweep(days=1, now=after(102)) == Swept(files=1, size=5)


def test_what_is_used_again_in_time_begins_anew() -> None:
    """Undo in a page that has been open for days; a browser that comes back from a journey."""
    document = document_of_alice()
    upload = sent(document)
    sweep(days=7, now=after(0))
    write(document, with_file(upload))
    assert sweep(days=7, now=after(100)) == Swept()
    upload.refresh_from_db()
    assert upload.unused_since is None


def test_another_document_s_words_keep_no_file() -> None:
    document = document_of_alice()
    upload = sent(document)
    other = create_from_tree(owner=account("bob"), title="Other", content=EMPTY)
    write(other, with_file(upload))
    sweep(days=1, now=after(0))
    assert sweep(days=1, now=after(1.1)) == Swept(files=1, size=5)


def test_what_belongs_to_nothing_goes_after_a_day_and_only_if_it_is_ours() -> None:
    stray, theirs = str(uuid4()), "readme.txt"
    for name in (stray, theirs):
        default_storage.save(name, ContentFile(b"x"))
    assert sweep(days=7, now=after(0.5)) == Swept()
    assert sweep(days=7, now=after(1.1)) == Swept(strays=1)
    assert default_storage.exists(theirs) and not default_storage.exists(stray)
    default_storage.delete(theirs)


def test_the_command_says_what_it_did_and_waits_a_day_at_least() -> None:
    sent(document_of_alice())
    said = StringIO()
    call_command("sweep_uploads", stdout=said)
    assert said.getvalue() == (
        "Deleted: 0 files (0 bytes), and 0 that belonged to nothing. Unused, but not for long enough: 1.\n"
    )
    with pytest.raises(CommandError, match="a day or more"):
        call_command("sweep_uploads", "--days", "0")
