"""A document's past, written into the real log by people whose clock we set: months pass in a moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab import fold, guard, store
from collab.ports import Append, Outcome, SnapshotInfo, SnapshotKind, Write
from collab.retention import Retention
from collab.store import DatabaseLog

Edit = Callable[[Doc[XmlFragment]], None]
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Chronicle:
    """One document. `now` is what the log takes for the time; `passes` moves it."""

    def __init__(self, retention: Retention | None = None, seed: int = 0) -> None:
        self.now = START
        self.log = DatabaseLog(retention, clock=lambda: self.now)
        self.document_id: UUID = uuid4()
        self.seq = 0
        self.chance = random.Random(seed)
        self.doc = fold.new_doc()
        store.create(self.document_id)
        self.write("user:1", [one_paragraph])

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def write(self, principal: str, edits: Sequence[Edit]) -> None:
        """Somebody's edits, an entry each, from a tab of its own."""
        tab = fold.new_doc(self.chance.randrange(1, 2**32))
        tab.apply_update(self.doc.get_update())
        updates: list[bytes] = []
        watch = tab.observe(lambda event: updates.append(event.update))
        for edit in edits:
            with tab.transaction():
                edit(tab)
        tab.unobserve(watch)
        batch = [self._entry(principal, update) for update in updates]
        assert set(async_to_sync(self.log.append)(batch)) == {Outcome.COMMITTED}

    def _entry(self, principal: str, update: bytes) -> Append:
        self.seq += 1
        self.doc.apply_update(update)
        claims = dict.fromkeys(guard.scan(update).inserts, principal)
        return Append(self.document_id, self.seq, (Write(principal, update),), claims)

    def types(self, principal: str, *words: str) -> None:
        """Words at the text's end, an entry each."""
        self.write(principal, [partial(append, words=each) for each in words])

    def revises(self, principal: str, words: int, length: int) -> None:
        """So many words, an entry each, in one place of a text that stays about `length` letters long."""
        at = self.chance.randrange(len(text_in(self.doc)) + 1)
        typed = [self.chance.choice(("word ", "and ", "then ", "moreover ")) for _ in range(words)]
        surplus = len(text_in(self.doc)) + len("".join(typed)) - length
        edits: list[Edit] = [partial(_cut, at=at, length=surplus)] if surplus > 0 else []
        for word in typed:
            edits.append(partial(_insert, at=at, words=word))
            at += len(word)
        self.write(principal, edits)

    def keeps(self, kind: SnapshotKind = "auto", name: str = "") -> SnapshotInfo:
        """A snapshot of the text as it is."""
        state = self.doc.get_update()
        return async_to_sync(self.log.save_snapshot)(
            self.document_id, seq=self.seq, state=state, kind=kind, name=name, authors=["user:1"]
        )

    def tidies(self) -> int:
        """As many turns as are due; how many there were."""
        return sum(1 for _ in self._turns())

    def _turns(self) -> Iterator[None]:
        while async_to_sync(self.log.tidy)():
            yield

    def loaded(self) -> Doc[XmlFragment]:
        """The document as a room would load it now."""
        stored = async_to_sync(self.log.load)(self.document_id)
        return fold.replay(stored.state, stored.entries)


def one_paragraph(doc: Doc[XmlFragment]) -> None:
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText("")]))


def append(doc: Doc[XmlFragment], words: str) -> None:
    text_in(doc).insert(len(text_in(doc)), words)


def _cut(doc: Doc[XmlFragment], at: int, length: int) -> None:
    text = text_in(doc)
    del text[max(0, min(at, len(text)) - length) : min(at, len(text))]


def _insert(doc: Doc[XmlFragment], at: int, words: str) -> None:
    text_in(doc).insert(min(at, len(text_in(doc))), words)


def text_in(doc: Doc[XmlFragment]) -> XmlText:
    """The text of the one paragraph."""
    paragraph = doc.get(fold.ROOT, type=XmlFragment).children[0]
    assert isinstance(paragraph, XmlElement)
    text = paragraph.children[0]
    assert isinstance(text, XmlText)
    return text
