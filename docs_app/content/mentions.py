"""Mentions of people, documents and days: which of them a text makes, and what each is called for whoever reads it.

A text holds ids, and of a person the name that was theirs when it was written. The title of a document is not in the
text: whoever may not open that document is not told it. Knows of people and documents only what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from docs_app.content.nodes import Node, attr, children


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for one reader: names by principal, titles by document id, how a day is written, and the language.

    `say` finds the translation of a sentence of ours.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    day: Callable[[date], str] = date.isoformat
    say: Callable[[str], str] = str


def mentioned(document: Node) -> tuple[set[str], set[str]]:
    """The principals and the ids of documents that a valid text mentions."""
    found = list(_mentions(document))
    people = {attr(node, "person") for node in found if node["type"] == "personMention"}
    documents = {attr(node, "document") for node in found if node["type"] == "documentMention"}
    return people, documents


def labelled(node: Node, known: Known) -> Node:
    """The valid node in which each mention has one attribute more, its `label`: what the reader sees of it."""
    if node["type"] in _LABELS:
        return node | {"attrs": node["attrs"] | {"label": _LABELS[node["type"]](node, known)}}
    content = children(node)
    return node | {"content": [labelled(child, known) for child in content]} if content else node


def label_of(mention: Node) -> str:
    """Its label, or without one what the text itself says."""
    return attr(mention, "label") or _LABELS[mention["type"]](mention, Known())


def _mentions(node: Node) -> Iterator[Node]:
    todo = [node]
    while todo:
        node = todo.pop()
        todo += children(node)
        if node["type"] in _LABELS:
            yield node


def _person(node: Node, known: Known) -> str:
    return known.names.get(attr(node, "person")) or attr(node, "name") or known.say("Someone")


def _document(node: Node, known: Known) -> str:
    """Its title, for whoever may be told it."""
    return known.titles.get(attr(node, "document")) or known.say("A document")


_LABELS: Mapping[str, Callable[[Node, Known], str]] = {
    "personMention": _person,
    "documentMention": _document,
    "dateMention": lambda node, known: known.day(date.fromisoformat(attr(node, "date"))),
}
