"""How often what stands beside the text is rendered, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest

from collab.peer import Peer
from collab.ports import Person, Readers
from tests.support.network import Network


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice")
    yield network
    network.end()


def test_once_for_all_of_one_level_who_read_one_language(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[Readers] = []
    render = net.pages.render

    async def counted(document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
        rendered.append(readers)
        return await render(document_id, topic, readers, people)

    net.pages.languages.update(bob="de", carol="ar", dave="de", eve="de")
    net.pages.levels["eve"] = "viewer"
    peers = {name: Peer(net.pages.grant(name)) for name in ("bob", "carol", "dave", "eve")}
    rooms = [net.do(net.hubs[0].join(net.document_id, peer)) for peer in peers.values()]
    net.wait(1)
    for peer in peers.values():
        peer.take_now()
    monkeypatch.setattr(net.pages, "render", counted)

    async def rename() -> None:
        rooms[0].notify("title")

    net.do(rename())
    net.wait(1)
    assert sorted(rendered) == [Readers(10, "de"), Readers(40, ""), Readers(40, "ar"), Readers(40, "de")]
    assert {name: peer.take_now() for name, peer in peers.items()} == {
        "bob": ["title@40 in de: "],
        "carol": ["title@40 in ar: "],
        "dave": ["title@40 in de: "],
        "eve": ["title@10 in de: "],
    }
