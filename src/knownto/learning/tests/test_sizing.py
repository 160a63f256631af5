"""Sums of measured costs: each with its source, each used, and none invented on the way."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from knownto.learning import sizing

CSV = Path(sizing.__file__).parent / "sizing.csv"


def test_every_cost_says_where_it_comes_from():
    with CSV.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(sizing.costs()) and all(len(r["source"]) > 20 and float(r["value"]) > 0 for r in rows)


@pytest.mark.parametrize("cost", ["intake_ms", "key_ms", "compare_ms", "cluster_ms", "keys", "identity_bytes",
                                  "record_bytes", "key_bytes", "hot_bytes", "daily_share", "search_ms"])  # fmt: skip
def test_every_cost_counts(cost, monkeypatch):
    before, costs = sizing.sized(1_000_000), sizing.costs()
    monkeypatch.setattr(sizing, "costs", lambda: costs | {cost: 2 * costs[cost]})
    assert sizing.sized(1_000_000) != before


def test_twice_the_people_are_twice_the_records_and_never_slower_searches():
    one, two = sizing.sized(1_000_000), sizing.sized(2_000_000)
    assert (two.records, two.keys, two.searches) == (2 * one.records, 2 * one.keys, one.searches)
    assert two.disk == pytest.approx(2 * one.disk) and two.intake_hours == pytest.approx(2 * one.intake_hours)


def test_the_page_says_what_the_command_does():
    page = (Path(__file__).parents[4] / "docs" / "sizing.md").read_text(encoding="utf-8")
    each = [sizing.sized(people) for _, people in sizing.PLACES]
    for name, value in sizing.ROWS.items():
        assert f"| {name} | " + " | ".join(value(s) for s in each) + " |" in page, name
    assert value(replace(each[0], searches=1.0)) not in page.split("Searches a second", 1)[1].splitlines()[0]
