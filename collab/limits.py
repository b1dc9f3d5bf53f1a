"""How much one update may hold (docs/protocol.md): far beyond what people do, short of what hurts a server."""

from __future__ import annotations

from dataclasses import dataclass

from collab.protocol import MAX_FRAME_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. `depth`: of an attribute's or a mark's value. `nesting`: of elements, within the update.

    `firsts`: how often one attribute of one node may be set for the first time. `empties`: whether texts may be empty,
    as yrs writes them where somebody has cut a surrogate pair in two.
    """

    size: int = MAX_FRAME_BYTES
    clients: int = 4096
    structs: int = 20_000
    deletes: int = 100_000
    nesting: int = 64
    depth: int = 16
    values: int = 100_000
    value_size: int = 65_536
    name_size: int = 256
    firsts: int = 64
    empties: bool = False


_UNBOUNDED = 2**53
DEFAULT = Limits()
TRUSTED = Limits(  # for what the server itself has made: the same grammar, any size
    size=_UNBOUNDED,
    clients=_UNBOUNDED,
    structs=_UNBOUNDED,
    deletes=_UNBOUNDED,
    nesting=_UNBOUNDED,
    values=_UNBOUNDED,
    value_size=_UNBOUNDED,
    firsts=_UNBOUNDED,
    empties=True,
)
