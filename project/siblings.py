"""The server processes of one machine find each other: each answers at a socket of its own in VAR_DIR/processes.

What is asked and answered is one blob of bytes. The folder is for its owner only, and so is what lies in it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from django.conf import settings

PATIENCE_SECONDS = 2.0  # a process that does not answer in this time is left out


@asynccontextmanager
async def answering(answer: Callable[[], bytes]) -> AsyncIterator[None]:
    """Let the other processes have what `answer` returns, as often as they ask, until the end of the block."""

    async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            writer.write(answer())
            await writer.drain()
        writer.close()

    with _meeting_place() as place:
        server = await asyncio.start_unix_server(tell, place / str(os.getpid()))
        try:
            yield
        finally:
            server.close()
            (place / str(os.getpid())).unlink(missing_ok=True)


async def ask() -> list[bytes]:
    """What the other processes answer. One that was killed has left its socket behind, which is removed."""
    with _meeting_place() as place:
        others = [path for path in place.iterdir() if path.name != str(os.getpid())]
        answers = await asyncio.gather(*(_ask(path) for path in others))
    return [answer for answer in answers if answer]


async def _ask(path: Path) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                return await reader.read()
            finally:
                writer.close()
    except ConnectionRefusedError:
        path.unlink(missing_ok=True)  # noqa: ASYNC240 (one name in a small folder)
    except (OSError, TimeoutError):
        pass
    return b""


def end_with_the_parent() -> None:
    """Have a worker process end in good order when the one that started it is gone, however that went."""
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_outlive, args=(parent,), name="parent", daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _meeting_place() -> Iterator[Path]:
    """The folder, by a short name for as long as the block lasts: a socket's address has room for 107 bytes only."""
    folder = Path(settings.VAR_DIR) / "processes"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
