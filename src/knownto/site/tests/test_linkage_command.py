"""The command lines of matching, as an operator runs them: fit, sign off, evaluate, keys, sizing; on small towns."""

import json

import pytest

from knownto.linkage import ModelDamaged, load_model
from knownto.linkage.evaluation import latest
from knownto.site import command

TOWN = ("--size", "small", "--town-seed")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A model whose curve was fitted to one town; nobody has signed it."""
    path = tmp_path_factory.mktemp("fitted") / "model.json"
    assert _run("fit", *TOWN, "5", "--to", str(path)) == 0
    return path


@pytest.fixture(scope="module")
def signed(fitted, tmp_path_factory):
    path = tmp_path_factory.mktemp("signed") / "model.json"
    path.write_bytes(fitted.read_bytes())
    assert _run("sign-off", "--model", str(path), "--name", "A. Reader", "--role", "Officer") == 0
    return path


def _run(*told):
    return command.main(["linkage", *told])


def test_a_fitted_model_has_a_rising_curve_and_is_refused_until_signed(fitted, signed):
    with pytest.raises(ModelDamaged, match="signed off by nobody"):
        load_model(fitted)
    curve = load_model(signed).curve
    assert len(curve) > 5
    assert all(low < high and below <= above for (low, below), (high, above) in zip(curve, curve[1:], strict=False))
    assert load_model(signed).levels == load_model().levels


def test_a_model_that_nobody_signed_is_not_measured_either(fitted, capsys):
    assert _run("evaluate", "--model", str(fitted), "--sets", "", *TOWN, "6") == 2
    assert "signed off by nobody" in capsys.readouterr().err


def test_a_town_that_it_was_not_fitted_to_is_measured_with_it(signed, tmp_path, capsys):
    there = tmp_path / "evaluation.json"
    assert _run("evaluate", "--model", str(signed), "--sets", "", *TOWN, "6", "--to", str(there)) == 0
    told = latest(there)
    assert (told.data, told.signed_off.name) == ("small town, seed 6", "A. Reader")
    assert told.checksum == json.loads(signed.read_text())["checksum"]
    assert told.whole.found > 0.98 and told.calibration_error < 0.03
    assert "True pairs missed after review" in capsys.readouterr().out


def test_keys_are_reported_with_their_reach_and_what_a_thief_could_guess(capsys):
    assert _run("keys", *TOWN, "6") == 0
    said = capsys.readouterr().out
    assert "all kinds together: 99." in said and "part_date" in said and "base rate" in said


def test_a_hub_is_sized_from_its_people(capsys):
    assert _run("sizing", "--people", "285000") == 0
    assert "342,000" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(capsys):
    assert _run("evaluate", "--labelled", "nowhere.csv") != 0
    assert "nowhere.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (("sign-off", "--name", "A. Reader", "--role", "Officer"), "required: --model"),
        (("sizing",), "required: --people"),
        (("bulk-load",), "required: --stage, --beliefs, --key"),
        (("rematch", "--spark", "here"), "unrecognized arguments: --spark here"),
        ((), "required: action"),
    ],
)
def test_each_action_has_its_own_options_and_asks_for_what_it_needs(told, says, capsys):
    with pytest.raises(SystemExit):
        _run(*told)
    assert says in capsys.readouterr().err
