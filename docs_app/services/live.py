"""The engine's door as synchronous services use it: they wait for it, and its errors come as sentences for people.

In a server the live rooms are reached, for the calling thread belongs to the server's event loop; a command borrows
the engine for the moment. Telling others waits for the transaction's end, and its failure is logged, not raised: by
then the change is on disk, and open pages ask again by themselves within a second.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils.translation import gettext
from pycrdt import Doc, XmlFragment

from collab import api
from collab.errors import NoSuchDocument, TooFast, Unavailable
from collab.ports import SnapshotInfo, SnapshotKind
from docs_app.content.tree import Unreachable
from docs_app.errors import NotFound, NotNow, Refused

T = TypeVar("T")
Topic = Literal["comments", "title", "snapshots"]
ROOT = "default"  # the name of the root fragment, Tiptap's own


def fragment_of(doc: Doc[XmlFragment]) -> XmlFragment:
    return doc.get(ROOT, type=XmlFragment)


def read(document_id: UUID, reader: Callable[[XmlFragment], T]) -> T:
    """What `reader` makes of the live text. Raises NotFound or NotNow.

    It is given a copy, in this thread: walking through a long text must not hold up those who are typing in it.
    """
    return read_later(document_id, reader)()


def read_later(document_id: UUID, reader: Callable[[XmlFragment], T]) -> Callable[[], T]:
    """`read` in two steps: the text is as it is now, and read when the answer is called. Raises NotFound or NotNow."""
    with _in_plain_words():
        state = async_to_sync(api.state)(document_id)
    return lambda: reader(_fragment_in(state))


def edit(document_id: UUID, principal: str, change: Callable[[XmlFragment], T]) -> T:
    """Run `change` on the live text, in `principal`'s name. On disk on return. Raises NotFound, NotNow or Refused."""
    with _in_plain_words():
        result: T = async_to_sync(api.edit)(document_id, principal, lambda doc: change(fragment_of(doc)))
        return result


def keep_snapshot(
    document_id: UUID, kind: SnapshotKind, *, name: str = "", authors: Sequence[str] = ()
) -> SnapshotInfo:
    """Keep the text as it is now, which the engine tells every open page. Raises NotFound or NotNow."""
    with _in_plain_words():
        return async_to_sync(api.keep_snapshot)(document_id, kind, name=name, authors=authors)


def snapshots(document_id: UUID) -> Sequence[SnapshotInfo]:
    """Newest first."""
    with _in_plain_words():
        return async_to_sync(api.snapshots)(document_id)


def snapshot(document_id: UUID, snapshot_id: UUID) -> SnapshotInfo:
    """Raises NotFound, for another document's snapshot too."""
    with _in_plain_words():
        return async_to_sync(api.snapshot)(document_id, snapshot_id)


def snapshot_fragment(document_id: UUID, snapshot_id: UUID) -> XmlFragment:
    """A snapshot's text, in a document of its own. Raises NotFound, for another document's snapshot too."""
    with _in_plain_words():
        return _fragment_in(async_to_sync(api.snapshot_state)(document_id, snapshot_id))


def _fragment_in(state: bytes) -> XmlFragment:
    doc: Doc[XmlFragment] = Doc()
    fragment = fragment_of(doc)
    doc.apply_update(state)
    return fragment


def tell(document_id: UUID, topic: Topic) -> None:
    """Once the transaction is on disk, every open page of the document shows `topic` as it is then."""
    _on_commit(api.notify, document_id, topic)


def ask_again(*document_ids: UUID) -> None:
    """Rights have changed: once that is on disk, everybody who has one of these open holds what they hold then."""
    _on_commit(_recheck, document_ids)


async def _recheck(document_ids: Sequence[UUID]) -> None:
    for document_id in document_ids:
        await api.recheck(document_id)


def turn_out(document_id: UUID) -> None:
    """The document is being deleted: once it is, every connection to it ends."""
    _on_commit(api.forget, document_id)


def _on_commit(work: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
    transaction.on_commit(lambda: async_to_sync(work)(*args), robust=True)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except NoSuchDocument as error:
        raise NotFound(gettext("There is no such document or snapshot.")) from error
    except TooFast as error:
        raise NotNow(gettext(str(error))) from error
    except Unreachable as error:
        raise Refused(gettext(str(error))) from error
    except Unavailable as error:
        raise NotNow(
            gettext("The document cannot be reached at the moment. Nothing was changed: try again.")
        ) from error
