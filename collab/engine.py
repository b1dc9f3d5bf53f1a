"""Where the ports meet their adapters: one hub per event loop.

A server's loop has one for as long as it runs (start, stop). Code elsewhere, a management command say, borrows one for
a moment: what it edits goes through the same log, and servers that have the document open hear of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings

from collab.broker import ChannelBroker
from collab.conf import retention, tuning
from collab.hub import Hub
from collab.memory import MemoryBroker
from collab.nobody import NoPages
from collab.ports import Broker, Pages
from collab.serving import announce, withdraw
from collab.store import DatabaseLog

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def start(pages: Pages) -> Hub:
    """The hub of the running loop, started on first call. Raises Unavailable while a backup is being restored."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        announce()
        hub = _hubs[loop] = Hub(DatabaseLog(retention()), _broker(), pages, tuning())
        hub.start()
    return _hubs[loop]


def running() -> Hub | None:
    """The running loop's hub, if it has one that takes visitors."""
    hub = _hubs.get(asyncio.get_running_loop())
    return None if hub is None or hub.is_closing else hub


async def stop() -> None:
    """Drain and end the running loop's hub, if it has one."""
    hub = _hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.close()
        if not _hubs:
            withdraw()


@asynccontextmanager
async def borrowed() -> AsyncIterator[Hub]:
    """The running loop's hub, or one for this moment alone."""
    hub = _hubs.get(asyncio.get_running_loop())
    if hub is not None:
        yield hub
        return
    hub = Hub(DatabaseLog(retention()), _broker(), NoPages(), tuning())
    try:
        yield hub
    finally:
        await hub.close()


def _broker() -> Broker:
    layer = get_channel_layer()
    # An in-memory layer reaches nobody but ourselves: there is no other process to tell.
    if layer is None or isinstance(layer, InMemoryChannelLayer):
        return MemoryBroker()
    return ChannelBroker(layer, settings.SECRET_KEY)
