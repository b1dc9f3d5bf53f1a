"""Documents as HTML. Everything is escaped as it is written; nh3, told what may appear, is the second wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import nh3

from docs_app.content.links import safe_href
from docs_app.content.nodes import Attrs, Mark, Node, attr, children, is_text
from docs_app.content.spans import Edge, spans
from docs_app.content.validity import settle

REL = "noopener noreferrer nofollow"
_CELL = {"colspan", "rowspan", "data-colwidth", "align"}
_ALLOWED: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "code": {"class"},
    "input": {"type", "disabled", "checked"},
    "li": {"class"},
    "ol": {"start", "type"},
    "span": {"class", "data-thread"},
    "td": _CELL,
    "th": _CELL,
    "ul": {"class"},
}
_BLOCKS = {"p", "blockquote", "pre", "hr", "table", "tbody", "tr"} | {f"h{level}" for level in range(1, 7)}
_TAGS = {*_ALLOWED, *_BLOCKS, "br", "strong", "em", "s", "u", "ins", "del"}
_SCHEMES = {"http", "https", "mailto", "tel"}


def to_html(document: Node, *, comments: bool = False) -> str:
    """The document's blocks as HTML; with `comments`, commented text carries the id of its thread."""
    return html_of(children(settle(document)), comments=comments)


def html_of(blocks: list[Node], *, comments: bool = False) -> str:
    """Valid nodes as HTML; their texts may also carry the marks "inserted" and "deleted" of a comparison."""
    html = "".join(_node(block, comments) for block in blocks)
    return nh3.clean(html, tags=_TAGS, attributes=_ALLOWED, url_schemes=_SCHEMES, link_rel=None)


def _node(node: Node, comments: bool) -> str:
    content = children(node)
    inline = any(is_text(child) or child["type"] == "hardBreak" for child in content)
    inner = _inline(content, comments) if inline else "".join(_node(child, comments) for child in content)
    return _NODES[node["type"]](node, inner)


def _inline(content: list[Node], comments: bool) -> str:
    out = []
    for span in spans(content):
        if isinstance(span, Edge):
            if comments or span.mark["type"] != "comment":
                out.append(_open(span.mark) if span.kind == "open" else f"</{_MARKS[span.mark['type']]}>")
        else:
            out.append(escape(span["text"]) if is_text(span) else "<br>")
    return "".join(out)


def _open(mark: Mark) -> str:
    attributes: dict[str, object] = {}
    if mark["type"] == "link":
        attributes = {"href": safe_href(attr(mark, "href")), "title": attr(mark, "title"), "rel": REL}
    elif mark["type"] == "comment":
        attributes = {"class": "comment", "data-thread": attr(mark, "thread")}
    return _tag(_MARKS[mark["type"]], attributes)


def _tag(name: str, attributes: Mapping[str, object]) -> str:
    """An opening tag with those attributes that have a value."""
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{written}>"


def _element(name: str) -> Callable[[Node, str], str]:
    return lambda node, inner: f"<{name}>{inner}</{name}>"


def _heading(node: Node, inner: str) -> str:
    return f"<h{attr(node, 'level')}>{inner}</h{attr(node, 'level')}>"


def _ordered_list(node: Node, inner: str) -> str:
    start = attr(node, "start")
    return f"{_tag('ol', {'start': None if start == 1 else start, 'type': attr(node, 'type')})}{inner}</ol>"


def _task_item(node: Node, inner: str) -> str:
    box = '<input type="checkbox" disabled checked>' if attr(node, "checked") else '<input type="checkbox" disabled>'
    return f'<li class="task-item">{box}{inner}</li>'


def _code_block(node: Node, inner: str) -> str:
    language = attr(node, "language")
    return f"<pre>{_tag('code', {'class': f'language-{language}' if language else None})}{inner}</code></pre>"


def _cell(name: str) -> Callable[[Node, str], str]:
    return lambda node, inner: f"{_tag(name, _cell_attributes(node['attrs']))}{inner}</{name}>"


def _cell_attributes(attrs: Attrs) -> dict[str, object]:
    widths = attrs["colwidth"]
    return {
        "colspan": attrs["colspan"] if attrs["colspan"] > 1 else None,
        "rowspan": attrs["rowspan"] if attrs["rowspan"] > 1 else None,
        "data-colwidth": ",".join(str(width or 0) for width in widths) if widths else None,
        "align": attrs["align"],
    }


_NODES: Mapping[str, Callable[[Node, str], str]] = {
    "paragraph": _element("p"),
    "heading": _heading,
    "bulletList": _element("ul"),
    "orderedList": _ordered_list,
    "listItem": _element("li"),
    "taskList": lambda node, inner: f'<ul class="task-list">{inner}</ul>',
    "taskItem": _task_item,
    "blockquote": _element("blockquote"),
    "codeBlock": _code_block,
    "horizontalRule": lambda node, inner: "<hr>",
    "table": lambda node, inner: f"<table><tbody>{inner}</tbody></table>",
    "tableRow": _element("tr"),
    "tableHeader": _cell("th"),
    "tableCell": _cell("td"),
}
_MARKS: Mapping[str, str] = {
    "link": "a",
    "bold": "strong",
    "code": "code",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "comment": "span",
    "inserted": "ins",
    "deleted": "del",
}
