"""`manage.py serve`: what it refuses before it starts, and how it starts and ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from project.management.commands.serve import address, listen
from tests.support.site import ROOT, Site


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    for name in ("HOST", "PORT", "WORKERS"):
        monkeypatch.delenv(name, raising=False)
    settings.EMBEDDED, settings.DATABASE_URL, settings.REDIS_URL = True, "", ""


def refusal() -> str:
    with pytest.raises(CommandError) as refused:
        call_command("serve")
    return str(refused.value)


def test_a_busy_port_is_named_with_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert refusal() == (
            f"Port {port} is in use: stop what listens there, or choose another, such as PORT={port + 1}."
        )


def test_an_address_of_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.EMBEDDED = False
    monkeypatch.setenv("HOST", "192.0.2.1")
    monkeypatch.setenv("PORT", "0")
    assert refusal() == (
        "Cannot listen on HOST=192.0.2.1 (Cannot assign requested address): name an address of this machine."
    )


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PORT", "65536"), ("WORKERS", "0"), ("WORKERS", "two")])
def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert refusal().startswith(f"{name}={value!r} is not a whole number from")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "docs.example.org"])  # noqa: S104 (refused)
def test_the_demo_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    assert refusal().startswith(f"HOST={host} would show the demo people and their known passwords")


def test_a_folder_that_holds_the_demo_is_not_opened_to_the_public(settings: Settings, tmp_path: Path) -> None:
    settings.EMBEDDED, settings.VAR_DIR = False, tmp_path
    (tmp_path / "demo.txt").touch()
    assert refusal().startswith(f"{tmp_path} holds the demo, whose passwords everybody knows")


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "[::1]")])
def test_port_0_takes_a_free_one_and_says_which(host: str, shown: str) -> None:
    listener = listen(host, 0)
    port = listener.getsockname()[1]
    listener.close()
    assert address(listen_again := listen(host, port)) == f"http://{shown}:{port}/"
    listen_again.close()


def test_it_ends_in_good_order_when_asked(sites: Callable[..., Site]) -> None:
    site = sites()
    assert site.terminate() == 0, site.log
    assert "Traceback" not in site.log


def test_asked_twice_it_still_ends_in_good_order(sites: Callable[..., Site]) -> None:
    site = sites()
    assert site.process is not None
    site.process.send_signal(signal.SIGTERM)
    assert site.terminate() == 0, site.log
    assert "Traceback" not in site.log


def test_a_second_one_on_the_same_port_says_one_sentence(sites: Callable[..., Site]) -> None:
    site = sites()
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Port {site.port} is in use") and done.stderr.count("\n") == 1


def test_the_log_holds_no_token_of_a_connection(sites: Callable[..., Site]) -> None:
    site = sites(LOG_LEVEL="DEBUG")
    for path in ("/s/Zx_9-secret/", "/nowhere/?token=Zx_9-secret"):
        with socket.create_connection(("127.0.0.1", site.port), 10) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 4")
    assert site.terminate() == 0
    assert "Not Found: /s/…/" in site.log
    assert "Zx_9-secret" not in site.log
