"""What Django itself can tell: a public site's settings are safe, and the migrations say what the models say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.site import ROOT

PUBLIC = {
    "ALLOWED_HOSTS": "docs.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
    "SECRET_KEY": "q7!m2@Zr9#Lx4$Kd8%Tw1^Pf6&Hc3*Jv5(Bn0)Gs+Ye=Ua_Xi-Ro",
}


@pytest.mark.parametrize(
    "words",
    [("check", "--deploy", "--fail-level", "WARNING"), ("makemigrations", "--check", "--dry-run")],
    ids=lambda words: words[0],
)
def test_a_public_site_passes(words: tuple[str, ...], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment = kept | PUBLIC | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "project.settings"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
