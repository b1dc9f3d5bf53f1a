"""What becomes of files when the text that shows them becomes another document: it has copies of its own.

So a file belongs to one document for ever, counts once, and goes with it; and no text brings somebody a file that they
could not read before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from docs_app.access import Visitor, document_for
from docs_app.content.links import own_file
from docs_app.content.nodes import Node, attr, children
from docs_app.errors import NotFound, Refused, TooMuch
from docs_app.models import Document, Upload, User
from docs_app.services.uploads import megabytes, open_upload, store, total_of, wait_for


class Copies(NamedTuple):
    """Files that are stored for a document which is not there yet, each with the address that it is a copy of."""

    uploads: dict[str, Upload]

    def text(self, node: Node) -> Node:
        """The node, with what it shows taken from the copies."""
        copy = self.uploads.get(attr(node, "src") or "")
        shown = node | {"attrs": node["attrs"] | {"src": copy.address}} if copy else node
        content = children(node)
        return shown | {"content": [self.text(child) for child in content]} if content else shown

    def keep(self, document: Document) -> None:
        """Inside of a transaction. Raises TooMuch."""
        if self.uploads:
            wait_for(document.owner.principal)
            _check_size(document.owner, self.uploads.values())
        for upload in self.uploads.values():
            upload.document = document
        Upload.objects.bulk_create(self.uploads.values())

    def drop(self) -> None:
        for upload in self.uploads.values():
            default_storage.delete(upload.stored_as)


def copies_for(owner: User, content: Node, source: Document | None) -> Copies:
    """Copies of the files that a text shows and `owner` may have: those of `source`, and those that they may read.

    Whatever else it shows is not there in the copy. Raises TooMuch, before anything is stored, or NotNow.
    """
    ids = {UUID(src.rpartition("/")[2]) for src in _sources(content)}
    found = [each for each in Upload.objects.filter(pk__in=ids) if _may_copy(owner, each, source)]
    _check_size(owner, found)
    copies = Copies({})
    for original in found:
        copy = _copy(original, owner.principal)
        try:
            with open_upload(original) as file:
                store(copy, file.read())
        except NotFound:
            continue  # what is lost is as lost in the copy
        except BaseException:
            copies.drop()
            raise
        copies.uploads[original.address] = copy
    return copies


def _check_size(owner: User, files: Collection[Upload]) -> None:
    size = sum(each.size for each in files)
    if files and total_of(by=owner.principal) + size > settings.UPLOAD_PERSON_BYTES:
        raise TooMuch(
            gettext(
                "The files that one person has sent may have %(most)s together; "
                "this text has files of %(size)s, which do not fit any more."
            )
            % {"most": megabytes(settings.UPLOAD_PERSON_BYTES), "size": megabytes(size)}
        )


def _may_copy(owner: User, upload: Upload, source: Document | None) -> bool:
    if source is not None and upload.document_id == source.id:
        return True
    try:
        document_for(Visitor(owner), upload.document_id, "read")
    except Refused:
        return False
    return True


def _copy(upload: Upload, principal: str) -> Upload:
    copied = {field: getattr(upload, field) for field in ("name", "media_type", "width", "height", "size", "checksum")}
    return Upload(id=uuid4(), by=principal, **copied)


def _sources(content: Node) -> Sequence[str]:
    """The addresses of uploads that a text shows."""
    found, todo = [], [content]
    while todo:
        node = todo.pop()
        todo += children(node)
        src = attr(node, "src")
        if isinstance(src, str) and own_file(src):
            found.append(src)
    return found
