"""Pairs whose answer a practitioner would know."""

import json

import pytest

from knownto.linkage import Address, Evidence, ModelDamaged, clean, compare, load_model, tables
from knownto.linkage.model import OWN
from knownto.linkage.tests.tables import person, table

MODEL = load_model()


def _outcome(bits: float) -> str:
    if bits >= MODEL.join:
        return "join"
    if bits >= MODEL.possible:
        return "possible"
    return "unlikely"


@pytest.mark.parametrize("row", table("pairs.csv"), ids=lambda r: r["why"])
def test_it_scores_a_pair_as_a_practitioner_would(row):
    found = compare(clean(person(row["a"])), clean(person(row["b"])), MODEL)
    said = {f"{r.field}.{r.level}" for r in found.reasons}
    assert _outcome(found.bits) == row["outcome"], (found.bits, said)
    assert not row["level"] or row["level"] in said


def test_it_would_join_twins_without_its_rule():
    """The weights alone are not enough: this is what the rule is for."""
    a = clean(person("f=Wheatcroft;g=Imogen;b=2012-05-17;pc=QK1 2AB;l=3 Mill Lane"))
    b = clean(person("f=Wheatcroft;g=Tobias;b=2012-05-17;pc=QK1 2AB;l=3 Mill Lane"))
    found = compare(a, b, MODEL)
    assert MODEL.prior + sum(r.bits for r in found.reasons) > MODEL.join > found.bits


def test_every_level_has_a_weight_and_a_sentence():
    for row in tables.rows("levels.csv"):
        level = MODEL.levels[row["field"]][row["level"]]
        assert level.reason.sentence == row["sentence"]


def test_every_rule_speaks_of_levels_that_exist():
    made_up = {"number": {"same"}, "order": {"different"}, "generation": {"different"}, "companion": {"different"}}
    for guard in MODEL.guards:
        for field, levels in guard.when:
            known = made_up.get(field) or set(MODEL.levels[field])
            assert levels <= known | {"missing"}, guard.reason.level


def test_no_sentence_holds_a_value_of_anybodys_data():
    a = clean(person("f=Wheatcroft;g=Imogen;b=2012-05-17;pc=QK1 2AB;l=3 Mill Lane;ph=07700900123;nhs=9990000018"))
    said = " ".join(r.sentence for r in compare(a, a, MODEL).reasons).upper()
    assert not any(word in said for word in ("WHEATCROFT", "IMOGEN", "2012", "QK1", "MILL", "0770", "999000"))


def test_more_people_make_a_chance_agreement_likelier():
    a = clean(person("f=Chaudhry;g=Priya;b=2012-05-17"))
    assert compare(a, a, MODEL.for_population(3_000_000)).bits < compare(a, a, MODEL.for_population(285_000)).bits


def test_a_number_says_as_much_among_any_number_of_people():
    a, b = clean(person("nhs=9990000018")), clean(person("f=Khan;g=Amir;nhs=9990000018"))
    few, many = (compare(a, b, MODEL.for_population(n)).bits for n in (20_000, 60_000_000))
    assert few == pytest.approx(many)


def test_one_partner_may_hold_the_uprn_and_another_the_address():
    one = clean(Evidence("Khan", "Amir", addresses=(Address(("3 Mill Lane",), "QK1 2AB", "100012345678"),)))
    two = clean(Evidence("Khan", "Amir", addresses=(Address(("3 Mill Lane",), "QK1 2AB"),)))
    said = {(r.field, r.level) for r in compare(one, two, MODEL).reasons}
    assert ("place", "same_home") in said


def test_an_earlier_address_counts_as_one():
    now, before = Address(("3 Mill Lane",), "QK1 2AB"), Address(("9 Canal Street",), "QK7 4ZZ")
    one = clean(Evidence("Khan", "Amir", addresses=(now, before)))
    two = clean(Evidence("Khan", "Amir", addresses=(before,)))
    assert ("place", "same_home_before") in {(r.field, r.level) for r in compare(one, two, MODEL).reasons}


def test_it_refuses_a_model_whose_weights_were_changed(tmp_path):
    document = json.loads(OWN.read_text(encoding="utf-8"))
    document["weights"]["birth"]["exact"] += 0.1
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="has changed"):
        load_model(changed)


def test_it_refuses_a_model_that_is_not_one(tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("[", encoding="utf-8")
    with pytest.raises(ModelDamaged, match="is not a model"):
        load_model(broken)


def test_a_model_may_bring_its_own_counts_of_names(tmp_path):
    from knownto.linkage.signing import sign

    document = json.loads(OWN.read_text(encoding="utf-8"))
    document["names"] = {"family": {"WHEATCROFT": [2000, "english"]}}
    own = tmp_path / "own.json"
    own.write_text(json.dumps(document), encoding="utf-8")
    assert sign(own) == load_model(own).checksum
    a = clean(person("f=Wheatcroft;g=Imogen;b=2012-05-17"))
    assert compare(a, a, load_model(own)).bits < compare(a, a, MODEL).bits
