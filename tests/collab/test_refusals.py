"""What is wrong closes its sender with the right code, and changes nothing for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab import fold, protocol
from collab.errors import ClientIdTaken, CollabError, Malformed, TooLarge, TooSlow
from collab.peer import OUTBOX_FRAMES, Peer
from collab.presence import Presence
from tests.collab import hostile
from tests.support.network import Network
from tests.support.plain_pages import PlainPages


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice", "eve")
    network.type("alice", "safe")
    network.wait(1)
    yield network
    network.end()


def insert_as(client_id: int, base: Doc[XmlFragment] | None = None, word: str = "x") -> bytes:
    """An update that puts a paragraph into the document, under this client id."""
    doc = fold.new_doc(client_id)
    if base is not None:
        doc.apply_update(base.get_update())
    before = doc.get_state()
    paragraph = XmlElement("paragraph", contents=[XmlText(word)])
    doc.get(fold.ROOT, type=XmlFragment).children.append(paragraph)
    return doc.get_update(before)


def say(net: Network, name: str, frame: bytes) -> CollabError | None:
    """Send a frame; answer why the connection was ended, if it was."""
    page = net.people[name]
    page.closed = None

    async def send() -> None:
        page.say(frame)

    net.do(send())
    net.wait(1)
    return page.closed


WRONG_FRAMES = {
    "empty": (b"", Malformed),
    "unknown type": (b"\x09", Malformed),
    "one of ours": (b"\x41\1\1", Malformed),
    "auth denial": (b"\2\0\0", Malformed),
    "unknown sync message": (b"\0\3\0", Malformed),
    "truncated update": (b"\0\2\x05\1", Malformed),
    "bytes after the end": (b"\0\2\2\0\0junk", Malformed),
    "endless number": (b"\0\2" + b"\xff" * 1000, Malformed),
    "a vector of 800 million clients": (b"\0\0\x05\x80\x88\xbb\xfd\2", TooLarge),
    "awareness that is no JSON": (b"\1\5\1\7\1\1{", Malformed),
    "too large": (b"\0\2" + b"\0" * protocol.MAX_FRAME_BYTES, TooLarge),
}


@pytest.mark.parametrize(("frame", "error"), WRONG_FRAMES.values(), ids=WRONG_FRAMES.keys())
def test_a_wrong_frame_ends_its_sender_alone(net: Network, frame: bytes, error: type[CollabError]) -> None:
    before = net.on_disk().get_update()
    assert type(say(net, "eve", frame)) is error
    assert net.on_disk().get_update() == before
    alice = net.people["alice"].peer
    assert alice and not alice.closed
    assert net.converged() == "safe"


def test_writing_under_somebody_elses_client_id(net: Network) -> None:
    """One forged struct at a victim's next clock would make the server take the victim's later words for known."""
    victim = net.people["alice"].doc
    forged = insert_as(victim.client_id, victim)
    assert isinstance(say(net, "eve", protocol.update(forged)), ClientIdTaken)
    net.type("alice", " and sound")
    assert net.converged() == "safe and sound"


def test_writing_under_the_servers_client_id(net: Network) -> None:
    server = net.hubs[0].loaded()[0].replica.doc.client_id
    assert isinstance(say(net, "eve", protocol.update(insert_as(server, net.on_disk()))), ClientIdTaken)


def kinds(peer: Peer) -> list[bytes]:
    """What has been put in a peer's outbox: the first byte of our own frames, the first two of a stock provider's."""
    frames = [frame for frame in peer.take_now() if isinstance(frame, bytes)]
    return [frame[:1] if frame[0] >= 64 else frame[:2] for frame in frames]


STEP_1, SAVED = b"\0\0", b"\x41"


def test_a_gap_is_asked_for_and_never_kept_and_nothing_is_saved_until_it_is_filled(net: Network) -> None:
    peer = Peer(net.pages.grant("frank"))
    room = net.do(net.hubs[0].join(net.document_id, peer))
    elsewhere = fold.new_doc(77)
    elsewhere.apply_update(insert_as(77))
    gap = insert_as(77, elsewhere)
    elsewhere.apply_update(gap)
    net.wait(1)
    peer.take_now()

    net.do(room.receive(peer, protocol.update(gap)))
    net.do(room.receive(peer, protocol.update(insert_as(78))))
    net.wait(1)
    assert kinds(peer) == [STEP_1]
    assert sorted(net.converged()) == sorted("safex")

    net.do(room.receive(peer, protocol.sync_step2(elsewhere.get_update())))
    net.wait(1)
    assert kinds(peer) == [SAVED] and not peer.closed
    assert sorted(net.converged()) == sorted("safexxx")


def test_what_pycrdt_cannot_take_is_rebuilt_from_the_log(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard lets nothing known through that does this; so the fault is put into the replica's own Doc."""
    room = net.hubs[0].loaded()[0]

    class Panic(BaseException):
        """As pyo3's PanicException: no Exception."""

    class Choking:
        def __init__(self, doc: Doc[XmlFragment]) -> None:
            self.doc = doc

        def __getattr__(self, name: str) -> object:
            return getattr(self.doc, name)

        def apply_update(self, update: bytes) -> None:
            self.doc.apply_update(update)
            raise Panic("index out of bounds")

    room.replica.doc = Choking(room.replica.doc)  # type: ignore[assignment]
    assert isinstance(say(net, "eve", protocol.update(insert_as(99))), Malformed)
    assert not isinstance(room.replica.doc, Choking), "the suspect Doc is gone"
    net.type("alice", " again")
    net.wait(60)  # eve is not let in before
    assert net.converged() == "safe again"


