"""Joining two contacts without losing either, and taking them apart again."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.casework import acts, reads
from knownto.casework.models import Ask
from knownto.pathways.frontdoor import deciding, joining, screening
from knownto.pathways.frontdoor.tests.contacts import ORLA, TOBIAS, anew, contact


@pytest.fixture
def two(now):
    """(the first, from the school; its duplicate, from an officer, about another child too)."""
    return contact(now), contact(now + timedelta(minutes=5), TOBIAS, ORLA, writer="officer", what_happened="A row.")


def join(by, duplicate, first, now, **more):
    return joining.join(
        by=by, episode=duplicate.id, to=first.id, why="The same evening.", **{"seen": 0, "now": now} | more
    )


def test_both_referrers_get_the_outcome(viewer_of, two, now):
    first, duplicate = two
    screener = viewer_of("screener")
    join(screener, duplicate, first, now)
    assert anew(duplicate).state == "joined" and anew(duplicate).joined_to_id == first.id
    deciding.decide(by=screener, episode=first.id, move="advice", level=1, rationale="Told.", seen=0, now=now)
    with system("test"):
        told = [ask.to_agency for ask in Ask.objects.filter(kind="outcome", episode__in=[first, duplicate])]
    assert sorted(told) == ["police", "police", "school"]  # the officer also that it was joined


def test_whoever_is_only_in_the_joined_one_is_not_forgotten(viewer_of, two, now):
    first, duplicate = two
    join(viewer_of("screener"), duplicate, first, now)
    with system("test"):
        names = [known.name for known in reads.people([first])[first.id]]
    assert sorted(names) == ["Orla Wrenshaw", "Tobias Wrenshaw"]


def test_joining_makes_nothing_less_urgent(viewer_of, now):
    first, duplicate = contact(now, urgency="green"), contact(now, urgency="red")
    join(viewer_of("screener"), duplicate, first, now)
    assert anew(first).urgency == "red"


def test_only_to_another_open_contact(viewer_of, two, now):
    first, duplicate = two
    screener = viewer_of("screener")
    with pytest.raises(joining.CannotJoin):
        join(screener, first, first, now)
    deciding.decide(by=screener, episode=first.id, move="advice", level=1, rationale="Told.", seen=0, now=now)
    with pytest.raises(joining.CannotJoin):
        join(screener, duplicate, first, now)
    assert anew(duplicate).state == "received"


def test_what_was_joined_before_comes_along(viewer_of, two, now):
    first, duplicate = two
    third, screener = contact(now), viewer_of("screener")
    join(screener, duplicate, first, now)
    join(screener, first, third, now)
    assert anew(duplicate).joined_to_id == anew(first).joined_to_id == third.id


def test_the_second_who_joins_it_is_told(viewer_of, two, now):
    first, duplicate = two
    screening.take(by=viewer_of("hub.manager"), episode=duplicate.id, seen=0, now=now)
    with pytest.raises(acts.Overtaken):
        join(viewer_of("screener"), duplicate, first, now)
    assert anew(duplicate).joined_to_id is None


def test_taken_apart_it_goes_on_as_old_as_it_is(viewer_of, two, now):
    first, duplicate = two
    screener, later = viewer_of("screener"), now + timedelta(days=3)
    join(screener, duplicate, first, now)
    made = joining.take_apart(by=screener, episode=duplicate.id, why="Another Tobias.", now=later)
    with system("test"):
        [(letter, plain)] = reads.statements(made, "referral")
        assert (letter.agency, letter.at, plain["what_happened"]) == ("police", duplicate.opened_at, "A row.")
        assert {clock.started_at for clock in reads.running(made)} == {duplicate.opened_at}
        names = {known.name for known in reads.people([made])[made.id]}
        assert names == {"Tobias Wrenshaw", "Orla Wrenshaw"}
    assert made.next_due < later and made.from_agency_id == "police" and anew(duplicate).joined_to_id is None
    with pytest.raises(joining.NotJoined):
        joining.take_apart(by=screener, episode=duplicate.id, why="Again.", now=later)


def test_after_that_the_other_referrer_is_told_of_the_first_no_more(viewer_of, two, now):
    first, duplicate = two
    screener = viewer_of("screener")
    join(screener, duplicate, first, now)
    joining.take_apart(by=screener, episode=duplicate.id, why="Another Tobias.", now=now)
    deciding.decide(by=screener, episode=first.id, move="advice", level=1, rationale="Told.", seen=0, now=now)
    with system("test"):
        assert Ask.objects.filter(kind="outcome", episode=duplicate).count() == 1  # that it was joined
