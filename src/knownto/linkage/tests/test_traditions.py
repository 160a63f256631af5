"""Fairness, measured: as many people of each tradition, each with the slips that clerks make in its names."""

from random import Random

import pytest

from knownto.linkage import Cleaned, clean, load_model, tables
from knownto.linkage.tests.invented import Person
from knownto.linkage.tests.measuring import Measured, measure
from knownto.linkage.tests.traditions import TRADITIONS, Even, hardly

_PEOPLE = 2700
MODEL = load_model().for_population(_PEOPLE)


def _held(people: int, seed: int) -> list[tuple[Person, Cleaned]]:
    slips = Random(seed + 1)
    return [(p, clean(hardly(p, slips))) for p in Even(seed).people(people) for _ in (1, 2)]


def _missed(measured: Measured) -> dict[str, float]:
    return {t: 1 - found / of for t, (found, of) in measured.missed_by.items()}


@pytest.fixture(scope="module")
def measured():
    return measure(_held(_PEOPLE, 20261122), MODEL)


def test_every_tradition_is_measured(measured):
    assert measured.missed_by.keys() == set(TRADITIONS)
    assert min(of for _, of in measured.missed_by.values()) >= 200


def test_no_tradition_loses_its_people(measured):
    """So few of each show no gap of half a point; a whole way of writing names that is not understood shows."""
    assert max(_missed(measured).values()) <= 0.025
    assert measured.recall >= 0.99


def test_what_it_joins_of_any_tradition_is_right(measured):
    assert measured.precision >= 0.997


def test_without_knowing_an_order_of_names_those_who_bear_it_are_missed(measured, monkeypatch):
    """Negative control: the measure sees one tradition that is served worse than the others."""
    monkeypatch.setattr(tables, "FAMILY_FIRST", frozenset())
    blind = _missed(measure(_held(_PEOPLE, 20261122), MODEL))
    assert blind["chinese"] > _missed(measured)["chinese"] + 0.02
