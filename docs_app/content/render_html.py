"""Documents as HTML. Everything is escaped as it is written; nh3, told what may appear, is the second wall."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from docs_app.content.html_tags import cleaned, element, tag
from docs_app.content.links import safe_href
from docs_app.content.mentions import Known, label_of, labelled
from docs_app.content.nodes import Attrs, Mark, Node, attr, children, is_inline, is_text
from docs_app.content.outline import Heading, has_contents, headings, note_numbers
from docs_app.content.spans import Edge, spans
from docs_app.content.validity import settle

REL = "noopener noreferrer nofollow"
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rendering of a block must know of the rest of its document."""

    comments: bool
    notes: Mapping[str, int]
    headings: list[Heading] = field(default_factory=list)
    anchors: Iterator[str] = iter(())
    say: Callable[[str], str] = str


def to_html(document: Node, *, comments: bool = False, known: Known | None = None, is_settled: bool = False) -> str:
    """The document's blocks as HTML; with `comments`, commented text carries the id of its thread.

    `is_settled`: it comes straight from the tree, and need not be looked at once more.
    """
    known = known or Known()
    blocks = children(labelled(document if is_settled else settle(document), known))
    listed = headings(blocks) if has_contents(blocks) else []
    anchors = iter([heading.anchor for heading in listed])
    return _html(blocks, _Page(comments, note_numbers(blocks), listed, anchors, known.say))


def html_of(blocks: list[Node], whole: list[Node], say: Callable[[str], str] = str) -> str:
    """Some of a document's valid blocks; texts and atoms may also carry the marks "inserted" and "deleted".

    Footnotes have the numbers of the `whole` document. A table of contents stays empty: it would say everything twice.
    """
    return _html(blocks, _Page(comments=False, notes=note_numbers(whole), say=say))


def _html(blocks: list[Node], page: _Page) -> str:
    return cleaned("".join(_node(block, page) for block in blocks))


def _node(node: Node, page: _Page) -> str:
    content = children(node)
    inline = any(map(is_inline, content))
    inner = _inline(content, page) if inline else "".join(_node(child, page) for child in content)
    html = _NODES[node["type"]](node, inner, page)
    for mark in [] if is_inline(node) else node.get("marks", []):  # only comparisons put marks on blocks
        html = element(_MARKS[mark["type"]], {}, html)
    return html


def _inline(content: list[Node], page: _Page) -> str:
    out = []
    for span in spans(content):
        if not isinstance(span, Edge):
            out.append(escape(span["text"]) if is_text(span) else _node(span, page))
        elif page.comments or span.mark["type"] != "comment":
            out.append(_open(span.mark) if span.kind == "open" else f"</{_MARKS[span.mark['type']]}>")
    return "".join(out)


def _open(mark: Mark) -> str:
    attributes: dict[str, object] = {}
    if mark["type"] == "link":
        attributes = {"href": safe_href(attr(mark, "href")), "title": attr(mark, "title"), "rel": REL}
    elif mark["type"] == "comment":
        attributes = {"class": "comment", "data-thread": attr(mark, "thread")}
    elif mark["type"] in ("highlight", "textColor"):
        attributes = {"data-color": attr(mark, "color")}
    return tag(_MARKS[mark["type"]], attributes)


_Renderer = Callable[[Node, str, _Page], str]


def _simple(name: str, **attributes: str) -> _Renderer:
    named = {key.rstrip("_"): value for key, value in attributes.items()}
    return lambda node, inner, page: element(name, named, inner)


def _paragraph(node: Node, inner: str, page: _Page) -> str:
    return element("p", {"data-align": attr(node, "textAlign")}, inner)


def _heading(node: Node, inner: str, page: _Page) -> str:
    attributes = {"id": next(page.anchors, None), "data-align": attr(node, "textAlign")}
    return element(f"h{attr(node, 'level')}", attributes, inner)


def _ordered_list(node: Node, inner: str, page: _Page) -> str:
    start = attr(node, "start")
    return element("ol", {"start": None if start == 1 else start, "type": attr(node, "type")}, inner)


def _task_item(node: Node, inner: str, page: _Page) -> str:
    checked = "" if attr(node, "checked") else None
    box = tag("input", {"type": "checkbox", "aria-label": page.say("Done"), "disabled": "", "checked": checked})
    return element("li", {"class": "task-item"}, box + inner)


def _code_block(node: Node, inner: str, page: _Page) -> str:
    language = attr(node, "language")
    return element("pre", {}, element("code", {"class": f"language-{language}" if language else None}, inner))


def _cell(name: str) -> _Renderer:
    return lambda node, inner, page: element(name, _cell_attributes(node["attrs"]), inner)


def _cell_attributes(attrs: Attrs) -> dict[str, object]:
    widths = attrs["colwidth"]
    return {
        "colspan": attrs["colspan"] if attrs["colspan"] > 1 else None,
        "rowspan": attrs["rowspan"] if attrs["rowspan"] > 1 else None,
        "data-colwidth": ",".join(str(width or 0) for width in widths) if widths else None,
        "align": attrs["align"],
    }


