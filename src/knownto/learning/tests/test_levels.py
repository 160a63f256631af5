"""The model as Splink is told it: the same weight by its arithmetic as by ours, on every kind of pair."""

from math import log2
from random import Random

from knownto.learning import levels
from knownto.linkage import clean, compare, load_model
from knownto.linkage.tests.invented import Registry, written


def pairs():
    chance = Random(4)
    held = [clean(written(p, chance)) for p in Registry(3).people(300) for _ in (1, 2)]
    near = list(zip(held, held[1:], strict=False))
    return near + [(held[n], held[-n]) for n in range(1, 300)]


def splinks(told, model):
    """What Splink's arithmetic comes to: prior odds, times m over u, or over the value's frequency."""
    weight = model.prior
    for field, level, tf in told:
        m, u = levels.shares(model.levels[field][level].bits)
        weight += log2(m / (u if tf is None else tf))
    return weight


def test_it_comes_to_the_same_bits_reasons_and_rules():
    model = load_model()
    bared = levels.weightless(model)
    ruled = 0
    for a, b in pairs():
        ours = compare(a, b, model)
        found = levels.ruled(a, b, splinks(levels.seen(a, b, model, bared), model), bared)
        assert abs(found.bits - ours.bits) < 1e-9
        assert [(r.field, r.level) for r in found.reasons] == [(r.field, r.level) for r in ours.reasons]
        ruled += any(r.field == "rule" for r in ours.reasons)
    assert ruled > 10


def test_a_share_is_a_share_whatever_the_bits():
    for bits in (-40.0, -0.1, 0.0, 0.1, 40.0):
        m, u = levels.shares(bits)
        assert 0 < m <= 1 and 0 < u <= 1 and abs(log2(m / u) - bits) < 1e-12


def test_the_settings_name_every_level_once():
    model = load_model()
    told = levels.settings(model)
    named = [
        (c["output_column_name"], x["label_for_charts"]) for c in told["comparisons"] for x in c["comparison_levels"]
    ]
    assert len(named) == len(set(named)) == sum(len(some) + 1 for some in model.levels.values())
