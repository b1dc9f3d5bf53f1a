"""Documents as GitHub's Markdown, such that `parse` reads the same document back as far as Markdown can say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from docs_app.content.markdown_inline import code_span, formula, lines, link, one_line
from docs_app.content.mentions import Known, labelled
from docs_app.content.nodes import Node, attr, children, plain
from docs_app.content.schema import NODES
from docs_app.content.validity import settle

Lines = list[str]
_BULLETS = ("-", "*")
_ORDERED = (".", ")")
_LAST_NUMBER = 999_999_999


def to_markdown(document: Node, *, known: Known | None = None) -> str:
    """The whole document, ending in a line break unless it is empty."""
    written = "\n".join(_blocks(children(labelled(settle(document), known or Known()))))
    return written + "\n" if written else ""


def _blocks(blocks: list[Node]) -> Lines:
    """Blocks with a blank line between them. Two lists in a row get different markers, else they would be one."""
    out: Lines = []
    family, flip = "", False
    for block in blocks:
        flip = not flip if _family(block) and _family(block) == family else False
        written = _block(block, flip)
        if written:
            out += ["", *written] if out else written
            family = _family(block)
    return out


def _family(block: Node) -> str:
    name = block["type"]
    return "bullets" if name in ("bulletList", "taskList") else name if name == "orderedList" else ""


def _block(block: Node, flip: bool) -> Lines:
    name = block["type"]
    if name in ("bulletList", "taskList", "orderedList"):
        return _list(block, flip)
    return _BLOCKS[name](block)


def _paragraph(block: Node) -> Lines:
    written = lines(children(block))
    return written.split("\n") if written else []


def _heading(block: Node) -> Lines:
    written = one_line(children(block))
    closing = re.search(r"(?:^|(?<=\s))#+$", written)
    written = written[:-1] + "\\#" if closing else written
    return [f"{'#' * attr(block, 'level')} {written}".rstrip(" ")]


def _quote(block: Node) -> Lines:
    return [f"> {line}".rstrip(" ") if not line else f"> {line}" for line in _blocks(children(block)) or [""]]


def _code(block: Node) -> Lines:
    code = re.sub(r"\r\n?", "\n", plain(block))
    fence = "`" * max(3, max(map(len, re.findall("`+", code)), default=0) + 1)
    return [fence + (attr(block, "language") or ""), *(code.split("\n") if code else []), fence]


def _list(block: Node, flip: bool) -> Lines:
    items = [(_marker(block, index, flip), _item(item), item) for index, item in enumerate(children(block))]
    tight = all(_is_tight(item) for _, _, item in items)
    out: Lines = []
    for marker, body, _ in items:
        first, *rest = body or [""]
        indent = " " * (len(marker) + 1)
        out += [""] if out and not tight else []
        out += [f"{marker} {first}".rstrip(" "), *(indent + line if line else "" for line in rest)]
    return out


def _marker(block: Node, index: int, flip: bool) -> str:
    if block["type"] == "orderedList":
        return f"{min(attr(block, 'start') + index, _LAST_NUMBER)}{_ORDERED[flip]}"
    return _BULLETS[flip]


def _item(item: Node) -> Lines:
    first, *rest = children(item)
    box = ("[x]" if attr(item, "checked") else "[ ]") if item["type"] == "taskItem" else ""
    head = _paragraph(first)
    if box:
        head = [f"{box} {head[0]}" if head else box, *head[1:]]
    below = _blocks(rest)
    gap = [""] if head and below and not _is_tight(item) else []
    return [*(head or [""] if below else head), *gap, *below]


def _is_tight(item: Node) -> bool:
    """A paragraph, perhaps with one list below it that may follow a paragraph without a blank line."""
    first, *rest = children(item)
    if not rest:
        return True
    starts_list = len(rest) == 1 and _family(rest[0]) != "" and attr(rest[0], "start") in (None, 1)
    return starts_list and bool(_paragraph(first)) and all(_has_words(below) for below in children(rest[0]))


def _has_words(item: Node) -> bool:
    return _is_tight(item) and bool(_paragraph(children(item)[0]))


def _table(block: Node) -> Lines:
    rows = [_cells(row) for row in children(block)]
    columns = max(map(len, rows), default=0)
    if not columns:
        return []
    top = children(children(block)[0])
    if not all(cell["type"] == "tableHeader" for cell in top):
        rows.insert(0, [])
    rules = [_RULES[alignment] for alignment in _alignments(top)]
    rules += ["---"] * (columns - len(rules))
    padded = [row + [""] * (columns - len(row)) for row in rows]
    return [_row(padded[0]), _row(rules), *map(_row, padded[1:])]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(row: Node) -> list[str]:
    cells: list[str] = []
    for cell in children(row):
        text = "<br>".join(part for block in children(cell) for part in _in_cell(block))
        cells += [text.replace("|", "\\|"), *[""] * (attr(cell, "colspan") - 1)]
    return cells


def _in_cell(block: Node) -> Lines:
    """A block on one line, as cells have no room for more."""
    if block["type"] == "codeBlock":
        return [code_span(line) for line in plain(block).splitlines() if line]
    if block["type"] in _IN_CELLS:
        return [_IN_CELLS[block["type"]](block)]
    if NODES[block["type"]].is_textblock:
        picture = [_picture(block)] if block["type"] == "image" else []
        written = one_line(children(block))
        return [*picture, written] if written else picture
    return [part for child in children(block) for part in _in_cell(child)]


def _alignments(cells: list[Node]) -> list[str | None]:
    return [attr(cell, "align") if span == 0 else None for cell in cells for span in range(attr(cell, "colspan"))]


def _picture(block: Node) -> str:
    return "!" + link(attr(block, "alt") or "", attr(block, "src"), attr(block, "title"))


def _image(block: Node) -> Lines:
    """The picture, and below it in the same paragraph what the caption says."""
    caption = lines(children(block))
    return [_picture(block) + ("\\" if caption else ""), *(caption.split("\n") if caption else [])]


def _callout(block: Node) -> Lines:
    """A quote that begins with its kind, as GitHub writes it."""
    content = children(block)
    written = _blocks(content) or [""]
    opens_with_words = content[0]["type"] == "paragraph" and bool(_paragraph(content[0]))
    head = [f"[!{attr(block, 'kind').upper()}]", *([] if opens_with_words else [""])]
    return [f"> {line}".rstrip(" ") if not line else f"> {line}" for line in [*head, *written]]


def _fenced(name: str, inner: Lines) -> Lines:
    """Lines between two rows of more colons than any row in them begins with."""
    rows = (re.match(r"[\s>]*(:{3,})", line) for line in inner)
    fence = ":" * max([3, *(len(row[1]) + 1 for row in rows if row)])
    return [f"{fence} {name}".rstrip(" "), *inner, fence]


def _details(block: Node) -> Lines:
    summary, content = children(block)
    return _fenced(f"details {one_line(children(summary))}", _blocks(children(content)))


def _columns(block: Node) -> Lines:
    columns = [_fenced("column", _blocks(children(column))) for column in children(block)]
    return _fenced("columns", [line for column in columns for line in column])


def _linked(block: Node) -> str:
    """What a file or a card links to."""
    if block["type"] == "file":
        return link(attr(block, "name") or attr(block, "src"), attr(block, "src"))
    return link(attr(block, "title") or attr(block, "href"), attr(block, "href"))


def _file(block: Node) -> Lines:
    size = attr(block, "size")
    return _fenced("file" if size is None else f"file {size}", [_linked(block)])


def _math(block: Node) -> Lines:
    written = formula(attr(block, "latex"))
    return ["$$", *(written.split("\n") if written else []), "$$"]


def _footnote(block: Node) -> Lines:
    written = _blocks(children(block)) or [""]
    first, *rest = written if children(block)[0]["type"] == "paragraph" else ["", *written]
    return [f"[^{attr(block, 'note')}]: {first}".rstrip(" "), *(f"    {line}" if line else "" for line in rest)]


_RULES: Mapping[str | None, str] = {None: "---", "left": ":--", "center": ":-:", "right": "--:"}
_BLOCKS: Mapping[str, Callable[[Node], Lines]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "blockquote": _quote,
    "codeBlock": _code,
    "horizontalRule": lambda block: ["---"],
    "table": _table,
    "image": _image,
    "file": _file,
    "embed": lambda block: _fenced("embed", [_linked(block)]),
    "callout": _callout,
    "details": _details,
    "columns": _columns,
    "blockMath": _math,
    "footnote": _footnote,
    "tableOfContents": lambda block: ["[TOC]"],
}
_IN_CELLS: Mapping[str, Callable[[Node], str]] = {
    "file": _linked,
    "embed": _linked,
    "blockMath": lambda block: one_line([{"type": "inlineMath", "attrs": block["attrs"]}]),
}
