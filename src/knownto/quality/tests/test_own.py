"""What can be told from one record alone."""

from dataclasses import replace
from datetime import date

import pytest

from knownto.linkage import Address, Evidence, clean
from knownto.quality import own
from knownto.quality.kinds import FOUND

DAY = date(2026, 11, 15)
GOOD = Evidence(
    family_name="Okonjo",
    given_names="Amina",
    birth_date=date(2014, 3, 9),
    sex="F",
    addresses=(Address(("14 Harbour Street",), "QK1 2AB", "100099912345"),),
    nhs_number="9990000018",
    phones=("07700 900123",),
    emails=("amina@example.org",),
)


def faults(**changes):
    said = replace(GOOD, **changes)
    return set(own.faults(said, clean(said), DAY))


def test_it_finds_nothing_wrong_of_a_good_record():
    assert faults() == set()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("nhs-impossible", {"nhs_number": "9990000019"}),
        ("upn-impossible", {"upn": "B123456789012"}),
        ("pnc-impossible", {"pnc": "2001/0000001A"}),
        ("uprn-impossible", {"addresses": (Address(("1 Quay",), "QK1 2AB", "12X"),)}),
        ("postcode-impossible", {"addresses": (Address(("1 Quay",), "QK12"),)}),
        ("born-future", {"birth_date": date(2026, 11, 16)}),
        ("born-long-ago", {"birth_date": date(1895, 1, 5)}),
        ("born-placeholder", {"birth_date": date(1900, 1, 1)}),
        ("name-placeholder", {"given_names": "UNKNOWN"}),
        ("name-placeholder", {"family_name": "NOT KNOWN"}),
        ("phone-impossible", {"phones": ("12",)}),
        ("email-impossible", {"emails": ("none",)}),
        ("born-missing", {"birth_date": None}),
        ("name-missing", {"given_names": ""}),
        ("home-missing", {"addresses": ()}),
    ],
)
def test_it_finds(code, changes):
    assert faults(**changes) == {code}
    assert FOUND[code].do


@pytest.mark.parametrize(
    "changes",
    [
        {"addresses": (Address(("No fixed abode",), "NF1 1NF"),)},
        {"given_names": "Baby", "birth_date": DAY},
        {"family_name": "Kaur", "given_names": "Harpreet"},
        {"birth_date": None, "born_from": date(2012, 1, 1), "born_to": date(2013, 1, 1)},
        {"given_names": "", "unborn": True, "birth_date": None, "born_from": DAY, "born_to": DAY},
        {"birth_date": date(1896, 12, 31)},
    ],
)
def test_it_leaves_alone_what_is_odd_and_right(changes):
    assert faults(**changes) == set()


def test_a_pupil_number_is_missing_only_of_a_pupil():
    assert ("Pupil number (UPN)", True) in set(own.gaps(GOOD, DAY))
    grown = replace(GOOD, birth_date=date(1990, 3, 9))
    assert "Pupil number (UPN)" not in dict(own.gaps(grown, DAY))
