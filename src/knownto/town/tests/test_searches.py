"""Searches as workers type them."""

from collections import Counter

from knownto.town import searches


def test_it_searches_for_somebody_true_or_for_nobody(town):
    found = searches(town, 1_000, seed=1)
    people = {p.id: p for p in town.slice(0).population.people}
    assert len(found) == 1_000
    assert all(search.person_id in people for search in found if search.person_id)
    nobody = sum(search.person_id is None for search in found) / 1_000
    assert 0.08 < nobody < 0.2
    assert 0.5 < sum(search.child for search in found) / 1_000 < 0.7


def test_it_searches_for_nobody_who_is_in_a_record(town):
    held = {r.person.id for shelf in town.slice(0).shelves.values() for r in shelf.records}
    assert all(search.person_id in held for search in searches(town, 400, seed=2) if search.person_id)


def test_it_gives_enough_to_ask_with(town):
    for search in searches(town, 500, seed=3):
        known = search.known
        facts = [known.given_names or known.family_name, known.birth_date, known.postcode, known.estimated_age]
        assert known.nhs_number or known.phone or sum(fact not in ("", None) for fact in facts) >= 2


def test_it_slips_as_people_do_and_repeats_itself_for_one_seed(town):
    found = searches(town, 1_000, seed=1)
    assert found == searches(town, 1_000, seed=1)
    assert found != searches(town, 1_000, seed=4)
    slips = Counter(slip for search in found for slip in search.slips)
    assert 120 < slips.total() < 450
    assert {"misspelt given name", "short name", "former address"} <= set(slips)
