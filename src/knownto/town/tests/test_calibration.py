"""The mistakes and the volumes are those that were measured on real records, within what a sample allows."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from rapidfuzz.distance import JaroWinkler

from knownto.town import build
from knownto.town.happenings import POPULATION, kinds
from knownto.town.mistakes import plain
from knownto.town.tests.conftest import ENDS
from knownto.town.tests.contract import day

PLACEHOLDERS = ("1900-01-01", "1970-01-01", "01/01/1900", "01/01/1970")


@pytest.fixture(scope="module")
def part():
    return build("borough", seed=7, ends=ENDS).slice(2)


@pytest.fixture(scope="module")
def pairs(part):
    """The evidence of two agencies' first records of one person."""
    by_person = defaultdict(dict)
    for code, shelf in part.shelves.items():
        for record in shelf.records:
            if record.person.age_on(ENDS.toordinal()) > 1.5:
                by_person[record.person.id].setdefault(code, record.evidence)
    return [pair for held in by_person.values() for pair in combinations(held.values(), 2)]


def shares(values) -> dict[str, float]:
    counts = Counter(values)
    return {value: counts[value] / counts.total() for value in counts}


def names_agree(one, other) -> str:
    first, second = (plain(e.given_names).lower().split()[:1] for e in (one, other))
    family = [plain(e.family_name).lower() for e in (one, other)]
    if first == second and family[0] == family[1]:
        return "exact"
    near = JaroWinkler.similarity("".join(first) + family[0], "".join(second) + family[1])
    return "close" if near >= 0.9 else "far"


def postcodes(evidence) -> set[str]:
    held = {evidence.postcode, *evidence.earlier_postcodes.split("; ")}
    return {postcode for postcode in held if postcode.startswith("Q")}


def test_it_agrees_on_names_as_often_as_real_agencies_do(pairs):
    found = shares(names_agree(*pair) for pair in pairs)
    assert found["exact"] == pytest.approx(0.881, abs=0.03)
    assert found["close"] == pytest.approx(0.073, abs=0.025)


def test_it_agrees_on_dates_of_birth_as_often_as_real_agencies_do(pairs):
    known = [p for p in pairs if all(e.date_of_birth and e.date_of_birth not in PLACEHOLDERS for e in p)]
    same = sum(day(a.date_of_birth) == day(b.date_of_birth) for a, b in known) / len(known)
    assert same == pytest.approx(0.948, abs=0.02)


def test_it_agrees_on_postcodes_as_often_as_real_agencies_do(pairs):
    known = [(postcodes(a), postcodes(b)) for a, b in pairs if postcodes(a) and postcodes(b)]
    found = shares(
        "full" if a & b else "part" if {p.split()[0] for p in a} & {p.split()[0] for p in b} else "none"
        for a, b in known
    )
    assert found["full"] == pytest.approx(0.708, abs=0.05)
    assert found["part"] == pytest.approx(0.092, abs=0.04)
    assert found["none"] == pytest.approx(0.199, abs=0.05)


def test_it_holds_nhs_numbers_as_completely_as_each_agency_does(part):
    def complete(agency: str) -> float:
        young = [r.evidence for r in part.shelves[agency].records if 0 <= r.person.age_on(ENDS.toordinal()) < 18]
        born = [e for e in young if not e.expected_birth_date]
        return sum(bool(e.nhs_number) for e in born) / len(born)

    assert complete("police") == complete("school") == 0
    assert complete("childrens-social-care") >= 0.94  # the national floor for sharing child protection plans is 95%
    assert complete("hospital") >= 0.96


def test_it_lags_behind_a_fifth_to_two_fifths_of_moves(part):
    for shelf in part.shelves.values():
        stale = sum("stale_address" in r.evidence.made for r in shelf.records) / len(shelf.records)
        assert 0.12 < stale < 0.4, shelf.habit.agency


def test_it_sees_as_many_contacts_as_the_published_figures_scale_to(part):
    scale = len(part.population.people) / POPULATION
    first = ENDS.toordinal() - 364
    for agency, shelf in part.shelves.items():
        started = Counter(c.category for c in shelf.contacts if c.started >= first)
        for kind in kinds():
            if kind.agency == agency and kind.category not in ("domestic_abuse", "maternity"):
                expected = kind.starts_a_year * scale
                assert started[kind.category] == pytest.approx(expected, abs=4.5 * expected**0.5 + 4), kind.category


def test_it_refers_about_one_child_in_five_again_within_a_year(part):
    days = defaultdict(list)
    for contact in part.shelves["childrens-social-care"].contacts:
        if contact.category == "referral":
            days[contact.record.person.id].append(contact.started)
    again = total = 0
    for held in days.values():
        held.sort()
        for before, after in zip([None, *held], held, strict=False):
            total += 1
            again += before is not None and after - before <= 365
    assert 0.10 < again / total < 0.40  # England 2024: 22%
