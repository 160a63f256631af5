"""Who may be told: a truth table written by hand, and the facts that follow a person from one work to another."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework.models import Statement
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import facts
from knownto.pathways.frontdoor.facts import Recording
from knownto.pathways.frontdoor.orders import Fact, Standing, judge, orders
from knownto.pathways.frontdoor.tests.closing import CHILD, FATHER, MOTHER, part, refer

TABLE = Path(__file__).with_name("may_be_told.csv")
ROLES = {
    "tobias": "subject", "marigold": "subject", "mother": "parent", "father": "parent", "aunt": "carer",
    "daughter": "household", "ernest": "adult-at-risk",
}  # fmt: skip
OF_ADULTS = {"daughter", "ernest"}
AGENCIES = frozenset({"school", "gp", "police", "hospital", "childrens-social-care"})


def who(name):
    return uuid5(UUID(int=0), name)


def as_fact(said):
    """order@person, order@person/child, order>audience; !told for another source, ?elsewhere for one not sure."""
    body, _, elsewhere = said.partition("?")
    body, _, source = body.partition("!")
    order, _, audience = body.partition(">")
    order, _, whom = order.partition("@")
    whom, _, child = whom.partition("/")
    return Fact(
        order,
        about=frozenset({who(whom)} if whom else ()),
        source=source or "seen",
        children=frozenset({who(child)} if child else ()),
        audiences=frozenset({audience} if audience else ()),
        ours=not elsewhere,
    )


def as_standing(row):
    kind, _, name = row["standing"].partition(":")
    people = OF_ADULTS if any(each in row["audience"] for each in OF_ADULTS) else ROLES.keys() - OF_ADULTS
    return Standing(
        roles={who(each): ROLES[each] for each in people},
        facts=tuple(map(as_fact, row["facts"].split())),
        suspects=frozenset({who(name)} if kind == "suspect" else ()),
        referrer="" if kind == "no-referrer" else "school",
        agencies=AGENCIES,
        council="childrens-social-care",
    )


def as_audience(said):
    kind, _, name = said.partition(":")
    return f"{kind}:{who(name)}" if kind in ("parent", "adult", "neighbour") else said


ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['case']}: {row['why']}" for row in ROWS])
def test_the_table(row):
    told = judge(as_audience(row["audience"]), as_standing(row))
    assert ("yes" if told.may else "no", bool(told.because)) == (row["answer"], True)


def test_the_table_is_worth_reading():
    """Every order that refuses or allows is in it, and both answers are common."""
    named = {as_fact(said).order for row in ROWS for said in row["facts"].split()}
    assert {code for code, order in orders().items() if order.refuses or order.allows} <= named
    answers = [row["answer"] for row in ROWS]
    assert min(answers.count("yes"), answers.count("no")) >= 20


def test_a_judgement_that_forgot_the_refusals_would_be_found():
    wrong = [row for row in ROWS if judge(as_audience(row["audience"]), _without(row, refusals=True)).may]
    assert len([row for row in wrong if row["answer"] == "no"]) >= 15


def _without(row, *, refusals):
    there = as_standing(row)
    kept = tuple(fact for fact in there.facts if not (refusals and orders()[fact.order].refuses))
    return Standing(there.roles, kept, frozenset(), there.referrer, there.agencies, there.council)


def test_how_they_may_be_reached_comes_with_the_answer():
    mother = who("mother")
    known = (
        Fact("parental-responsibility", frozenset({mother}), "seen"),
        Fact("safe-contact", frozenset({mother}), "told", note="Ring at work only"),
        Fact("protected-address", frozenset({mother}), "told", note="12 Larch Court"),
    )
    there = Standing({mother: "parent"}, known, agencies=AGENCIES, referrer="school")
    assert "Ring at work only" in judge(f"parent:{mother}", there).how
    told = judge("referrer", there)
    assert told.may and "must not appear" in told.how and "Larch" not in told.how


@pytest.fixture
def hub(viewer_of):
    return viewer_of("hub.manager")


def told(episode, audience, now):
    with system("test"):
        return facts.may_be_told(episode, audience, now=now)


def say(hub, episode, order, about, now, **more):
    fact = Recording(order, tuple(each.id for each in about), "seen", now.date(), **more)
    return facts.record(by=hub, episode=episode.id, fact=fact, now=now)


def test_it_is_in_force_from_its_first_day_to_its_last(viewer_of, hub, now):
    episode = refer(viewer_of("school.lead"), now)
    mother = part(episode, "parent")
    day = now.date() + timedelta(days=2)
    fact = Recording("parental-responsibility", (mother.id,), "seen", day, until=day)
    facts.record(by=hub, episode=episode.id, fact=fact, now=now)
    answers = [told(episode, f"parent:{mother.id}", now + timedelta(days=days)).may for days in range(1, 5)]
    assert answers == [False, True, False, False]


def test_its_day_is_londons_day(viewer_of, hub):

    summer = datetime(2026, 7, 1, 9, tzinfo=UTC)
    episode = refer(viewer_of("school.lead"), summer)
    mother = part(episode, "parent")
    fact = Recording("parental-responsibility", (mother.id,), "seen", date(2026, 7, 2))
    facts.record(by=hub, episode=episode.id, fact=fact, now=summer)
    assert told(episode, f"parent:{mother.id}", datetime(2026, 7, 1, 23, 30, tzinfo=UTC)).may  # half past midnight
    assert not told(episode, f"parent:{mother.id}", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)).may


def test_one_that_was_ended_or_put_right_counts_no_more(viewer_of, hub, now):
    episode = refer(viewer_of("school.lead"), now)
    mother, father = part(episode, "parent"), part(episode, "parent", 1)
    first = say(hub, episode, "parental-responsibility", [mother], now)
    assert told(episode, f"parent:{mother.id}", now).may
    right = Recording("parental-responsibility", (father.id,), "seen", now.date())
    facts.record(by=hub, episode=episode.id, fact=right, corrects=first.id, now=now)
    assert (told(episode, f"parent:{mother.id}", now).may, told(episode, f"parent:{father.id}", now).may) == (
        False,
        True,
    )
    with pytest.raises(facts.NoLonger):
        facts.withdraw(by=hub, episode=episode.id, statement=first.id, why="Twice", now=now)
    order = say(hub, episode, "non-molestation", [father], now)
    assert not told(episode, f"parent:{father.id}", now).may
    facts.withdraw(by=hub, episode=episode.id, statement=order.id, why="Discharged today; I have seen it.", now=now)
    assert told(episode, f"parent:{father.id}", now).may


def test_an_order_follows_the_person_into_other_work_and_a_permission_does_not_cross_to_a_namesake(viewer_of, hub, now):
    school = viewer_of("school.lead")
    first = refer(school, now)
    say(hub, first, "non-molestation", [part(first, "parent", 1)], now)
    say(hub, first, "parental-responsibility", [part(first, "parent")], now)
    later = refer(school, now + timedelta(days=90))
    mother, father = part(later, "parent"), part(later, "parent", 1)
    assert told(later, f"parent:{mother.id}", now + timedelta(days=90)).may
    assert "non-molestation" in told(later, f"parent:{father.id}", now + timedelta(days=90)).because
    namesake = refer(
        school,
        now,
        people=(("subject", CHILD), ("parent", Evidence("Wrenshaw", "Philippa", birth_date=date(1962, 9, 3)))),
    )
    assert not told(namesake, f"parent:{part(namesake, 'parent').id}", now).may


def test_somebody_without_a_name_is_followed_from_the_work_that_led_here(viewer_of, hub, now):
    school, unnamed = viewer_of("school.lead"), Evidence(sex="M")
    first = refer(school, now, people=(("subject", CHILD), ("parent", unnamed)))
    say(hub, first, "parental-responsibility", [part(first, "parent")], now)
    after = refer(school, now, people=(("subject", CHILD), ("parent", unnamed)), parent=first)
    apart = refer(school, now, people=(("subject", CHILD), ("parent", unnamed)))
    assert told(after, f"parent:{part(after, 'parent').id}", now).may
    assert not told(apart, f"parent:{part(apart, 'parent').id}", now).may


def test_the_same_man_written_twice_once_as_the_source_of_harm_is_not_told(viewer_of, hub, now):
    people = (("subject", CHILD), ("parent", FATHER), ("source-of-harm", FATHER), ("parent", MOTHER))
    episode = refer(viewer_of("school.lead"), now, people=people)
    mother, father = part(episode, "parent"), part(episode, "parent", 1)
    say(hub, episode, "parental-responsibility", [mother, father], now)
    assert not told(episode, f"parent:{father.id}", now).may
    assert told(episode, f"parent:{mother.id}", now).may


def test_what_cannot_be_read_refuses_everybody(viewer_of, hub, now, monkeypatch):
    episode = refer(viewer_of("school.lead"), now)
    mother = part(episode, "parent")
    say(hub, episode, "parental-responsibility", [mother], now)
    assert told(episode, "referrer", now).may

    def broken(episodes):
        raise KeyError("an order that nobody knows any more")

    monkeypatch.setattr(facts, "recorded", broken)
    for audience in ("referrer", f"parent:{mother.id}", "gp", "parent:not-an-id"):
        assert told(episode, audience, now) == facts.Told(False, facts.COULD_NOT_CHECK)


@pytest.mark.parametrize(
    "change",
    [
        {"order": "none"},
        {"order": "care-order"},
        {"source": "guess"},
        {"until": date(2020, 1, 1)},
        {"about": ()},
        {"about": (UUID(int=9),)},
    ],
)
def test_what_says_nothing_is_not_recorded(viewer_of, hub, now, change):
    episode = refer(viewer_of("school.lead"), now)
    good = {"order": "non-molestation", "about": (part(episode, "parent").id,), "source": "seen", "since": now.date()}
    with pytest.raises(facts.NotAFact):
        facts.record(by=hub, episode=episode.id, fact=Recording(**good | change), now=now)
    facts.record(by=hub, episode=episode.id, fact=Recording(**good), now=now)
    with system("test"):
        assert Statement.objects.filter(episode=episode, kind="fact").count() == 1


def test_only_those_who_keep_the_facts_of_a_work_record_them(viewer_of, now):
    school = viewer_of("school.lead")
    episode = refer(school, now)
    fact = Recording("non-molestation", (part(episode, "parent").id,), "seen", now.date())
    for other in (school, viewer_of("social.worker")):
        with pytest.raises(NotYours):
            facts.record(by=other, episode=episode.id, fact=fact, now=now)
