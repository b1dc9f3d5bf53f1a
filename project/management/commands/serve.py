"""`manage.py serve`: the server with the options this application needs, and a plain sentence when it cannot start.

It reads HOST, PORT and WORKERS. What it must not know: anything about documents.
"""

from __future__ import annotations

import errno
import ipaddress
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from uvicorn.supervisors import Multiprocess

from project import env
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
        if workers > 1 and not settings.REDIS_URL:
            raise CommandError("WORKERS above 1 need REDIS_URL: the processes tell each other of edits through Redis.")
        listener = listen(host, port)
        take_all_file_descriptors()
        config = configuration(workers)
        # An orderly end is a success: uvicorn raises the signal again after it has drained.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            if workers > 1:
                self.stdout.write(f"Scriptorium starts {workers} processes at {address(listener)}")
                Multiprocess(config, sockets=[listener]).run()
            else:
                server = Announcing(config, address(listener))
                server.run(sockets=[listener])
                if not server.started:
                    sys.exit(3)
        except KeyboardInterrupt:
            return


class Announcing(uvicorn.Server):
    """Says where it listens, but only once it does."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self.url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Scriptorium is ready at {self.url}", demo(self.url), sep="\n", flush=True)


def configuration(workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        "project.asgi:application",
        workers=workers,
        lifespan="on",
        http=Requests,
        ws=Sockets,
        ws_max_size=MEBIBYTE,
        # Updates are small or already dense, and compression contexts would cost memory for each connection.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
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
    if settings.EMBEDDED and not is_loopback(host):
        raise CommandError(
            f"HOST={host} would show the demo people and their known passwords to the network: "
            "set SECRET_KEY and ALLOWED_HOSTS to open Scriptorium to others."
        )
    if not settings.EMBEDDED and not settings.DATABASE_URL and demo_note().is_file():
        raise CommandError(
            f"{settings.VAR_DIR} holds the demo, whose passwords everybody knows: point VAR_DIR at an empty folder, "
            f"or give the demo people other passwords and remove {demo_note().name} there."
        )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
