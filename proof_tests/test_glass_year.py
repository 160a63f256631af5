"""A year of work with the glass in it: it stays what it is for, though somebody would have it for the normal door.

One worker breaks it twice in the year, for a life, and says each time what came of it. Another tries it every week, and
says nothing until the middle of the year, when it is found not to have been right. Everybody else searches as always.
"""

import pytest

from knownto.access import clock
from knownto.disclosure.models import How
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.glass import reads
from proof_tests.test_glass import PEOPLE, Glasses, rows_through, sql, walked  # noqa: F401 (a fixture)

WEEKS, A_WEEK = 52, 7 * 24 * 60
LOOKS_A_WEEK = 10
FOR_A_LIFE = (9, 37)  # weeks
SAYS_WHAT_CAME_OF_IT = 26
WHY = Why(purpose="child-concern", work="C-104", family="told")


class Nth:
    """In place of what Hypothesis draws: that one."""

    def __init__(self, at: int) -> None:
        self.at = at

    def draw(self, _: object) -> int:
        return self.at


def ordinary(by) -> None:
    """One search of a week, and its footprint looked at as often as work needs it."""
    given, family, born = PEOPLE[0]
    now = clock.now()
    found = footprint.search(by=by, question=Question(given=given, family=family, born=born), why=WHY, now=now)
    for _ in range(LOOKS_A_WEEK):
        search = open_search.own(by, found.pk, now)
        footprint.open_footprint(by=by, search=search, place=1, how=How.VIEW, now=now)


def for_a_life(machine: Glasses) -> None:
    """Broken, looked through, accounted for and found right by both."""
    machine.breaks(who="officer", person=PEOPLE[1], honest=9)
    this = Nth(len(machine.known) - 1)
    machine.looks(data=this, who="officer")
    machine.accounts_for_it(data=this)
    for who in ("sergeant", "privacy"):
        machine.is_reviewed(data=this, who=who, verdict="right")


def year(machine: Glasses, weeks: int) -> tuple[int, int]:
    """So much of it. Gives how many looks at somebody there were, and how many of them through a glass."""
    try:
        for week in range(weeks):
            lived(machine, week)
        return sql("SELECT count(*), count(*) FILTER (WHERE kind = 'glass-view') FROM ledger_entry"
                   " WHERE kind IN ('view', 'glass-view')")[0]  # fmt: skip
    finally:
        machine.teardown()


def lived(machine: Glasses, week: int) -> None:
    ordinary(machine.town.screener)
    if week in FOR_A_LIFE:
        for_a_life(machine)
    before = len(machine.known)
    machine.breaks(who="chair", person=PEOPLE[2], honest=9)
    if len(machine.known) > before:
        machine.looks(data=Nth(before), who="chair")
    if week == SAYS_WHAT_CAME_OF_IT:
        machine.accounts_for_it(data=Nth(0))
        machine.is_reviewed(data=Nth(0), who="privacy", verdict="not-right")
    machine.every_glass_has_its_alert_leaf_expiry_and_reviews()
    machine.time_passes(data=None, minutes=60)
    assert not any(map(rows_through, machine.known)), "rows through a glass after sixty minutes"
    machine.time_passes(data=None, minutes=A_WEEK - 60)


@pytest.fixture
def worked(walked):  # noqa: F811
    walked.town.screener = walked.town.viewer("screener", name="Sam Screener")
    return walked


def test_of_a_year_of_looks_less_than_one_in_a_hundred_is_through_a_glass(worked):  # noqa: F811
    looks, through = year(worked(), WEEKS)
    assert through == len(FOR_A_LIFE) + 1, "whoever tried it every week got through once"
    assert looks == WEEKS * LOOKS_A_WEEK + through and through / looks < 0.01


def test_it_would_be_seen_if_nobody_were_ever_stopped(worked, monkeypatch):  # noqa: F811
    """The fault, planted: what is owed and what was found not right stop nobody."""
    monkeypatch.setattr(reads, "suspended", lambda *_: False)
    looks, through = year(worked(), weeks=8)
    assert (looks, through) == (8 * LOOKS_A_WEEK + 8, 8)
