"""A partner that sends guesses to learn what others hold: each way, and what it gets for it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from knownto.access.viewer import Viewer
from knownto.ledger.models import About
from knownto.quality import reads
from knownto.quality.limits import limits
from knownto.quality.models import Told
from knownto.quality.tests.conftest import person

TRUE = person(1, nhs_number="9990000018")


@pytest.fixture
def known(borough):
    """Somebody whom three other agencies hold, with one date of birth."""
    borough.others(TRUE)
    borough.others(person(20))
    borough.check()


def guess(days):
    return replace(TRUE, birth_date=TRUE.birth_date + timedelta(days=days))


def test_ten_guesses_at_once_tell_nothing_of_any(borough, known):
    """Ten records of one person with ten dates, one of them right: which one is never said."""
    borough.send(*[guess(days) for days in range(-5, 5)])
    borough.check()
    for _ in range(6):
        borough.wait(28)
        assert borough.differing() == set()


def test_one_wrong_guess_alone_would_be_told(borough, known):
    """The negative control: it is the other nine that keep the first from being told."""
    [ours] = borough.send(guess(10))
    borough.check()
    borough.wait(28)
    assert borough.differing() == {("born-differs", ours)}


def test_a_guess_after_another_waits_longer_each_time_and_then_for_ever(borough, known):
    [ours] = borough.send(guess(1))
    borough.check()
    answers = []
    for week in range(52):
        borough.wait(7)
        if borough.differing():
            answers.append(week)
            borough.change(ours, birth_date=guess(week + 2).birth_date)
            borough.check()
    assert len(answers) == 3
    assert [later - sooner for sooner, later in zip(answers, answers[1:], strict=False)] == [8, 16]


def test_a_new_record_number_buys_no_new_guess(borough, known):
    """Taken back and sent again under another number: the waiting is the person's, not the record's."""
    [ours] = borough.send(guess(1))
    borough.check()
    borough.wait(28)
    assert borough.differing()
    borough.remove(ours)
    [ours] = borough.send(guess(2))
    borough.check()
    borough.wait(28)
    assert borough.differing() == set()
    borough.wait(35)
    assert borough.differing() == {("born-differs", ours)}
    assert Told.objects.count() == 2


def test_one_crafted_record_in_a_clean_file_is_neither_listed_nor_counted(borough, known, now):
    borough.send(guess(10))
    borough.check()
    borough.wait(28)
    assert borough.differing()
    told = reads.overview(manager(), now=now)
    assert {c.records for c in told.counted if c.found.kind == "differs"} == {None}
    assert reads.lines(manager(), "born-differs", count=50, now=now) == []


def test_none_and_too_few_look_the_same(borough, known, now):
    borough.send(person(40))
    borough.check()
    borough.wait(28)
    none = reads.overview(manager(), now=now)
    borough.send(guess(10))
    borough.check()
    borough.wait(28)
    few = reads.overview(manager(), now=now)
    pick = [(c.found.code, c.records) for c in none.counted if c.found.kind == "differs"]
    assert borough.differing() and pick == [(c.found.code, c.records) for c in few.counted if c.found.kind == "differs"]


def test_five_are_listed_and_each_look_is_recorded_by_record(borough, now, figures):
    people = [person(n) for n in range(5)]
    borough.others(*people)
    ours = borough.send(*[replace(p, birth_date=p.birth_date + timedelta(days=10)) for p in people])
    borough.check()
    borough.wait(28)
    found = reads.lines(manager(), "born-differs", count=50, now=now)
    assert len(found) == 5 and {line.found.code for line in found} == {"born-differs"}
    looked = About.objects.filter(entry__kind="quality-looked-at").values_list("subject", flat=True)
    assert {f"record:{record}" for record in ours} <= set(looked)


def test_the_limits_cannot_be_set_so_low_that_one_agency_is_told_from_another(figures):
    figures(agree=1, among=1, least=1, steady_days=0, days_between=0)
    found = limits()
    assert (found.agree, found.among, found.least, found.steady_days, found.days_between) == (2, 3, 2, 7, 1)


def manager(agency="police"):
    return Viewer(uuid4(), agency, frozenset({"data-manager"}))
