"""The recipe of docs/operations.md for a server in public, followed line by line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.quality.test_docs import settings_read
from tests.support.recipe import adapted, as_systemd_reads, documented
from tests.support.servers import new_database
from tests.support.site import ROOT

SECRET = "a key for tests, where nothing is secret: 0123456789abcdef"
CLEAN = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def shell(script: str, environment: Mapping[str, str] = CLEAN) -> str:
    done = subprocess.run(["sh", "-eu", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_systemd_and_the_shell_read_the_same_environment(tmp_path: Path) -> None:
    text = documented("sh", "ALLOWED_HOSTS=")
    (tmp_path / "env").write_text(text)
    said = shell(f"set -a && . {tmp_path}/env && set +a && env -0")
    heard = dict(line.split("=", 1) for line in said.split("\0") if line)
    values = as_systemd_reads(text)
    assert {name: heard[name] for name in values} == values
    assert {"WORKERS", "METRICS_TOKEN", "SECRET_KEY"} < values.keys() <= settings_read()


def test_the_places_exist_before_they_are_needed_and_the_commands_run_first_and_again(
    front_end: None, tmp_path: Path, postgres_url: str
) -> None:
    var, env = tmp_path / "var", tmp_path / "scriptorium.env"
    (tmp_path / "opt").mkdir()
    here = {"/var/lib/scriptorium": str(var), "/etc/scriptorium.env": str(env)}
    user, group = ("nobody", "nogroup") if os.geteuid() == 0 else (str(os.geteuid()), str(os.getegid()))
    places = {f"{line}\n": "" for line in documented("sh", "adduser").splitlines() if line.startswith("adduser")}
    places |= {"/opt/scriptorium": f"{tmp_path}/opt", "-o scriptorium -g scriptorium": f"-o {user} -g {group}", **here}
    shell(adapted(documented("sh", "adduser"), places))
    assert {each.owner() for each in (var, var / "backups", env, tmp_path / "opt")} == {
        user if os.geteuid() == 0 else var.owner()
    }
    assert env.stat().st_mode & 0o777 == 0o600

    values = {
        "'postgres://scriptorium:PASSWORD@127.0.0.1:5432/scriptorium'": f"'{new_database(postgres_url)}'",
        "SECRET_KEY=\n": f"SECRET_KEY='{SECRET}'\n",
        "VAR_DIR=/var/lib/scriptorium": f"VAR_DIR={var}",
    }
    env.write_text(adapted(documented("sh", "ALLOWED_HOSTS="), values))
    ours = {
        "/etc/scriptorium.env": str(env),
        ".venv/bin/python": sys.executable,
        "python3 -m project.bootstrap": "true",
    }
    first = {
        "&& git clone ADDRESS .": "",
        "/opt/scriptorium": str(ROOT),
        "createsuperuser": "createsuperuser --noinput",
    }
    person = {f"DJANGO_SUPERUSER_{name}": "ada@example.org" for name in ("USERNAME", "EMAIL", "PASSWORD")}
    shell(adapted(documented("sh", "createsuperuser"), ours | first), CLEAN | person)
    manifest = var / "static" / "staticfiles.json"
    assert manifest.exists()
    assert all(path.stat().st_mode & 0o004 for path in (var, var / "static", manifest)), "nginx reads it"

    again = {"git pull --ff-only": "true", "/opt/scriptorium": str(ROOT), "/var/lib/scriptorium": str(var)}
    shell(adapted(documented("sh", "git pull"), ours | again))
    assert [path.suffix for path in (var / "backups").iterdir()] == [".backup"]


def test_an_update_does_all_that_the_first_time_did_but_for_the_administrator_after_a_backup() -> None:
    first, again = (documented("sh", about).splitlines() for about in ("createsuperuser", "git pull"))
    assert set(first) - set(again) == {first[0], ".venv/bin/python manage.py createsuperuser"}
    backup = next(number for number, line in enumerate(again) if " backup " in line)
    assert backup < again.index("git pull --ff-only") < again.index(".venv/bin/python manage.py migrate")
