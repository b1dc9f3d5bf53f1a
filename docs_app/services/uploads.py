"""Files that people send for a document: checked, stored, and found again.

A file belongs to one document, and who may read that may read the file. Its bytes are stored before its row is written
and deleted after the row is: a row without bytes is a fault (`verify` says so), bytes without a row are swept up
(docs_app.services.sweeping).
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext

from collab.threads import give_back
from docs_app.access import Visitor, document_for
from docs_app.content import pictures, sniffing
from docs_app.errors import NotFound, NotNow, Refused, TooMuch
from docs_app.models import Document, Guest, Upload, User
from docs_app.services.words import clean_line

NAME_LIMIT = 200
ANY_BYTES = "application/octet-stream"


class Sent(NamedTuple):
    """What somebody has sent. The name is for people alone."""

    name: str
    data: bytes


def keep_picture(*, document: Document, by: Visitor, sent: Sent) -> Upload:
    """Keep an image, made again from its pixels (docs_app.content.pictures).

    Raises Refused for what is none, TooMuch for what is too large or one too many, NotNow if it cannot be stored now.
    """
    document_for(by, document.id, "edit")
    _check_size(document, by.principal, len(sent.data))
    give_back()
    try:
        picture = pictures.remade(sent.data)
    except pictures.NotAPicture as error:
        raise Refused(gettext(error.sentence) % error.values) from error
    except pictures.Busy as error:
        raise NotNow(gettext("The file could not be stored. Nothing is lost: try again later.")) from error
    upload = _upload(document, by.principal, sent._replace(data=picture.data))
    upload.media_type, upload.width, upload.height = picture.media_type, picture.width, picture.height
    return _keep(upload, picture.data)


def keep_file(*, document: Document, by: Visitor, sent: Sent) -> Upload:
    """Keep a file as it is, to be downloaded and never shown. Raises Refused, TooMuch or NotNow."""
    document_for(by, document.id, "edit")
    _check_size(document, by.principal, len(sent.data))
    if not sent.data:
        raise Refused(gettext("This file is empty."))
    kind = sniffing.kind_of(sent.data[: sniffing.HEAD])
    if kind not in settings.UPLOAD_KINDS:
        raise Refused(
            gettext("Files of this kind (%(kind)s) are not taken here. Packed into an archive, they may be.")
            % {"kind": kind}
        )
    return _keep(_upload(document, by.principal, sent), sent.data)


def _upload(document: Document, principal: str, sent: Sent) -> Upload:
    return Upload(
        document=document,
        name=clean_line(sent.name, what=gettext("A file's name"), limit=10_000)[-NAME_LIMIT:] or gettext("File"),
        media_type=ANY_BYTES,
        size=len(sent.data),
        checksum=hashlib.sha256(sent.data).hexdigest(),
        by=principal,
    )


def _check_size(document: Document, principal: str, size: int) -> None:
    if size > settings.UPLOAD_BYTES:
        raise TooMuch(
            gettext("A file may have %(most)s; this has %(size)s.")
            % {"most": megabytes(settings.UPLOAD_BYTES), "size": megabytes(size)}
        )
    if total_of(document=document) + size > settings.UPLOAD_DOCUMENT_BYTES:
        most = megabytes(settings.UPLOAD_DOCUMENT_BYTES)
        raise TooMuch(
            gettext("The files of a document may have %(most)s together, and this one does not fit any more.")
            % {"most": most}
        )
    if total_of(by=principal) + size > settings.UPLOAD_PERSON_BYTES:
        most = megabytes(settings.UPLOAD_PERSON_BYTES)
        raise TooMuch(
            gettext("The files that one person has sent may have %(most)s together; this one does not fit any more.")
            % {"most": most}
        )


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}".removesuffix(".0") + " MB"


def total_of(**whose: object) -> int:
    """Bytes of all that is kept of a document, or of a person."""
    return int(Upload.objects.filter(**whose).aggregate(total=Sum("size"))["total"] or 0)


def wait_for(principal: str) -> None:
    """Until this transaction ends, nothing else that this person sends is counted; for after a document's turn."""
    # Deleting an account locks in this order, too. What only speaks of the row (a foreign key) need not wait.
    kind, _, key = principal.partition(":")
    (Guest if kind == "guest" else User).objects.select_for_update(no_key=True).filter(pk=key).first()


def _keep(upload: Upload, data: bytes) -> Upload:
    store(upload, data)
    try:
        with transaction.atomic():
            # One after the other, or several at once would each be the last that fits.
            Document.objects.select_for_update().get(pk=upload.document_id)
            wait_for(upload.by)
            _check_size(upload.document, upload.by, upload.size)
            upload.save(force_insert=True)
    except BaseException as error:
        default_storage.delete(upload.stored_as)
        if isinstance(error, Document.DoesNotExist):
            raise NotFound(gettext("There is no such document, or it is not shared with you.")) from error
        raise
    return upload


def store(upload: Upload, data: bytes) -> None:
    """Put its bytes where its row will find them. Raises NotNow."""
    give_back()  # the storage may be far away
    try:
        stored_as = default_storage.save(upload.stored_as, ContentFile(data))
    except Exception as error:
        raise NotNow(gettext("The file could not be stored. Nothing is lost: try again later.")) from error
    if stored_as != upload.stored_as:  # no two ids are the same, unless somebody has put something there
        default_storage.delete(stored_as)
        raise NotNow(gettext("The file could not be stored. Nothing is lost: try again."))


def find_upload(visitor: Visitor, upload_id: UUID) -> Upload:
    """The file, if its document is there to be read by whoever asks. Raises NotFound."""
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None:
        raise NotFound(gettext("There is no such file, or it is not shared with you."))
    try:
        document_for(visitor, upload.document_id, "read")
    except Refused as error:
        raise NotFound(gettext("There is no such file, or it is not shared with you.")) from error
    return upload


def open_upload(upload: Upload) -> File[bytes]:
    """Its bytes, to be closed. Raises NotFound where the storage has lost it, NotNow where it does not answer."""
    give_back()
    try:
        return default_storage.open(upload.stored_as)
    except FileNotFoundError as error:
        raise NotFound(gettext("The site has lost this file.")) from error
    except Exception as error:
        raise NotNow(gettext("This file cannot be read at the moment: try again later.")) from error


def forget(upload: Upload) -> None:
    """The row is being deleted: once it is, its bytes are."""
    transaction.on_commit(partial(default_storage.delete, upload.stored_as), robust=True)
