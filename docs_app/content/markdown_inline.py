"""Inline content as Markdown that reads back the same: escapes, nested marks, and delimiters that really delimit.

A run of `**`, `_` or `~~` opens or closes only when the characters at its sides allow it (CommonMark's flanking rules).
Spaces are moved out of the marks for that, and a letter that stands in the way is written as a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

from docs_app.content.mentions import label_of
from docs_app.content.nodes import Node, attr, coalesce, is_text, text_node
from docs_app.content.spans import Edge, Span, spans

_DELIMITERS = {"bold": "**", "italic": "_", "strike": "~~", "highlight": "=="}
_HTML = {"underline": "u", "superscript": "sup", "subscript": "sub"}
_SPECIAL = re.compile(r"[\\`*\[\]<~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#a-zA-Z])|=(?==|$)|(?<==)=|^=")
_LINE_START = re.compile(r"(\d{1,9})[.)](?:\s|$)|#{1,6}(?:\s|$)|[-+](?:\s|$)|>|=+\s*$|[-:|][-:|\s]*$|:::")
_BACKTICKS = re.compile("`+")
_LINE_BREAK = "\\\n"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A bit of Markdown: text (escaped), something that only stands for itself, or a delimiter."""

    kind: Literal["text", "raw", "open", "close"]
    source: str


def lines(inline: list[Node]) -> str:
    """The content of a paragraph; hard breaks end a line, except a last one."""
    inline = _trimmed(inline)
    written = _join([_piece(span, inline, _LINE_BREAK) for span in spans(inline, apart="code")])
    while written.endswith(_LINE_BREAK):
        written = written.removesuffix(_LINE_BREAK) + "<br>"
    return "\n".join(map(_escape_start, written.split("\n")))


def one_line(inline: list[Node]) -> str:
    """The content of a heading or a cell, where a hard break is written `<br>`."""
    inline = _trimmed(inline)
    return _join([_piece(span, inline, "<br>") for span in spans(inline, apart="code")])


def code_span(code: str) -> str:
    """Code of one line between more backticks than there are in it."""
    fence = "`" * (max(map(len, _BACKTICKS.findall(code)), default=0) + 1)
    padded = code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " " and code.strip(" ") != "")
    return f"{fence} {code} {fence}" if padded else f"{fence}{code}{fence}"


def _trimmed(inline: list[Node]) -> list[Node]:
    """Without comments, and without the white space at line edges, which Markdown does not keep."""
    nodes = [_without_comments(node) for node in inline]
    _trim(nodes, range(len(nodes)), str.lstrip)
    _trim(nodes, range(len(nodes) - 1, -1, -1), str.rstrip)
    return coalesce(nodes)


def _trim(nodes: list[Node], order: range, strip: Callable[[str], str]) -> None:
    at_edge = True
    for index in order:
        if not is_text(nodes[index]):
            at_edge = nodes[index]["type"] == "hardBreak"
        elif at_edge:
            nodes[index] = nodes[index] | {"text": strip(nodes[index]["text"])}
            at_edge = not nodes[index]["text"]


def _without_comments(node: Node) -> Node:
    if not is_text(node):
        return node
    marks = [mark for mark in node.get("marks", []) if mark["type"] != "comment"]
    return text_node(re.sub(r"[\r\n]+", " ", node["text"]), marks)


def _piece(span: Span, inline: list[Node], line_break: str) -> _Piece:
    if isinstance(span, Edge):
        return _edge(span)
    if not is_text(span):
        return _Piece("raw", line_break if span["type"] == "hardBreak" else _ATOMS[span["type"]](span))
    if any(mark["type"] == "code" for mark in span.get("marks", [])):
        return _Piece("raw", code_span(span["text"]))
    return _Piece("text", span["text"])


def _edge(edge: Edge) -> _Piece:
    name = edge.mark["type"]
    if name in _DELIMITERS:
        return _Piece(edge.kind, _DELIMITERS[name])
    if name == "link":
        target = _destination(attr(edge.mark, "href"), attr(edge.mark, "title"))
        return _Piece("raw", "[" if edge.kind == "open" else f"]({target})")
    if name in _HTML:
        return _Piece("raw", f"<{_HTML[name]}>" if edge.kind == "open" else f"</{_HTML[name]}>")
    return _Piece("raw", "")


def formula(latex: str) -> str:
    """LaTeX that ends where it should: no dollar and no backslash in it can take the delimiter away or be one."""
    whole = _LATEX_WORD.sub(lambda found: _STRAY.get(found[0], found[0]), latex)
    return "\n".join(line for line in map(str.strip, whole.splitlines()) if line)


def _inline_math(node: Node) -> str:
    latex = formula(attr(node, "latex")).replace("\n", " ")
    return f"${latex}$" if latex else ""


def _mention(target: Callable[[Node], str]) -> Callable[[Node], str]:
    """A link behind an at sign. What a document or a day is called is for people, and not read back."""
    return lambda node: "@" + link(label_of(node), target(node))


_LATEX_WORD = re.compile(r"\\[\s\S]|[\\$]")
_STRAY = {"$": "\\$", "\\": ""}
_ATOMS: Mapping[str, Callable[[Node], str]] = {
    "inlineMath": _inline_math,
    "footnoteReference": lambda node: f"[^{attr(node, 'note')}]",
    "personMention": _mention(lambda node: attr(node, "person")),
    "documentMention": _mention(lambda node: f"/d/{attr(node, 'document')}/"),
    "dateMention": _mention(lambda node: f"date:{attr(node, 'date')}"),
}


