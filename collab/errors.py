"""What can go wrong between a client and its document, each with the close code its socket gets.

CollabError
├── Left               1000  the other side has closed it, or can no longer be reached
├── Malformed          4400  bytes that are not our protocol, or that no honest client sends
├── NotSignedIn        4401  no identity at all
├── Forbidden          4403  an identity without the right, or no longer
├── NoSuchDocument     4404
├── TooSlow            4408  the peer does not read what it is sent
├── ClientIdTaken      4409  the CRDT client id belongs to someone else
├── TooLarge           4413  a frame, an update or a document beyond its limit
├── Outdated           4426  the page speaks an older schema: reload
├── TooFast            4429
├── Gap                 -    an update that builds on what we do not have: answered by a resync, no close
├── Pruned              -    the log no longer goes back that far: the document is loaded anew, no close
├── Replaced           1012  the document has been brought back from a copy: come back, and look at the epoch
└── Unavailable        1012  restarting, or the log cannot be read: come back
"""

from __future__ import annotations


class CollabError(Exception):
    """Carries a sentence for the log and, as `code`, the WebSocket close code for the peer."""

    code = 1011


class Left(CollabError):
    code = 1000


class Malformed(CollabError):
    code = 4400


class NotSignedIn(CollabError):
    code = 4401


class Forbidden(CollabError):
    code = 4403


class NoSuchDocument(CollabError):
    code = 4404


class TooSlow(CollabError):
    code = 4408


class ClientIdTaken(CollabError):
    code = 4409


class TooLarge(CollabError):
    code = 4413


class Outdated(CollabError):
    code = 4426


class TooFast(CollabError):
    code = 4429


class Gap(CollabError):
    """The sender is ahead of us: it is asked for what is missing and keeps its connection."""


class Pruned(CollabError):
    """Whoever asks lags behind what the log still has."""


class Replaced(CollabError):
    """The document has another epoch than whoever holds it in memory."""

    code = 1012


class Unavailable(CollabError):
    code = 1012
