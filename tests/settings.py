"""The product's settings with what a test run changes: a folder of its own, quick passwords, no built front end."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "VAR_DIR" not in os.environ:
    # Workers of the same run inherit it; who made it removes it.
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="scriptorium-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "a key for tests, where nothing is secret: 0123456789abcdef")

from project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The real one refuses to name a file that has not been built and collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# WhiteNoise warns of a folder that is not there, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
