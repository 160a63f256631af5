"""Measured on invented families: how much is found, how much of it is right, and that the rules are why."""

from dataclasses import replace
from time import process_time

import pytest

from knownto.linkage import Cleaned, clean, compare, keys, load_model, query_keys
from knownto.linkage.tests.invented import Registry, written
from knownto.linkage.tests.measuring import measure, records

_PEOPLE = 4000
MODEL = load_model().for_population(_PEOPLE)


@pytest.fixture(scope="module")
def held():
    return records(_PEOPLE, seed=20261122)


@pytest.fixture(scope="module")
def measured(held):
    return measure(held, MODEL)


def test_nearly_every_true_pair_shares_a_key(measured):
    assert measured.reach >= 0.995


def test_it_finds_nearly_every_true_pair_and_joins_most(measured):
    assert measured.recall >= 0.99
    assert measured.automatic >= 0.88


def test_what_it_joins_by_itself_is_right(measured):
    assert measured.joined > 3000
    assert measured.precision >= 0.9995


def test_no_naming_tradition_is_much_worse_served(measured):
    for tradition, (found, of) in measured.missed_by.items():
        assert of < 100 or found / of >= 0.98, tradition


def test_what_it_asks_a_person_about_is_worth_asking(measured):
    likely = [same for bits, same in measured.scores if 2 <= bits < MODEL.join]
    assert sum(likely) / len(likely) >= 0.7


def test_pairs_it_calls_unlikely_are_not_one_person(measured):
    unlikely = [same for bits, same in measured.scores if bits < MODEL.possible]
    assert sum(unlikely) / len(unlikely) < 0.002


def test_without_its_rules_families_would_be_joined(held):
    """Negative control: the measure sees wrong links when there are some."""
    careless = measure(held, replace(MODEL, guards=()))
    assert careless.false >= 10
    assert careless.precision < 0.9995


def test_the_measure_sees_through_wrong_labels(held):
    """Negative control: with the truth shuffled nothing looks right."""
    people = [p for p, _ in held]
    shuffled = list(zip(people[7:] + people[:7], [c for _, c in held], strict=True))
    assert measure(shuffled, MODEL).precision < 0.1


def _cheapest(work, repeats: int = 5, times: int = 200) -> float:
    """Milliseconds of processor time for one call, in the quietest of a few rounds."""
    rounds = []
    for _ in range(repeats):
        start = process_time()
        for i in range(times):
            work(i)
        rounds.append(process_time() - start)
    return min(rounds) / times * 1000


def test_it_is_fast_enough_to_be_used_a_million_times(held):
    registry = Registry(3)
    evidence = [written(p, registry.chance) for p in registry.people(1200)]
    fresh = iter(evidence)
    cleaned = [c for _, c in held]
    stored = [c.to_json() for c in cleaned[:300]]
    assert _cheapest(lambda i: clean(next(fresh))) < 0.2
    assert _cheapest(lambda i: keys(cleaned[i])) < 0.1
    assert _cheapest(lambda i: query_keys(cleaned[i])) < 0.2
    assert _cheapest(lambda i: compare(cleaned[2 * i], cleaned[2 * i + 1], MODEL)) < 0.05
    assert _cheapest(lambda i: Cleaned.from_json(stored[i])) < 0.05
