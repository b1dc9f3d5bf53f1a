"""Markdown as a document: CommonMark with tables, strikethrough and task lists; HTML is text.

Reads what `render` writes. Of HTML only `<br>` and `<u>` mean something, for Markdown has no other word for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from docs_app.content.links import safe_href
from docs_app.content.nodes import Mark, Node, children
from docs_app.content.validity import settle

MAX_MARKDOWN_BYTES = 1024 * 1024
MAX_NESTING = 28  # lists and quotes in one another; deeper markers are read as text
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")


class TooBig(ValueError):
    """More Markdown than one document may be made of."""


def from_markdown(text: str) -> Node:
    """The document that `text` describes. Raises TooBig beyond MAX_MARKDOWN_BYTES of UTF-8."""
    text = text.encode("utf-8", "replace").decode()
    if len(text.encode()) > MAX_MARKDOWN_BYTES:
        raise TooBig(f"A document can be made of {MAX_MARKDOWN_BYTES // 1024} KiB of Markdown at most.")
    return settle({"content": _tree(_PARSER.parse(text))})


def _tree(tokens: list[Token]) -> list[Node]:
    """The blocks that a flat list of tokens opens and closes."""
    stack: list[Node] = [{"type": "doc", "content": []}]
    for token in tokens:
        if token.nesting == 1 and token.type in _OPENING:
            stack.append({"content": []} | _OPENING[token.type](token))
        elif token.nesting == -1 and token.type.replace("_close", "_open") in _OPENING:
            node = _finished(stack.pop())
            stack[-1]["content"] += node
        elif token.nesting == 0:
            stack[-1]["content"] += _leaf(token, stack)
    return children(stack[0])


def _leaf(token: Token, stack: list[Node]) -> list[Node]:
    if token.type == "inline":
        return _inline_into(token, stack)
    if token.type == "hr":
        return [{"type": "horizontalRule"}]
    code = token.content.removesuffix("\n")
    language = token.info.split()[0] if token.info.split() else None
    text = [{"type": "text", "text": code}] if code else []
    return [{"type": "codeBlock", "attrs": {"language": language}, "content": text}]


def _inline_into(token: Token, stack: list[Node]) -> list[Node]:
    block = stack[-1]
    box = _BOX.match(token.content)
    pieces = token.children or []
    is_first = len(stack) > 1 and stack[-2]["type"] == "listItem" and not stack[-2]["content"]
    if is_first and box and pieces and pieces[0].type == "text" and pieces[0].content.startswith("["):
        stack[-2] |= {"type": "taskItem", "attrs": {"checked": box[1] != " "}}
        pieces[0].content = pieces[0].content[box.end() :]
    inline = _inline(pieces)
    return [{"type": "paragraph", "content": inline}] if block["type"] in ("tableCell", "tableHeader") else inline


def _inline(tokens: list[Token]) -> list[Node]:
    nodes: list[Node] = []
    marks: list[Mark] = []
    _pair_underlines(tokens)
    for token in tokens:
        if token.nesting == 1:
            marks.append(_mark(token))
        elif token.nesting == -1:
            _end(marks, token)
        elif token.type == "hardbreak":
            nodes.append({"type": "hardBreak"})
        else:
            nodes.append(_text(token, marks))
    return nodes


def _pair_underlines(tokens: list[Token]) -> None:
    """Let `<u>` and `</u>` open and close where they match; alone they stay text."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "u" and token.content.startswith("</") and opened:
            start = opened.pop()
            start.type, start.nesting = "u_open", 1
            token.type, token.nesting = "u_close", -1
        elif token.type == "u" and not token.content.startswith("</"):
            opened.append(token)


def _end(marks: list[Mark], token: Token) -> None:
    """Take away the last mark of the kind that ends here; underlines may be crossed with the others."""
    kind = "link" if token.type == "link_close" else _MARKS[token.type.replace("_close", "_open")]
    last = max(index for index, mark in enumerate(marks) if mark["type"] == kind)
    del marks[last]


