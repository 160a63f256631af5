"""Who may do what, held against a table written by hand, and the list's filter held against the one decision."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.policy import (
    PURPOSES,
    ROLES,
    Allow,
    Asker,
    Breaking,
    Everything,
    Nothing,
    OfAgency,
    Permission,
    Refuse,
    Request,
    decide,
    purposes_for,
    role,
    visible,
)
from knownto.policy.parts import PARTS
from knownto.policy.permissions import NEEDS_PART, NEEDS_PURPOSE, NEEDS_THE_WHOLE, OWN_AGENCY_ONLY
from knownto.policy.purposes import FAMILY_STANDING

TABLE = list(csv.DictReader((Path(__file__).parent / "who_may.csv").read_text().splitlines()))
POWERS = tuple(sorted({power for role in ROLES.values() for power in role.powers}))
SECTION_NAMES = (
    "referral", "people", "checks", "health", "decisions", "meetings", "minutes", "outcome", "asks", "facts", "clocks",
)  # fmt: skip
LIFE = Breaking("missing", True, True, False, open_now=1, today=2, most_at_once=2, most_a_day=3)
SOUND = Request(
    Permission.SEARCH,
    purpose="child-concern",
    work="MASH-1",
    of_agency="police",
    found_by_own_search=True,
    parts=frozenset({"hub"}),
    powers=POWERS,
    breaking=LIFE,
)


def asker(*roles):
    return Asker("police", frozenset(roles))


def test_it_has_a_line_for_every_permission_and_a_column_for_every_role():
    assert {line["permission"] for line in TABLE} == set(Permission)
    assert set(TABLE[0]) - {"permission"} == set(ROLES)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["permission"])
@pytest.mark.parametrize("code", ROLES)
def test_it_allows_exactly_what_the_table_says(line, code):
    answer = decide(asker(code), replace(SOUND, permission=Permission(line["permission"])))
    assert isinstance(answer, Allow) == (line[code] == "yes")


def test_it_allows_nothing_to_no_role_or_an_unknown_one():
    for permission in Permission:
        assert decide(asker(), replace(SOUND, permission=permission)).code == "not-your-role"
        assert decide(asker("superuser"), replace(SOUND, permission=permission)).code == "not-your-role"


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"purpose": ""}, "no-lawful-purpose"),
        ({"purpose": "curiosity"}, "no-lawful-purpose"),
        ({"purpose": "police-attendance"}, "no-lawful-purpose"),
        ({"work": "  "}, "no-work"),
        ({"purpose": "section-17"}, "family-not-told"),
        ({"purpose": "section-17", "family": "perhaps"}, "family-not-told"),
        ({"purpose": "section-17", "family": "dispensed"}, "no-reason-to-dispense"),
        ({"permission": Permission.FOOTPRINT, "found_by_own_search": False}, "not-found-by-you"),
        ({"permission": Permission.PACK, "found_by_own_search": False}, "not-found-by-you"),
    ],
)
def test_it_refuses_a_screener_who_gives_no_good_reason(wrong, code):
    assert isinstance(decide(asker("screener"), SOUND), Allow)
    assert decide(asker("screener"), replace(SOUND, **wrong)).code == code


@pytest.mark.parametrize("family, reason", [("agreed", ""), ("told", ""), ("dispensed", "He may flee")])
def test_it_asks_below_section_47_how_the_family_stands(family, reason):
    request = replace(SOUND, purpose="section-17", family=family, family_reason=reason)
    assert isinstance(decide(asker("screener"), request), Allow)


def test_it_refuses_a_closed_account_and_a_missing_second_factor():
    assert decide(replace(asker("screener"), active=False), SOUND).code == "account-closed"
    assert decide(replace(asker("screener"), second_factor=False), SOUND).code == "second-factor"


def test_it_keeps_one_agencys_material_from_another():
    for permission in OWN_AGENCY_ONLY:
        request = Request(permission, of_agency="school")
        assert decide(asker("data-manager", "supervisor"), request).code == "another-agency"


def test_it_opens_a_piece_of_work_only_to_those_who_take_part_and_by_how():
    for permission in NEEDS_PART:
        assert decide(asker(*ROLES), replace(SOUND, permission=permission, parts=frozenset())).code == "not-your-work"
    shown = decide(asker("school-lead"), Request(Permission.EPISODE, parts=frozenset({"referrer"})))
    assert shown.fields == {"referral", "people", "outcome"}
    asked = decide(asker("officer"), Request(Permission.EPISODE, parts=frozenset({"asked", "stranger"})))
    assert asked.fields == {"asks"}


def test_it_lets_a_decision_be_made_only_in_a_power_that_the_role_holds():
    request = Request(Permission.DECIDE, parts=frozenset({"hub"}), powers=("council-manager", "emergency-duty"))
    assert decide(asker("screener"), request).code == "not-your-power"
    assert decide(asker("hub-manager"), request).fields == {"council-manager"}
    assert decide(asker("out-of-hours"), request).fields == {"council-manager", "emergency-duty"}


def test_it_lets_nobody_change_their_own_roles():
    request = Request(Permission.WORKERS, about_self=True)
    assert decide(asker("administrator"), request).code == "own-account"


def test_it_shows_a_school_whom_to_ring_and_no_more():
    shown = decide(asker("school-lead"), SOUND).fields
    assert shown == {"agency", "open", "team"}


@given(
    st.frozensets(st.sampled_from([*ROLES, "nonsense"])),
    st.sampled_from(["police", "school"]),
    st.sampled_from(["police", "school"]),
    st.sampled_from(Permission),
    st.booleans(),
    st.booleans(),
)
def test_its_lists_agree_with_its_decisions(roles, agency, owner, permission, active, factor):
    who = Asker(agency, roles, active, factor)
    reach = visible(who, permission)
    in_list = isinstance(reach, Everything) or (isinstance(reach, OfAgency) and reach.agency == owner)
    if permission in NEEDS_PURPOSE:
        assert reach == Nothing()
    else:
        assert in_list == isinstance(decide(who, Request(permission, of_agency=owner)), Allow)


@given(
    st.frozensets(st.sampled_from([*ROLES])),
    st.sampled_from(Permission),
    st.sampled_from(["", "x", *PURPOSES]),
    st.sampled_from(["", " ", "W-1"]),
    st.sampled_from(["", "y", *FAMILY_STANDING]),
    st.sampled_from(["", "r"]),
)
def test_it_never_allows_a_look_at_people_without_purpose_and_work(roles, permission, purpose, work, family, reason):
    answer = decide(Asker("police", roles), Request(permission, purpose, work, family, reason))
    if permission in NEEDS_PURPOSE and isinstance(answer, Allow):
        assert purpose in PURPOSES and work.strip()
        assert any(purpose in ROLES[code].purposes for code in roles)
    assert isinstance(answer, Allow | Refuse)


POINTER = {"agency", "open", "team"}
SHOWN = {"pointer": POINTER, "headline": POINTER | {"dates", "counts", "categories"}}


def test_each_role_looks_for_what_is_written_sees_what_is_written_and_decides_as_what_is_written():
    read = csv.DictReader((Path(__file__).parent / "what_roles_see.csv").read_text().splitlines())
    lines = {line["role"]: line for line in read}
    assert lines.keys() == ROLES.keys()
    for code, line in lines.items():
        fields = set().union(*(SHOWN.get(word, {word}) for word in line["footprint"].split()))
        assert (set(ROLES[code].purposes), set(ROLES[code].fields)) == (set(line["purposes"].split()), fields), code
        assert set(ROLES[code].powers) == set(line["powers"].split()), code


def test_every_role_says_what_it_is_for():
    for each in ROLES.values():
        assert len(each.description) > 60 and set(each.purposes) <= set(PURPOSES)


def test_what_each_kind_of_permission_needs_is_written_down_a_second_time():
    assert {"send-feed", "feeds-own", "release-feed", "supervise", "answer", "copies"} == OWN_AGENCY_ONLY
    assert {"episode", "screen", "decide", "analyse", "meet", "challenge", "known-facts"} == NEEDS_PART
    assert {"search", "footprint", "pack"} == NEEDS_PURPOSE
    assert {"screen", "known-facts"} == NEEDS_THE_WHOLE


def test_the_family_is_told_of_a_child_in_need_and_of_early_help():
    assert {code for code, purpose in PURPOSES.items() if purpose.family_must_know} == {"section-17", "early-help"}


def test_purposes_and_roles_are_found_by_their_codes():
    offered = purposes_for(frozenset({"accuracy", "child-concern", "nonsense"}))
    assert [each.code for each in offered] == ["child-concern", "accuracy"]
    assert role("officer").code == "officer"
    with pytest.raises(KeyError):
        role("some-role")


def test_it_takes_nothing_for_given_that_was_not_said():
    look = Request(Permission.FOOTPRINT, purpose="child-concern", work="MASH-1")
    assert decide(asker("screener"), look).code == "not-found-by-you"
    assert isinstance(decide(asker("administrator"), Request(Permission.WORKERS)), Allow)  # of somebody else


def test_a_footprint_stays_open_for_an_hour_and_nothing_else_has_a_time():
    shown = decide(asker("screener"), replace(SOUND, permission=Permission.FOOTPRINT))
    assert shown.minutes == 60
    assert decide(asker("screener"), Request(Permission.EPISODE, parts=frozenset({"hub"}))).minutes == 0


def test_what_needs_no_part_in_any_work_is_not_asked_for_one():
    for permission in sorted(set(Permission) - NEEDS_PART):
        answer = decide(asker(*ROLES), replace(SOUND, permission=permission, parts=frozenset()))
        assert isinstance(answer, Allow), permission


def test_a_list_of_ones_own_agencys_is_of_that_agency():
    for permission in sorted(OWN_AGENCY_ONLY):
        assert visible(asker(*ROLES), permission) == OfAgency("police")
        assert visible(asker(), permission) == Nothing()


def test_each_part_in_a_piece_of_work_sees_what_is_written_here():
    """By section: r(eferral), p(eople), c(hecks), h(ealth), d(ecisions), m(eetings), n (minutes), o(utcome), a(sks),
    f(acts), t (clocks). Written by hand from who takes part how, and not from the product's table."""
    letters = dict(zip("rpchdmnoaft", SECTION_NAMES, strict=True))
    written = {
        "hub": "rpchdmnoaft", "allocated": "rpchdmnoaft", "health": "rpchmat", "invited": "pmna",
        "asked": "a", "referrer": "rpo", "supervisor": "rpo", "escalated": "rpdo",
    }  # fmt: skip
    assert {part: frozenset(letters[each] for each in seen) for part, seen in written.items()} == PARTS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("permission", sorted(NEEDS_THE_WHOLE))
def test_only_whoever_sees_the_whole_of_it_may_screen_it_or_say_who_may_be_told(permission, part):
    answer = decide(asker("screener"), replace(SOUND, permission=permission, parts=frozenset({part})))
    assert isinstance(answer, Allow) == (part in ("hub", "allocated"))
    assert isinstance(answer, Allow) or answer.code == "not-your-work"
