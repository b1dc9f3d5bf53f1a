"""The update that nearly all are: some typed letters. Read by one regular expression, in a tenth of the time.

What it matches is a part of what collab.structs accepts, and comes to the same Scan; all else it leaves alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from collab.encoding import VARUINT, number
from collab.protocol import MAX_CLIENT_ID, MAX_CLOCK

# One struct of one client: a string of up to 127 ASCII letters after another character, perhaps before one as well.
_TYPED = re.compile(
    rb"\x01\x01%b%b(?:\x84|(\xc4))%b%b(?(3)%b%b)([\x01-\x7f])([\x00-\x7f]+)\x00" % ((b"(%b)" % VARUINT,) * 6), re.DOTALL
)
MOST = 192  # bytes of an update that is worth a look

Typed = tuple[int, int, int, dict[int, int], list[tuple[int, int]]]


def typed(update: bytes) -> Typed | None:
    """Client id, first clock, the clock after the last, the highest clock built on by client id, and what is parted.

    None for any other update.
    """
    match = _TYPED.fullmatch(update)
    if match is None:
        return None
    own, first, has_right, left, left_at, right, right_at, length, letters = match.groups()
    client, clock = _client(own), number(first)
    end = clock + len(letters)
    other, at = _client(left), number(left_at)
    refs, cuts = {other: at}, [(other, at + 1)]
    if has_right:
        other, at = _client(right), number(right_at)
        refs[other] = max(at, refs.get(other, 0))
        cuts.append((other, at))
    is_sound = len(letters) == length[0] and client <= MAX_CLIENT_ID and end <= MAX_CLOCK
    for other, at in refs.items():
        is_sound &= other <= MAX_CLIENT_ID and at <= MAX_CLOCK and (other != client or at < clock)
    return (client, clock, end, refs, cuts) if is_sound else None


_client = lru_cache(4096)(number)  # they come again and again
