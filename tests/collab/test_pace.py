"""Purses on a clock of our own: who is read at once, who waits, who is ended, and for how long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collab import pace
from collab.errors import TooFast
from collab.pace import Meter, Meters, Purse

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(meter: Meter, clock: Clock, seconds: float, cost: float) -> float:
    """Frames at this cost, each after the wait for the one before it; how much work they were a second."""
    done, until = 0.0, clock.now + seconds
    while clock.now < until:
        clock.now += meter.spend(cost) or 1e-6
        done += cost
    return done / seconds


def test_what_people_do_is_never_kept_waiting(clock: Clock) -> None:
    meter = Meter(Purse(clock))
    for _ in range(60 * 60 * 20):  # twenty keystrokes a second, with carets, before two hundred others, for an hour
        assert meter.spend(pace.FRAME + 60 * (pace.BYTE + pace.SHOWN * 200)) == 0
        assert meter.spend(pace.FRAME + pace.CARET + pace.CARET_SHOWN * 200) == 0
        clock.now += 0.05


def test_a_purse_is_spent_at_once_and_a_share_for_ever(clock: Clock) -> None:
    meter = Meter(Purse(clock))
    began = clock.now
    while not meter.spend(pace.FRAME):
        pass
    assert clock.now == began, "the purse is there at once"
    assert work(meter, clock, 100, pace.FRAME) == pytest.approx(pace.SHARE, rel=0.01)


def test_in_company_nobody_is_given_more_than_a_part_of_the_time(clock: Clock) -> None:
    meters = Meters(clock)
    eve, alice = meters.enter("eve"), meters.enter("alice")
    done = 0.0
    for _ in range(100):  # ten a second each
        assert alice.spend(pace.FRAME) == 0
        done += work(eve, clock, 0.1, pace.FRAME) * 0.1
    assert done == pytest.approx(10 * pace.HASTE + pace.MOMENT, rel=0.05)
    clock.now += pace.COMPANY_SECONDS + pace.MOMENT / pace.HASTE
    assert eve.spend(pace.PURSE / 2) == 0, "nobody else is there any more"
    assert alice.spend(pace.FRAME) == 0
    assert eve.spend(pace.FRAME) > 0, "somebody else is"


def test_a_stall_and_a_fine_are_paid_out_of_the_purse_alone(clock: Clock) -> None:
    meters = Meters(clock)
    eve, alice = meters.enter("eve"), meters.enter("alice")
    alice.spend(pace.FRAME)
    eve.stalled(0.1)
    eve.fine(pace.REFUSED)
    assert eve.spend(pace.FRAME) == 0


def test_a_crowd_is_held_back_as_one(clock: Clock) -> None:
    meters = Meters(clock)
    guests, alice = [meters.enter(f"guest:{number}", "guests of alice") for number in range(100)], meters.enter("alice")
    alice.spend(pace.FRAME)
    for guest in guests:
        guest.owe(pace.MOMENT)
    assert guests[0].spend(pace.FRAME) == pytest.approx(100 * pace.MOMENT / pace.CROWD_HASTE, rel=0.02)


def test_many_connections_have_one_purse(clock: Clock) -> None:
    meters = Meters(clock)
    one, other = meters.enter("eve"), meters.enter("eve")
    one.owe(pace.PURSE)
    assert other.spend(pace.FRAME) > 0
    assert meters.enter("alice").spend(pace.FRAME) == 0


def test_who_owes_too_much_is_ended_until_it_is_paid(clock: Clock) -> None:
    meter = Meter(Purse(clock))
    meter.fine(pace.POISONED)
    with pytest.raises(TooFast):
        meter.spend(pace.JOIN)
    clock.now += pace.POISONED / pace.SHARE - pace.PURSE / pace.SHARE - pace.PATIENCE + 1
    assert 0 < meter.spend(pace.JOIN) <= pace.PATIENCE


def test_each_offence_costs_twice_the_last_until_the_purse_is_full_again(clock: Clock) -> None:
    meter = Meter(Purse(clock))
    debts = [meter.owe(0)]
    for _ in range(12):
        meter.fine(pace.REFUSED)
        debts.append(meter.owe(0))
    fines = [(after - before) * pace.SHARE for before, after in zip(debts, debts[1:], strict=False)]
    assert fines == pytest.approx([pace.REFUSED * min(2**n, 256) for n in range(12)])
    clock.now += meter.owe(0) + pace.PURSE / pace.SHARE
    before = meter.owe(0)
    meter.fine(pace.REFUSED)
    assert (meter.owe(0) - before) * pace.SHARE == pytest.approx(pace.REFUSED)


def test_a_moment_is_free_and_a_stall_is_dear(clock: Clock) -> None:
    purse = Purse(clock)
    meter = Meter(purse)
    meter.stalled(pace.STALL_FREE)
    assert purse.is_full
    with pytest.raises(TooFast):
        for _ in range(100):
            meter.stalled(0.2)
    assert meter.owe(0) < pace.PATIENCE + 0.2 * pace.STALL / pace.SHARE + 1


def test_nobody_has_too_many_connections(clock: Clock) -> None:
    meters = Meters(clock, connections=2)
    first = meters.enter("eve")
    meters.enter("eve")
    with pytest.raises(TooFast, match="more than 2 connections"):
        meters.enter("eve")
    first.leave()
    meters.enter("eve")


def test_who_has_gone_and_paid_is_forgotten(clock: Clock) -> None:
    meters = Meters(clock)
    for number in range(1000):
        meter = meters.enter(f"guest:{number}")
        meter.spend(pace.JOIN)
        meter.leave()
    meters.enter("alice")
    meters.forget()
    assert len(meters) == 1001
    clock.now += 1
    meters.forget()
    assert len(meters) == 1


def test_a_crowd_has_no_more_than_its_purse_however_many_it_is(clock: Clock) -> None:
    meters = Meters(clock)
    guests = [meters.enter(f"guest:{number}", "guests of 7") for number in range(100)]
    each = pace.CROWD_PURSE / len(guests)
    assert all(guest.owe(each) <= 0 for guest in guests)
    assert guests[0].spend(pace.FRAME) > 0, "its own purse is nearly full"
    assert meters.enter("guest:new", "guests of 7").spend(pace.FRAME) > 0
    assert meters.enter("guest:other", "guests of 8").spend(pace.FRAME) == 0
    assert meters.enter("user:7").spend(pace.FRAME) == 0


def test_a_class_of_guests_who_all_type_is_never_kept_waiting(clock: Clock) -> None:
    meters = Meters(clock)
    pupils = [meters.enter(f"guest:{number}", "guests of 7") for number in range(60)]
    for _ in range(60 * 10):  # ten keystrokes a second each, with carets, for a minute
        for pupil in pupils:
            assert pupil.spend(pace.FRAME + 60 * (pace.BYTE + pace.SHOWN * 60)) == 0
            assert pupil.spend(pace.FRAME + pace.CARET + pace.CARET_SHOWN * 60) == 0
        clock.now += 0.1


def test_the_crowd_pays_for_an_offence_but_not_for_its_being_the_tenth(clock: Clock) -> None:
    meters = Meters(clock)
    bad, good = meters.enter("guest:1", "guests of 7"), meters.enter("guest:2", "guests of 7")
    for _ in range(10):
        bad.fine(pace.REFUSED)
    with pytest.raises(TooFast, match="one person"):
        bad.spend(pace.FRAME)
    assert good.spend(pace.FRAME) == 0
    for _ in range(3):
        meters.enter("guest:3", "guests of 7").fine(pace.POISONED)
    with pytest.raises(TooFast, match="all guests"):
        good.spend(pace.FRAME)


def test_a_crowd_has_only_so_many_connections(clock: Clock) -> None:
    meters = Meters(clock)
    guests = [meters.enter(f"guest:{number}", "guests of 7") for number in range(pace.CROWD_CONNECTIONS)]
    with pytest.raises(TooFast, match="too many guests"):
        meters.enter("guest:one-more", "guests of 7")
    guests.pop().leave()
    meters.enter("guest:one-more", "guests of 7")


def test_the_page_about_the_protocol_has_these_prices() -> None:
    section = PAGE.read_text().partition("## What it costs\n")[2].partition("\n## ")[0]
    told = [float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)", section)]
    ours = [
        pace.PURSE, pace.PATIENCE, pace.CONNECTIONS, pace.JOIN, pace.FRAME, pace.BYTE, pace.WRITE, pace.SHOWN,
        pace.CARET, pace.CARET_SHOWN, pace.ANSWER, pace.ANSWER_BYTE, pace.LOOK, pace.FORM, pace.STALL, pace.STALL_FREE,
        pace.REFUSED, pace.POISONED, pace.CROWD_SHARE, pace.CROWD_PURSE, pace.CROWD_CONNECTIONS,
        pace.HASTE, pace.MOMENT, pace.CROWD_HASTE,
    ]  # fmt: skip
    missing = [price for price in ours if price not in told]
    assert missing == []
