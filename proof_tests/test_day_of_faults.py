"""A partner's system is down for a day, in every way there is: nothing is lost, doubled or disordered; nobody waits."""

import asyncio
import uuid
from datetime import timedelta

from knownto.disclosure import posting
from knownto.disclosure.delivery import deliver
from knownto.disclosure.settling import settle
from knownto.disclosure.tests.conftest import hospital, outbox, owe, police, states  # noqa: F401 (fixtures)
from knownto.disclosure.tests.partner import FAULTS, SLOW
from knownto.disclosure.tests.test_delivery import at

SWEEP = timedelta(minutes=15)
A_DAY = 96  # sweeps
CHILDREN = [uuid.UUID(int=n + 1) for n in range(5)]


def live_a_day(partners, now, failing=None):
    """Each sweep owes every partner one more copy, about one child after another. Gives arrivals a sweep, by partner.

    `failing` is down all day, in each way in turn, and well from midnight on.
    """
    arrivals = {agency: [] for agency in partners}
    for step in range(A_DAY):
        moment = now + step * SWEEP
        if failing:
            failing.be(FAULTS[step * len(FAULTS) // A_DAY])
        for agency in partners:
            owe(agency, moment, CHILDREN[step % len(CHILDREN)], document={"step": step})
        before = {agency: states(agency).get("acknowledged", 0) for agency in partners}
        deliver(now=at(moment), limit=20)
        for agency in partners:
            arrivals[agency].append(states(agency).get("acknowledged", 0) - before[agency])
    return arrivals


def impatient_with(partner, post):
    """Gives up on one partner's silences soon, so that the test is short, and leaves the others their full time."""

    async def posted(line, *arguments):
        soon = line.where == partner.where and partner.fails in SLOW
        async with asyncio.timeout(0.15 if soon else None):
            await post(line, *arguments)

    return posted


def in_order(partner):
    """Did each child's copies take effect in their order?"""
    by_child = {}
    for child, number, _ in partner.records:
        by_child.setdefault(child, []).append(number)
    return all(numbers == sorted(numbers) for numbers in by_child.values())


def test_everything_is_delivered_once_and_in_order_after_a_day_of_every_fault(hospital, police, now, monkeypatch):  # noqa: F811
    monkeypatch.setattr(posting, "_post", impatient_with(hospital, posting._post))
    alone = live_a_day(["police"], now - A_DAY * SWEEP)
    police.records.clear()
    arrivals = live_a_day(["hospital", "police"], now, failing=hospital)
    # Nobody else is slowed by a tenth, nor at all: each copy went in the sweep in which it was owed, as the day before.
    assert arrivals["police"] == alone["police"] == [1] * A_DAY
    assert arrivals["hospital"] == [0] * A_DAY, "one was thought to have arrived that was not"
    knocks = len(hospital.arrived)
    hospital.be("")
    for minutes in (0, 5, 10):
        moment = now + A_DAY * SWEEP + timedelta(minutes=minutes)
        deliver(now=at(moment), limit=1000)
        settle(moment)
    assert states() == {"acknowledged": 3 * A_DAY}, "not everything had arrived a quarter of an hour after its return"
    for partner in (hospital, police):
        assert len({each for _, _, each in partner.records}) == len(partner.records) == A_DAY, "not in effect once"
        assert in_order(partner)
    assert knocks < 2 * A_DAY, "a server that was down was not left in peace"
