"""What a key is worth is counted against the truth, and what it gives away against whoever guesses the commonest."""

from datetime import date

from knownto.learning.attacking import attack
from knownto.learning.pairs import bare, by_chance, candidates, forbidden, seen
from knownto.learning.reaching import report
from knownto.linkage import Evidence, clean, compare, load_model

BORN = date(2012, 5, 17)
ADA = [clean(Evidence("Okafor-Lunt", given, birth_date=BORN)) for given in ("Ada", "Ada", "Adda")]
OTHERS = [clean(Evidence("Smith", name, birth_date=date(1990, 1, day))) for day, name in enumerate(("Bo", "Cy"), 3)]
HELD = ADA + OTHERS
WHO = ["a", "a", "a", "b", "c"]


def _one_key(record):
    yield ("date", record.birth_text)


def test_a_key_that_alone_finds_a_pair_is_missed_when_it_goes():
    def both(record):
        yield from _one_key(record)
        yield ("given", record.call)

    told = {k.kind: k for k in report(HELD, WHO, both).kinds}
    assert (told["date"].alone, told["date"].only) == (1.0, round(2 / 3, 5))
    assert (told["given"].alone, told["given"].only) == (round(1 / 3, 5), 0.0)


def test_a_key_that_too_many_share_brings_nobody_together():
    told = report(HELD, WHO, _one_key, widest=2)
    assert told.together == 0.0
    assert told.kinds[0].passed_over == 1


def test_the_engines_own_keys_are_reported_by_kind():
    told = report(HELD, WHO)
    assert told.true_pairs == 3
    assert told.together == 1.0
    assert {"part_date", "names"} <= {k.kind for k in told.kinds}


def test_whoever_guesses_the_commonest_name_is_right_as_often_as_it_is_borne():
    smiths = [clean(Evidence("Smith", f"Olivia{'abc'[n % 3]}", birth_date=date(1990, 1, 3))) for n in range(30)]
    told = {g.kind: g for g in attack(smiths + HELD)}
    assert told["family_year"].records == len(smiths + HELD)
    assert 0 <= told["family_year"].right <= 1
    assert told["family_year"].gain == told["family_year"].right - told["family_year"].base


def test_what_is_seen_of_a_pair_weighs_what_the_engine_says():
    model = load_model()
    bared = bare(model)
    for a, b in ((0, 1), (0, 2), (3, 4)):
        one = seen(HELD[a], HELD[b], bared)
        found = compare(HELD[a], HELD[b], model)
        before = model.prior + sum(r.bits for r in found.reasons)
        told = ((model.levels[field][name], rarity) for field, name, rarity in one if field != "rule")
        weights = (max(at.least, rarity + at.bits) if at.rarity else at.bits for at, rarity in told)
        assert abs(model.prior + sum(weights) - before) < 1e-9


def test_a_pair_that_a_rule_keeps_apart_is_known_by_it():
    twins = [clean(Evidence("Okafor-Lunt", given, birth_date=BORN)) for given in ("Ada", "Tobias")]
    bared = bare(load_model())
    assert forbidden(seen(*twins, bared))
    assert not forbidden(seen(ADA[0], ADA[1], bared))


def test_chance_is_the_same_for_a_seed_and_pairs_nobody_with_themselves():
    drawn = by_chance(200, 5, 1)
    assert drawn == by_chance(200, 5, 1) != by_chance(200, 5, 2)
    assert all(0 <= x < y < 5 for x, y in drawn)
    assert (0, 1) in candidates(HELD)
