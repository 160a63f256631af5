"""Names of every tradition in an English borough, as a practitioner would judge them.

`name_pairs.csv`: two records as `given names|family name`, with one date of birth and one home. The verdict is "one"
(linked by itself), "ask" (put to a person), "apart" (neither) or "notone" (anything but linked). Add a line.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from knownto.linkage import Address, Comparison, Evidence, clean, compare, load_model
from knownto.linkage.tests.tables import table

MODEL = load_model()
_HOME = (Address(("3 Mill Lane",), "QK1 2AB"),)


def _evidence(name: str) -> Evidence:
    given, _, family = name.partition("|")
    return Evidence(family, given, birth_date=date(2012, 5, 17), addresses=_HOME)


def _judged(row: dict[str, str]) -> Comparison:
    return compare(clean(_evidence(row["a"])), clean(_evidence(row["b"])), MODEL)


def _verdict(bits: float) -> str:
    if bits >= MODEL.join:
        return "one"
    return "ask" if bits >= MODEL.possible else "apart"


@pytest.mark.parametrize("row", table("name_pairs.csv"), ids=lambda r: f"{r['tradition']}: {r['why']}")
def test_two_names_at_one_home_are_judged_as_a_practitioner_would(row):
    found = _judged(row)
    said = [(r.field, r.level) for r in found.reasons]
    verdict = _verdict(found.bits)
    assert verdict == row["verdict"] or (row["verdict"] == "notone" and verdict != "one"), (found.bits, said)


def test_every_tradition_has_its_lines():
    counted: dict[str, int] = {}
    for row in table("name_pairs.csv"):
        counted[row["tradition"]] = counted.get(row["tradition"], 0) + 1
    assert counted["english"] >= 60
    assert min(counted[t] for t in ("polish", "arabic", "somali", "west_african", "chinese", "portuguese")) >= 7


def _apart() -> Iterator[dict[str, str]]:
    return (r for r in table("name_pairs.csv") if r["verdict"] in ("apart", "notone"))


def test_the_table_sees_a_matcher_that_links_whatever_shares_a_home_and_a_date():
    """Negative control: without the rules and the weight of first names, many lines would be wrong."""
    careless = replace(MODEL, guards=())
    wrong = [r for r in _apart() if compare(clean(_evidence(r["a"])), clean(_evidence(r["b"])), careless).bits >= 12]
    assert len(wrong) >= 10
