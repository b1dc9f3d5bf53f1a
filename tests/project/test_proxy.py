"""The proxy and the service of docs/operations.md, run as they stand there but for ports, paths and keys."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from websockets.asyncio.client import connect

from collab.hub import DRAIN_SECONDS
from project.management.commands.serve import configuration
from tests.support.recipe import adapted, documented
from tests.support.servers import free_port, new_database
from tests.support.site import ROOT, Account, Site, new_site
from tests.support.until import until
from tests.support.wire import close_code, write

NAME = "docs.example.org"
TIME_WAIT = "06"  # in /proc/net/tcp
ITS_OWN = {"date", "server", "content-type", "etag", "connection"}  # what each server says its own way
AROUND = """
daemon off;
user root;  # who may read a temporary folder of root's; others may not say
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{documented}
}}
"""

pytestmark = pytest.mark.anyio
needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not here: apt install nginx")


@pytest.fixture(scope="module")
def site(ground: Path, tmp_path_factory: pytest.TempPathFactory, postgres_url: str, redis_url: str) -> Iterator[Site]:
    """In public, of two processes, on servers of its own."""
    folder = tmp_path_factory.mktemp("public") / "var"
    database = new_database(postgres_url)
    public = {"ALLOWED_HOSTS": NAME, "DATABASE_URL": database, "REDIS_URL": redis_url, "WORKERS": "2"}
    site = new_site(ground, folder, **public).start()
    yield site
    assert site.terminate() == 0, site.log


@pytest.fixture(scope="module")
def proxy(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The documented nginx before the site. Its port."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    key, certificate = folder / "site.key", folder / "site.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    changes = {
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "/etc/ssl/docs.example.org.pem": str(certificate),
        "/etc/ssl/docs.example.org.key": str(key),
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{site.port};",
        "root /var/lib/scriptorium;": f"root {site.var_dir};",
    }
    text = AROUND.format(folder=folder, documented=adapted(documented("nginx"), changes))
    (folder / "nginx.conf").write_text(text)
    with (folder / "complaint").open("w") as complaint:
        process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=complaint)
    until(lambda: (folder / "nginx.pid").exists() or process.poll() is not None, "nginx has started")
    assert process.poll() is None, (folder / "complaint").read_text()
    yield port
    process.terminate()
    process.wait(10)
    assert not re.search(r"\[(emerg|warn)\]", (folder / "complaint").read_text() + (folder / "error.log").read_text())


class Browser:
    """Speaks https with the proxy, in the site's name, and keeps cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self.cookies: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": f"{NAME}:{self.port}", "Origin": self.origin, "Cookie": jar}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Message, str]:
        with closing(HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.tls)) as connection:
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                assert "; Secure" in cookie or "; Max-Age=0;" in cookie, cookie
                name, value = cookie.partition(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read().decode()

    def sign_in(self, account: Account) -> None:
        self.ask("GET", "/accounts/login/")
        fields = {
            "login": account.name,
            "password": account.password,
            "csrfmiddlewaretoken": self.cookies["csrftoken"],
        }
        form = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.origin}/accounts/login/"}
        status, headers, _ = self.ask("POST", "/accounts/login/", urlencode(fields).encode(), **form)
        assert (status, headers["Location"]) == (302, "/")

    def new_document(self, account: Account) -> str:
        """Its id."""
        bearer = {"Authorization": f"Bearer {account.token}", "Content-Type": "application/json"}
        status, _, text = self.ask("POST", "/api/v1/documents", b'{"title": "Minutes"}', **bearer)
        assert status == 201, text
        return str(json.loads(text)["id"])

    def socket(self, document_id: str, **headers: str) -> connect:
        """A page's WebSocket, at the address that the page would use."""
        return connect(
            f"wss://{NAME}:{self.port}/ws/documents/{document_id}/",
            subprotocols=["scriptorium.v1"],  # type: ignore[list-item]
            additional_headers={"Cookie": self.headers["Cookie"], "Origin": self.origin} | headers,
            host="127.0.0.1",
            ssl=self.tls,
            max_size=None,
        )


@needs_nginx
async def test_people_sign_in_and_write_through_the_proxy(site: Site, proxy: int) -> None:
    (ada,) = site.enrol("ada")
    browser = Browser(proxy)
    document_id = browser.new_document(ada)
    browser.sign_in(ada)
    status, headers, page = browser.ask("GET", f"/d/{document_id}/")
    assert status == 200 and "Minutes" in page
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    async with browser.socket(document_id) as connection:
        await write(connection, "through the proxy")
    assert browser.ask("GET", f"/d/{document_id}.txt")[2].strip() == "through the proxy"
    async with browser.socket(document_id, Origin="https://elsewhere.example") as connection:
        assert await close_code(connection) == 4403


