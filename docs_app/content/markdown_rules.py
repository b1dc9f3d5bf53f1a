"""What our Markdown has beyond CommonMark: formulas, highlights, containers, footnotes, mentions, and four HTML tags.

Rules of the parser, which look at source text and make tokens; `parse` makes nodes of them. Each is bounded, so that no
text costs more than its length: what nests too deep is blind to containers, and a formula ends after some lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from docs_app.content.attributes import is_complete
from docs_app.content.links import UUID, safe_href

MAX_NESTING = 28  # lists, quotes and containers in one another; deeper markers are read as text
MAX_FORMULA_LINES = 400
CONTAINERS = ("columns", "column", "details", "file", "embed", "note", "tip", "important", "warning", "caution")
_TAG = re.compile(r"<br ?/?>|</?(?:u|su[bp])>", re.IGNORECASE)
_FORMULA = re.compile(r"\$(?![\s$])((?:\\[\s\S]|[^\\$])+)(?<!\s)\$(?!\d)")
_MENTION = re.compile(
    rf"@\[((?:\\[\s\S]|[^\\\[\]])*)\]\((?:(?P<person>user:\d+)|/d/(?P<document>{UUID})/|date:(?P<date>[\d-]+))\)",
    re.ASCII,
)
_CONTENTS = re.compile(r"\[toc\]\s*", re.IGNORECASE)

BlockRule = Callable[[StateBlock, int, int, bool], bool]


def parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_NESTING})
    made.enable(["table", "strikethrough"])
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]  # addresses are kept as they were written
    made.validateLink = lambda url: safe_href(url) is not None  # type: ignore[method-assign]
    _add_blocks(made)
    made.inline.ruler.before("html_inline", "tags", _tags)
    made.inline.ruler.before("escape", "formula", _formula)
    made.inline.ruler.before("escape", "mention", _mention)
    made.inline.ruler.before("strikethrough", "highlight", _highlight)
    made.inline.ruler2.before("strikethrough", "highlight", _pair_highlights)
    return made


def _add_blocks(made: MarkdownIt) -> None:
    container_plugin(made, "box", validate=lambda params, markup: name_of(params) in CONTAINERS)
    footnote_plugin(made, inline=False, move_to_end=False)
    ruler = made.block.ruler
    (container,) = (rule.fn for rule in ruler.__rules__ if rule.name == "container_box")
    interrupting = ["paragraph", "reference", "blockquote"]
    ruler.at("blockquote", _shallow(blockquote), {"alt": [*interrupting, "list"]})
    ruler.at("list", _shallow(list_block), {"alt": interrupting})
    ruler.at("container_box", _shallow(_twofold(container)), {"alt": [*interrupting, "list"]})
    ruler.at("footnote_def", _shallow(footnote_def), {"alt": ["paragraph", "reference"]})
    formulas = math_block_dollar(allow_labels=False, allow_blank_lines=False)
    ruler.before("fence", "formula_block", _short(formulas), {"alt": [*interrupting, "list"]})
    ruler.before("fence", "contents", _contents, {"alt": [*interrupting, "list"]})


def name_of(params: str) -> str:
    """The name of a container, from what follows its colons."""
    words = params.split(maxsplit=1)
    return words[0].lower() if words else ""


def _shallow(rule: BlockRule) -> BlockRule:
    """The rule, but blind where blocks nest too deep already."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < 2 * MAX_NESTING and rule(state, start, end, silent)

    return bounded


def _twofold(rule: BlockRule) -> BlockRule:
    """The rule for containers, which counts for two: a toggle is a node within a node."""

    def deeper(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        state.level += 1
        try:
            return rule(state, start, end, silent)
        finally:
            state.level -= 1

    return deeper


def _short(rule: BlockRule) -> BlockRule:
    """The rule for formulas, which searches for their end; `$$` in the middle of a paragraph is no formula's start."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return not silent and rule(state, start, min(end, start + MAX_FORMULA_LINES), silent)

    return bounded


def _contents(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[TOC]` on a line of its own."""
    begin = state.bMarks[start] + state.tShift[start]
    if not _CONTENTS.fullmatch(state.src, begin, state.eMarks[start]):
        return False
    if not silent:
        state.push("contents", "nav", 0)
        state.line = start + 1
    return True


def _tags(state: StateInline, silent: bool) -> bool:
    """The inline rule for `<br>`, and for `<u>`, `<sup>` and `<sub>` with their ends."""
    tag = _TAG.match(state.src, state.pos, state.posMax)
    if not tag:
        return False
    if not silent:
        is_break = tag[0].lower().startswith("<br")
        token = state.push("hardbreak", "br", 0) if is_break else state.push("tag", tag[0].strip("</>").lower(), 0)
        token.content = tag[0]
    state.pos = tag.end()
    return True


def _formula(state: StateInline, silent: bool) -> bool:
    """`$x$`, but not beside a digit: that is money."""
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if not found or (state.pos and state.src[state.pos - 1].isdigit()):
        return False
    if not silent:
        state.push("formula", "math", 0).content = found[1]
    state.pos = found.end()
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    """`@[Name](user:7)`, `@[Title](/d/…/)` and `@[24 December](date:2026-12-24)`."""
    found = _MENTION.match(state.src, state.pos, state.posMax)
    kind = found.lastgroup if found else None
    if not found or not kind:
        return False
    name = {"name": " ".join(unescapeAll(found[1]).split())} if kind == "person" else {}
    attrs = {kind: found[kind], **name}
    if not is_complete(f"{kind}Mention", attrs):
        return False
    if not silent:
        state.push("mention", "", 0).meta = {"type": f"{kind}Mention", "attrs": attrs}
    state.pos = found.end()
    return True


def _highlight(state: StateInline, silent: bool) -> bool:
    """Each `==` is a text for now, and remembered as a delimiter."""
    if silent or state.src[state.pos] != "=":
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length < 2:
        return False
    if scanned.length % 2:
        state.push("text", "", 0).content = "="
    for _ in range(scanned.length // 2):
        state.push("text", "", 0).content = "=="
        last = len(state.tokens) - 1
        # A length of nought spares them the rule of three, which is for asterisks.
        state.delimiters.append(Delimiter(ord("="), 0, last, -1, scanned.can_open, scanned.can_close))
    state.pos += scanned.length
    return True


def _pair_highlights(state: StateInline) -> None:
    for delimiters in (state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)):
        for opening in delimiters:
            if opening.marker == ord("=") and opening.end >= 0:
                for at, kind, nesting in ((opening.token, "open", 1), (delimiters[opening.end].token, "close", -1)):
                    token = state.tokens[at]
                    token.type, token.tag, token.nesting, token.content = f"highlight_{kind}", "mark", nesting, ""
