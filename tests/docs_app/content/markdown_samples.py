"""Random documents of what Markdown can say: no empty paragraphs, no spaces at the edges of marks and lines."""

from __future__ import annotations

from random import Random

from docs_app.content.attributes import CALLOUTS
from docs_app.content.nodes import Mark, Node
from docs_app.content.validity import settle
from tests.docs_app.content.every_kind import FILE
from tests.docs_app.content.samples import random_mention

TRICKY = [
    *[
        "a",
        "word",
        "two words",
        "x_y",
        "snake_case_name",
        "é",
        "漢字",
        "😀",
        "e\u0301",
        "1.",
        "1. a",
        "12) b",
        "-",
        "- a",
    ],
    *[
        "+ a",
        "* a",
        "*",
        "**",
        "_",
        "__",
        "_a_",
        "~~",
        "~",
        "`",
        "``",
        "#",
        "# a",
        "a #",
        "> a",
        ">",
        "[a](b)",
        "[ ] a",
        "[x]",
    ],
    *[
        "![a](b)",
        "!",
        "a!",
        "<b>",
        "<br>",
        "<u>",
        "</u>",
        "<https://x.org>",
        "https://x.org",
        "&amp;",
        "&#65;",
        "&",
        "\\",
        "\\*",
    ],
    *[
        "|",
        "a | b",
        "---",
        "===",
        "| --- |",
        ":--",
        "```",
        "~~~",
        "(a)",
        '"q"',
        "a\\",
        "\\|",
        "a  b",
        ":",
        "...",
        "$1",
        "{%",
        "$",
        "$a$",
        "$$",
        "=",
        "==",
        "==a==",
        "a = b",
        "a=",
        ":::",
        "::: details",
        "[^1]",
        "[^1]: a",
        "[TOC]",
        "[!NOTE]",
        "2^3",
        "<sup>",
        "a\u00a0b",
        "@",
        "a@",
        "@[a](user:7)",
        "@[",
    ],
]
HREFS = [
    "https://example.org/a?b=c&d=e",
    "/a b",
    "#x",
    "mailto:a@b.c",
    "/(a)",
    "/a\\b",
    "/<a>",
    "/é",
    "/?a=1&copy;=2",
    "a_b*c",
]

LATEX = ["x", "a_1 | b", "\\$5", "{*}", "\\text{a_b_c}", "<u>", "1", "`"]
MARKS = ["bold", "italic", "strike", "code", "underline", "highlight", "superscript", "subscript"]
_ATOMS = ["image", "file", "embed", "blockMath", "tableOfContents"]


def markdown_document(rng: Random) -> Node:
    return settle({"content": _blocks(rng, 0, rng.randint(0, 4))})


def _blocks(rng: Random, depth: int, count: int) -> list[Node]:
    return [_block(rng, depth) for _ in range(count)]


def _block(rng: Random, depth: int) -> Node:
    kinds = ["paragraph"] * 4 + ["heading", "codeBlock", "horizontalRule", "table", *_ATOMS]
    nests = ["blockquote", "bulletList", "orderedList", "taskList", "callout", "details", "columns", "footnote"]
    kind = rng.choice(kinds + nests * (2 - min(depth, 2)))
    if kind == "paragraph":
        return {"type": kind, "content": _inline(rng)}
    if kind == "heading":
        return {
            "type": kind,
            "attrs": {"level": rng.randint(1, 6)},
            "content": _inline(rng) if rng.random() < 0.9 else [],
        }
    if kind == "codeBlock":
        return {"type": kind, "attrs": {"language": rng.choice([None, "python", "c++"])}, "content": _code(rng)}
    if kind == "horizontalRule":
        return {"type": kind}
    if kind == "table":
        return _table(rng)
    if kind in _ATOMS:
        return _atom(rng, kind)
    if kind in ("blockquote", "callout", "details", "columns", "footnote"):
        return _nested(rng, kind, depth + 1)
    return _list(rng, kind, depth + 1)


