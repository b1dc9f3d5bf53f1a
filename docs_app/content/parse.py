"""Markdown as a document: CommonMark with what `markdown_rules` adds; HTML is text.

Reads what `render` writes. Of HTML only `<br>`, `<u>`, `<sup>` and `<sub>` mean something, for which Markdown has no
other word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markdown_it.token import Token

from docs_app.content.attributes import CALLOUTS
from docs_app.content.links import own_file
from docs_app.content.markdown_inline import formula
from docs_app.content.markdown_rules import MAX_NESTING, name_of, parser
from docs_app.content.nodes import Mark, Node, attr, children, text_node
from docs_app.content.validity import settle

__all__ = ["MAX_MARKDOWN_BYTES", "MAX_NESTING", "TooBig", "from_markdown"]

MAX_MARKDOWN_BYTES = 1024 * 1024
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_KIND = re.compile(rf"\[!({'|'.join(CALLOUTS)})\][ \t]*(?:\n|$)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^\w-]")


class TooBig(ValueError):
    """More Markdown than one document may be made of."""


def from_markdown(text: str) -> Node:
    """The document that `text` describes. Raises TooBig beyond MAX_MARKDOWN_BYTES of UTF-8."""
    text = text.encode("utf-8", "replace").decode()
    if len(text.encode()) > MAX_MARKDOWN_BYTES:
        raise TooBig("A document can be made of 1024 KiB of Markdown at most.")
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
    if token.type in _ATOMS:
        return [_ATOMS[token.type](token)]
    code = token.content.removesuffix("\n")
    language = token.info.split()[0] if token.info.split() else None
    text = [text_node(code)] if code else []
    return [{"type": "codeBlock", "attrs": {"language": language}, "content": text}]


def _inline_into(token: Token, stack: list[Node]) -> list[Node]:
    block, pieces = stack[-1], token.children or []
    if len(stack) > 1 and not stack[-2]["content"] and pieces and pieces[0].type == "text":
        _see_beginning(token, stack[-2], pieces)
    inline = _inline(pieces)
    return _paragraphs(inline) if block["type"] in ("tableCell", "tableHeader") else inline


def _see_beginning(token: Token, parent: Node, pieces: list[Token]) -> None:
    """A list item that begins with a box is a task, and a quote that begins with its kind a callout."""
    box, kind = _BOX.match(token.content), _KIND.match(token.content)
    if parent["type"] == "listItem" and box and pieces[0].content.startswith("["):
        parent |= {"type": "taskItem", "attrs": {"checked": box[1] != " "}}
        pieces[0].content = pieces[0].content[box.end() :]
    elif parent["type"] == "blockquote" and kind:
        parent |= {"type": "callout", "attrs": {"kind": kind[1].lower()}}
        del pieces[: 2 if len(pieces) > 1 else 1]  # with the break in the line behind it


def _inline(tokens: list[Token]) -> list[Node]:
    nodes: list[Node] = []
    marks: list[Mark] = []
    _pair_tags(tokens)
    for token in tokens:
        if token.nesting == 1:
            marks.append(_mark(token))
        elif token.nesting == -1:
            _end(marks, token)
        elif token.type in _ATOMS:
            nodes.append(_ATOMS[token.type](token))
        else:
            nodes.append(_text(token, marks))
    return nodes


def _pair_tags(tokens: list[Token]) -> None:
    """Let `<u>` and `</u>` open and close where they match, and the others; alone they stay text."""
    opened: dict[str, list[Token]] = {}
    for token in tokens:
        if token.type != "tag":
            continue
        waiting = opened.setdefault(token.tag, [])
        if not token.content.startswith("</"):
            waiting.append(token)
        elif waiting:
            start = waiting.pop()
            start.type, start.nesting = f"{token.tag}_open", 1
            token.type, token.nesting = f"{token.tag}_close", -1


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
        return _picture(token, marks)
    return {"type": "text", "text": token.content, "marks": [*marks]}


def _picture(token: Token, marks: list[Mark]) -> Node:
    """An image of this site, for `_paragraphs` to place, or a link to any other."""
    source, title = token.attrs.get("src"), token.attrs.get("title")
    words = "".join(piece.content for piece in token.children or [])
    if own_file(str(source)):
        return {"type": "image", "attrs": {"src": source, "alt": words or None, "title": title}}
    return text_node(words or str(source), [*marks, {"type": "link", "attrs": {"href": source}}])


def _paragraphs(inline: list[Node]) -> list[Node]:
    """What a paragraph says: an image alone, or before a break in the line, is a block and the rest its caption."""
    first, *rest = inline or [{"type": "hardBreak"}]
    if first["type"] == "image" and (not rest or rest[0]["type"] == "hardBreak"):
        return [first | {"content": _without_images(rest[1:])}]
    return [{"type": "paragraph", "content": _without_images(inline)}]


def _without_images(inline: list[Node]) -> list[Node]:
    return [_as_link(node) if node["type"] == "image" else node for node in inline]


def _as_link(image: Node) -> Node:
    source = attr(image, "src")
    return text_node(attr(image, "alt") or source, [{"type": "link", "attrs": {"href": source}}])


def _mark(token: Token) -> Mark:
    if token.type == "link_open":
        return {"type": "link", "attrs": {"href": token.attrs.get("href"), "title": token.attrs.get("title")}}
    return {"type": _MARKS[token.type]}


def _finished(node: Node) -> list[Node]:
    """A closed block, as one or as none or more of them."""
    if node["type"] == "paragraph":
        return _paragraphs(children(node)) if children(node) else [node]
    if node["type"] == "heading":
        return [node | {"content": _without_images(children(node))}]
    if node["type"] == "bulletList":
        return _divided(node)
    if node["type"] == "orderedList":
        return [node | {"content": [_plain_item(item) for item in children(node)]}]
    if node["type"] == "table":
        return [node | {"content": _body(children(node))}]
    if node["type"] == "callout":
        return [node | {"content": _below_kind(children(node))}]
    return _unboxed(node) if node["type"] == "box" else [node]


def _below_kind(content: list[Node]) -> list[Node]:
    """A callout's blocks, without the paragraph in which nothing but the kind stood."""
    return content if children(content[0]) or content[0]["type"] != "paragraph" else content[1:]


