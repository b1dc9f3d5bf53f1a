"""Crafted attacks, byte by byte: what no honest client sends, each with the error that must meet it.

`UPDATES` are refused by reading alone, `FRAMES` before there is an update to read, `INTRUSIONS` only by who holds what:
they are aimed at a document in which VICTIM has written KNOWN clocks and ATTACKER nothing yet.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from collab.encoding import varbytes, varuint
from collab.errors import ClientIdTaken, CollabError, Gap, Malformed, TooLarge
from collab.protocol import MAX_FRAME_BYTES, awareness, sync_step1, sync_step2
from collab.protocol import update as update_frame

ATTACKER, VICTIM, STRANGER, KNOWN = 666, 777, 888, 10
HUGE = 2**31


@dataclass(frozen=True)
class Attack:
    """`says` is part of the sentence that the refusal carries."""

    name: str
    data: bytes
    error: type[CollabError]
    says: str


# --- building blocks --------------------------------------------------------------------------------------------------


def id_(client: int, clock: int) -> bytes:
    return varuint(client) + varuint(clock)


def root(name: bytes = b"default") -> bytes:
    return b"\1" + varbytes(name)


def inside(client: int, clock: int) -> bytes:
    """A parent that is not the root."""
    return b"\0" + id_(client, clock)


def item(content: bytes, *, origin: bytes = b"", right: bytes = b"", parent: bytes = b"", name: bytes = b"") -> bytes:
    """A struct; `content` begins with its kind. `parent` is written as given, also where it should not be."""
    flags = 0x80 * bool(origin) | 0x40 * bool(right) | 0x20 * bool(name)
    return (
        bytes([content[0] | flags])
        + origin
        + right
        + parent
        + (varbytes(name) if parent and name else b"")
        + content[1:]
    )


def block(*structs: bytes, client: int = ATTACKER, clock: int = 0) -> bytes:
    return varuint(len(structs)) + id_(client, clock) + b"".join(structs)


def deletion(client: int, *ranges: tuple[int, int]) -> bytes:
    return varuint(client) + varuint(len(ranges)) + b"".join(id_(start, length) for start, length in ranges)


def update(blocks: Iterable[bytes] = (), deletions: Iterable[bytes] = ()) -> bytes:
    blocks, deletions = list(blocks), list(deletions)
    return varuint(len(blocks)) + b"".join(blocks) + varuint(len(deletions)) + b"".join(deletions)


def of(*structs: bytes, clock: int = 0) -> bytes:
    """An update with structs of the attacker alone."""
    return update([block(*structs, clock=clock)])


def gc(length: int) -> bytes:
    return b"\0" + varuint(length)


def deleted(length: int) -> bytes:
    return b"\1" + varuint(length)


def string(text: str | bytes) -> bytes:
    return b"\4" + varbytes(text.encode() if isinstance(text, str) else text)


def mark(key: str, value: str) -> bytes:
    return b"\6" + varbytes(key.encode()) + varbytes(value.encode())


def element(name: str = "paragraph") -> bytes:
    return b"\7\3" + varbytes(name.encode())


TEXT = b"\7\6"


def value(*anys: bytes) -> bytes:
    return b"\10" + varuint(len(anys)) + b"".join(anys)


NULL, UNDEFINED = b"\x7e", b"\x7f"
PARAGRAPH = item(element(), parent=root())


def attribute(*anys: bytes) -> bytes:
    """A paragraph of the attacker with one attribute."""
    return of(PARAGRAPH, item(value(*anys), parent=inside(ATTACKER, 0), name=b"level"))


def in_text(content: bytes) -> bytes:
    """A text of the attacker with one struct in it."""
    return of(item(TEXT, parent=root()), item(content, parent=inside(ATTACKER, 0)))


def chain(depth: int) -> bytes:
    """Elements, each in the one before it."""
    return of(PARAGRAPH, *(item(element(), parent=inside(ATTACKER, clock)) for clock in range(depth)))


def sibling_chain(depth: int) -> bytes:
    """The same, where each element's parent is known only from its sibling's."""
    structs = [PARAGRAPH]
    for level in range(depth):
        structs.append(item(element(), parent=inside(ATTACKER, 2 * level)))
        structs.append(item(element(), origin=id_(ATTACKER, 2 * level + 1)))
    return of(*structs)


def two_client_chain(depth: int) -> bytes:
    """The same between two clients, the children written before their parents."""
    mine, theirs = [], [PARAGRAPH]
    for level in range(depth):
        mine.append(item(element(), parent=inside(STRANGER, level)))
        theirs.append(item(element(), parent=inside(ATTACKER, level)))
    return update([block(*mine), block(*theirs, client=STRANGER)])


def slow(size: int) -> bytes:
    """Well formed, so it passes; but a CRDT walks through all of it for every struct: seconds for 5,000, in 35 kB.

    Each stands, so it says, between the text's beginning and another of its characters.
    """
    text = [item(TEXT, parent=root()), item(string("x" * size), parent=inside(ATTACKER, 0))]
    return of(*text, *(item(string("y"), right=id_(ATTACKER, 1 + place)) for place in range(size)))


# --- what reading refuses -------------------------------------------------------------------------------------------


_KIND = "of a kind that documents do not use"
_SURROGATE = b"\xed\xa0\x80"
_FIRST = item(value(NULL), parent=inside(ATTACKER, 0), name=b"a")

BYTES = (
    Attack("empty", b"", Malformed, "cut off"),
    Attack("megabytes of continuation", b"\xff" * 200_000, Malformed, "more than eight bytes"),
    Attack("trailing bytes", update() + b"\0", Malformed, "after the end"),
    Attack("bigger than a frame", b"\0" * (MAX_FRAME_BYTES + 1), TooLarge, "may have 1048576 bytes"),
)

# Claims: a few bytes that promise a lot.
CLAIMS = (
    Attack("claims clients", varuint(HUGE), TooLarge, "structs of 4096 clients"),
    Attack("claims structs", b"\1" + varuint(2**33) + id_(5, 0), TooLarge, "bring 20000 structs"),
    Attack("claims a text", b"\1\1" + id_(5, 0) + b"\4" + root() + varuint(2**40), Malformed, "middle of a message"),
    Attack("claims values", attribute()[:-2] + varuint(2**30), Malformed, "middle of a message"),
    Attack("claims an array", attribute(b"\x75" + varuint(2**50)), Malformed, "kind that documents do not use"),
    Attack("claims deleting clients", b"\0" + varuint(HUGE), TooLarge, "delete 100000 ranges"),
    Attack("claims deletions", b"\0\1\5" + varuint(HUGE), TooLarge, "delete 100000 ranges"),
)

# Structures that overflow a stack.
NESTED = (
    Attack("nested arrays", attribute(b"\x75\1" * 25_000 + NULL), Malformed, "nested 16 deep"),
    Attack("nested objects", attribute(b"\x76\1\1k" * 25_000 + NULL), Malformed, "nested 16 deep"),
    Attack("nested JSON", in_text(mark("bold", "[" * 30_000 + "]" * 30_000)), Malformed, "JSON"),
    Attack("a little nested JSON", in_text(mark("bold", "[" * 17 + "]" * 17)), Malformed, "nested 16 deep"),
    Attack("nested elements", chain(15_000), TooLarge, "nest 64 deep"),
    Attack("nested through siblings", sibling_chain(65), TooLarge, "nest 64 deep"),
    Attack("nested between clients", two_client_chain(40), TooLarge, "nest 64 deep"),
)

# Clocks and lengths.
CLOCKS = (
    Attack("GC to the end of all clocks", of(gc(2**32 - 1)), Malformed, "too big"),
    Attack("GC over the last clock", of(gc(2**31 - 1), gc(1)), Malformed, "beyond 2^31"),
    Attack("clock near 2^32", of(gc(1), clock=2**32 - 2), Malformed, "too big"),
    Attack("deletion to the end", update((), [deletion(5, (0, 2**53 - 1))]), Malformed, "too big"),
    Attack("client id beyond 2^53", update([block(gc(1), client=2**53)]), Malformed, "too big"),
    Attack("GC of nothing", of(gc(0)), Malformed, "no length"),
    Attack("deleted nothing", of(item(deleted(0), parent=root())), Malformed, "no length"),
    Attack("empty text", in_text(string("")), Malformed, "no length"),
    Attack("no values", attribute(), Malformed, "no length"),
    Attack("deletion of nothing", update((), [deletion(5, (0, 0))]), Malformed, "no length"),
    Attack("client without structs", update([block()]), Malformed, "at least one struct"),
    Attack("client twice", update([block(gc(1)), block(gc(1), clock=1)]), Malformed, "each client once"),
    Attack("skip", of(b"\12\1"), Malformed, _KIND),
    Attack("GC with flags", of(b"\x20\1"), Malformed, _KIND),
)

# Kinds of content that the document's schema has no place for.
KINDS = (
    Attack("JSON content", in_text(b"\2\1" + varbytes(b"1")), Malformed, _KIND),
    Attack("binary", in_text(b"\3" + varbytes(b"1")), Malformed, _KIND),
    Attack("embed", in_text(b"\5" + varbytes(b"{}")), Malformed, _KIND),
    Attack("subdocument", of(item(b"\11" + varbytes(b"guid") + b"\x76\0", parent=root())), Malformed, _KIND),
    Attack("move", of(item(b"\13\0" + id_(1, 0), parent=root())), Malformed, _KIND),
    Attack("unknown content", of(item(b"\37\0", parent=root())), Malformed, _KIND),
    *(
        Attack(f"type {ref}", of(item(b"\7" + varuint(ref), parent=root())), Malformed, "elements and texts only")
        for ref in (0, 1, 2, 4, 5, 99)  # array, map, text, fragment, hook, none
    ),
    Attack("values in the root", of(item(value(NULL), parent=root())), Malformed, "attributes only"),
    Attack("values in a text", in_text(value(NULL)), Malformed, "attributes only"),
    Attack("characters in the root", of(item(string("x"), parent=root())), Malformed, "root holds elements"),
    Attack("a mark in the root", of(item(mark("bold", "{}"), parent=root())), Malformed, "root holds elements"),
    Attack(
        "characters in an element",
        of(PARAGRAPH, item(string("x"), parent=inside(ATTACKER, 0))),
        Malformed,
        "stand in texts",
    ),
    Attack("an element in a text", in_text(element()), Malformed, "holds characters"),
    Attack(
        "content of characters",
        of(
            item(TEXT, parent=root()),
            item(string("ab"), parent=inside(ATTACKER, 0)),
            item(TEXT, parent=inside(ATTACKER, 1)),
        ),
        Malformed,
        "have content",
    ),
    Attack("another root", of(item(element(), parent=root(b"other"))), Malformed, "one root"),
    Attack("an attribute of the root", of(item(value(NULL), parent=root(), name=b"a")), Malformed, "no attributes"),
    Attack("a parent that is neither", of(b"\7\2" + id_(5, 0) + b"\6"), Malformed, "too big for its place"),
    Attack(
        "an attribute before something",
        of(PARAGRAPH, item(value(NULL), right=id_(ATTACKER, 0), name=b"a")),
        Malformed,
        _KIND,
    ),
    Attack(
        "characters as an attribute",
        of(PARAGRAPH, item(string("x"), parent=inside(ATTACKER, 0), name=b"a")),
        Malformed,
        "holds a value",
    ),
    Attack(
        "an element as an attribute",
        of(PARAGRAPH, item(element(), parent=inside(ATTACKER, 0), name=b"a")),
        Malformed,
        "holds a value",
    ),
    Attack(
        "a value beside characters",
        of(
            item(TEXT, parent=root()),
            item(string("ab"), parent=inside(ATTACKER, 0)),
            item(value(NULL), origin=id_(ATTACKER, 1)),
        ),
        Malformed,
        "side by side",
    ),
    Attack(
        "characters beside a node", of(PARAGRAPH, item(string("x"), right=id_(ATTACKER, 0))), Malformed, "side by side"
    ),
    Attack("a node without a name", of(item(element(""), parent=root())), Malformed, "name of a node"),
    Attack("a node named like markup", of(item(element("p onload=x"), parent=root())), Malformed, "name of a node"),
    Attack("a long node name", of(item(element("p" * 65), parent=root())), Malformed, "name of a node"),
    Attack("a long mark name", in_text(mark("b" * 257, "{}")), TooLarge, "256 bytes"),
    Attack(
        "a long attribute name",
        of(PARAGRAPH, item(value(NULL), parent=inside(ATTACKER, 0), name=b"a" * 257)),
        TooLarge,
        "256 bytes",
    ),
    Attack("a long mark value", in_text(mark("link", '"' + "x" * 65_535 + '"')), TooLarge, "65536 bytes"),
    Attack("a long attribute", attribute(b"\x77" + varbytes(b"x" * 65_536)), TooLarge, "65536 bytes"),
)

# Values that not every reader understands alike.
VALUES = (
    Attack("half a pair in a text", in_text(string(_SURROGATE)), Malformed, "not UTF-8"),
    Attack("half a pair in a value", attribute(b"\x77\3" + _SURROGATE), Malformed, "not UTF-8"),
    Attack("half a pair in a mark", in_text(mark("link", '"\\ud800"')), Malformed, "half a surrogate pair"),
    Attack("not UTF-8 in a mark's name", in_text(b"\6\1\xff\2{}"), Malformed, "not UTF-8"),
    Attack("NaN", attribute(b"\x7b" + struct.pack(">d", float("nan"))), Malformed, "not finite"),
    Attack("infinity", attribute(b"\x7c" + struct.pack(">f", float("-inf"))), Malformed, "not finite"),
    Attack("big integer", attribute(b"\x7a" + b"\0" * 8), Malformed, _KIND),
    Attack("integer beyond 2^53", attribute(b"\x7d" + b"\xff" * 7 + b"\x7f"), Malformed, "beyond 2^53"),
    Attack("bytes as a value", attribute(b"\x74\1x"), Malformed, _KIND),
    *(
        Attack(f"mark {text[:9]!r}", in_text(mark("bold", text)), Malformed, "not JSON")
        for text in ("NaN", "-Infinity", "1e999", "9" * 400, "{'a':1}", "", "\ufeff{}", '{"a":1}x')
    ),
)

# Work that grows with the square, and structs that wait for ever.
WORK = (
    Attack("first writes", of(PARAGRAPH, *[_FIRST] * 65), TooLarge, "too often"),
    Attack("64,000 first writes", of(PARAGRAPH, *[_FIRST] * 64_000), TooLarge, "20000 structs"),
    Attack("deletes backwards", update((), [deletion(5, (2, 1), (0, 1))]), Malformed, "not in order"),
    Attack("deletes over and over", update((), [deletion(5, (0, 2), (1, 2))]), Malformed, "not in order"),
    Attack("deletes of a client twice", update((), [deletion(5, (0, 1))] * 2), Malformed, "each client once"),
    Attack("builds on itself", of(item(string("x"), origin=id_(ATTACKER, 0))), Malformed, "on itself"),
    Attack("builds on later", of(item(string("x"), right=id_(ATTACKER, 1)), gc(1)), Malformed, "on itself"),
    Attack("is its own parent", of(item(TEXT, parent=inside(ATTACKER, 0))), Malformed, "on itself"),
    Attack(
        "two wait for each other",
        update(
            [
                block(item(string("x"), origin=id_(STRANGER, 0))),
                block(item(string("x"), origin=id_(ATTACKER, 0)), client=STRANGER),
            ]
        ),
        Malformed,
        "wait for each other",
    ),
)

UPDATES = BYTES + CLAIMS + NESTED + CLOCKS + KINDS + VALUES + WORK

# --- what frames refuse -----------------------------------------------------------------------------------------------


def states(*texts: str | bytes) -> bytes:
    """An awareness frame with these JSON states."""
    entries = [
        id_(number, 1) + varbytes(text if isinstance(text, bytes) else text.encode())
        for number, text in enumerate(texts)
    ]
    return b"\1" + varbytes(varuint(len(texts)) + b"".join(entries))


FRAMES = (
    Attack("empty", b"", Malformed, "cut off"),
    Attack("megabytes of continuation", b"\xff" * 200_000, Malformed, "more than eight bytes"),
    Attack("too large", update_frame(b"\0" * MAX_FRAME_BYTES), TooLarge, "this one has"),
    Attack("state vector of 800 million", sync_step1(varuint(8 * 10**8)), TooLarge, "200000 clients"),
    Attack("state vector cut off", sync_step1(b"\2\1\1"), Malformed, "cut off"),
    Attack("state vector with more behind it", sync_step1(b"\0\0"), Malformed, "after the end"),
    Attack("state vector beyond 2^31", sync_step1(b"\1" + id_(1, HUGE)), Malformed, "too big"),
    Attack("step 2 cut off", sync_step2(b"\0\0")[:-1], Malformed, "middle of a message"),
    Attack("step 2 that claims terabytes", b"\0\1" + varuint(2**50), Malformed, "middle of a message"),
    Attack("no such sync message", b"\0\3\0", Malformed, "a step 1, a step 2 or an update"),
    Attack("two frames in one", update_frame(b"\0\0") * 2, Malformed, "after the end"),
    Attack("auth", b"\2\0\2no", Malformed, "does not send"),
    Attack("hello", b"\x40\2{}", Malformed, "does not send"),
    Attack("saved", b"\x41\1\1", Malformed, "does not send"),
    Attack("unknown", b"\x7f", Malformed, "does not send"),
    Attack("query with a body", b"\3\0", Malformed, "after the end"),
    Attack("awareness with more behind it", awareness([]) + b"\0", Malformed, "after the end"),
    Attack("awareness of millions", b"\1" + varbytes(varuint(10**6)), TooLarge, "10000 states"),
    Attack("awareness cut off", b"\1" + varbytes(b"\1\5"), Malformed, "cut off"),
    Attack("awareness of 5 kB", states('{"a":"' + "x" * 5000 + '"}'), TooLarge, "4096 bytes"),
    Attack("awareness that is no object", states("[]"), Malformed, "object or null"),
    Attack("awareness that is no JSON", states("{"), Malformed, "not JSON"),
    Attack("awareness that is no UTF-8", states(b"\xff"), Malformed, "not UTF-8"),
    Attack("awareness with NaN", states('{"a":NaN}'), Malformed, "not JSON"),
    Attack("awareness with an infinity", states('{"a":1e999}'), Malformed, "not finite"),
    Attack("awareness nested to overflow", states('{"a":' + "[" * 2000 + "]" * 2000 + "}"), Malformed, "JSON"),
    Attack("awareness nested a little", states('{"a":' + "[" * 16 + "]" * 16 + "}"), Malformed, "nested 16 deep"),
    Attack("awareness clock beyond 2^31", b"\1" + varbytes(b"\1" + id_(1, HUGE) + b"\2{}"), Malformed, "too big"),
)

# --- what only knowing the document refuses ---------------------------------------------------------------------------

_AT = KNOWN
INTRUSIONS = (
    Attack(
        "GC under the victim's id", update([block(gc(1000), client=VICTIM, clock=_AT)]), ClientIdTaken, "someone else"
    ),
    Attack("GC across the victim's clock", update([block(gc(_AT + 1), client=VICTIM)]), ClientIdTaken, "someone else"),
    Attack(
        "later GC under the victim's id", update([block(gc(1), client=VICTIM, clock=_AT + 5)]), ClientIdTaken, "else"
    ),
    Attack("deletes what is not typed yet", update((), [deletion(VICTIM, (0, 10**6))]), Gap, "not here"),
    Attack("deletes one clock too far", update((), [deletion(VICTIM, (0, 2), (_AT, 1))]), Gap, "not here"),
    Attack("deletes of a stranger", update((), [deletion(STRANGER, (0, 1))]), Gap, "not here"),
    Attack("deletes its own future", update([block(PARAGRAPH)], [deletion(ATTACKER, (0, 2))]), Gap, "not here"),
    Attack("starts beyond its clock", of(gc(1), clock=5), Gap, "goes on at 5"),
    Attack("builds on the victim's future", of(item(string("x"), origin=id_(VICTIM, _AT))), Gap, "not here"),
    Attack("stands before a stranger", of(item(string("x"), right=id_(STRANGER, 0))), Gap, "not here"),
    Attack("lives in a stranger", of(item(TEXT, parent=inside(STRANGER, 3))), Gap, "not here"),
    Attack("claims a crowd", update(block(PARAGRAPH, client=10_000 + n) for n in range(65)), TooLarge, "64 client ids"),
)
