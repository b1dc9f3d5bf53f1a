"""Pages that are on their way before their slowest part is made, so that browsers fetch scripts meanwhile.

What can be refused is refused, and all headers are settled, before the first byte: only the slow part comes later.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from collab.threads import give_back

logger = logging.getLogger(__name__)
PLACE = mark_safe("<!-- here -->")
"""Where a page has its slow part. No text can say this: what people write is escaped."""


class Stepwise(StreamingHttpResponse):
    """`page` up to PLACE, then what `slow` answers when that has been sent, then the rest.

    If `slow` fails it is too late for another status: a sentence stands in its place, and the rest of the page works.
    """

    def __init__(self, page: str, slow: Callable[[], str]) -> None:
        super().__init__(self._parts(page, slow, translation.get_language()))
        self["X-Accel-Buffering"] = "no"  # or nginx keeps the beginning until it has the rest

    def _parts(self, page: str, slow: Callable[[], str], language: str | None) -> Iterator[str]:
        before, _, after = page.partition(PLACE)
        yield before
        with translation.override(language):
            yield _made(slow) + after

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """One part after the other; Django's own would make them all before it sends the first."""
        parts = iter(self)
        while part := await sync_to_async(lambda: next(parts, b""))():
            yield part

    @cached_property
    def content(self) -> bytes:  # type: ignore[override]
        """All of it, for whoever cannot do with parts."""
        return b"".join(self)


def _made(slow: Callable[[], str]) -> str:
    try:
        return slow()
    except Exception:
        logger.exception("A page has been sent without its slow part.")
        return f"<p>{escape(gettext('The text cannot be shown at the moment. Reload the page.'))}</p>"
    finally:
        give_back()  # the page may be read slowly
