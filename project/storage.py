"""Where uploaded files lie: in a folder of this machine, or a bucket that speaks S3, which is read from one address."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage

_OPTIONS = {"endpoint": "endpoint_url", "region": "region_name"}


class Folder(FileSystemStorage):
    """Files of which a power cut leaves all or nothing: their names may be given out once `save` returns."""

    def _save(self, name: str, content: File[Any]) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # Django's own seam, which its stubs leave out
        for path, flags in ((Path(self.path(saved)), os.O_RDONLY), (Path(self.location), os.O_DIRECTORY)):
            descriptor = os.open(path, flags)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return saved


def storage_at(url: str, folder: Path) -> dict[str, Any]:
    """What Django's STORAGES says of `s3://bucket/folder?endpoint=…&region=…`, or without an address of the folder.

    Keys to the bucket are not in it: boto3 finds them where it always does. Raises ImproperlyConfigured.
    """
    if not url:
        options = {"location": str(folder), "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "project.storage.Folder", "OPTIONS": options}
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    if not parts.hostname or "@" in parts.netloc or asked.keys() - _OPTIONS:
        raise ImproperlyConfigured(
            "UPLOAD_URL is not of the form s3://bucket/folder?endpoint=https://host&region=name. "
            "The keys to it belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured("UPLOAD_URL needs django-storages: pip install 'django-storages[s3]'.")
    options = {_OPTIONS[name]: value for name, value in asked.items()}
    options |= {"bucket_name": parts.netloc, "location": parts.path.strip("/"), "file_overwrite": False}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | {"default_acl": None}}
