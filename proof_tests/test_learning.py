"""Weights learnt with Splink: its scores are ours, learning finds what was planted, and an unsigned model is refused.

Needs what `bin/setup train` installs; `make proof` runs that first.
"""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from knownto.learning import beside_splink, contests, documents, peers, sets, signing_off, training
from knownto.learning.pairs import by_chance, candidates
from knownto.linkage import ModelDamaged, load_model
from knownto.linkage.agreement import birth
from knownto.linkage.evaluation import Threshold
from knownto.linkage.tests.measuring import records

PAIRS = 100_000
MODEL = load_model()


@pytest.fixture(scope="module")
def people():
    """Two records of each person, one after the other."""
    return records(2500, seed=11)


@pytest.fixture(scope="module")
def held(people):
    return [cleaned for _, cleaned in people]


@pytest.fixture(scope="module")
def chosen(held):
    """Half of them worth a look, so that every kind of agreement is among them, the rest by chance."""
    near = candidates(held)[: PAIRS // 2]
    return near + list(islice(by_chance(2 * PAIRS, len(held), 5), PAIRS - len(near)))


@pytest.fixture(scope="module")
def learnt(held):
    return training.learn(held, MODEL, seed=1, people=2500)


def _furthest(held, chosen, splinks):
    return max(abs(mine - theirs) for mine, theirs in beside_splink.both(held, chosen, MODEL, splinks))


def test_splink_scores_every_pair_as_the_engine_does(held, chosen):
    assert len(chosen) == PAIRS
    assert _furthest(held, chosen, MODEL) < 1e-9


def test_a_weight_altered_by_a_millionth_of_a_bit_is_seen(held, chosen):
    """Negative control."""
    level = MODEL.levels["birth"]["exact"]
    altered = level._replace(bits=level.bits + 1e-6)
    levels = {**MODEL.levels, "birth": {**MODEL.levels["birth"], "exact": altered}}
    assert _furthest(held, chosen, replace(MODEL, levels=levels)) > 9e-7


def test_learning_finds_what_was_planted(learnt, held):
    """Of the pairs that truly are one person, the share at each level of the date of birth; nobody told it which."""
    m, told = learnt.estimates.m, Counter(birth(a, b) for a, b in zip(held[::2], held[1::2], strict=True))
    known = sum(count for level, count in told.items() if level)
    for level in ("exact", "swapped", "digit", "month"):
        assert m[("birth", level)] == pytest.approx(told[level] / known, abs=0.02), level
    assert 0.85 < m[("given", "exact")] < 0.95
    assert learnt.prior * len(learnt.estimates.believed) > 0
    assert 0.8 < learnt.prior * 5000 * 4999 / 2 / 2500 < 1.2


def test_families_are_not_taken_for_people(learnt):
    """Brothers and sisters share a home and a name: were they learnt from, different first names would be usual."""
    assert learnt.forbidden > 1000
    assert learnt.estimates.m[("given", "different")] < 0.05


def test_the_same_seed_learns_the_same_to_the_last_digit(held, learnt):
    again = training.learn(held, MODEL, seed=1, people=2500)
    assert (again.weights, again.prior) == (learnt.weights, learnt.prior)


def test_a_level_never_seen_keeps_the_weight_it_had(learnt):
    for field, level in (("upn", "same"), ("pnc", "same")):
        assert learnt.estimates.observed.get((field, level), 0) == 0
        assert learnt.weights[field][level] == pytest.approx(MODEL.levels[field][level].bits, abs=0.2)


def test_nobodys_name_is_in_the_profile(held, learnt):
    document = documents.trained(documents.base(), learnt, held, name="t", source="t", seed=1)
    counts = documents.frequencies(held)
    bearers = [sum(name in c.family_standard for c in held) for name in counts["family"]]
    assert bearers and min(bearers) >= documents.FEWEST_BEARERS
    rare = {n for c in held for n in c.family_standard} - counts["family"].keys() - counts["given"].keys()
    assert rare
    told = json.dumps({**document, "names": counts})
    assert not [name for name in rare if f'"{name}"' in told]


def test_a_model_is_refused_until_somebody_signs_it(held, learnt, tmp_path):
    path = tmp_path / "model.json"
    document = documents.trained(documents.base(), learnt, held, name="t", source="t", seed=1)
    signing_off.write(path, document)
    with pytest.raises(ModelDamaged):
        load_model(path)
    signing_off.sign_off(path, name="A. Reader", role="Data protection officer", on=date(2026, 11, 22))
    assert load_model(path).levels["birth"]["exact"].bits == learnt.weights["birth"]["exact"]
    path.write_text(path.read_text().replace('"break": ', '"break": 1'))
    with pytest.raises(ModelDamaged):
        load_model(path)


def test_thresholds_come_from_the_curve():
    curve = [Threshold(b, p, r, 0.0) for b, p, r in ((-5, 0.5, 0.999), (0, 0.9, 0.998), (5, 0.99, 0.9), (8, 1.0, 0.8))]
    told = signing_off.proposed(curve, false_share=0.01, missed_share=0.002)
    assert told == {"join": 5, "break": 0, "possible": 0}
    with pytest.raises(signing_off.NotSignable):
        signing_off.proposed(curve[:3], false_share=0.001, missed_share=0.002)


def test_ours_beats_the_peers_on_a_published_set():
    """Febrl 1, unmodified: a smoke test, since all come near to 1. `linkage evaluate --peers` runs every set."""
    told = contests.of_set(next(sets.febrl()), [peers.by_splink, peers.by_recordlinkage])
    assert len(told.peers) == 3
    assert told.beaten, told
