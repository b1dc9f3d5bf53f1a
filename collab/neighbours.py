"""Which documents other processes have open as well, as far as has been heard: of the rest nobody need be told.

Whoever opens a document asks who is there, and is answered, so both know. Should that be lost, we ask again while we
keep things to ourselves. Whoever is heard of then is told how far the log has come meanwhile, and so is everybody
before we leave: an answer may still be on its way. Pure: collab.broker does the asking and telling.
"""

from __future__ import annotations

from uuid import UUID

from collab.ports import Awareness, Committed, Head, Message


class Neighbours:
    def __init__(self) -> None:
        self._met: set[UUID] = set()
        self._untold: dict[UUID, Head] = {}  # the newest entry that was kept back
        self._doubts: set[UUID] = set()  # something was kept back since we last asked

    def spares(self, document_id: UUID, message: Message) -> bool:
        """Whether nobody is told: it is for who has the document open, and as far as we know that is us alone."""
        if document_id in self._met or not isinstance(message, Committed | Awareness):
            return False
        if isinstance(message, Committed):
            self._untold[document_id] = message.head
        self._doubts.add(document_id)
        return True

    def meet(self, document_id: UUID) -> Head | None:
        """Another process has it open: what to tell of the log now, if something was kept back."""
        self._met.add(document_id)
        self._doubts.discard(document_id)
        return self._untold.pop(document_id, None)

    def doubts(self) -> set[UUID]:
        """The documents of which something was kept back since this was last asked."""
        doubts, self._doubts = self._doubts, set()
        return doubts

    def forget(self, document_id: UUID) -> Head | None:
        """It is closed here: what to tell of the log before, as when it is met."""
        self._met.discard(document_id)
        self._doubts.discard(document_id)
        return self._untold.pop(document_id, None)
