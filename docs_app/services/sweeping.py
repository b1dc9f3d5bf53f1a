"""Files that nothing speaks of any more: found, waited for, and let go.

A picture that is deleted from a text can come back: by undo in a page that is still open, from a browser that is
offline, by a restore. So what counts is all that is kept of the document, its snapshots and its log, and a file goes
only when it has not been spoken of for days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from collab import api
from docs_app.models import Upload

STRAY_DAYS = 1
_ADDRESS = re.compile(rb"/files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(slots=True)
class Swept:
    """How many files went, of how many bytes; how many wait to be unused for long enough; how many had no row."""

    files: int = 0
    size: int = 0
    waiting: int = 0
    strays: int = 0


def sweep(*, days: int, now: datetime) -> Swept:
    """Let go the files that have been unused for so many days, and what lies in the storage and belongs to nothing."""
    swept = Swept()
    for document_id in Upload.objects.order_by().values_list("document_id", flat=True).distinct():
        _sweep_document(document_id, swept, now, now - timedelta(days=days))
    for name in list(_strays(now - timedelta(days=STRAY_DAYS))):
        default_storage.delete(name)
        swept.strays += 1
    return swept


def _sweep_document(document_id: UUID, swept: Swept, now: datetime, until: datetime) -> None:
    uploads = Upload.objects.filter(document_id=document_id)
    with api.one_moment():
        there = list(uploads)
        used = {UUID(found.decode()) for data in api.kept_bytes(document_id) for found in _ADDRESS.findall(data)}
    uploads.filter(pk__among=used).exclude(unused_since=None).update(unused_since=None)
    for upload in there:
        if upload.pk in used:
            continue
        if upload.unused_since is None:
            uploads.filter(pk=upload.pk).update(unused_since=now)
        if upload.unused_since is None or upload.unused_since > until:
            swept.waiting += 1
            continue
        upload.delete()
        swept.files += 1
        swept.size += upload.size


def _strays(until: datetime) -> Iterator[str]:
    """What was stored when its row could not be written, or has stayed when its row went."""
    try:
        _, names = default_storage.listdir("")
    except FileNotFoundError:
        return  # nobody has uploaded anything yet
    known = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    for name in names:
        if name not in known and _is_id(name) and default_storage.get_modified_time(name) < until:
            yield name


def _is_id(name: str) -> bool:
    return _ADDRESS.fullmatch(b"/files/" + name.encode()) is not None