def _unboxed(box: Node) -> list[Node]:
    """What a container is, by the name behind its colons."""
    name, words, content = name_of(box["info"]), box["info"].split(maxsplit=1)[1:], children(box)
    if name == "details":
        (title,) = _PARSER.parseInline(words[0]) if words else [Token("inline", "", 0)]
        summary = {"type": "detailsSummary", "content": _without_images(_inline(title.children or []))}
        return [{"type": "details", "content": [summary, {"type": "detailsContent", "content": content}]}]
    if name in ("column", "columns"):
        return [{"type": name, "content": content}]
    if name in CALLOUTS:
        return [{"type": "callout", "attrs": {"kind": name}, "content": content}]
    return _linked(name, words, content)


def _linked(name: str, words: list[str], content: list[Node]) -> list[Node]:
    """A file or a card, from the link that stands alone in its container; without one the container is none."""
    if [block["type"] for block in content] != ["paragraph"]:
        return content
    texts = children(content[0])
    link = next((mark for text in texts for mark in text.get("marks", []) if mark["type"] == "link"), None)
    if link is None:
        return content
    label, href = "".join(text.get("text", "") for text in texts), attr(link, "href")
    if name == "embed":
        return [{"type": "embed", "attrs": {"href": href, "title": None if label == href else label}}]
    size = int(words[0]) if words and words[0].isdecimal() else None
    file = {"src": href, "name": "" if label == href else label, "size": size}
    return [{"type": "file", "attrs": file}] if own_file(str(href)) else content


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


def _label(token: Token) -> str:
    """A footnote's name, which in Markdown may be nearly anything."""
    return _NOT_IN_NAMES.sub("-", token.meta["label"])[:64]


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
    "container_box_open": lambda token: {"type": "box", "info": token.info},
    "footnote_reference_open": lambda token: {"type": "footnote", "attrs": {"note": _label(token)}},
}
_ATOMS: Mapping[str, Callable[[Token], Node]] = {
    "hr": lambda token: {"type": "horizontalRule"},
    "contents": lambda token: {"type": "tableOfContents"},
    "math_block": lambda token: {"type": "blockMath", "attrs": {"latex": formula(token.content)}},
    "hardbreak": lambda token: {"type": "hardBreak"},
    "formula": lambda token: {"type": "inlineMath", "attrs": {"latex": token.content}},
    "mention": lambda token: token.meta,
    "footnote_ref": lambda token: {"type": "footnoteReference", "attrs": {"note": _label(token)}},
}
_MARKS: Mapping[str, str] = {
    "strong_open": "bold",
    "em_open": "italic",
    "s_open": "strike",
    "u_open": "underline",
    "sup_open": "superscript",
    "sub_open": "subscript",
    "highlight_open": "highlight",
}
_PARSER = parser()
