"""Nobody has to notice by themselves that copies do not arrive, and no copy is kept for longer than it is needed."""

import uuid
from datetime import timedelta

import pytest

from knownto.access.acts import Permission, Request, Viewer, asking, system
from knownto.access.refusals import Refused
from knownto.disclosure import endpoints, jobs, patience, reads, settling
from knownto.disclosure.delivery import deliver
from knownto.disclosure.models import CopiesStuck, Endpoint, Parcel
from knownto.disclosure.tests.conftest import WORKER, fresh, owe, states
from knownto.disclosure.tests.test_delivery import at
from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry

LATE = timedelta(hours=4)


def manager(agency="hospital"):
    return Viewer(uuid.uuid4(), agency, frozenset({"data-manager"}))


def read(viewer, now, ask, *arguments):
    with asking(viewer, Request(Permission.FEEDS_OWN, of_agency=viewer.agency), kind="x", now=now):
        return ask(viewer, *arguments)


def test_it_raises_one_alarm_for_an_agency_and_closes_it_when_copies_arrive(hospital, now):
    hospital.be("answers 500")
    for minutes in range(3):
        owe("hospital", now + timedelta(minutes=minutes))
    settling.settle(now + LATE - timedelta(seconds=1))
    assert not CopiesStuck.objects.exists()
    for hours in range(3):
        settling.settle(now + LATE + timedelta(hours=hours))
    alarm = CopiesStuck.objects.get()
    assert (alarm.agency_id, alarm.since, alarm.raised_at) == ("hospital", now, now + LATE)
    assert read(manager(), now, reads.parcels_of, "hospital").alarm_since == now
    hospital.be("")
    deliver(now=at(now + LATE), limit=10)
    settling.settle(now + 2 * LATE)
    assert CopiesStuck.objects.get().cleared_at == now + 2 * LATE
    with system("test"):
        kinds = Entry.objects.filter(kind__startswith="copies").order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["copies-stuck", "copies-arrive-again"]


def test_it_raises_the_alarm_for_an_agency_that_has_nowhere_to_send_to(outbox, now):
    owe("police", now)
    settling.settle(now + LATE)
    assert CopiesStuck.objects.get().agency_id == "police"
    [held_up] = read(manager("police"), now, reads.stuck, "police")
    assert held_up.why == "No record system is set up for this agency"


def test_it_says_how_an_agencys_copies_are_getting_on(hospital, folder, now):
    arrived = owe("hospital", now)
    deliver(now=at(now), limit=10)
    hospital.be("answers 500")
    failed = owe("hospital", now)
    owe("school", now)
    deliver(now=at(now), limit=10)
    said = read(manager(), now, reads.parcels_of, "hospital")
    assert (said.takes_copies, said.waiting, said.left, said.acknowledged, said.withdrawn) == (True, 1, 0, 1, 0)
    assert (said.oldest_open, said.last_acknowledged, said.alarm_since) == (now, fresh(arrived).acknowledged_at, None)
    [held_up] = read(manager(), now, reads.stuck, "hospital")
    assert (held_up.parcel, held_up.attempts, held_up.why) == (failed.id, 1, "The server failed")
    assert read(manager("school"), now, reads.parcels_of, "school").left == 1


def test_it_says_nothing_of_another_agencys_copies(hospital, now):
    owe("hospital", now)
    for ask in (reads.parcels_of, reads.stuck):
        with pytest.raises(Refused):
            read(manager("police"), now, ask, "hospital")


def test_it_does_not_exist_outside_an_opened_act(hospital, now):
    owe("hospital", now)
    assert not Parcel.objects.exists()


def test_it_gives_no_second_endpoint_to_an_agency_and_closes_the_one_there_is(hospital, now):
    endpoints.close_endpoint(agency="hospital", by=WORKER, now=now)
    assert Endpoint.objects.get().closed_at == now and not endpoints.takes_copies("hospital")
    for ended in (endpoints.close_endpoint, endpoints.new_secret):
        with pytest.raises(endpoints.NoEndpoint):
            ended(agency="hospital", by=WORKER, now=now)
    parcel = owe("hospital", now)
    assert deliver(now=at(now), limit=10) == 0 and fresh(parcel).state == "waiting"


def test_it_destroys_our_copy_a_month_after_it_arrived(hospital, now):
    old, waiting = owe("hospital", now), owe("police", now)
    deliver(now=at(now), limit=10)
    later = now + settling.KEPT_AFTER_ARRIVAL
    settling.settle(later - timedelta(seconds=1))
    assert keyring.fetch([old.key])
    settling.settle(later)
    assert (bytes(fresh(old).sealed), fresh(old).emptied_at, fresh(old).state) == (b"", later, "acknowledged")
    assert keyring.fetch([old.key, waiting.key]).keys() == {waiting.key}
    assert bytes(fresh(waiting).sealed), "one that has not arrived was destroyed"


def test_it_holds_nothing_of_anybody_in_the_clear(hospital, now):
    with system("test"):
        parcel = Parcel.objects.get(pk=owe("hospital", now, pdf=b"%PDF Quillfeather").pk)
    assert "Quillfeather" not in str(vars(parcel)) and b"Quillfeather" not in bytes(parcel.sealed)


def test_it_sweeps_without_waiting_for_a_partner(hospital, now, monkeypatch):
    owe("hospital", now)
    hospital.be("hangs")
    monkeypatch.setattr(jobs, "LANES", {})
    monkeypatch.setattr(jobs.clock, "now", at(now))
    jobs.sweep()
    assert hospital.busy.wait(10)
    lane = jobs.LANES["hospital"]
    jobs.sweep()
    assert jobs.LANES["hospital"] is lane, "a second lane was started beside a slow one"
    hospital.be("")
    hospital.let_go.set()
    lane.join(10)
    assert not lane.is_alive()
    monkeypatch.setattr(jobs.clock, "now", at(now + timedelta(hours=1)))
    jobs.sweep()
    jobs.LANES["hospital"].join(10)
    assert states() == {"acknowledged": 1}


def test_it_waits_longer_after_each_failure_and_never_longer_than_a_quarter_of_an_hour(now):
    parcel = uuid.UUID(int=7)
    waits = [patience.next_try(parcel, attempts, now) - now for attempts in range(1, 40)]
    assert timedelta(seconds=22) < waits[0] < timedelta(seconds=38)
    assert max(waits) <= patience.LONGEST * (1 + patience.SPREAD) and waits[4] > 4 * waits[0]
    assert waits == [patience.next_try(parcel, attempts, now) - now for attempts in range(1, 40)]


def test_it_spreads_what_failed_together(now):
    tries = {patience.next_try(uuid.uuid4(), 6, now) for _ in range(200)}
    assert max(tries) - min(tries) > timedelta(minutes=6)


def test_it_rests_only_after_several_faults_in_a_row(now):
    rests = [patience.rest_until(uuid.UUID(int=7), faults, now) for faults in range(60)]
    assert rests[: patience.FAULTS_IN_A_ROW] == [None] * patience.FAULTS_IN_A_ROW
    assert all(now < each <= now + patience.LONGEST_REST * 1.25 for each in rests[patience.FAULTS_IN_A_ROW :])


def test_it_puts_off_what_comes_after_one_that_failed_and_lets_it_go_at_once_after(hospital, now):
    child = uuid.uuid4()
    first, second = (owe("hospital", now, child) for _ in range(2))
    hospital.be("answers 500")
    deliver(now=at(now), limit=10)
    assert fresh(second).next_try == fresh(first).next_try > now
    hospital.be("")
    deliver(now=at(fresh(first).next_try), limit=10)
    assert states() == {"acknowledged": 2}
