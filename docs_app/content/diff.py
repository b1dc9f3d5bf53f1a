"""A live document becomes another one by the smallest edit in place: restoring a snapshot, or writing through the API.

Blocks that are the same are not touched; a changed block is edited inside, so that what others type there at the same
moment merges. Comment marks are no content: they stay on text that stays, and text that returns brings its own.
Call `make_equal` inside a transaction of the document.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace

from pycrdt import XmlElement, XmlFragment, XmlText

from docs_app.content.attributes import settle_attrs
from docs_app.content.changes import Change, changes
from docs_app.content.nodes import Attrs, Node, children, coalesce, plain, without_comments
from docs_app.content.schema import NODES, NodeType
from docs_app.content.sequences import Gap, aligned, gaps, similarity, tokens
from docs_app.content.text_diff import edit_text, is_plain
from docs_app.content.tree import (
    Child,
    Parent,
    Runs,
    Unreachable,
    attributes,
    grouped,
    is_sound,
    members,
    read,
    read_children,
    write,
)
from docs_app.content.validity import settle, settle_node

__all__ = ["Change", "changes", "make_equal"]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One or more live children that are one thing in the document: an element, or neighbouring texts."""

    index: int  # of the first one among its parent's children
    live: list[Child]
    content: Node | Runs | None  # what the document shows of it, None if nothing

    @property
    def name(self) -> str:
        return "text" if isinstance(self.live[0], XmlText) else str(self.live[0].tag)


def make_equal(fragment: XmlFragment, target: Node) -> bool:
    """Edit `fragment` until it shows `target` (its valid part); True if anything had to change.

    Raises Unreachable if a hostile client left the root in a state that cannot be edited.
    """
    wanted = settle(target)
    with fragment.doc.transaction():
        if _shows(fragment, wanted):
            return False
        if not is_sound(fragment):
            raise Unreachable("This document holds things that are no text, and cannot be edited from here.")
        return _edit(fragment, wanted, 1)


def _shows(fragment: XmlFragment, document: Node) -> bool:
    shown = settle({"content": read_children(fragment, 1)})
    return without_comments(shown) == without_comments(document)


def _edit(parent: Parent, target: Node, depth: int) -> bool:
    """Make the children of `parent` those of `target`; `depth` is that of the children."""
    return _Children(parent, target, depth).edit()


def _content(target: Node) -> list[Node | Runs]:
    return grouped(children(target)) if NODES[target["type"]].is_textblock else list(children(target))


