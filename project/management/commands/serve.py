"""`manage.py serve`: the server with the options this application needs, and a plain sentence when it cannot start.

It reads HOST, PORT and WORKERS. What it must not know: anything about documents.
"""

from __future__ import annotations

import errno
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.checks import Tags
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connection
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from project import env
from project.checks import is_this_machine
from project.doorway import Requests, Sockets

MEBIBYTE = 1 << 20


class Command(BaseCommand):
    help = "Serves pages and documents on HOST (127.0.0.1) and PORT (8000; 0 takes a free one)."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000, most=65535)
            workers = env.number("WORKERS", 1, least=1, most=256)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        refuse_to_expose_the_demo(host)
        listener = listen(host, port)
        take_all_file_descriptors()
        self.refuse_to_lose()
        config = configuration(workers)
        # An orderly end is a success: uvicorn raises the signal again after it has drained.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            if workers > 1:
                has_started = Workers(config, listener).serve()
            else:
                has_started = Announcing(config, address(listener)).serve_at(listener)
        except KeyboardInterrupt:
            return
        if not has_started:
            sys.exit(STARTUP_FAILURE)

    def refuse_to_lose(self) -> None:
        """Before anything is acknowledged. Raises SystemCheckError where the database could lose it again."""
        self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
        connection.close()
        if settings.DATABASES[DEFAULT_DB_ALIAS].get("OPTIONS", {}).get("pool"):
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one; the processes have their own


class Announcing(uvicorn.Server):
    """Says where it listens, but only once it does."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self.url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            announce(self.url)

    def serve_at(self, listener: socket.socket) -> bool:
        """Returns at the end: whether it could serve at all."""
        self.run(sockets=[listener])
        return self.started


class Workers(Multiprocess):
    """Several processes at one address. One that dies is started again; all end in good order when we are asked to."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config, sockets=[listener])
        self.url = address(listener)
        self.are_ready = False

    def keep_subprocess_alive(self) -> None:
        """Called twice a second."""
        if not self.are_ready and any(process.exitcode for process in self.processes):
            self.should_exit.set()  # it has died before it ever served, and its successors would too
            return
        super().keep_subprocess_alive()
        if not self.are_ready and all(process.is_ready() for process in self.processes):
            self.are_ready = True
            announce(self.url)

    def serve(self) -> bool:
        """Returns at the end: whether they could serve at all."""
        self.run()
        return self.are_ready or not any((process.exitcode or 0) > 0 for process in self.processes)


def announce(url: str) -> None:
    print(f"Scriptorium is ready at {url}", demo(url), sep="\n", flush=True)


def configuration(workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        "project.asgi:application",
        workers=workers,
        lifespan="on",
        loop="project.entrance:Loop",
        http=Requests,
        ws=Sockets,
        ws_max_size=MEBIBYTE,
        # Updates are small or already dense, and compression contexts would cost memory for each connection.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
        # A worker is killed that does not answer its parent for so long. Its threads do, however busy its loop is, but
        # on a machine that is short of breath five seconds have gone by quickly.
        timeout_worker_healthcheck=30,
        # settings.LOGGING; no access log, for addresses carry tokens and the proxy in front keeps one.
        log_config=None,
        access_log=False,
        server_header=False,
    )


def take_all_file_descriptors() -> None:
    """Every connection needs one, and the usual limit of 1,024 is meant for programs that cannot count further."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def refuse_to_expose_the_demo(host: str) -> None:
    """The demo's people have known passwords: they stay on this machine. Raises CommandError."""
    if settings.EMBEDDED and not is_this_machine(host):
        raise CommandError(
            f"HOST={host} would show the demo people and their known passwords to the network: "
            "set SECRET_KEY and ALLOWED_HOSTS to open Scriptorium to others."
        )
    if not settings.EMBEDDED and not settings.DATABASE_URL and demo_note().is_file():
        raise CommandError(
            f"{settings.VAR_DIR} holds the demo, whose passwords everybody knows: point VAR_DIR at an empty folder, "
            f"or give the demo people other passwords and remove {demo_note().name} there."
        )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CommandError with what to do when the address is taken or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # Bound is not enough: of two that bind before either listens, the second would fail only later.
        both = family == socket.AF_INET6
        listener = socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=both)
    except PermissionError as error:
        raise CommandError(f"Port {port} is for root only: choose one from 1024 up, such as PORT=8000.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use: stop what listens there, or choose another, such as PORT={port + 1}."
            ) from error
        why = str(error.strerror).partition(" (")[0]
        raise CommandError(f"Cannot listen on HOST={host} ({why}): name an address of this machine.") from error
    listener.set_inheritable(True)
    return listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def demo_note() -> Path:
    """What the demo leaves for its visitors: the logins and the guest link."""
    return Path(settings.VAR_DIR) / "demo.txt"


def demo(url: str) -> str:
    if not settings.EMBEDDED or not demo_note().is_file():
        return ""
    return demo_note().read_text().replace("{address}", url.rstrip("/"))
