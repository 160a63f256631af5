"""A partner whose system is down costs nobody else anything (a whole day of it is a proof: `test_day_of_faults`)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections

from knownto.access.acts import system
from knownto.disclosure import delivery
from knownto.disclosure.delivery import deliver
from knownto.disclosure.models import Parcel
from knownto.disclosure.tests.conftest import owe, states
from knownto.disclosure.tests.test_delivery import at, elsewhere

SWEEP = timedelta(minutes=15)
SECONDS = 20.0


def test_it_does_come_twice_so_that_the_receiver_must_know_the_id(hospital, now):
    """The negative control of 'in effect once': a receiver that does not look at the id has two."""
    hospital.knows_repeats = False
    owe("hospital", now)
    hospital.be("silent after keeping")
    deliver(now=at(now), limit=1)
    hospital.be("")
    deliver(now=at(now + SWEEP), limit=1)
    assert len(hospital.records) == 2 and len({each for _, _, each in hospital.records}) == 1


def test_it_gives_each_partner_a_lane_of_its_own(hospital, police, now):
    sent_while_the_other_hangs(hospital, now, until=police_has_all)
    assert police_has_all()
    let_go(hospital)


def test_it_would_hold_the_others_up_on_one_lane(hospital, police, now, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(delivery, "ThreadPoolExecutor", lambda lanes, **_: ThreadPoolExecutor(1))
    sent_while_the_other_hangs(hospital, now, until=police_has_all, seconds=1.5)
    assert not police_has_all()
    let_go(hospital)


def sent_while_the_other_hangs(hospital, now, *, until, seconds=SECONDS):
    """The hospital has begun to read and will not answer; wait for what else happens."""
    for agency in ("hospital", "police"):
        for _ in range(6):
            owe(agency, now)
    hospital.be("hangs")
    threading.Thread(target=elsewhere, args=[now], name="deliverer", daemon=True).start()
    assert hospital.busy.wait(SECONDS)
    ends = time.monotonic() + seconds
    while not until() and time.monotonic() < ends:
        time.sleep(0.05)
    assert states("hospital") == {"waiting": 6}


def police_has_all():
    return states("police") == {"acknowledged": 6}


def let_go(hospital):
    hospital.be("")
    hospital.let_go.set()
    for thread in threading.enumerate():
        if thread.name == "deliverer":
            thread.join(SECONDS)
    with system("test"):
        assert Parcel.objects.exists()
    assert connections["default"].connection is not None