class _Children:
    """The children of one live node on their way to become the wanted ones."""

    def __init__(self, parent: Parent, target: Node, depth: int) -> None:
        live = members(parent)
        self._parent = parent
        self._type = NODES[target["type"]]
        self._depth = depth
        self._units = _units(live, self._type, depth)
        self._end = len(live)
        self._wanted = _content(target)
        texts = [unit for unit in self._units if unit.name == "text"]
        self._spare = texts[0] if texts and not any(_name(content) == "text" for content in self._wanted) else None

    def edit(self) -> bool:
        have, want = [_key(unit.content) for unit in self._units], [_key(content) for content in self._wanted]
        return any([self._fill(gap) for gap in reversed(gaps(have, want))])  # noqa: C419 - all of them, not the first

    def _fill(self, gap: Gap) -> bool:
        """Bring a gap to what is wanted there, from right to left, so that the indexes before stay what they are."""
        pairs = [(gap.i1 + i, gap.j1 + j) for i, j in self._pairs(gap)]
        changed = False
        i2, j2 = gap.i2, gap.j2
        for i, j in [*reversed(pairs), (gap.i1 - 1, gap.j1 - 1)]:
            changed |= self._replace(Gap(i + 1, i2, j + 1, j2))
            if i >= gap.i1:
                changed |= self._change(self._units[i], self._wanted[j])
            i2, j2 = i, j
        return changed

    def _pairs(self, gap: Gap) -> list[tuple[int, int]]:
        units, wanted = self._units[gap.i1 : gap.i2], self._wanted[gap.j1 : gap.j2]
        ours, theirs = [_bag(unit.content) for unit in units], [_bag(content) for content in wanted]

        def likeness(i: int, j: int) -> float:
            shown = units[i].content is not None and units[i].name == _name(wanted[j])
            return 0.01 + similarity(ours[i], theirs[j]) if shown else 0

        return aligned(len(units), len(wanted), likeness)

    def _replace(self, gap: Gap) -> bool:
        """Delete units and insert others in their place."""
        at = self._units[gap.i2].index if gap.i2 < len(self._units) else self._end
        for position, content in enumerate(self._wanted[gap.j1 : gap.j2]):
            write(self._parent, at + position, content)
        return self._delete(self._units[gap.i1 : gap.i2]) or gap.j2 > gap.j1

    def _delete(self, units: list[_Unit]) -> bool:
        """Take neighbouring units away."""
        if self._type.is_textblock:
            return any([self._delete_inline(unit) for unit in reversed(units)])  # noqa: C419 - all of them
        if units:
            del self._parent.children[units[0].index : units[-1].index + len(units[-1].live)]
        return bool(units)

    def _delete_inline(self, unit: _Unit) -> bool:
        """A block's only text is emptied instead, so that what others are typing into it is not lost with it."""
        if unit.content == []:
            return False
        if unit is self._spare:
            for text in unit.live:
                _clear(text)
        else:
            del self._parent.children[unit.index : unit.index + len(unit.live)]
        return True

    def _change(self, unit: _Unit, content: Node | Runs) -> bool:
        element = unit.live[0]
        if isinstance(content, list) or isinstance(element, XmlText):
            return self._change_text(unit, content if isinstance(content, list) else [])
        changed = _edit_attributes(element, content)
        return _edit(element, content, self._depth + 1) or changed if NODES[content["type"]].content else changed

    def _change_text(self, unit: _Unit, runs: Runs) -> bool:
        texts = [text for text in unit.live if isinstance(text, XmlText)]
        if not all(map(is_plain, texts)):
            write(self._parent, unit.index, runs)
            del self._parent.children[unit.index + 1 : unit.index + 1 + len(texts)]
            return True
        first, *others = texts
        for text in others:  # an editor joins neighbouring texts, and two editors at once would double them
            for piece, formatting in text.diff():
                first.insert(len(first), piece, formatting or {})
        del self._parent.children[unit.index + 1 : unit.index + len(texts)]
        return edit_text(first, runs, self._type) or bool(others)


def _clear(text: Child) -> None:
    if isinstance(text, XmlText):
        text.clear()


def _units(live: list[Child], kind: NodeType, depth: int) -> list[_Unit]:
    units: list[_Unit] = []
    for index, child in enumerate(live):
        if isinstance(child, XmlElement):
            shown = [settle_node(node, kind, depth) for node in read(child, depth)]
            units.append(_Unit(index, [child], shown[0] if shown and is_sound(child) else None))
        elif units and units[-1].name == "text" and kind.is_textblock:
            units[-1].live.append(child)
        else:
            units.append(_Unit(index, [child], None))
    return [_with_text(unit, kind) if unit.name == "text" and kind.is_textblock else unit for unit in units]


def _with_text(unit: _Unit, kind: NodeType) -> _Unit:
    settled = (settle_node(node, kind, 1) for text in unit.live for node in read(text, 1))
    return replace(unit, content=coalesce([node for node in settled if node is not None]))


def _key(content: Node | Runs | None) -> str:
    """The same for units that show the same, comments aside."""
    if isinstance(content, list):
        content = coalesce([without_comments(node) for node in content])
    elif content is not None:
        content = without_comments(content)
    return json.dumps(content, sort_keys=True)


def _name(content: Node | Runs) -> str:
    return "text" if isinstance(content, list) else content["type"]


def _bag(content: Node | Runs | None) -> Counter[str]:
    nodes = content if isinstance(content, list) else [content] if content else []
    return Counter(tokens("".join(map(plain, nodes))))


def _edit_attributes(element: XmlElement, target: Node) -> bool:
    wanted: Attrs = target.get("attrs", {})
    have = attributes(element)
    shown = settle_attrs(target["type"], have, NODES[target["type"]].attrs)
    different = [name for name, value in wanted.items() if shown[name] != value]
    for name in different:
        if wanted[name] is not None:
            element.attributes[name] = wanted[name]
        elif name in have:
            del element.attributes[name]
    return bool(different)
