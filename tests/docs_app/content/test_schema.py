"""The schema file says what the code assumes, and docs/schema.md has a row for all of it."""

from __future__ import annotations

import re
from pathlib import Path

from docs_app.content import schema
from docs_app.content.attributes import COLORS
from docs_app.content.nodes import INLINE, Node, children
from docs_app.content.schema import MARKS, NODES, Term
from tests.docs_app.content.every_kind import every_kind

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "schema.md"


def test_content_expressions_are_understood() -> None:
    blocks = frozenset(name for name, node in NODES.items() if "block" in node.groups)
    assert NODES["listItem"].content == (
        Term(frozenset({"paragraph"}), 1, many=False),
        Term(blocks, 0, many=True),
    )
    assert NODES["tableRow"].content == (Term(frozenset({"tableCell", "tableHeader"}), 0, many=True),)
    assert NODES["horizontalRule"].content == ()


def test_every_name_in_a_content_expression_is_a_node() -> None:
    assert {name for node in NODES.values() for term in node.content for name in term.names} <= set(NODES)


def test_only_comments_overlap_and_only_they_stand_on_code() -> None:
    assert [mark.name for mark in MARKS.values() if mark.overlaps] == ["comment"]
    assert NODES["codeBlock"].marks == {"comment"}
    assert NODES["paragraph"].marks == set(MARKS)


def test_ranks_follow_the_order_of_the_file() -> None:
    assert [mark.rank for mark in MARKS.values()] == list(range(len(MARKS)))


def test_the_version_is_a_number() -> None:
    assert type(schema.SCHEMA_VERSION) is int and schema.SCHEMA_VERSION >= 1


def test_the_page_has_a_row_for_every_node_and_mark_with_its_attributes() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(rows) == set(NODES) | set(MARKS)
    attributes = {node.name: node.attrs for node in NODES.values()} | {mark.name: mark.attrs for mark in MARKS.values()}
    for name, attrs in attributes.items():
        assert set(attrs) <= set(re.findall(r"`(\w+)`", rows[name])), name


def test_the_inline_nodes_are_those_of_the_group() -> None:
    assert {name for name, node in NODES.items() if "inline" in node.groups} == INLINE


def test_every_colour_has_its_look() -> None:
    tokens = (ROOT / "static" / "src" / "css" / "tokens.css").read_text(encoding="utf-8")
    for name in COLORS:
        assert tokens.count(f"--ink-{name}:") == tokens.count(f"--wash-{name}:") == 2, name


def test_the_document_of_every_kind_has_every_kind() -> None:
    def names(node: Node) -> set[str]:
        marks = {mark["type"] for mark in node.get("marks", [])}
        return marks.union({node["type"]}, *map(names, children(node)))

    assert names(every_kind()) == set(NODES) | set(MARKS)