def test_an_edit_by_the_server_that_fails_leaves_the_document_as_it_was(net: Network) -> None:
    room = net.hubs[0].loaded()[0]

    def half(doc: Doc[XmlFragment]) -> None:
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph"))
        raise LookupError("the other half is missing")

    with pytest.raises(LookupError, match="other half"):
        net.do(room.edit("server", half))
    children = net.do(room.read(lambda replica: len(replica.doc.get(fold.ROOT, type=XmlFragment).children)))
    assert children == 1 and net.converged() == "safe"


def test_a_reader_that_fails_fails_alone(net: Network) -> None:
    room = net.hubs[0].loaded()[0]
    with pytest.raises(ZeroDivisionError):
        net.do(room.read(lambda replica: 1 / 0))
    assert net.converged() == "safe"


# --- who somebody is --------------------------------------------------------------------------------------------------


def test_names_and_colours_are_the_servers(net: Network) -> None:
    state = {"user": {"name": "Alice", "color": "red", "principal": "alice"}, "cursor": {"anchor": 1}, "extra": 1}
    say(net, "eve", protocol.awareness([protocol.ClientState(5, 1, state)]))
    heard = [frame for frame in net.people["alice"].frames if isinstance(frame, bytes) and frame[0] == 1]
    (shown,) = protocol.decode_awareness(protocol.Reader(heard[-1][1:]).varbytes())
    assert shown.state == {
        "user": {"name": "Eve", "color": "#123456", "principal": "eve", "level": 40},
        "cursor": {"anchor": 1},
    }


@pytest.mark.parametrize(
    ("said", "told"),
    [("editing", {"doing": "editing"}), ("idle", {"doing": "idle"}), ("dancing", {}), (["idle"], {}), (None, {})],
)
def test_of_what_somebody_does_only_known_words_are_told(net: Network, said: object, told: dict[str, str]) -> None:
    presence = Presence()
    (shown,) = presence.announce("e", net.pages.grant("eve"), [protocol.ClientState(5, 1, {"doing": said})], 0)
    assert shown.state is not None
    assert {key: shown.state[key] for key in shown.state.keys() - {"user", "cursor"}} == told


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_state_is_bounded_with_all_that_the_server_adds(net: Network, over: int) -> None:
    presence, grant = Presence(), net.pages.grant("eve")

    def announce(length: int) -> list[protocol.ClientState]:
        said: dict[str, object] = {"cursor": {"anchor": "x" * length}, "doing": "viewing"}
        return presence.announce("e", grant, [protocol.ClientState(5, 1, said)], 0)

    head, some = len(b"\1\5\1"), 200
    room = protocol.MAX_STATE_BYTES - len(protocol.encode_awareness(announce(some))) + head + some
    if over > 0:
        with pytest.raises(TooLarge):
            announce(room + over)
    else:
        assert announce(room + over)


def test_nobody_speaks_for_others_and_nobody_is_two(net: Network) -> None:
    grant = net.pages.grant
    presence = Presence()
    assert presence.announce("a", grant("alice"), [protocol.ClientState(1, 1, {})], 0)
    assert not presence.announce("e", grant("eve"), [protocol.ClientState(1, 9, None)], 0), "cannot send her away"
    assert presence.announce("e", grant("eve"), [protocol.ClientState(2, 1, {})], 0)
    assert not presence.announce("e", grant("eve"), [protocol.ClientState(3, 1, {})], 0), "one state a connection"
    assert [person.principal for person in presence.people()] == ["alice", "eve"]


def test_a_peer_that_does_not_read_is_closed_and_holds_no_memory() -> None:
    peer = Peer(PlainPages().grant("eve"))
    for _ in range(OUTBOX_FRAMES + 1):
        peer.send(b"frame")
    assert isinstance(peer.closed, TooSlow) and peer.closed.code == 4408
    assert peer.take_now() == []
    peer.send(b"more")
    assert peer.take_now() == []


# --- what is well formed and yet unwelcome ---------------------------------------------------------------------------


def test_an_update_that_keeps_the_crdt_busy_ends_its_sender(net: Network) -> None:
    """5,000 structs in 35 kB that pycrdt would walk through for seconds: stopped on the way, and rebuilt without."""
    began = thread_time()
    assert isinstance(say(net, "eve", protocol.update(hostile.slow(5000))), Malformed)
    assert thread_time() - began < 1.5
    net.type("alice", " again")
    net.wait(60)
    assert net.converged() == "safe again"


def test_half_an_emoji_is_not_deleted(net: Network) -> None:
    """pycrdt would write states of it that cannot be loaded, or that leave stock Yjs waiting for ever."""
    net.type("alice", "\U0001f600")
    net.wait(1)
    before, client = net.on_disk().get_update(), net.people["alice"].doc.client_id
    half = hostile.deletion(client, (fold.clocks(net.on_disk())[client] - 1, 1))
    assert isinstance(say(net, "eve", protocol.update(hostile.update((), [half]))), Malformed)
    assert net.on_disk().get_update() == before
    assert net.converged() == "safe\U0001f600"


def test_what_a_reader_deletes_is_not_taken_and_not_complained_of(net: Network) -> None:
    """Yjs itself drops marks that have become redundant, so it need not be the reader's doing."""
    net.pages.levels["dave"] = "viewer"
    peer = Peer(net.pages.grant("dave"))
    room = net.do(net.hubs[0].join(net.document_id, peer))
    copy = fold.new_doc()
    copy.apply_update(net.on_disk().get_update())
    before = copy.get_state()
    paragraph = copy.get(fold.ROOT, type=XmlFragment).children
    del paragraph[0]
    net.wait(1)
    peer.take_now()
    net.do(room.receive(peer, protocol.update(copy.get_update(before))))
    net.wait(1)
    assert kinds(peer) == [] and not peer.closed
    assert net.converged() == "safe"