def _image(node: Node, inner: str, page: _Page) -> str:
    known = {name: attr(node, name) for name in ("title", "width")}
    picture = tag("img", {"src": attr(node, "src"), "alt": attr(node, "alt") or "", **known, "loading": "lazy"})
    caption = element("figcaption", {}, inner) if inner else ""
    return element("figure", {"class": "image", "data-align": attr(node, "align")}, picture + caption)


def _file(node: Node, inner: str, page: _Page) -> str:
    name, size = attr(node, "name") or page.say("File"), attr(node, "size")
    link = element("a", {"href": attr(node, "src"), "download": name}, text=name)
    told = "" if size is None else element("span", {}, text=size_in_words(size))
    return element("div", {"class": "file", "data-size": size}, link + told)


def size_in_words(size: int) -> str:
    """A number of bytes as people say it, in powers of 1000."""
    rank = min((len(str(size)) - 1) // 3, len(_UNITS) - 1)
    number = size / 1000**rank
    return f"{number:.1f} {_UNITS[rank]}" if rank and number < 10 else f"{number:.0f} {_UNITS[rank]}"


def _embed(node: Node, inner: str, page: _Page) -> str:
    href = safe_href(attr(node, "href")) or ""
    link = element("a", {"href": href, "rel": REL}, text=attr(node, "title") or href)
    return element("div", {"class": "embed"}, link + element("span", {}, text=href))


def _callout(node: Node, inner: str, page: _Page) -> str:
    kind = attr(node, "kind")
    attributes = {"class": "callout", "data-kind": kind, "role": "note", "aria-label": _kind_in_words(kind, page.say)}
    return element("div", attributes, inner)


def _kind_in_words(kind: str, say: Callable[[str], str]) -> str:
    return {
        "note": say("Note"),
        "tip": say("Tip"),
        "important": say("Important"),
        "warning": say("Warning"),
        "caution": say("Caution"),
    }[kind]


def _formula(name: str, look: str) -> _Renderer:
    return lambda node, inner, page: element(name, {"class": look}, text=attr(node, "latex"))


def _reference(node: Node, inner: str, page: _Page) -> str:
    note = attr(node, "note")
    link = element("a", {"href": f"#note-{note}"}, text=str(page.notes.get(note, "?")))
    return element("sup", {"class": "footnote-ref", "data-note": note}, link)


def _person(node: Node, inner: str, page: _Page) -> str:
    return element("span", {"class": "mention", "data-person": attr(node, "person")}, text=f"@{label_of(node)}")


def _document(node: Node, inner: str, page: _Page) -> str:
    document = attr(node, "document")
    attributes = {"class": "mention", "href": f"/d/{document}/", "data-document": document}
    return element("a", attributes, text=label_of(node))


def _date(node: Node, inner: str, page: _Page) -> str:
    return element("time", {"class": "mention", "datetime": attr(node, "date")}, text=label_of(node))


def _footnote(node: Node, inner: str, page: _Page) -> str:
    note = attr(node, "note")
    number = element("span", {"class": "footnote-number"}, text=str(page.notes.get(note, "–")))
    attributes = {"class": "footnote", "id": f"note-{note}", "data-note": note, "role": "doc-footnote"}
    return element("div", attributes, number + element("div", {}, inner))


def _contents(node: Node, inner: str, page: _Page) -> str:
    items = (
        element("li", {"data-level": heading.level}, element("a", {"href": f"#{heading.anchor}"}, text=heading.text))
        for heading in page.headings
        if heading.text
    )
    if not page.headings:
        return element("div", {"class": "contents"})
    return element("nav", {"class": "contents", "aria-label": page.say("Contents")}, element("ol", {}, "".join(items)))


_NODES: Mapping[str, _Renderer] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bulletList": _simple("ul"),
    "orderedList": _ordered_list,
    "listItem": _simple("li"),
    "taskList": _simple("ul", class_="task-list"),
    "taskItem": _task_item,
    "blockquote": _simple("blockquote"),
    "codeBlock": _code_block,
    "horizontalRule": lambda node, inner, page: "<hr>",
    "table": lambda node, inner, page: element("table", {}, element("tbody", {}, inner)),
    "tableRow": _simple("tr"),
    "tableHeader": _cell("th"),
    "tableCell": _cell("td"),
    "image": _image,
    "file": _file,
    "embed": _embed,
    "callout": _callout,
    "details": _simple("details"),
    "detailsSummary": _simple("summary"),
    "detailsContent": _simple("div", class_="details-content"),
    "columns": _simple("div", class_="columns"),
    "column": _simple("div", class_="column"),
    "blockMath": _formula("div", "math-block"),
    "inlineMath": _formula("span", "math-inline"),
    "footnoteReference": _reference,
    "footnote": _footnote,
    "personMention": _person,
    "documentMention": _document,
    "dateMention": _date,
    "tableOfContents": _contents,
    "hardBreak": lambda node, inner, page: "<br>",
}
_MARKS: Mapping[str, str] = {
    "link": "a",
    "bold": "strong",
    "code": "code",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "highlight": "mark",
    "textColor": "span",
    "superscript": "sup",
    "subscript": "sub",
    "comment": "span",
    "inserted": "ins",
    "deleted": "del",
}
