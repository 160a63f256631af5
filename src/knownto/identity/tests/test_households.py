"""Who lives with whom. Somebody who only shares an address is never shown for it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from knownto.identity import acts, reads
from knownto.identity.answers import Household, NobodyThere, NotExact, SharedHouse
from knownto.identity.tests.conftest import AMINA, person_of
from knownto.linkage import Address

BY_NOBODY = UUID(int=7)
AGENCIES = ("police", "hospital")
HOME = AMINA.addresses[0]
MOTHER = replace(AMINA, given_names="Ngozi", birth_date=date(1988, 12, 2))
LODGER = replace(AMINA, family_name="Hargreaves", given_names="Olive", birth_date=date(1971, 6, 1))
ELSEWHERE = Address(("2 Mill Lane",), "QK7 3ZZ")


@pytest.fixture
def family(partners, now):
    ids = partners.send(AMINA, MOTHER)
    acts.catch_up(now=now)
    return tuple(person_of(record) for record in ids)


def test_it_shows_the_household_with_reasons(family):
    [member] = reads.household(family[0])
    assert member.person == family[1]
    assert [r.sentence for r in member.reasons] == ["Same address", "Same family name"]


def test_it_never_shows_a_stranger_at_the_same_address(partners, family, now):
    partners.send(LODGER)
    acts.catch_up(now=now)
    assert [member.person for member in reads.household(family[0])] == [family[1]]
    assert reads.at_address(HOME) == SharedHouse()


def test_it_ties_by_a_partners_own_grouping_within_that_partner_only(partners, now):
    child, carer = partners.send(AMINA, LODGER, agency="childrens-social-care", household="H1")
    [stranger] = partners.send(replace(LODGER, family_name="Pike", given_names="Rob"), agency="police", household="H1")
    acts.catch_up(now=now)
    assert [member.person for member in reads.household(person_of(child))] == [person_of(carer)]
    assert reads.household(person_of(stranger)) == ()


def test_it_shows_the_one_household_at_an_address(family):
    found = reads.at_address(Address(("14 HARBOUR STREET",), "qk12ab"))
    assert isinstance(found, Household)
    assert [member.person for member in found.members] == list(family)


def test_it_does_not_show_those_who_have_moved_away(partners, family, now):
    records = [member.records[0] for member in reads.at_address(HOME).members]
    partners.change(records[0], addresses=(ELSEWHERE, HOME))
    acts.catch_up(now=now)
    assert [member.person for member in reads.at_address(HOME).members] == [family[1]]
    assert reads.household(family[0]) == ()


@pytest.mark.parametrize(
    ("address", "answer"),
    [(ELSEWHERE, NobodyThere()), (Address(("Harbour Street",), "QK1 2AB"), NotExact()), (Address(), NotExact())],
)
def test_it_says_when_it_cannot_show_anybody(family, address, answer):
    assert reads.at_address(address) == answer


def test_it_takes_a_place_with_too_many_for_a_shared_one(partners, now, monkeypatch):
    monkeypatch.setattr("knownto.identity.households.MOST_AT_A_HOME", 2)
    partners.send(AMINA, MOTHER, replace(AMINA, given_names="Blessing", birth_date=date(2016, 1, 2)))
    acts.catch_up(now=now)
    assert reads.at_address(HOME) == SharedHouse()


def test_it_lists_present_and_earlier_addresses_with_the_agencies_that_hold_them(partners, now):
    [police] = partners.send(AMINA)
    partners.send(replace(AMINA, addresses=(ELSEWHERE, HOME)), agency="hospital")
    acts.catch_up(now=now)
    found = {a.address.postcode: (a.current, a.agencies) for a in reads.addresses(person_of(police), AGENCIES)}
    assert found == {"QK1 2AB": (True, ("hospital", "police")), "QK7 3ZZ": (True, ("hospital",))}
    [only] = reads.addresses(person_of(police), ("police",))
    assert (only.address.postcode, only.agencies) == ("QK1 2AB", ("police",))


def test_it_answers_of_a_person_under_a_former_id(partners, now):
    first, second = partners.send(AMINA, replace(AMINA, family_name="Vex", given_names="Io", birth_date=None))
    acts.catch_up(now=now)
    former = person_of(second)
    partners.change(second, family_name="Okonjo", given_names="Amina", birth_date=AMINA.birth_date)
    acts.catch_up(now=now)
    known = reads.person(former)
    assert known.id == person_of(first) != former
    assert [record.id for record in known.records] == [first, second]
    assert [record.evidence.given_names for record in known.records] == ["Amina", "Amina"]


def test_it_knows_nobody_under_an_id_that_never_was(family):
    assert reads.person(BY_NOBODY) is None
    assert reads.household(BY_NOBODY) == reads.addresses(BY_NOBODY, AGENCIES) == ()
