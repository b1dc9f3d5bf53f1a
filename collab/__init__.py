"""The realtime engine: it keeps a document's CRDT, checks every update, commits it, then shows it.

Core (no Django, no socket): errors, protocol, guard, ports, presence, peer, fold, room, writer, hub, memory.
Adapters: models and store (the database), broker (channel layer), consumers (sockets), engine (where they meet).
Door for the product: api. A document is only an id here. See docs/architecture.md.
"""
