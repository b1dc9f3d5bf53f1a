"""A client of pycrdt's that edits as it is told, and keeps the updates that it makes."""

from __future__ import annotations

from typing import Any

from pycrdt import TransactionEvent, XmlElement, XmlFragment, XmlText

from collab import fold


class Editor:
    """`edit` takes (what, where, with what): type, block, mark, cut, set, drop."""

    def __init__(self, client_id: int) -> None:
        self.doc = fold.new_doc(client_id)
        self.root = self.doc.get(fold.ROOT, type=XmlFragment)
        self.made: list[bytes] = []
        self._hearing = False
        self._subscription = self.doc.observe(self._keep)

    def _keep(self, event: TransactionEvent) -> None:
        if not self._hearing and event.update != b"\0\0":
            self.made.append(event.update)

    def hear(self, update: bytes) -> None:
        self._hearing = True
        self.doc.apply_update(update)
        self._hearing = False

    def edit(self, edits: list[Any]) -> list[bytes]:
        """One transaction; the updates of it."""
        with self.doc.transaction():
            for kind, place, what in edits:
                getattr(self, f"_{kind}")(place, what)
        made, self.made = self.made, []
        return made

    def _nodes(self, kind: type) -> list[Any]:
        found: list[Any] = []
        todo: list[Any] = list(self.root.children)
        while todo:
            node = todo.pop()
            found += [node] if isinstance(node, kind) else []
            todo += list(node.children) if isinstance(node, XmlElement) else []
        return found

    def _block(self, place: int, name: str) -> None:
        parents = [self.root, *self._nodes(XmlElement)]
        children = parents[place % len(parents)].children
        children.insert(place % (len(children) + 1), XmlElement(name, {"level": str(place % 7)}, [XmlText("new")]))

    def _type(self, place: int, word: str) -> None:
        if texts := self._nodes(XmlText):
            text = texts[place % len(texts)]
            text.insert(self._stop(text, place), word)

    def _mark(self, place: int, attributes: dict[str, Any]) -> None:
        if texts := self._nodes(XmlText):
            text = texts[place % len(texts)]
            text.format(0, self._stop(text, place), attributes)

    def _cut(self, place: int, _: None) -> None:
        if texts := self._nodes(XmlText):
            text = texts[place % len(texts)]
            del text[0 : self._stop(text, place)]

    def _stop(self, text: XmlText, place: int) -> int:
        """A place between two code points, in UTF-8 bytes, as pycrdt counts."""
        plain = "".join(piece for piece, _ in text.diff())
        return len(plain[: place % (len(plain) + 1)].encode())

    def _set(self, place: int, value: Any) -> None:
        if elements := self._nodes(XmlElement):
            elements[place % len(elements)].attributes["level"] = value

    def _drop(self, place: int, _: None) -> None:
        if len(self.root.children):
            del self.root.children[place % len(self.root.children)]
