"""Waiting for a condition: the one place in the tests where time passes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

_PAUSE = 0.02  # seconds between two looks


def until(condition: Callable[[], T], what: str, *, within: float = 30.0) -> T:
    """The first truthy answer of `condition`. Raises AssertionError naming `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"Waited {within:g} s in vain until {what}; last seen: {answer!r}"
        threading.Event().wait(_PAUSE)
    return answer


@overload
async def until_async(condition: Callable[[], Awaitable[T]], what: str, *, within: float = 30.0) -> T: ...
@overload
async def until_async(condition: Callable[[], T], what: str, *, within: float = 30.0) -> T: ...
async def until_async(condition: Callable[[], Any], what: str, *, within: float = 30.0) -> Any:
    """The same inside an event loop; `condition` may be a coroutine function."""
    deadline = time.monotonic() + within
    while True:
        seen = condition()
        answer = await seen if isinstance(seen, Awaitable) else seen
        if answer:
            return answer
        assert time.monotonic() < deadline, f"Waited {within:g} s in vain until {what}; last seen: {answer!r}"
        await asyncio.sleep(_PAUSE)