def link(text: str, href: str, title: str | None = None) -> str:
    """A link, or behind an exclamation mark an image, whose text is plain."""
    return f"[{_escape(' '.join(text.split()), '')}]({_destination(href, title)})"


def _destination(href: str, title: str | None) -> str:
    if re.search(r"[\s()<>\\]", href) or not href:
        href = "<" + re.sub(r"([<>\\])", r"\\\1", href) + ">"
    href = re.sub(r"&(?=[#a-zA-Z])", r"\\&", href) if re.search(r"&#?\w+;", href) else href
    quoted = re.sub(r'(["\\]|&(?=[#a-zA-Z]))', r"\\\1", title or "").replace("\n", " ")
    return f'{href} "{quoted}"' if title else href


def _join(pieces: list[_Piece]) -> str:
    pieces = _spaces_outside([piece for piece in pieces if piece.source])
    out: list[_Piece] = []
    for index, piece in enumerate(pieces):
        following = pieces[index + 1].source if index + 1 < len(pieces) else ""
        out.append(replace(piece, source=_escape(piece.source, following)) if piece.kind == "text" else piece)
    clusters = _clusters(out)
    while sum(_flank(out, start, end) for start, end in clusters):  # a letter that changes is another's neighbour
        pass
    _keep_digits_off(out)
    return "".join(piece.source for piece in out)


def _spaces_outside(pieces: list[_Piece]) -> list[_Piece]:
    """Move spaces at the inner edge of a delimiter to its outer side, and drop delimiters around nothing."""
    out: list[_Piece] = []
    todo = pieces[::-1]
    while todo:
        piece = todo.pop()
        swapped = _swap(out[-1], piece) if out else None
        if swapped is None:
            out.append(piece)
        else:
            out.pop()
            todo += swapped[::-1]
    return out


def _swap(first: _Piece, second: _Piece) -> list[_Piece] | None:
    if (first.kind, second.kind) == ("open", "close"):
        return [] if first.source == second.source else None
    if first.kind == second.kind == "text":
        return [_Piece("text", first.source + second.source)]
    if first.kind == "open" and second.kind == "text":
        body = second.source.lstrip()
        spaces = second.source[: len(second.source) - len(body)]
        return [_Piece("text", spaces), first, *([_Piece("text", body)] if body else [])] if spaces else None
    if first.kind == "text" and second.kind == "close":
        body = first.source.rstrip()
        spaces = first.source[len(body) :]
        return [*([_Piece("text", body)] if body else []), second, _Piece("text", spaces)] if spaces else None
    return None


def _clusters(pieces: list[_Piece]) -> list[tuple[int, int]]:
    """Where delimiters stand side by side: the first one's index, and the one after the last."""
    found: list[tuple[int, int]] = []
    for index, piece in enumerate(pieces):
        if piece.kind in ("open", "close"):
            start = found.pop()[0] if found and found[-1][1] == index else index
            found.append((start, index + 1))
    return found


def _flank(out: list[_Piece], start: int, end: int) -> bool:
    """Make sure that the delimiters out[start:end] do what they are meant to; True if a letter had to change."""
    kinds = {piece.kind for piece in out[start:end]}
    left, right = _side(out, start - 1, -1), _side(out, end, 0)
    alone = end - start == 1 and out[start].source != "_"
    if kinds == {"open"} and not _is_open(left) and not (alone and not _is_open(right)):
        out[start - 1] = _refer(out[start - 1], -1)
        return True
    if kinds == {"close"} and not _is_open(right) and not (alone and not _is_open(left)):
        out[end] = _refer(out[end], 0)
        return True
    return False


def _keep_digits_off(out: list[_Piece]) -> None:
    """A dollar beside a digit is money, so a digit beside a formula is written as a character reference."""
    for index, piece in enumerate(out):
        if piece.kind == "raw" and piece.source.startswith("$"):
            for at, side in ((index - 1, -1), (index + 1, 0)):
                if 0 <= at < len(out) and out[at].kind == "text" and out[at].source[side].isdigit():
                    out[at] = _refer(out[at], side)


def _side(out: list[_Piece], index: int, at: int) -> str:
    return out[index].source[at] if 0 <= index < len(out) else " "


def _is_open(character: str) -> bool:
    """White space or punctuation: what may stand beside any delimiter."""
    return isWhiteSpace(ord(character)) or isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _refer(piece: _Piece, at: int) -> _Piece:
    """The piece with its first or last letter as a character reference, beside which an underscore needs its escape."""
    letter = f"&#{ord(piece.source[at])};"
    body = piece.source[:-1] if at else piece.source[1:]
    if at:
        unescaped = body.endswith("_") and not body.endswith("\\_")
        return replace(piece, source=f"{body[:-1]}\\_{letter}" if unescaped else body + letter)
    return replace(piece, source=f"{letter}\\{body}" if body.startswith("_") else letter + body)


def _escape(text: str, following: str) -> str:
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    is_sign = escaped.endswith(("!", "@")) and following.startswith("[")
    return f"{escaped[:-1]}\\{escaped[-1]}" if is_sign else escaped


def _escape_start(line: str) -> str:
    """A line that cannot be taken for the start of a list, a heading, a quote, an underline or a table's rule."""
    start = _LINE_START.match(line)
    if not start:
        return line
    return f"{start[1]}\\{line[start.end(1) :]}" if start[1] else f"\\{line}"
