"""Breaking the glass, held against tables: what must be so before it is broken, and what is seen through it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.policy import LIFE_REASONS, ROLES, Allow, Asker, Breaking, BrokenGlass, Permission, Request, decide

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
OFFICER = Asker("police", frozenset({"officer"}))
SOUND = Breaking("child-in-danger", True, True, False, open_now=1, today=2, most_at_once=2, most_a_day=3)
GLASS = BrokenGlass("amy", NOW + timedelta(minutes=60), "child-in-danger")
BREAKS = frozenset(code for code, role in ROLES.items() if Permission.BREAK_GLASS in role.permissions)


def break_it(said, who=OFFICER):
    return decide(who, Request(Permission.BREAK_GLASS, breaking=said))


def look(person="amy", at=NOW, glass=GLASS, who=OFFICER, permission=Permission.FOOTPRINT):
    return decide(who, Request(permission, person=person, at=at, broken_glass=glass))


REASONS = ("adult-in-danger", "child-in-danger", "harm-to-self", "medical", "missing", "workers")


def test_the_reasons_are_those_and_no_others():
    assert tuple(sorted(LIFE_REASONS)) == REASONS


def test_whoever_has_not_looked_for_anybody_yet_is_let_in():
    assert isinstance(break_it(replace(SOUND, most_searches=1)), Allow)


@pytest.mark.parametrize("code", REASONS)
def test_it_is_broken_for_each_of_the_reasons_and_says_which(code):
    assert break_it(replace(SOUND, reason=code)) == Allow(because=f"role officer, breaks the glass: {code}")


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"reason": ""}, "no-life-reason"),
        ({"reason": "curiosity"}, "no-life-reason"),
        ({"sure": False}, "not-sure"),
        ({"fresh": False}, "not-fresh"),
        ({"suspended": True}, "glass-suspended"),
        ({"open_now": 2}, "glass-at-once"),
        ({"open_now": 9}, "glass-at-once"),
        ({"today": 3}, "glass-today"),
        ({"open_now": 0, "today": 0, "most_a_day": 0}, "glass-today"),
        ({"searches": 9}, "glass-today"),
    ],
)
def test_it_is_not_broken_when_one_thing_is_wrong(wrong, code):
    assert break_it(replace(SOUND, **wrong)).code == code


def test_it_is_not_broken_when_nothing_is_put_forward_or_the_worker_may_not():
    assert break_it(None).code == "no-life-reason"
    assert break_it(SOUND, Asker("police", frozenset({"administrator"}))).code == "not-your-role"
    assert break_it(SOUND, replace(OFFICER, active=False)).code == "account-closed"
    assert break_it(SOUND, replace(OFFICER, second_factor=False)).code == "second-factor"


def test_it_shows_everything_of_the_footprint_through_it_and_explains_itself():
    shown = look()
    assert shown.fields == {
        "agency", "open", "team", "dates", "counts", "categories", "household", "addresses",
    }  # fmt: skip
    assert shown.minutes == 60
    assert shown.because == "role officer, glass broken for child-in-danger until 2026-11-16T04:00:00Z"


@pytest.mark.parametrize(
    "seconds, minutes", [(0, 60), (1, 60), (60, 59), (3540, 1), (3599, 1), (3599.999999, 1), (3600, 0), (3601, 0)]
)
def test_it_is_shut_at_sixty_minutes_to_the_microsecond(seconds, minutes):
    answer = look(at=NOW + timedelta(seconds=seconds))
    assert answer.minutes == minutes if minutes else answer.code == "glass-closed"


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"person": "joe"}, "another-person"),
        ({"person": ""}, "another-person"),
        ({"person": "", "glass": replace(GLASS, person="")}, "another-person"),
        ({"at": None}, "glass-closed"),
        ({"who": Asker("police", frozenset({"privacy-officer"}))}, "not-your-role"),
        ({"who": replace(OFFICER, active=False)}, "account-closed"),
        ({"who": replace(OFFICER, second_factor=False)}, "second-factor"),
        ({"permission": Permission.PACK}, "not-your-role"),
        ({"permission": Permission.SEARCH}, "no-lawful-purpose"),
        ({"permission": Permission.EPISODE}, "not-your-work"),
        ({"glass": None}, "no-lawful-purpose"),
    ],
)
def test_it_shows_nothing_else_to_nobody_else(wrong, code):
    assert look(**wrong).code == code


@given(
    st.frozensets(st.sampled_from([*ROLES])),
    st.sampled_from(["amy", "joe", ""]),
    st.sampled_from(["amy", "joe", ""]),
    st.integers(-3600, 7200),
)
def test_it_is_seen_through_only_by_those_who_may_break_it_at_that_person_and_in_time(roles, asked, broken, seconds):
    glass = replace(GLASS, person=broken)
    at = glass.until + timedelta(seconds=seconds)
    answer = look(asked, at, glass, Asker("police", roles))
    assert isinstance(answer, Allow) == (bool(roles & BREAKS) and asked == broken != "" and seconds < 0)
