"""Where others agree and differ: what may be told, and what may not."""

from dataclasses import replace
from datetime import date

import pytest

from knownto.linkage import Address, Evidence, clean
from knownto.quality.against import FIELDS, differences

ALL = frozenset(FIELDS)
OURS = Evidence(
    family_name="Okonjo", given_names="Amina", birth_date=date(2014, 3, 9), nhs_number="9990000018", sex="F"
)
BORN = {"birth_date": date(2014, 3, 19)}


def told(*others, compared=ALL, least=2, ours=OURS):
    each = {f"agency {n}": [clean(said)] for n, said in enumerate(others)}
    return differences(clean(ours), each, compared, least)


def but(**changes):
    return replace(OURS, **changes)


def test_it_tells_when_two_agree_with_one_another_and_not_with_us():
    assert told(but(**BORN), but(**BORN)) == ["born-differs"]


@pytest.mark.parametrize(
    ("why", "others"),
    [
        ("nobody else", []),
        ("one alone", [but(**BORN)]),
        ("two that do not agree with one another", [but(**BORN), but(birth_date=date(2014, 3, 10))]),
        ("one agrees with us", [but(**BORN), but(**BORN), OURS]),
        ("all agree", [OURS, OURS]),
        ("sex, which the law protects", [but(sex="M"), but(sex="M")]),
        ("an address, which may be a refuge", [but(addresses=(Address(("1 Quay",), "QK1 2AB"),))] * 2),
        ("a whole new name", [but(family_name="Adeyemi", given_names="Grace")] * 2),
        ("a new name and a new NHS number: an adoption", [but(family_name="Adeyemi", nhs_number="9990000026")] * 2),
    ],
)
def test_it_is_silent_of(why, others):
    assert told(*others) == []


def test_it_is_silent_of_a_field_that_too_few_hold():
    assert told(but(**BORN), but(**BORN), compared=ALL - {"born-differs"}) == []


def test_it_is_silent_where_we_give_nothing():
    assert told(but(**BORN), but(**BORN), ours=but(birth_date=None)) == []


def test_an_agency_that_contradicts_itself_counts_for_nothing():
    each = {"one": [clean(but(**BORN)), clean(but(birth_date=date(2014, 3, 10)))], "two": [clean(but(**BORN))]}
    assert differences(clean(OURS), each, ALL, 2) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("family-differs", {"family_name": "Adeyemi"}),
        ("given-differs", {"given_names": "Blessing"}),
        ("nhs-superseded", {"nhs_number": "9990000026"}),
    ],
)
def test_it_tells_of(code, changes):
    assert told(but(**changes), but(**changes)) == [code]


def test_a_former_name_that_we_hold_is_no_difference():
    married = but(family_name="Adeyemi")
    assert told(married, married, ours=but(other_names=("Amina Adeyemi",))) == []
