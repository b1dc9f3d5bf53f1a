"""An event loop whose time passes only when nothing else can happen: hours run in moments, and always alike."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any

_process: ContextVar[object] = ContextVar("process", default=None)


def in_process(process: object) -> Context:
    """A context in which all that is started belongs to `process`, and ends with it."""
    context = copy_context()
    context.run(_process.set, process)
    return context


class _Patience(selectors.DefaultSelector):
    """Instead of waiting for `timeout` seconds, says that they have passed."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "Everything waits for something that nobody will do."
            self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`now` is its time in seconds. Only for code that does no input or output."""

    def __init__(self) -> None:
        self.now = 0.0
        patience = _Patience()
        patience.loop = self
        super().__init__(patience)
        self._process_of: dict[asyncio.Task[Any], object] = {}
        self.set_task_factory(self._begin)  # type: ignore[arg-type]  # the stubs do not know its `context` yet

    def _begin(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], context: Context | None = None
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, context=context)
        self._process_of[task] = (context or copy_context()).get(_process)
        task.add_done_callback(self._process_of.pop)
        return task

    def end_process(self, process: object) -> None:
        """Everything that belongs to it stops where it stands."""
        for task, owner in list(self._process_of.items()):
            if owner is process:
                task.cancel()

    def time(self) -> float:
        return self.now

    def end(self) -> None:
        """Cancel what still runs, then close."""
        tasks: set[asyncio.Task[Any]] = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.close()
