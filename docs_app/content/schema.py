"""The document's schema, read from schema.json: which nodes and marks there are, and what may stand where.

The editor's schema is tested against the same file. Raise its version with every change: an editor that does not know
a node deletes it from the shared document, so the server turns older editors away. Knows nothing of the CRDT.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from docs_app.content.nodes import Attrs

_TERM = re.compile(r"(?:\(([^)]+)\)|(\w+))([+*?]?)")


@dataclass(frozen=True, slots=True)
class Term:
    """One step of a content expression: these nodes, at least `least` of them, and more if `many`."""

    names: frozenset[str]
    least: int
    many: bool


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node; `content` is empty for leaves, `marks` are those its text may carry."""

    name: str
    content: tuple[Term, ...]
    groups: frozenset[str]
    marks: frozenset[str]
    attrs: Attrs

    @property
    def is_textblock(self) -> bool:
        return any("text" in term.names for term in self.content)


@dataclass(frozen=True, slots=True)
class MarkType:
    """A mark; `rank` orders the marks of a text. One that overlaps may stand on a text several times."""

    name: str
    rank: int
    overlaps: bool
    inclusive: bool
    attrs: Attrs


def _terms(expression: str | None, groups: Mapping[str, frozenset[str]]) -> tuple[Term, ...]:
    found = _TERM.finditer(expression or "")
    return tuple(
        Term(
            names=frozenset().union(*(groups.get(name.strip(), {name.strip()}) for name in (one or other).split("|"))),
            least=0 if quantifier in ("*", "?") else 1,
            many=quantifier in ("*", "+"),
        )
        for one, other, quantifier in (match.groups() for match in found)
    )


def _groups(nodes: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for name, spec in nodes.items():
        for group in (spec["group"] or "").split():
            members.setdefault(group, set()).add(name)
    return {group: frozenset(names) for group, names in members.items()}


def _nodes(nodes: Mapping[str, Any], marks: Iterable[str]) -> dict[str, NodeType]:
    groups = _groups(nodes)
    return {
        name: NodeType(
            name=name,
            content=_terms(spec["content"], groups),
            groups=frozenset((spec["group"] or "").split()),
            marks=frozenset(spec["marks"].split() if "marks" in spec else marks),
            attrs=spec["attrs"],
        )
        for name, spec in nodes.items()
    }


def _marks(marks: Mapping[str, Any]) -> dict[str, MarkType]:
    return {
        name: MarkType(name, spec["rank"], name not in spec["excludes"].split(), spec["inclusive"], spec["attrs"])
        for name, spec in marks.items()
    }


_SCHEMA: dict[str, Any] = json.loads(files("docs_app.content").joinpath("schema.json").read_text(encoding="utf-8"))

SCHEMA_VERSION: int = _SCHEMA["version"]
TOP: str = _SCHEMA["topNode"]
MARKS: Mapping[str, MarkType] = _marks(_SCHEMA["marks"])
NODES: Mapping[str, NodeType] = _nodes(_SCHEMA["nodes"], MARKS)