def _atom(rng: Random, kind: str) -> Node:
    attrs = {
        "image": {"src": FILE, "alt": rng.choice([None, "a picture"]), "title": rng.choice([None, 'the "t"'])},
        "file": {"src": FILE, "name": rng.choice(["", "a_b [1].pdf"]), "size": rng.choice([None, 0, 12345])},
        "embed": {"href": rng.choice(HREFS), "title": rng.choice([None, "Title | *x*"])},
        "blockMath": {"latex": rng.choice(["", *LATEX, "a \\\\\nb \\% c"])},
        "tableOfContents": {},
    }[kind]
    return {"type": kind, "attrs": attrs, "content": _inline(rng) if kind == "image" and rng.random() < 0.5 else []}


def _nested(rng: Random, kind: str, depth: int) -> Node:
    blocks = _blocks(rng, depth, rng.randint(1, 3))
    if kind == "details":
        title = [_text(rng) for _ in range(rng.randint(0, 2))]
        parts = [("detailsSummary", title), ("detailsContent", blocks)]
        return {"type": kind, "content": [{"type": part, "content": content} for part, content in parts]}
    if kind == "columns":
        return {"type": kind, "content": [{"type": "column", "content": [block]} for block in blocks]}
    attrs = {"callout": {"kind": rng.choice(CALLOUTS)}, "footnote": {"note": rng.choice(["1", "a-b", "é_1"])}}
    return {"type": kind, "attrs": attrs.get(kind, {}), "content": blocks}


def _list(rng: Random, kind: str, depth: int) -> Node:
    item = "taskItem" if kind == "taskList" else "listItem"
    items: list[Node] = [
        {"type": item, "attrs": {"checked": rng.random() < 0.5}, "content": _item(rng, depth)}
        for _ in range(rng.randint(1, 3))
    ]
    return {"type": kind, "attrs": {"start": rng.choice([1, 1, 7, 0])}, "content": items}


def _item(rng: Random, depth: int) -> list[Node]:
    rest = _blocks(rng, depth, rng.choice([0, 0, 1, 2]))
    can_be_empty = not rest or rest[0]["type"] != "paragraph"
    empty = can_be_empty and rng.random() < 0.2
    return [{"type": "paragraph", "content": [] if empty else _inline(rng)}, *rest]


def _table(rng: Random) -> Node:
    columns = rng.randint(1, 3)
    aligns = [rng.choice([None, "left", "center", "right"]) for _ in range(columns)]
    headless = rng.random() < 0.3

    def row(kind: str, *, filled: bool) -> Node:
        cells: list[Node] = [
            {
                "type": kind,
                "attrs": {"align": None if headless else aligns[column]},
                "content": [{"type": "paragraph", "content": _inline(rng) if filled or rng.random() < 0.7 else []}],
            }
            for column in range(columns)
        ]
        return {"type": "tableRow", "content": cells}

    body = [row("tableCell", filled=False) for _ in range(rng.randint(1, 3))]
    return {"type": "table", "content": body if headless else [row("tableHeader", filled=True), *body]}


def _code(rng: Random) -> list[Node]:
    lines = rng.choices([*TRICKY, "", "  ", "    x", "\ttab", "````"], k=rng.randint(0, 4))
    return [{"type": "text", "text": "\n".join(lines)}]


def _inline(rng: Random) -> list[Node]:
    nodes: list[Node] = []
    for _ in range(rng.randint(1, 6)):
        roll = rng.random()
        if nodes and nodes[-1]["type"] == "text" and roll < 0.25:
            nodes += [{"type": "text", "text": " "}, _text(rng)]
        elif roll < 0.35:
            nodes.append({"type": "hardBreak"})
        elif roll < 0.42:
            nodes.append({"type": "inlineMath", "attrs": {"latex": rng.choice(LATEX)}})
        elif roll < 0.5:
            nodes.append(random_mention(rng))
        else:
            nodes.append(_text(rng))
    return nodes


def _text(rng: Random) -> Node:
    link: Mark = {
        "type": "link",
        "attrs": {"href": rng.choice(HREFS), "title": rng.choice([None, None, 'a "b" \\ &amp;'])},
    }
    kinds: list[Mark] = [link, *({"type": name} for name in MARKS)]
    return {"type": "text", "text": rng.choice(TRICKY), "marks": rng.sample(kinds, rng.choice([0, 0, 1, 1, 2, 3]))}
