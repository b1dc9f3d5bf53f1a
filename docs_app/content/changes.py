"""What has changed between two documents, to be read by people: block by block, with the words that came and went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from docs_app.content.mentions import Known, labelled
from docs_app.content.nodes import (
    Mark,
    Node,
    children,
    coalesce,
    is_text,
    plain,
    text_node,
    without_comments,
)
from docs_app.content.render_html import html_of
from docs_app.content.schema import NODES
from docs_app.content.sequences import Gap, aligned, gaps, similarity, tokens
from docs_app.content.validity import settle

Kind = Literal["same", "added", "removed", "changed"]
_INSERTED: Mark = {"type": "inserted"}
_DELETED: Mark = {"type": "deleted"}


@dataclass(frozen=True, slots=True)
class Change:
    """A block of either document. `html` is safe; in a changed block `<ins>` and `<del>` hold what came and went.

    `text` is the block's text in the newer document, or in the older one if it is gone.
    """

    kind: Kind
    html: str
    text: str


def changes(old: Node, new: Node, *, known: Known | None = None) -> list[Change]:
    """All blocks of both documents in reading order, what was removed before what came in its place."""
    known = known or Known()
    before, after = (children(without_comments(labelled(settle(document), known))) for document in (old, new))
    html = partial(html_of, whole=[*after, *before], say=known.say)
    return [_change(was, now, html) for was, now in _steps(before, after)]


def _change(was: Node | None, now: Node | None, html: Callable[[list[Node]], str]) -> Change:
    if was is None or now is None:
        block = now or was or {}
        return Change("added" if now else "removed", html([block]), plain(block))
    if was == now:
        return Change("same", html([now]), plain(now))
    return Change("changed", html([_merged(was, now)]), plain(now))


def _steps(before: list[Node], after: list[Node]) -> Iterator[tuple[Node | None, Node | None]]:
    """Both lists as pairs of what belongs together; None where there is nothing on the other side."""
    i = j = 0
    ends = Gap(len(before), len(before), len(after), len(after))
    for gap in [*gaps([_key(node) for node in before], [_key(node) for node in after]), ends]:
        yield from zip(before[i : gap.i1], after[j : gap.j1], strict=True)
        yield from _gap_steps(before[gap.i1 : gap.i2], after[gap.j1 : gap.j2])
        i, j = gap.i2, gap.j2


def _gap_steps(before: list[Node], after: list[Node]) -> Iterator[tuple[Node | None, Node | None]]:
    ours, theirs = ([Counter(tokens(plain(node))) for node in nodes] for nodes in (before, after))

    def likeness(i: int, j: int) -> float:
        return 0.01 + similarity(ours[i], theirs[j]) if before[i]["type"] == after[j]["type"] else 0

    i = j = 0
    for pair_i, pair_j in [*aligned(len(before), len(after), likeness), (len(before), len(after))]:
        yield from ((node, None) for node in before[i:pair_i])
        yield from ((None, node) for node in after[j:pair_j])
        if pair_i < len(before):
            yield before[pair_i], after[pair_j]
        i, j = pair_i + 1, pair_j + 1


def _key(node: Node) -> str:
    return json.dumps(node, sort_keys=True)


def _merged(was: Node, now: Node) -> Node:
    """One node that shows both, with the attributes of the newer one."""
    if NODES[now["type"]].is_textblock:
        return now | {"content": _merged_text(children(was), children(now))}
    return now | {"content": [_both(old, new) for old, new in _steps(children(was), children(now))]}


def _both(was: Node | None, now: Node | None) -> Node:
    if was is None or now is None:
        return _painted(now, _INSERTED) if now else _painted(was or {}, _DELETED)
    return now if was == now else _merged(was, now)


def _painted(node: Node, mark: Mark) -> Node:
    if is_text(node):
        return node | {"marks": [*node.get("marks", []), mark]}
    if children(node):
        return node | {"content": [_painted(child, mark) for child in children(node)]}
    return node if node["type"] == "hardBreak" else node | {"marks": [mark]}


def _merged_text(was: list[Node], now: list[Node]) -> list[Node]:
    before, after = list(_words(was)), list(_words(now))
    merged: list[Node] = []
    j = 0
    for gap in [*gaps(*([_word(node) for node in words] for words in (before, after))), Gap(0, 0, len(after), 0)]:
        merged += after[j : gap.j1]
        merged += [_painted(word, _DELETED) for word in before[gap.i1 : gap.i2] if plain(word) != "\n"]
        merged += [_painted(word, _INSERTED) for word in after[gap.j1 : gap.j2]]
        j = gap.j2
    return coalesce(merged)


def _word(node: Node) -> str:
    """The same for words that read the same, whatever their marks, and for atoms that are the same."""
    return plain(node) if is_text(node) else _key(node)


def _words(inline: list[Node]) -> Iterator[Node]:
    for node in inline:
        if is_text(node):
            yield from (text_node(word, node.get("marks")) for word in tokens(node["text"]))
        else:
            yield node
