"""Letters between processes: only ours open, and none is read twice."""

from __future__ import annotations

import random
import secrets
from dataclasses import replace
from uuid import uuid4

import pytest

from collab.errors import CollabError, Malformed
from collab.letters import WINDOW, Letter, Seal, Senders, decode, encode
from collab.ports import Ask, Message
from tests.contracts.broker_contract import EVERY_MESSAGE

SEAL = Seal("one installation's secret")
LETTER = Letter(b"s" * 16, 7, "asgi.channel", uuid4(), b"\4")


@pytest.mark.parametrize("message", [*EVERY_MESSAGE, Ask("asgi.channel")], ids=lambda message: type(message).__name__)
def test_a_message_survives_its_encoding(message: Message) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "body",
    [b"", b"\0", b"\1", b"\1" + b"e" * 16 + b"\xff", b"\4more", b"\5more", b"\3\xff", b"\6short", b"\7\xff", b"\x09"],
)
def test_other_bytes_are_no_message(body: bytes) -> None:
    with pytest.raises((ValueError, CollabError)):
        decode(body)


def test_a_letter_is_opened_as_it_was_sealed() -> None:
    assert SEAL.open(SEAL.close(LETTER)) == LETTER
    assert SEAL.open(SEAL.close(replace(LETTER, to="", body=b""))) == replace(LETTER, to="", body=b"")


def test_nothing_in_a_letter_can_be_changed() -> None:
    sealed = SEAL.close(LETTER)
    for at in range(len(sealed)):
        with pytest.raises(Malformed, match="not signed"):
            SEAL.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        with pytest.raises(Malformed, match="not signed"):
            SEAL.open(sealed[:at])


def test_another_installation_s_letters_do_not_open() -> None:
    with pytest.raises(Malformed, match="not signed"):
        Seal("another secret").open(SEAL.close(LETTER))


class TestSenders:
    def take(self, senders: Senders, number: int, *, is_to_us: bool = False) -> bool:
        return senders.take(replace(LETTER, number=number), is_to_us=is_to_us)

    def test_who_has_answered_is_known_and_its_earlier_letters_are_repetitions(self) -> None:
        senders = Senders()
        assert self.take(senders, 3) and not senders.knows(LETTER.sender)
        assert self.take(senders, 10, is_to_us=True) and senders.knows(LETTER.sender)
        assert [self.take(senders, number) for number in (3, 9, 10)] == [False, False, False]

    def test_each_number_is_taken_once_in_whatever_order(self) -> None:
        chance = random.Random(1)
        senders = Senders()
        self.take(senders, 0, is_to_us=True)
        numbers = [number for number in range(1, 5000) for _ in range(2)]
        numbers.sort(key=lambda number: number + chance.random() * WINDOW / 2)
        taken = [number for number in numbers if self.take(senders, number)]
        assert sorted(taken) == list(range(1, 5000))

    def test_what_is_too_far_behind_is_not_taken(self) -> None:
        senders = Senders()
        self.take(senders, 0, is_to_us=True)
        assert self.take(senders, WINDOW + 5)
        assert [self.take(senders, number) for number in (5, 6)] == [False, True]

    def test_a_huge_number_costs_nothing(self) -> None:
        senders = Senders()
        self.take(senders, 0, is_to_us=True)
        assert self.take(senders, 2**53 - 1) and not self.take(senders, 1)

    def test_it_remembers_so_many_and_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("collab.letters.MAX_SENDERS", 3)
        senders = Senders()
        names = [secrets.token_bytes(16) for _ in range(4)]
        for name in names:
            senders.take(replace(LETTER, sender=name), is_to_us=True)
        assert [senders.knows(name) for name in names] == [False, True, True, True]
