"""Every crafted attack over a real socket: its sender meets its error, and nobody else notices anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection

from collab import fold, protocol
from collab.errors import CollabError, Gap
from tests.collab import hostile as h
from tests.support.figures import Figure, Length
from tests.support.site import Account, Site
from tests.support.wire import close_code, is_alive, new_document, share, socket, text_of, until_frame

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

TOO_BIG = 1009  # what the server says of a message that is larger than any frame may be
EACH = 7  # attacks of one person: each fine is twice the last, and who owes too much is not let in
TEXT = "8 Words."  # with its paragraph and its text node as many clocks as a victim has in tests.collab.hostile


def frames() -> Iterator[tuple[h.Attack, bytes]]:
    yield from ((attack, attack.data) for attack in h.FRAMES)
    yield from ((attack, protocol.update(attack.data)) for attack in h.UPDATES + h.INTRUSIONS)


async def test_each_meets_its_error_and_changes_nothing(site: Site, length: Length[int], figure: Figure) -> None:
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada)
    rounds, attacks = length(1, 20), [*frames()]
    async with socket(site, document_id, ada.token) as bystander:
        await write_as_victim(bystander)
        before = site.megabytes()
        for number in range(rounds):
            names = [f"mallory{number}x{at}" for at in range(0, len(attacks), EACH)]
            people = site.enrol(*names)
            share(site, document_id, *people)
            await attack_all(site, document_id, people, attacks)
        grown = site.megabytes() - before
        assert await is_alive(bystander)
    assert text_of(site, ada, document_id).strip() == TEXT
    figure(
        "C3",
        f"{len(attacks)} crafted attacks over real sockets, {rounds} times: each met its error, the document is as it "
        f"was, {grown:.0f} MB more memory",
    )
    assert grown < 64


async def write_as_victim(connection: ClientConnection) -> None:
    doc = fold.new_doc(h.VICTIM)
    paragraph = XmlElement("paragraph", contents=[XmlText(TEXT)])
    doc.get(fold.ROOT, type=XmlFragment).children.append(paragraph)
    await connection.send(protocol.update(doc.get_update()))
    await until_frame(connection, protocol.SAVED)


async def attack_all(
    site: Site, document_id: str, people: Sequence[Account], attacks: Sequence[tuple[h.Attack, bytes]]
) -> None:
    wrong = {}
    for at, (attack, frame) in enumerate(attacks):
        async with socket(site, document_id, people[at // EACH].token) as connection:
            await connection.send(frame)
            if attack.error is Gap:
                assert await is_alive(connection), attack.name
            elif (code := await close_code(connection)) not in codes(attack.error, frame):
                wrong[attack.name] = code
    assert wrong == {}


def codes(error: type[CollabError], frame: bytes) -> set[int]:
    return {error.code, TOO_BIG} if len(frame) > protocol.MAX_FRAME_BYTES else {error.code}
