"""Families, who fool a matcher: what is decided of two people, or of one, with each amount of evidence, and why.

`family_matrix.csv` has two records a line and, for each amount of evidence, the verdict ("one" is linked by itself,
"ask" is put to a person, "apart" is neither) and the rule that is named with it, if any.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from knownto.linkage import Address, Evidence, Model, clean, compare, load_model
from knownto.linkage.identifiers import pnc_check_letter, upn_check_letter
from knownto.linkage.tests.tables import person, table

MODEL = load_model()
_HOME = (Address(("3 Mill Lane",), "QK1 2AB"),)
_PHONE = ("07700900123",)
_PUPILS = tuple(upn_check_letter(rest) + rest for rest in ("823999908001", "823999908002"))
_POLICE = tuple(f"2012/{n:07}{pnc_check_letter('2012', str(n))}" for n in (1, 2))
_OWN = ("9990000018", "9990000026")
Pair = tuple[Evidence, Evidence]


def _at_home(a: Evidence, b: Evidence) -> Pair:
    return replace(a, addresses=_HOME), replace(b, addresses=_HOME)


def _with_phone(a: Evidence, b: Evidence) -> Pair:
    a, b = _at_home(a, b)
    return replace(a, phones=_PHONE), replace(b, phones=_PHONE)


def _numbered(a: Evidence, b: Evidence, same: bool) -> Pair:
    a, b = _with_phone(a, b)
    return replace(a, nhs_number=_OWN[0]), replace(b, nhs_number=_OWN[0 if same else 1])


def _slip(text: str) -> str:
    return text[:1] + text[2:3] + text[1:2] + text[3:]


def _slipped(a: Evidence, b: Evidence) -> Pair:
    """Two neighbouring letters exchanged in the first name of one who has one."""
    if clean(a).baby:
        return a, replace(b, given_names=_slip(b.given_names))
    return replace(a, given_names=_slip(a.given_names)), b


AMOUNTS: dict[str, Callable[[Evidence, Evidence], Pair]] = {
    "names and dates": lambda a, b: (a, b),
    "and home": _at_home,
    "and phone": _with_phone,
    "own numbers": lambda a, b: _numbered(a, b, same=False),
    "one number": lambda a, b: _numbered(a, b, same=True),
    "phone alone": lambda a, b: (replace(a, phones=_PHONE), replace(b, phones=_PHONE)),
    "own pupil numbers": lambda a, b: tuple(replace(e, upn=n) for e, n in zip(_at_home(a, b), _PUPILS, strict=True)),
    "own police numbers": lambda a, b: tuple(replace(e, pnc=n) for e, n in zip(_at_home(a, b), _POLICE, strict=True)),
    "no date": lambda a, b: _with_phone(replace(a, birth_date=None, born_from=None, born_to=None), b),
    "no sex": lambda a, b: _with_phone(replace(a, sex=""), replace(b, sex="")),
    "first name slips": lambda a, b: _with_phone(*_slipped(a, b)),
    "no first name": lambda a, b: _with_phone(replace(a, given_names=""), b),
}


def judged(row: dict[str, str], amount: str, model: Model) -> str:
    """The verdict, and the rule that is named."""
    a, b = AMOUNTS[amount](person(row["a"]), person(row["b"]))
    found = compare(clean(a), clean(b), model)
    verdict = "one" if found.bits >= model.join else "ask" if found.bits >= model.possible else "apart"
    return " ".join((verdict, *(r.level for r in found.reasons if r.field == "rule")))


_ROWS = table("family_matrix.csv")


@pytest.mark.parametrize("row", _ROWS, ids=lambda r: r["family"])
def test_each_amount_of_evidence_has_its_outcome(row):
    assert {amount: judged(row, amount, MODEL) for amount in AMOUNTS} == {amount: row[amount] for amount in AMOUNTS}


def test_no_two_people_are_ever_linked_and_no_one_child_is_put_aside():
    """Save by one NHS number where nothing else contradicts it: then the number is the better witness."""
    for row in _ROWS:
        found = {amount: judged(row, amount, MODEL).partition(" ")[0] for amount in AMOUNTS}
        refused = {"no": "one", "yes": "apart"}.get(row["same"])
        by_number = row["same"] == "no" and row["family"] in _NUMBER_IS_BETTER
        assert refused not in {v for a, v in found.items() if not (by_number and a == "one number")}, row["family"]


_NUMBER_IS_BETTER = frozenset((
    "twins Ella and Ellie", "twins of whom one has the other's name in the middle",
    "twin brother known only as Mohammed",
    "sisters of one initial", "cousins of one name and year", "cousins of one name born a year apart",
))  # fmt: skip


@pytest.mark.parametrize("rule", [g.reason.level for g in MODEL.guards])
def test_without_any_one_rule_the_matrix_turns_red(rule):
    """Negative control: every rule decides something here that nothing else would decide in the same words."""
    without = replace(MODEL, guards=tuple(g for g in MODEL.guards if g.reason.level != rule))
    changed = [(r["family"], a) for r in _ROWS for a in AMOUNTS if judged(r, a, without) != r[a]]
    assert changed


def test_household_and_sibling_evidence_is_said_in_plain_words():
    said = {}
    for row in _ROWS:
        a, b = _at_home(person(row["a"]), person(row["b"]))
        said[row["family"]] = " ".join(r.sentence for r in compare(clean(a), clean(b), MODEL).reasons)
    assert "a twin rather than the same child" in said["twins of one sex"]
    assert "brother or sister or partner rather than the same person" in said["brother and sister"]
    assert "may be a parent and child of one name" in said["father and son of one name"]
