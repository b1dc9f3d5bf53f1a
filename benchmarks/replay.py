"""Replays recorded sessions through real sockets into a running server, and checks that everybody ends with their text.

`python -m benchmarks.replay [RECORDING.json.gz ...]` starts a server of its own on embedded SQLite, with one client per
author. Each transaction is made on top of exactly its parents: an author who has not seen another's words in the
recording does not see them here either. Words written at one place at once stand in the order of the authors, as in
the recording. Afterwards every client, a fresh client, the API's text and a rebuild from the database must equal the
recording's final text.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.author import Author
from benchmarks.recordings import FOLDER, Recording, Transaction, load
from tests.support.site import Account, Site
from tests.support.wire import share

RECORDINGS = ("automerge-paper", "friendsforever")
WINDOW = 256  # how many transactions a lone author sends before looking up

_REBUILD = """
from uuid import UUID
from collab import fold
from collab.models import LogEntry, Snapshot
from pycrdt import XmlFragment, XmlText

rows = LogEntry.objects.filter(document_id=UUID(document_id)).order_by("seq")
payloads = [bytes(row.payload) for row in rows]
entries = [fold.Entry(row.seq, fold.unpack(bytes(row.payload))) for row in rows]
doc = fold.replay(None, entries)
(block,) = doc.get(fold.ROOT, type=XmlFragment).children
text = "".join(str(piece) for child in block.children if isinstance(child, XmlText) for piece, _ in child.diff())
result = {
    "text": text,
    "entries": len(entries),
    "writes": sum(len(entry.writes) for entry in entries),
    "log": sum(map(len, payloads)),
    "state": len(doc.get_update()),
    "snapshots": Snapshot.objects.filter(document_id=UUID(document_id)).count(),
}
"""


@dataclass(frozen=True, slots=True)
class Result:
    """Sizes in bytes, times in seconds. `texts` says who ended with what."""

    seconds: float
    server_cpu: float
    texts: dict[str, str]
    stored: dict[str, int]


async def replay(recording: Recording, site: Site, accounts: Sequence[Account]) -> Result:
    """Play a recording into a new document."""
    document_id = new_document(site, accounts[0], recording.name)
    share(site, document_id, *accounts[1:])
    address = f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/"
    async with AsyncExitStack() as stack:
        # What two insert at one place at once stands in the order of their client ids; here, in the order of authors.
        client_ids = sorted(random.sample(range(1, 2**32), len(accounts)))
        people = [Author(address, account.token, id_) for account, id_ in zip(accounts, client_ids, strict=True)]
        authors = [await stack.enter_async_context(author) for author in people]
        started, cpu = time.perf_counter(), site.cpu_seconds()
        await play(recording.transactions, authors)
        seconds, cpu = time.perf_counter() - started, site.cpu_seconds() - cpu
        texts = {f"author {number}": author.text for number, author in enumerate(authors)}
        fresh = await stack.enter_async_context(Author(address, accounts[0].token))
        texts["fresh client"] = fresh.text
    texts["API"] = api_text(site, accounts[0], document_id)
    stored = site.python(_REBUILD, document_id=document_id)
    texts["rebuilt from the database"] = stored.pop("text")
    return Result(seconds, cpu, texts, stored)


async def play(transactions: Sequence[Transaction], authors: Sequence[Author]) -> None:
    for transaction in transactions:
        author = authors[transaction.author]
        await see(author, transaction.needs, authors)
        author.type(transaction.patches)
        if len(authors) == 1 and author.typed % WINDOW == 0:
            await author.send()
            await asyncio.sleep(0)  # sending alone does not let the listener answer the server's pings
    for author in authors:
        await author.send()
        await author.saved()
    for author in authors:
        await author.synchronise()


async def see(author: Author, needs: Sequence[int], authors: Sequence[Author]) -> None:
    """Bring an author up to what the recording says had been seen: the others send exactly that, and no more."""
    behind = [other for other, count in zip(authors, needs, strict=True) if other is not author and other.sent < count]
    for other in behind:
        await other.send(needs[authors.index(other)])
        await other.saved()
    if behind:
        await author.synchronise()


def new_document(site: Site, account: Account, title: str) -> str:
    """A document that is one empty code block; answers its id."""
    body = {"title": title, "markdown": "```\n```\n"}
    return str(json.loads(_api(site, account, "documents", body))["id"])


def api_text(site: Site, account: Account, document_id: str) -> str:
    """The document's text as the API's JSON has it."""
    document = json.loads(_api(site, account, f"documents/{document_id}/content?format=json"))
    (block,) = document["content"]
    return "".join(run["text"] for run in block.get("content", []))


def _api(site: Site, account: Account, path: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {account.token}", "Content-Type": "application/json"}
    with urlopen(Request(f"{site.url}api/v1/{path}", data, headers)) as answer:
        content: bytes = answer.read()
        return content


def report(recording: Recording, result: Result) -> bool:
    """Print what was measured and who ended with what; say whether all ended equal."""
    edits = len(recording.transactions)
    print(f"{recording.name}: {edits:,} transactions by {recording.authors}, {len(recording.final_text):,} characters")
    print(f"  {result.seconds:.1f} s, {edits / result.seconds:,.0f} a second, server CPU {result.server_cpu:.1f} s")
    print("  stored: " + ", ".join(f"{name} {count:,}" for name, count in result.stored.items()))
    wrong = [who for who, text in result.texts.items() if text != recording.final_text]
    for who in result.texts:
        print(f"  {who}: {'DIFFERS' if who in wrong else 'equal'}")
    return not wrong


def main(arguments: Sequence[str]) -> int:
    paths = [Path(argument) for argument in arguments] or [FOLDER / f"{name}.json.gz" for name in RECORDINGS]
    present = [path for path in paths if path.is_file()]
    for path in paths:
        if path not in present:
            print(
                f"{path.name} is not here: skipped. Name recordings as arguments, or their folder in SCRIPTORIUM_DATA."
            )
    are_equal = True
    with tempfile.TemporaryDirectory(prefix="scriptorium-replay-") as folder:
        site = Site(Path(folder) / "var")
        site.var_dir.mkdir()
        for command in (["migrate", "-v", "0"], ["collectstatic", "--noinput", "-v", "0"]):
            site.manage(*command)
        site.start()
        accounts = site.enrol("ada", "grace", "edsger", "barbara")
        for path in present:
            recording = load(path)
            result = asyncio.run(replay(recording, site, accounts[: recording.authors]))
            are_equal &= report(recording, result)
        site.terminate()
    return 0 if are_equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
