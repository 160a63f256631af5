"""Facts beside a person's own: compared by kind, and weighed only by a model that learnt what they are worth."""

from dataclasses import replace
from datetime import date
from math import inf

import pytest

from knownto.linkage import Cleaned, Evidence, clean, compare, load_model
from knownto.linkage.facts import KINDS, Fact, agreed
from knownto.linkage.model import Level, Reason

_COMMON = {"LONDON": 3.0, "OF": 1.0, "CHUDLEIGH": 11.0}


def _model(kind: str):
    levels = {
        name: Level(1.0, rare, -inf, Reason("origin", name, 1.0, told.format("origin")))
        for name, (told, rare) in KINDS[kind].items()
    }
    model = load_model()
    return replace(model, facts={"origin": Fact(kind, _COMMON, 9.0)}, levels={**model.levels, "origin": levels})


def _record(value: str):
    return clean(Evidence("Lunt", "Ada", facts=(("origin", value), ("unheard_of", "anything"))))


@pytest.mark.parametrize(
    ("kind", "one", "other", "level", "rarity"),
    [
        ("word", "London", " LONDON ", "same", 3.0),
        ("word", "Londn", "London", "near", 3.0),
        ("word", "Greater London", "London", "shared", 3.0),
        ("word", "Devon", "London", "different", 0.0),
        ("number", "5304218", "5304218", "same", 9.0),
        ("number", "5304218", "5302418", "slip", 0.0),
        ("number", "5304218", "5302481", "slips", 0.0),
        ("number", "5304218", "9911222", "different", 0.0),
        ("words", "Clifford of Chudleigh", "of Chudleigh, Clifford", "same", 11.0),
        ("words", "Baron Clifford of Chudleigh", "Clifford of Chudleigh", "most", 11.0),
        ("words", "Thomas of Chudleigh", "Clifford of Ugbrooke", "some", 1.0),
        ("words", "Clifford", "Cliford", "near", 0.0),
        ("words", "Clifford", "Whitby", "different", 0.0),
    ],
)
def test_each_kind_agrees_in_its_own_way(kind, one, other, level, rarity):
    found = list(agreed(_record(one), _record(other), _model(kind)))
    assert found == [("origin", level, rarity)]


def test_a_model_that_learnt_nothing_of_a_fact_leaves_it_alone():
    plain = load_model()
    assert compare(_record("London"), _record("Devon"), plain) == compare(_record(""), _record(""), plain)


def test_what_was_learnt_is_weighed_and_said():
    said = compare(_record("London"), _record("London"), _model("word")).reasons
    assert Reason("origin", "same", 4.0, "Same origin") in said


def test_the_cleaned_form_keeps_them():
    cleaned = _record("Łódź, Poland")
    assert cleaned.facts == (("origin", "LODZ POLAND"), ("unheard_of", "ANYTHING"))
    assert Cleaned.from_json(cleaned.to_json()) == cleaned


def test_the_dead_have_earlier_birthdays():
    told = Evidence("Lunt", "Ada", birth_date=date(1630, 8, 1))
    assert clean(told).birth == 0
    assert clean(told, earliest=1).birth == date(1630, 8, 1).toordinal()
