"""What whoever decides would miss, as a table; and that the table has each rule both ways."""

import csv
import json
from pathlib import Path

import pytest

from knownto.pathways.frontdoor import quality, questions
from knownto.pathways.frontdoor.quality import missed, needed, rules
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.tests.refer import child, referral

with (Path(__file__).with_name("quality.csv")).open(newline="") as file:
    TABLE = list(csv.DictReader(file))


def changed(kind, change):
    """The whole referral, with that of it changed; `child`, `adult` and `evidence` change the first of them."""
    said = referral(kind=kind).to_json()
    said["children"][0] |= change.pop("child", {})
    said["children"][0]["evidence"] |= change.pop("evidence", {})
    said["adults"][0] |= change.pop("adult", {})
    found = json.loads(json.dumps(said | change))
    [evidence] = [each["evidence"] for each in found.get("children", [])] or [{}]
    for name in [name for name, value in evidence.items() if value is None]:
        del evidence[name]
    if found.get("body_worn_video") is None:
        found.pop("body_worn_video", None)
    return Referral.from_json(found)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line['rule']} {line['change'][:40]}")
def test_a_rule_says_it_where_it_is_missing_and_nowhere_else(line):
    found = missed(changed(line["kind"], json.loads(line["change"])), line["agency"])
    assert (line["rule"] in {miss.rule.code for miss in found}) == (line["fires"] == "yes")


def test_the_table_has_each_rule_both_ways():
    for rule in rules():
        assert {line["fires"] for line in TABLE if line["rule"] == rule.code} == {"yes", "no"}, rule.code


def test_each_rule_leads_to_a_page_that_there_is():
    assert {rule.page for rule in rules()} <= questions.pages().keys()
    for rule in rules():
        assert set(rule.kinds or ("child", "adult")) <= set(questions.pages()[rule.page].kinds), rule.code


def test_it_says_of_whom_and_what_is_needed_comes_first():
    two = (child(), child(impact="", words=""))
    found = [
        (miss.number, miss.who) for miss in missed(referral(children=two), "police") if miss.rule.code == "no-impact"
    ]
    assert found == [(2, "Tobias Wrenshaw")]
    bare = missed(Referral(), "police")
    assert [miss.rule.needed for miss in bare] == sorted((miss.rule.needed for miss in bare), reverse=True)


def test_only_whom_and_what_happened_are_ever_needed():
    assert {rule.code for rule in rules() if rule.needed} == {"nobody", "no-adult", "nothing-happened"}
    least = Referral(children=(child(),), what_happened="Alone.")
    assert not needed(least, "police") and quality.missed(least, "police")


def test_the_whole_referral_lacks_nothing():
    assert missed(referral(), "police") == []
