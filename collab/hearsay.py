"""What other processes say of a document: hints, none of which is believed where the log can be asked.

The room's other ear (the first, for peers, is collab.reception).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from collab.carets import Carets
from collab.errors import CollabError, NoSuchDocument
from collab.ports import Ask, Awareness, Committed, Forget, Head, Message, Notify, Recheck
from collab.ticker import Ticker

Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Hearsay:
    """`notify` shows a topic on every page here, `recheck` asks for everybody's rights, `fail` ends the room."""

    def __init__(
        self,
        ticker: Ticker,
        carets: Carets,
        *,
        spawn: Spawn,
        notify: Callable[[str], None],
        recheck: Callable[[], None],
        fail: Callable[[CollabError], None],
    ) -> None:
        self._ticker = ticker
        self._carets = carets
        self._spawn = spawn
        self._notify = notify
        self._recheck = recheck
        self._fail = fail
        self._looks = 0  # under way, or about to begin

    def take(self, message: Message) -> None:
        match message:
            case Committed() | Head():
                if not self._is_known(message):
                    self.look()
            case Awareness(update):
                self._carets.hear(update)
            case Notify(topic):
                self._notify(topic)
            case Recheck():
                self._recheck()
            case Forget():  # if it is so
                self.look()
            case Ask(answer_to):
                self._carets.answer(answer_to)

    def _is_known(self, news: Committed | Head) -> bool:
        replica = self._ticker.replica
        if news.epoch != replica.epoch:
            return False
        return self._ticker.hear(news.entry) if isinstance(news, Committed) else news.seq <= replica.seq

    def look(self) -> None:
        """Read the log for what this process has not heard of."""
        if self._looks < 2:  # one may have read too early, the next has not begun
            self._looks += 1
            self._spawn(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            await self._ticker.catch_up()
        except NoSuchDocument:
            self._fail(NoSuchDocument("This document has been deleted."))
        except CollabError:
            pass  # the next look, in a few seconds, will tell
        finally:
            self._looks -= 1