@needs_nginx
def test_the_site_itself_says_what_is_too_large(site: Site, proxy: int) -> None:
    (bob,) = site.enrol("bob")
    browser, bearer = Browser(proxy), {"Authorization": f"Bearer {bob.token}", "Content-Type": "application/json"}
    status, _, text = browser.ask("POST", "/api/v1/documents", b" " * 2_700_000, **bearer)
    assert (status, json.loads(text)["detail"]) == (413, "A request may have 2.5 MiB.")
    assert browser.ask("POST", "/api/v1/documents", b" " * 3_200_000, **bearer)[0] == 413


@needs_nginx
def test_probes_are_for_those_inside(site: Site, proxy: int) -> None:
    browser = Browser(proxy)
    assert [browser.ask("GET", path)[0] for path in ("/healthz", "/readyz", "/metrics")] == [200, 404, 404]
    with urlopen(f"{site.url}readyz", timeout=20) as answer:
        assert answer.read() == b"ready\n"


@needs_nginx
@pytest.mark.parametrize(
    "name", [r"site\.[0-9a-f]{12}\.js", r"site\.js", r"site\.[0-9a-f]{12}\.css", r"lazy/.*-[A-Z0-9]{8}\.woff2"]
)
def test_static_files_come_from_the_disk_with_what_the_site_says_of_them(site: Site, proxy: int, name: str) -> None:
    folder = site.var_dir / "static"
    path = next(
        file for file in map(str, sorted(folder.rglob("*"))) if re.fullmatch(name, file[len(str(folder)) + 1 :])
    )
    address = f"/static/{path[len(str(folder)) + 1 :]}"
    for encoding in ("identity", "gzip"):
        status, ours, _ = Browser(proxy).ask("HEAD", address, None, **{"Accept-Encoding": encoding})
        asked = Request(f"{site.url.rstrip('/')}{address}", method="HEAD")
        for key, value in {"Host": NAME, "X-Forwarded-Proto": "https", "Accept-Encoding": encoding}.items():
            asked.add_header(key, value)
        with urlopen(asked, timeout=20) as answer:
            assert status == answer.status == 200
            told = {key.lower(): value for key, value in answer.headers.items() if key.lower() not in ITS_OWN}
        assert told == {key.lower(): value for key, value in ours.items() if key.lower() in told}


@needs_nginx
def test_a_static_file_does_not_trouble_the_site_and_one_that_is_none_is_refused_by_it(site: Site, proxy: int) -> None:
    (site.var_dir / "static" / "later.txt").write_text("The site has not seen this when it began.")
    assert Browser(proxy).ask("GET", "/static/later.txt")[0] == 200
    (site.var_dir / "secret.txt").write_text("Not for the world.")
    for path in ("/static/none.txt", "/static/../secret.txt", "/static/%2e%2e/secret.txt", "/secret.txt"):
        assert Browser(proxy).ask("GET", path)[0] == 404


@needs_nginx
def test_connections_to_the_site_are_used_again(site: Site, proxy: int) -> None:
    def ended() -> int:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(f"{site.port:04X}" in (row[1][-4:], row[2][-4:]) and row[3] == TIME_WAIT for row in rows)

    before = ended()
    assert [Browser(proxy).ask("GET", "/healthz")[0] for _ in range(30)] == [200] * 30
    assert ended() - before < 10
    (idle,) = re.findall(r"^    keepalive_timeout (\d+)s;$", documented("nginx"), re.MULTILINE)
    assert int(idle) < configuration().timeout_keep_alive, "or a request meets a connection that is being ended"


@needs_nginx
async def test_an_end_of_the_server_reaches_pages_through_the_proxy(site: Site, proxy: int) -> None:
    (carol,) = site.enrol("carol")
    browser = Browser(proxy)
    document_id = browser.new_document(carol)
    browser.sign_in(carol)
    async with browser.socket(document_id) as connection:
        await write(connection, "before")
        assert site.terminate() == 0, site.log
        assert await close_code(connection) == 1012
    site.start()
    async with browser.socket(document_id) as connection:
        await write(connection, "after")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    changes = {
        "/opt/scriptorium/.venv/bin/python": sys.executable,
        "WorkingDirectory=/opt/scriptorium": f"WorkingDirectory={ROOT}",
    }
    unit = tmp_path / "scriptorium.service"
    unit.write_text(adapted(documented("ini"), changes))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, ours) == (0, [])


def test_the_service_has_time_enough_to_end(tmp_path: Path) -> None:
    limit = int(re.findall(r"^TimeoutStopSec=(\d+)$", documented("ini"), re.MULTILINE)[0])
    graceful = configuration().timeout_graceful_shutdown or 0
    assert graceful + DRAIN_SECONDS + 2 < limit
