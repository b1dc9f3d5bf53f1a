"""A right that is taken away, in any way there is: for how long is anything still accepted or delivered?"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from collab import fold, protocol
from tests.conftest import Sites
from tests.support.figures import Figure, Length
from tests.support.remote import Remote, remote
from tests.support.servers import private_redis
from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.wire import socket

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

BY_LINK = ("link revoked", "link expired")
STILL_READS = ("role lowered",)
CAUSES = (
    *STILL_READS, *BY_LINK, "role removed", "leaving", "signing out", "session deleted", "password changed",
    "account suspended", "account deleted", "token revoked", "document trashed", "document deleted",
)  # fmt: skip
PACE = 0.1  # seconds from word to word
WORD = re.compile(r"at(\d+)")

_CODE = """
import time
from uuid import UUID, uuid4
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.conf import settings
from django.test import Client
from django.utils import timezone
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.models import ApiToken, Document, Membership, ShareLink, User
from docs_app.services import documents, sharing, tokens

def stage(cause, by_link):
    owner = User.objects.get(username="ada")
    document = documents.create_document(owner=owner, title=cause, markdown="Begun.")
    session, token = SessionStore(), ""
    if by_link:
        guest = sharing.welcome_guest("Gail")
        link, secret = sharing.create_link(document=document, level=Level.EDIT, by=Visitor(user=owner))
        sharing.open_link(token=secret, visitor=Visitor(guest=guest))
        session["guest_id"] = str(guest.pk)
    else:
        name = f"v{uuid4().hex[:12]}"
        user = User.objects.create(username=name, email=f"{name}@example.org", name=name, password="!")
        sharing.share_with(document=document, who=name, level=Level.EDIT, by=Visitor(user=owner))
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        if cause == "token revoked":
            token = tokens.create_token(user=user)[1]
    session.save()
    return {"cause": cause, "document_id": str(document.id), "session": session.session_key, "token": token}

def strike(cause, document_id, session):
    document = Document.objects.get(pk=document_id)
    owner = Visitor(user=document.owner)
    membership = document.memberships.first()
    user = membership.user if membership else None
    if cause == "role lowered":
        sharing.change_level(membership=membership, level=Level.VIEW, by=owner)
    elif cause == "role removed":
        sharing.remove_person(membership=membership, by=owner)
    elif cause == "leaving":
        membership.delete()
    elif cause == "link revoked":
        sharing.revoke_link(link=document.links.get(), by=owner)
    elif cause == "link expired":
        document.links.update(expires_at=timezone.now())
    elif cause == "signing out":
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["sessionid"] = session
        assert client.post("/accounts/logout/").status_code == 302
    elif cause == "session deleted":
        Session.objects.get(pk=session).delete()
    elif cause == "password changed":
        user.password = "!changed"
        user.save()
    elif cause == "account suspended":
        user.is_active = False
        user.save()
    elif cause == "account deleted":
        user.delete()
    elif cause == "token revoked":
        tokens.revoke_token(token=ApiToken.objects.get(user=user))
    elif cause == "document trashed":
        documents.trash_document(document=document, by=owner)
    elif cause == "document deleted":
        document.delete()
    return time.time()

def text(document_id):
    document = Document.objects.filter(pk=document_id).first()
    return documents.export(document, "txt")[1] if document else ""
