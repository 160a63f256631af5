"""A model is refused until a person has put a name under it, and after anything in it changes."""

import json
from datetime import date

import pytest

from knownto.learning import signing_off
from knownto.learning.measuring import at_most
from knownto.learning.signing_off import MORE, NotSignable, proposed, proposed_to_lift, sign_off
from knownto.linkage import ModelDamaged, load_model
from knownto.linkage.evaluation import Threshold
from knownto.linkage.model import OWN

CURVE = [Threshold(b, p, r, 0.0) for b, p, r in ((-5, 0.5, 0.999), (0, 0.9, 0.998), (5, 0.99, 0.9), (8, 1.0, 0.8))]


@pytest.fixture
def model(tmp_path):
    """A model's file that nobody has signed."""
    document = json.loads(OWN.read_text(encoding="utf-8"))
    path = tmp_path / "model.json"
    signing_off.write(path, {k: v for k, v in document.items() if k != "signed_off"})
    return path


def test_one_that_nobody_signed_is_refused(model):
    with pytest.raises(ModelDamaged, match="signed off by nobody"):
        load_model(model)


def test_a_signature_makes_it_loadable_and_says_whose_it_is(model):
    sign_off(model, name=" A. Reader ", role="Data protection officer", on=date(2026, 11, 22))
    assert load_model(model).levels == load_model().levels
    told = json.loads(model.read_text())["signed_off"]
    assert told == {"name": "A. Reader", "role": "Data protection officer", "on": "2026-11-22"}


@pytest.mark.parametrize("part", ["name", "role", "on"])
def test_another_name_under_it_is_an_alteration(model, part):
    sign_off(model, name="A. Reader", role="Officer", on=date(2026, 11, 22))
    document = json.loads(model.read_text())
    document["signed_off"][part] = "2026-11-23"
    model.write_text(json.dumps(document))
    with pytest.raises(ModelDamaged, match="changed"):
        load_model(model)


def test_nobody_in_particular_cannot_sign(model):
    with pytest.raises(NotSignable):
        sign_off(model, name=" ", role="Officer", on=date(2026, 11, 22))


def test_the_hub_may_name_its_own(model, monkeypatch):
    monkeypatch.setenv("KNOWNTO_MODEL", str(model))
    with pytest.raises(ModelDamaged):
        load_model()


def test_thresholds_are_what_the_curve_and_the_targets_say():
    assert proposed(CURVE, false_share=0.01, missed_share=0.002) == {"join": 5, "break": 0, "possible": 0}
    assert proposed(CURVE, false_share=0.0, missed_share=0.0) == {"join": 8, "break": 3, "possible": -5}


def test_where_no_threshold_is_good_enough_none_is_proposed():
    with pytest.raises(NotSignable):
        proposed(CURVE[:3], false_share=0.001, missed_share=0.01)


ROWS = [(30 - at / 1000, True) for at in range(20_000)]  # from 30 bits to 10, all of one person


def test_a_rule_lets_go_a_bit_above_where_the_first_wrong_links_would_be():
    wrong = [(12.2, False)] * 5
    told = proposed_to_lift({"alone": ROWS + wrong}, false_share=0.0001, join=12.0)
    assert told == {"alone": 12.5 + MORE}
    assert proposed_to_lift({"alone": ROWS}, false_share=0.0001, join=12.0) == {"alone": 12.0}


def test_a_rule_of_which_nothing_was_seen_is_not_proposed_for():
    with pytest.raises(NotSignable):
        proposed_to_lift({"alone": []}, false_share=0.0001, join=12.0)


@pytest.mark.parametrize(("wrong", "most"), [(0, 2.996), (3, 7.754), (11, 18.208)])
def test_what_so_few_wrong_links_may_hide_is_as_in_tables_of_poissons_distribution(wrong, most):
    assert at_most(wrong, 100_000) * 100_000 == pytest.approx(most, abs=0.002)