def _text(token: Token, marks: list[Mark]) -> Node:
    if token.type == "softbreak":
        return {"type": "text", "text": " ", "marks": [*marks]}
    if token.type == "code_inline":
        return {"type": "text", "text": token.content, "marks": [*marks, {"type": "code"}]}
    if token.type == "image":
        source = {"type": "link", "attrs": {"href": token.attrs.get("src")}}
        words = "".join(piece.content for piece in token.children or [])
        return {"type": "text", "text": words or token.attrs.get("src"), "marks": [*marks, source]}
    return {"type": "text", "text": token.content, "marks": [*marks]}


def _mark(token: Token) -> Mark:
    if token.type == "link_open":
        return {"type": "link", "attrs": {"href": token.attrs.get("href"), "title": token.attrs.get("title")}}
    return {"type": _MARKS[token.type]}


def _finished(node: Node) -> list[Node]:
    """A closed block, as one or as none or more of them."""
    if node["type"] == "bulletList":
        return _divided(node)
    if node["type"] == "orderedList":
        return [node | {"content": [_plain_item(item) for item in children(node)]}]
    if node["type"] == "table":
        return [node | {"content": _body(children(node))}]
    return [node]


def _divided(node: Node) -> list[Node]:
    """A list as one list for each stretch of items with or without a box."""
    lists: list[Node] = []
    for item in children(node):
        kind = "taskList" if item["type"] == "taskItem" else "bulletList"
        if not lists or lists[-1]["type"] != kind:
            lists.append({"type": kind, "content": []})
        lists[-1]["content"].append(item)
    return lists


def _plain_item(item: Node) -> Node:
    """An item of a numbered list, where a box is only text."""
    if item["type"] != "taskItem":
        return item
    box = {"type": "text", "text": "[x] " if item["attrs"]["checked"] else "[ ] "}
    first, *rest = children(item)
    content = [first | {"content": [box, *children(first)]}, *rest]
    return {"type": "listItem", "content": content}


def _body(rows: list[Node]) -> list[Node]:
    """A table's rows, without a head in which nothing stands."""
    head = any(children(block) for cell in children(rows[0]) for block in children(cell))
    return rows if head or len(rows) == 1 else rows[1:]


def _cell(kind: str) -> Callable[[Token], Node]:
    def opened(token: Token) -> Node:
        style = str(token.attrs.get("style", ""))
        return {"type": kind, "attrs": {"align": style.removeprefix("text-align:") or None}}

    return opened


_OPENING: Mapping[str, Callable[[Token], Node]] = {
    "paragraph_open": lambda token: {"type": "paragraph"},
    "heading_open": lambda token: {"type": "heading", "attrs": {"level": int(token.tag[1:])}},
    "bullet_list_open": lambda token: {"type": "bulletList"},
    "ordered_list_open": lambda token: {"type": "orderedList", "attrs": {"start": token.attrs.get("start", 1)}},
    "list_item_open": lambda token: {"type": "listItem"},
    "blockquote_open": lambda token: {"type": "blockquote"},
    "table_open": lambda token: {"type": "table"},
    "tr_open": lambda token: {"type": "tableRow"},
    "th_open": _cell("tableHeader"),
    "td_open": _cell("tableCell"),
}
_MARKS: Mapping[str, str] = {"strong_open": "bold", "em_open": "italic", "s_open": "strike", "u_open": "underline"}


def _shallow(rule: Callable[[StateBlock, int, int, bool], bool]) -> Callable[[StateBlock, int, int, bool], bool]:
    """The rule, but blind where blocks nest too deep already."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < 2 * MAX_NESTING and rule(state, start, end, silent)

    return bounded


def _html(state: StateInline, silent: bool) -> bool:
    """The inline rule for `<br>`, `<u>` and `</u>`."""
    tag = _TAG.match(state.src, state.pos, state.posMax)
    if not tag:
        return False
    if not silent:
        is_break = tag[0].lower().startswith("<br")
        token = state.push("hardbreak", "br", 0) if is_break else state.push("u", "u", 0)
        token.content = tag[0]
    state.pos = tag.end()
    return True


_TAG = re.compile(r"<br ?/?>|</?u>", re.IGNORECASE)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("blockquote", _shallow(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("list", _shallow(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.before("html_inline", "line_break_and_underline", _html)
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # addresses are kept as they were written
    parser.validateLink = lambda url: safe_href(url) is not None  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
