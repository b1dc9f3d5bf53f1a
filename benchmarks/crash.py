"""`kill -9` in the middle of the load: what observers had been shown, and what a restarted server still has of it."""

from __future__ import annotations

from benchmarks.rounds import Row
from benchmarks.scenarios import Run, Scenario, newcomer
from benchmarks.server import Server

LAST_WORDS = 0.5  # seconds to read what it had sent before it was killed


def crash(server: Server, scenario: Scenario, seconds: float) -> Row:
    """Counts of edits. Every page is taken to be gone too: nobody sends anything again."""
    run = _Killed(server, scenario, seconds)
    try:
        run.enter()
        run.play()
        run.crowd.listen(LAST_WORDS)
        for observer in run.observers:
            observer.catch_up()
        server.start()
        seat = run.documents[0][0]
        kept = newcomer(seat)
        shown = {key for observer in run.observers for key in observer.seen if key in run.sent}
        stored = server.texts([seat.document]) or [kept.text]
        return {
            "sent": sum(at < run.windows[-1].at for at in run.sent.values()),
            "shown": len(shown),
            "lost": len(shown - kept.seen.keys()),
            "disagree": [] if stored == [kept.text] else ["database"],
        }
    finally:
        run.leave()


class _Killed(Run):
    """The server is killed where the window ends, with everybody still typing."""

    def note_window(self) -> None:
        is_over = bool(self.windows)
        super().note_window()
        if is_over:
            self.server.kill()