"""


@dataclass
class Trial:
    """What one victim saw: moments in unix seconds."""

    cause: str
    document_id: str
    session: str
    token: str
    taken_away: float = 0.0
    delivered: float = 0.0  # the last frame with others' words
    saved: float = 0.0  # the last receipt for something new
    accepted: float = 0.0  # when the last word that is in the log was sent

    def late(self) -> float:
        """For how many seconds after the right had gone something was still accepted or delivered."""
        last = max(self.saved, self.accepted, 0 if self.cause in STILL_READS else self.delivered)
        return max(0.0, last - self.taken_away)


@pytest.mark.parametrize("redis", ["up", "down"])
async def test_a_right_that_was_taken_away_is_gone_within_a_second(
    sites: Sites, redis: str, length: Length[int], figure: Figure
) -> None:
    slowest: dict[str, float] = dict.fromkeys(CAUSES, 0.0)
    with ExitStack() as running:
        broker = running.enter_context(ExitStack())
        site = sites(REDIS_URL=broker.enter_context(private_redis()))
        (ada,) = site.enrol("ada")
        there = running.enter_context(remote(site, _CODE))
        for _ in range(length(1, 10)):
            trials = [Trial(**there.do("stage", cause=cause, by_link=cause in BY_LINK)) for cause in CAUSES]
            await _all(site, ada, there, trials, broker if redis == "down" else None)
            for trial in trials:
                slowest[trial.cause] = max(slowest[trial.cause], trial.late())
    cause = max(slowest, key=lambda each: slowest[each])
    figure(
        f"D3 Redis {redis}",
        f"{len(CAUSES)} ways to take a right away, {length(1, 10)} times each: the last word accepted or delivered "
        f"{slowest[cause]:.2f} s later ({cause})",
    )
    assert slowest[cause] < length(5, 1), slowest


async def _all(site: Site, ada: Account, there: Remote, trials: Sequence[Trial], broker: ExitStack | None) -> None:
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for trial in trials:
            tasks.create_task(_victim(site, trial, over))
            tasks.create_task(_neighbour(site, ada, trial.document_id, over))
        await until_async(lambda: all(trial.delivered and trial.saved for trial in trials), "all write", within=60)
        if broker:
            broker.close()
        for trial in trials:
            what = {"cause": trial.cause, "document_id": trial.document_id, "session": trial.session}
            trial.taken_away = await asyncio.to_thread(there.do, "strike", **what)
        await asyncio.sleep(2)
        over.set()
    for trial in trials:
        words = WORD.findall(await asyncio.to_thread(there.do, "text", document_id=trial.document_id))
        trial.accepted = max(map(int, words), default=0) / 1000


async def _victim(site: Site, trial: Trial, over: asyncio.Event) -> None:
    """Writes and listens for as long as it is let, and comes back whenever it is ended."""
    cookie = {"Cookie": f"sessionid={trial.session}", "Origin": site.url.rstrip("/")}
    while not over.is_set():
        with suppress(ConnectionClosed, OSError):
            async with _open(site, trial, cookie) as connection:
                await _converse(connection, trial, over)
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _open(site: Site, trial: Trial, cookie: dict[str, str]) -> AsyncIterator[ClientConnection]:
    headers = None if trial.token else cookie
    async with socket(site, trial.document_id, trial.token, headers=headers) as connection:
        yield connection


async def _converse(connection: ClientConnection, trial: Trial, over: asyncio.Event) -> None:
    writing = asyncio.create_task(_write(connection, over, "at"))
    ending = asyncio.create_task(_hang_up(connection, over))
    count = 0
    try:
        async for frame in connection:
            if isinstance(frame, bytes) and frame[:2] == b"\0\2":
                trial.delivered = time.time()
            if isinstance(frame, bytes) and frame[0] == protocol.SAVED:
                saved = protocol.Reader(frame[1:]).varuint()
                trial.saved, count = (time.time(), saved) if saved > count else (trial.saved, count)
    finally:
        writing.cancel()
        ending.cancel()


async def _hang_up(connection: ClientConnection, over: asyncio.Event) -> None:
    await over.wait()
    await connection.close()


async def _write(connection: ClientConnection, over: asyncio.Event, mark: str) -> None:
    with suppress(ConnectionClosed):
        for update in _words(mark):
            await connection.send(protocol.update(update))
            await asyncio.sleep(PACE)
            if over.is_set():
                return


def _words(mark: str) -> Iterator[bytes]:
    """Updates, each a word that says when it was sent."""
    doc = fold.new_doc()
    text = XmlText("")
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))
    before: Any = b"\0"
    while True:
        text.insert(0, f"{mark}{time.time() * 1000:.0f} ")
        update, before = doc.get_update(before), doc.get_state()
        yield update


async def _neighbour(site: Site, ada: Account, document_id: str, over: asyncio.Event) -> None:
    with suppress(ConnectionClosed):
        async with socket(site, document_id, ada.token) as connection:
            reading = asyncio.create_task(_drain(connection))
            await _write(connection, over, "by-ada")
            reading.cancel()


async def _drain(connection: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in connection:
            pass
