"""Somebody who may not be counted any more is in no count: as if they had never come."""

from knownto.access.acts import system
from knownto.feeds import withholding
from knownto.feeds.models import Feed
from knownto.identity import acts as identity
from knownto.quality import acts, withdrawing
from knownto.quality.models import Check, Finding
from knownto.quality.tests.conftest import OTHERS, person


def counts(agency):
    check = Check.objects.filter(agency=agency).latest("begun_at")
    return check.records, check.counts, check.missing


def withdraw(records):
    Feed.objects.update(records=100, contacts=100)  # the borough of these tests does not count what it sends
    with system("test"):
        withdrawing.withdraw(withholding.take_out(records))


def test_counts_are_those_of_a_partner_who_never_sent_them(borough):
    """The last of them has no address, and a number that the first has too: each is something that is counted."""
    kept = [person(n) for n in range(3)]
    gone = person(4, addresses=(), nhs_number="9990000018")
    same = person(5, nhs_number="9990000018")
    borough.send(same, *kept)
    borough.wait(1)
    without = counts("police")
    [record] = borough.send(gone)
    borough.wait(1)
    assert counts("police") != without and Finding.objects.filter(record=record).exists()
    withdraw([record])
    assert counts("police") == without and not Finding.objects.filter(record=record).exists()


def test_a_check_that_runs_begins_anew(borough):
    records = borough.send(*(person(n) for n in range(4)))
    identity.catch_up(now=borough.now)
    acts.catch_up(now=borough.now, limit=1)
    [check] = Check.objects.filter(agency="police")
    assert check.records == 4
    withdraw(records[:1])
    check.refresh_from_db()
    assert (check.records, check.phase) == (0, "reading")
    acts.catch_up(now=borough.now)
    assert counts("police")[0] == 3


def test_who_is_withdrawn_stands_in_no_others_median(borough):
    from knownto.quality.beside import medians  # noqa: PLC0415

    for agency in OTHERS:
        borough.send(person(1), agency=agency)
    hers = [record for agency in OTHERS for record in borough.send(person(2, addresses=()), agency=agency)]
    borough.wait(1)
    before = medians("police")
    withdraw(hers)
    assert before["Address or postcode"] == 50 and medians("police")["Address or postcode"] == 0
