"""What of a program's JSON is no document: what `settle` drops from a page's paste in silence is told to a program.

Everything is counted before and after: what there is less of then, the schema does not allow where it stood. What
`settle` adds (the paragraph that a list item demands, attributes left out) is no loss.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from docs_app.content.attributes import ILLEGAL
from docs_app.content.nodes import Node
from docs_app.content.validity import settle

_MOST, _LENGTH = 3, 80  # how many losses are told of, and how many characters of each


class NotOfSchema(ValueError):
    """`str()` of it is a sentence that names what the schema does not allow."""


def strict(document: object) -> Node:
    """The document that this JSON says, all of it. Raises NotOfSchema."""
    settled = settle(document)
    lost = _parts(document) - _parts(settled)
    if lost:
        told = ", ".join(part[:_LENGTH] for part in islice(lost, _MOST))
        raise NotOfSchema(f"The schema does not allow, where it stands: {told}.")
    return settled


def _parts(document: object) -> Counter[str]:
    """Each thing that a document says, as often as it says it: texts and their marks as often as they have letters."""
    parts: Counter[str] = Counter()
    todo = [document]
    while todo:
        node = todo.pop()
        if not isinstance(node, Mapping):
            parts[f"{_word(node)} as a node"] += 1
            continue
        kind, text = _word(node.get("type")), node.get("text")
        letters = len(text) if isinstance(text, str) else 1
        parts["text" if kind == '"text"' else f"the node {kind}"] += letters if kind == '"text"' else 1
        parts.update(_attributes(f"the node {kind}", node))
        for mark in _list(node, "marks"):
            parts.update(dict.fromkeys(_mark(mark), letters))
        if isinstance(text, str) and ILLEGAL.search(text):
            parts["U+0000 or half of a surrogate pair"] += 1
        todo += reversed(_list(node, "content"))
    return parts


def _list(node: Mapping[str, Any], name: str) -> list[Any]:
    value = node.get(name, [])
    return value if isinstance(value, list) else [value]


def _mark(mark: object) -> Iterator[str]:
    name = f"the mark {_word(mark.get('type') if isinstance(mark, Mapping) else mark)}"
    yield name
    yield from _attributes(name, mark if isinstance(mark, Mapping) else {})


def _attributes(owner: str, thing: Mapping[str, Any]) -> Iterator[str]:
    attrs = thing.get("attrs", {})
    for name, value in attrs.items() if isinstance(attrs, Mapping) else [("attrs", attrs)]:
        yield f"{name} = {_word(value)} of {owner}"


def _word(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
