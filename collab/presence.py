"""Who is here and where their carets are: the awareness states of one document. Memory only, never stored.

A peer may speak for one client id, its own; names and colours are the server's, a client contributes its cursor and
which of DOINGS it is at.
Format: y-protocols awareness (client id, clock, JSON state or null).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from collab.ports import Grant, Person
from collab.protocol import ClientState, check_state

REMOTE_SECONDS = 30.0
DOINGS = frozenset({"editing", "viewing", "idle"})


@dataclass(slots=True)
class _Known:
    state: ClientState
    person: Person
    peer: Hashable | None  # None: a connection of another process
    heard: float


class Presence:
    """The table. `peer` keys are opaque; times are seconds of the caller's monotonic clock."""

    def __init__(self) -> None:
        self.comings = 0  # how often the answer of `people` has changed
        self._known: dict[int, _Known] = {}
        self._client_of: dict[Hashable, int] = {}
        self._seats: Counter[Person] = Counter()  # each with how many connections

    def announce(self, peer: Hashable, grant: Grant, states: Iterable[ClientState], now: float) -> list[ClientState]:
        """Take what `peer` says of itself, stamped with who it is; what it says of others is ignored.

        Stock providers echo what they hear about other clients, so that is no offence. Raises TooLarge.
        """
        changed = []
        for said in states:
            if not self._may_speak_for(peer, grant, said):
                continue
            stamped = ClientState(said.client_id, said.clock, _stamp(said.state, grant))
            check_state(stamped)  # others' limits hold for what we have made of it
            if stamped.state is None:
                self._drop(said.client_id)
            else:
                person = Person(grant.principal, grant.name, grant.colour, grant.level)
                self._put(_Known(stamped, person, peer, now))
            changed.append(stamped)
        return changed

    def _may_speak_for(self, peer: Hashable, grant: Grant, said: ClientState) -> bool:
        known = self._known.get(said.client_id)
        if known is not None and said.clock < known.state.clock:
            return False
        if known is not None and known.peer == peer:
            return True
        # A page may be back before its old connection, here or on another process, has been found dead.
        is_free = known is None or known.person.principal == grant.principal
        return is_free and said.state is not None and peer not in self._client_of

    def restamp(self, peer: Hashable, grant: Grant) -> list[ClientState]:
        """The peer's grant has changed: its state as others should see it now."""
        client_id = self._client_of.get(peer)
        if client_id is None:
            return []
        known = self._known[client_id]
        again = ClientState(client_id, known.state.clock + 1, known.state.state)
        return self.announce(peer, grant, [again], known.heard)

    def leave(self, peer: Hashable) -> list[ClientState]:
        """The peer is gone: exactly the state it announced goes with it."""
        client_id = self._client_of.get(peer)
        if client_id is None:
            return []
        gone = ClientState(client_id, self._known[client_id].state.clock + 1, None)
        self._drop(client_id)
        return [gone]

    def hear(self, states: Iterable[ClientState], now: float) -> list[ClientState]:
        """Take states that another process has stamped. A local peer's state is never overwritten by them."""
        changed = []
        for said in states:
            known = self._known.get(said.client_id)
            if known is not None and (known.peer is not None or said.clock < known.state.clock):
                continue
            if said.state is None:
                self._drop(said.client_id)
            else:
                self._put(_Known(said, _person(said), None, now))
            changed.append(said)
        return changed

    def expire(self, now: float) -> list[ClientState]:
        """Drop what other processes have not repeated for REMOTE_SECONDS (they may have died)."""
        stale = [k.state for k in self._known.values() if k.peer is None and now - k.heard > REMOTE_SECONDS]
        for state in stale:
            self._drop(state.client_id)
        return [ClientState(state.client_id, state.clock + 1, None) for state in stale]

    def states(self, *, local_only: bool = False) -> list[ClientState]:
        return [k.state for k in self._known.values() if k.peer is not None or not local_only]

    def people(self) -> Sequence[Person]:
        """Everybody once, in order of arrival."""
        return list({known.person.principal: known.person for known in self._known.values()}.values())

    def _put(self, new: _Known) -> None:
        client_id = new.state.client_id
        known = self._known.get(client_id)
        if known is not None and (known.person, known.peer) == (new.person, new.peer):
            known.state, known.heard = new.state, new.heard  # it has moved, as it does at every key
            return
        self._drop(client_id)
        self._known[client_id] = new
        self._count(new.person, 1)
        if new.peer is not None:
            self._client_of[new.peer] = client_id

    def _drop(self, client_id: int) -> None:
        known = self._known.pop(client_id, None)
        if known is None:
            return
        self._count(known.person, -1)
        if known.peer is not None:
            self._client_of.pop(known.peer, None)

    def _count(self, person: Person, difference: int) -> None:
        before = self._seats[person]
        self._seats[person] = before + difference
        if not before or not self._seats[person]:
            self.comings += 1
        if not self._seats[person]:
            del self._seats[person]


def _stamp(state: dict[str, object] | None, grant: Grant) -> dict[str, object] | None:
    if state is None:
        return None
    user = {"name": grant.name, "color": grant.colour, "principal": grant.principal, "level": grant.level}
    doing = state.get("doing")
    told = {"doing": doing} if isinstance(doing, str) and doing in DOINGS else {}
    return {"user": user, "cursor": state.get("cursor"), **told}


def _person(said: ClientState) -> Person:
    user = (said.state or {}).get("user")
    fields = user if isinstance(user, dict) else {}
    level = fields.get("level")
    return Person(
        str(fields.get("principal", "")),
        str(fields.get("name", "")),
        str(fields.get("color", "")),
        level if isinstance(level, int) else 0,
    )
