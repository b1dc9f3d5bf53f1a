"""The secret key of an embedded installation: made on first use, kept beside its database."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def embedded_secret_key(folder: Path) -> str:
    """The key in `folder`/secret_key, generated on first use. Raises ImproperlyConfigured if it cannot be written."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or not path.stat().st_size:  # empty: the disk was full when it was made
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot write to {folder} ({error.strerror}): make it writable, or point VAR_DIR at a folder that is."
        ) from error
