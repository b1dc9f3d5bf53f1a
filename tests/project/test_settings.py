"""What the settings make of the environment: the embedded default, the public site, and what they refuse."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.secret import embedded_secret_key
from tests.support.site import ROOT

Read = Callable[..., dict[str, Any]]
OURS = (
    "ALLOWED_HOSTS", "DATABASE_POOL", "DATABASE_URL", "DEBUG", "EMAIL_FROM", "EMAIL_URL", "HTTPS", "LOG_FORMAT",
    "LOG_LEVEL", "METRICS_TOKEN", "OFFLINE", "REDIS_URL", "SECRET_KEY", "TIME_ZONE", "UPLOAD_DOCUMENT_MB",
    "UPLOAD_KINDS", "UPLOAD_MB", "UPLOAD_PERSON_MB", "UPLOAD_URL",
)  # fmt: skip
KEY = "k" * 60


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """`read(NAME=value)`: the settings that follow from these variables and no others."""

    def settings(**environment: str) -> dict[str, Any]:
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"VAR_DIR": str(tmp_path / "var"), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "project" / "settings.py"))

    return settings


def test_with_nothing_said_it_is_embedded_on_this_machine_with_a_key_of_its_own(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings["EMBEDDED"] and not settings["DEBUG"] and not settings["HTTPS"]
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "scriptorium.sqlite3")
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert settings["SECRET_KEY"] == read()["SECRET_KEY"] == (tmp_path / "var" / "secret_key").read_text()
    assert len(settings["SECRET_KEY"]) >= 50


def test_a_key_that_was_cut_off_by_a_full_disk_is_made_again(read: Read, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").touch()
    key = read()["SECRET_KEY"]
    assert len(key) >= 50 and key == read()["SECRET_KEY"]


def test_acknowledged_means_on_disk(read: Read) -> None:
    assert "PRAGMA synchronous=FULL" in read()["DATABASES"]["default"]["OPTIONS"]["init_command"]


def test_a_public_site_is_secure_unless_told_otherwise(read: Read) -> None:
    public = {"ALLOWED_HOSTS": "docs.example.org", "SECRET_KEY": KEY}
    settings = read(**public)
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SECURE_SSL_REDIRECT"]
    assert not settings["EMBEDDED"]
    assert not read(**public, HTTPS="0")["SESSION_COOKIE_SECURE"]


def test_the_pool_of_connections_has_bounds(read: Read) -> None:
    pooled = {"DATABASE_URL": "postgres://u:p@localhost/d", "SECRET_KEY": KEY}
    assert read(**pooled)["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 16
    assert read(**pooled, DATABASE_POOL="40")["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 40


def test_a_database_that_vanishes_is_given_up_and_its_address_may_say_when(read: Read) -> None:
    url = "postgres://u:p@localhost/d?sslmode=require&connect_timeout=3"
    options = read(DATABASE_URL=url, SECRET_KEY=KEY)["DATABASES"]["default"]["OPTIONS"]
    assert (options["tcp_user_timeout"], options["keepalives_idle"]) == (4000, 4)
    assert (options["sslmode"], int(options["connect_timeout"])) == ("require", 3)


@pytest.mark.parametrize(
    ("url", "port", "user", "password", "ssl", "starttls"),
    [
        ("smtps://me%40example.org:p%3Aw@mail.example.org", 465, "me@example.org", "p:w", True, False),
        ("smtp+starttls://me:pw@mail.example.org", 587, "me", "pw", False, True),
        ("smtp://mail.example.org:2525", 2525, "", "", False, False),
    ],
)
def test_letters_leave_by_one_address(
    read: Read, url: str, port: int, user: str, password: str, *, ssl: bool, starttls: bool
) -> None:
    settings = read(EMAIL_URL=url)
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert (settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (ssl, starttls)
    assert settings["EMAIL_BACKEND"].endswith("smtp.EmailBackend")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgres://u:p@localhost/d"}, "Set SECRET_KEY"),
        ({"ALLOWED_HOSTS": "docs.example.org"}, "Set SECRET_KEY"),
        ({"DATABASE_URL": "postgres://u:p@localhost/d", "SECRET_KEY": KEY, "DEBUG": "1"}, "DEBUG=1 works with"),
        ({"ALLOWED_HOSTS": "docs.example.org", "SECRET_KEY": KEY, "DEBUG": "1"}, "DEBUG=1 works with"),
        ({"DATABASE_URL": "mysql://u:p@localhost/d", "SECRET_KEY": KEY}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "postgres://u:p@localhost:many/d", "SECRET_KEY": KEY}, "DATABASE_URL is not of the form"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must begin with smtp:// or smtps:// or smtp+starttls://."),
        ({"EMAIL_URL": "smtps://user:password@"}, "EMAIL_URL is not of the form"),
        ({"EMAIL_URL": "smtps://user:password@host:many"}, "EMAIL_URL is not of the form"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with redis://"),
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps' is not a yes or a no"),
        ({"LOG_LEVEL": "chatty"}, "LOG_LEVEL='CHATTY' is none of"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT='XML' is none of TEXT, JSON"),
        ({"METRICS_TOKEN": "guess me"}, "METRICS_TOKEN must have 16 characters or more"),
        ({"TIME_ZONE": "here"}, "TIME_ZONE='here' is no time zone"),
        (
            {"DATABASE_URL": "postgres://u:p@localhost/d", "SECRET_KEY": KEY, "DATABASE_POOL": "1"},
            "DATABASE_POOL='1' is not a whole number from 2",
        ),
    ],
)
def test_refuses_with_a_sentence(read: Read, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(**environment)
    assert str(refusal.value).startswith(sentence)


def test_the_command_line_says_the_sentence_and_nothing_else(tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DEBUG": "perhaps"}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "project.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "Scriptorium cannot start so: DEBUG='perhaps' is not a yes or a no: use 1 or 0.\n"


def test_the_generated_key_is_for_its_owner_only(tmp_path: Path) -> None:
    embedded_secret_key(tmp_path / "new" / "var")
    assert (tmp_path / "new" / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="point VAR_DIR at a folder that is") as refusal:
        embedded_secret_key(tmp_path / "file" / "var")
    assert str(tmp_path / "file" / "var") in str(refusal.value)
