"""The people: invented throughout, and as hard to tell apart as real ones."""

import re
from collections import Counter
from datetime import date

from knownto.town import build
from knownto.town.identifiers import LANDLINES, MOBILES
from knownto.town.names import traditions
from knownto.town.tests.conftest import ENDS
from knownto.town.tests.contract import nhs_holds, upn_holds

LAST = ENDS.toordinal()


def everybody(town):
    return town.slice(0).population.people


def test_it_gives_every_small_town_its_children_in_a_believable_share(town):
    ages = [p.age_on(LAST) for p in everybody(town)]
    assert 3_000 <= len(ages) < 3_150
    assert 800 <= sum(0 <= age < 18 for age in ages) <= 1_200
    assert sum(age >= 65 for age in ages) > 300
    assert sum(age < 0 for age in ages) > 0  # expected children


def test_it_uses_no_number_postcode_or_address_that_could_be_real(town):
    phones = set(MOBILES) | set(LANDLINES)
    for person in everybody(town):
        assert person.nhs_number.startswith("999")
        assert nhs_holds(person.nhs_number)
        assert not person.upn or (person.upn[1:4] == "999" and upn_holds(person.upn))
        assert not person.phone or person.phone in phones
        assert not person.email or person.email.endswith("@example.org")
        for _, place, _ in person.homes:
            assert re.fullmatch(r"Q[A-Z][1-9]\d? \d[ABD-HJLNP-UW-Z]{2}|", place.postcode)
            assert re.fullmatch(r"99\d{10}|", place.uprn)


def test_it_gives_no_two_people_one_number(town):
    for attribute in ("nhs_number", "upn", "phone", "id"):
        values = [value for p in everybody(town) if (value := getattr(p, attribute))]
        assert len(values) == len(set(values)), attribute


def test_it_keeps_the_slices_of_a_borough_apart(town):
    borough = build("borough", seed=7, ends=ENDS)
    one, two = (borough.population(number).people for number in (0, 10))
    for attribute in ("nhs_number", "upn", "id"):
        first, second = ({getattr(p, attribute) for p in people} - {""} for people in (one, two))
        assert not first & second
    postcodes = ({place.postcode for p in people for _, place, _ in p.homes} - {""} for people in (one, two))
    assert set.isdisjoint(*postcodes)
    assert abs(len(one) - 23_750) < 100


def test_it_has_everybody_whom_a_matcher_confuses(town):
    people = everybody(town)
    traits = Counter(trait for p in people for trait in p.traits)
    assert traits["twin"] >= 4
    assert traits["triplet"] >= 3
    assert traits["cousin of one name"] >= 2
    assert traits["changed surname"] + traits["adopted"] >= 1
    fathers = [p for p in people if p.father and (p.given, p.family) == (p.father.given, p.father.family)]
    assert fathers
    kinds = {home.kind for home in town.slice(0).population.households}
    assert {"hostel", "refuge", "care home", "site", "shared house", "lone parent", "three generations"} <= kinds
    assert any(p.second_home for p in people)
    assert any(home.kind == "site" and not home.place.postcode for home in town.slice(0).population.households)


def test_it_gives_children_parents_of_an_age_to_have_them(town):
    for child in everybody(town):
        if child.mother is not None and "cousin of one name" not in child.traits:
            assert 13 < child.mother.age_on(child.born) < 56


def test_it_draws_every_tradition_in_about_its_share():
    people = build("borough", seed=3, ends=ENDS).population(4).people
    counts = Counter(p.tradition for p in people)
    assert abs(sum(t.share for t in traditions().values()) - 1) < 0.05
    for code, tradition in traditions().items():
        found = counts[code] / len(people)
        assert tradition.share * 0.5 - 0.002 < found < tradition.share * 1.8 + 0.006, code


def test_it_writes_sikh_and_polish_names_as_their_bearers_do(town):
    people = everybody(town)
    sikh = [p for p in people if p.tradition == "punjabi_sikh"]
    assert all("Kaur" in (p.middle, p.family) for p in sikh if p.sex == "F" and "cousin of one name" not in p.traits)
    poles = {p.family for p in people if p.tradition == "polish" and p.sex == "F"}
    assert not any(family.endswith("ski") for family in poles)


def test_it_moves_about_one_household_in_ten_in_a_year(town):
    people = [p for p in everybody(town) if "story" not in p.traits]
    moved = sum(any(day > LAST - 365 for day, _, _ in p.homes) for p in people)
    assert 0.07 < moved / len(people) < 0.16


def test_it_is_the_same_people_for_the_same_seed_whatever_was_made_before():
    one, two = (build("borough", seed=5, ends=date(2026, 3, 1)) for _ in range(2))
    one.population(1)
    assert one.population(3).people[77].name == two.population(3).people[77].name
