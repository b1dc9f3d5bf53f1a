"""Stock Yjs in Node, as other people's programs use it: y-websocket's provider in a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.node import node

SCRIPTS = Path(__file__).parent / "js"
PATIENCE = 30.0  # seconds for one order


class YjsAuthor:
    """One process of author.mjs; the orders are told there."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, **order: Any) -> list[str]:
        """Give an order, and return the document's paragraphs once it is done."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(PATIENCE):
            answer = await stdout.readline()
        assert answer, "the Node process has ended"
        paragraphs: list[str] = json.loads(answer)["paragraphs"]
        return [text for text in paragraphs if text]


@asynccontextmanager
async def yjs_author(site_url: str, document_id: str, token: str) -> AsyncIterator[YjsAuthor]:
    """An author connected to a document of a running site."""
    address = f"{site_url.replace('http', 'ws', 1)}ws/documents"
    process = await asyncio.create_subprocess_exec(
        node(),
        str(SCRIPTS / "author.mjs"),
        address,
        document_id,
        token,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    author = YjsAuthor(process)
    try:
        await author.do(synced=True)
        yield author
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
