"""A real Scriptorium server in a process of its own, for tests that kill it, restart it, or look at it by browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.servers import prepare_database
from tests.support.until import until

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
SECRET_KEY = "the same in all processes of one site: 0123456789abcdefghijklmnop"
_OURS = (
    "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "HOST", "HTTPS", "LOG_FORMAT", "LOG_LEVEL", "METRICS_TOKEN", "OFFLINE",
    "PORT", "REDIS_URL", "SECRET_KEY", "UPLOAD_DOCUMENT_MB", "UPLOAD_KINDS", "UPLOAD_MB", "UPLOAD_PERSON_MB",
    "UPLOAD_URL", "WORKERS",
)  # fmt: skip

ENROL = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from docs_app.models import User
from docs_app.services.tokens import create_token

def enrol(name):
    user = User.objects.create_user(name, f"{name}@example.org", password, name=name.title())
    session = SessionStore()
    session.update({
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    })
    session.save()
    return {"id": user.pk, "name": name, "session": session.session_key, "token": create_token(user=user)[1]}

result = [enrol(name) for name in names]
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with an account: `session` is the value of a signed-in session cookie, `token` a bearer token."""

    id: int
    name: str
    session: str
    token: str
    password: str = PASSWORD

    @property
    def principal(self) -> str:
        return f"user:{self.id}"


class Site:
    """One server process. Several with the same DATABASE_URL and REDIS_URL are one site on many machines."""

    def __init__(self, var_dir: Path, environment: dict[str, str] | None = None) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in _OURS}
        ours = {"VAR_DIR": str(var_dir), "SECRET_KEY": SECRET_KEY, "HOST": "127.0.0.1", "PORT": "0"}
        self.environment = kept | ours | {"DJANGO_SETTINGS_MODULE": "project.settings"} | (environment or {})
        self.command = _manage("serve")
        self.var_dir = var_dir
        self.log_path = var_dir / "server.log"
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Site:
        """Returns once /healthz answers. Raises AssertionError with the end of the log when the server gives up."""
        heard = len(self.log)
        self.spawn()
        self.url = until(lambda: self._announced(heard), "the server says where it listens", within=60)
        # A restart comes back to the same address, as pages in the browsers expect.
        self.environment["PORT"] = self.url.rstrip("/").rpartition(":")[2]
        until(self.is_healthy, "/healthz answers", within=60)
        return self

    def spawn(self) -> None:
        """Starts the process, without waiting for anything."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_healthy(self) -> bool:
        try:
            with urlopen(f"{self.url}healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, HTTPException, OSError):
            self._must_run()
            return False

    def cpu_seconds(self) -> float:
        """How long the process has computed so far, for itself and the kernel."""
        fields = Path(f"/proc/{self._running().pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """The memory that the process holds."""
        status = Path(f"/proc/{self._running().pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def kill(self) -> None:
        """Pulls the plug: SIGKILL, no farewell."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Asks it to end in good order; answers its exit status."""
        return self._end(signal.SIGTERM)

    def restart(self) -> None:
        self.terminate()
        self.start()

    def freeze(self) -> None:
        """The process stops where it stands, sockets open, until `thaw`."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def manage(self, *words: str) -> str:
        """What `manage.py` with these words prints. Raises AssertionError with its complaint when it fails."""
        done = subprocess.run(
            _manage(*words), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def python(self, code: str, **names: Any) -> Any:
        """Runs code beside the server, with the site's settings; what it calls `result` comes back through JSON."""
        arguments = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        answer = "\nimport json as _json\nprint('\\x1e' + _json.dumps(result))\n"
        printed = self.manage("shell", "-v", "0", "-c", arguments + textwrap.dedent(code) + answer)
        return json.loads(printed.rpartition("\x1e")[2])

    def enrol(self, *names: str) -> Sequence[Account]:
        """New accounts, each with a session to put in a cookie and a token for programs."""
        return [Account(**row) for row in self.python(ENROL, names=names, password=PASSWORD)]

    def _announced(self, heard: int) -> str:
        found = re.search(r"ready at (http://\S+)", self.log[heard:])
        if not found:
            self._must_run()
        return found[1] if found else ""

    def _must_run(self) -> None:
        assert self.is_running, f"The server has ended:\n{self.log[-4000:]}"

    def _running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None and self.is_running, "The server is not running."
        return self.process

    def _end(self, how: signal.Signals) -> int:
        process = self._running()
        process.send_signal(how)
        return process.wait(30)


def prepare_ground(folder: Path) -> Path:
    """A VAR_DIR with a migrated database and the collected static files, for `new_site` to copy."""
    site = Site(folder)
    folder.mkdir(parents=True)
    site.manage("migrate", "-v", "0")
    site.manage("collectstatic", "--noinput", "-v", "0")
    return folder


def new_site(ground: Path, folder: Path, **environment: str) -> Site:
    """A site that has not been started; with a DATABASE_URL its (empty) database is migrated."""
    folder.mkdir(parents=True)
    (folder / "static").symlink_to(ground / "static")
    site = Site(folder, environment)
    if "DATABASE_URL" in environment:
        prepare_database(environment["DATABASE_URL"], lambda: site.manage("migrate", "-v", "0"))
    else:
        shutil.copy(ground / "scriptorium.sqlite3", folder)
    return site


def _manage(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *words]
