"""One row at a time: what is taken, what is put aside, and in which words."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.feeds import faults
from knownto.feeds.contract import COLUMNS, REQUIRED, Row, tidy
from knownto.feeds.rules import Context, judge
from knownto.feeds.tests.conftest import row

HOLDS = {"missing": "full", "exploitation": "limited", "sexual_offence": "ask", "adoption": "nothing"}
CONTEXT = Context("police", "delta", date(2026, 11, 15), HOLDS, frozenset({"response"}))
# Each line: values of a good row that are changed, and the [column, code] of every fault that then follows.
TABLE = [json.loads(line) for line in (Path(__file__).parent / "rows.jsonl").read_text().splitlines()]


def verdict(values, context=CONTEXT):
    cells = row() | values
    return judge(list(cells.values()), list(cells), context)


def faults_of(found):
    return [[f.field, f.code] for f in (*found.faults, *([found.kept_out] if found.kept_out else []))]


@pytest.mark.parametrize(("values", "expected"), TABLE, ids=str)
def test_it_puts_aside_exactly_what_the_table_says(values, expected):
    assert faults_of(verdict(values)) == expected


def test_every_reason_for_putting_a_row_aside_is_in_the_table_or_tested_elsewhere():
    told = {code for _, expected in TABLE for _, code in expected}
    elsewhere = {"twice", "other-columns", "inexact-number", "spreadsheet-error", "change-in-snapshot", "not-shared"}
    assert told | elsewhere == set(faults.ROW) | set(faults.NOT_AGREED)


def test_no_reason_repeats_what_was_found():
    for values, _ in TABLE:
        for fault in verdict(values).faults:
            if fault.code != "placeholder-date":  # whose reason names the two placeholders, whatever was found
                assert len(fault.found) < 4 or fault.found not in fault.reason


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_it_never_breaks_on_any_text(values):
    found = verdict(values)
    assert found.row or found.faults or found.kept_out
    assert all(fault.reason for fault in found.faults)


@given(st.lists(st.text(max_size=10), max_size=30))
def test_it_puts_aside_rows_of_another_length(cells):
    found = judge(cells, list(row()), CONTEXT)
    assert len(cells) == len(row()) or faults_of(found) == [["", "other-columns"]]


def test_it_says_what_is_too_old_to_keep_and_still_takes_what_is_open():
    old = {"started_on": "2020-01-01", "ended_on": "2021-01-01"}
    assert "not-kept" in verdict(old | {"status": "closed"}).notices
    assert verdict({"started_on": "2020-01-01"}).notices == []


def test_it_notices_a_placeholder_only_where_there_is_one():
    assert verdict({"date_of_birth": "1900-01-01"}).notices == ["placeholder-date"]
    assert verdict({"date_of_birth": "2014-03-27"}).notices == []


def test_it_takes_work_that_began_before_the_birth_and_says_so():
    assert verdict({"date_of_birth": "2026-10-01"}).notices == ["before-birth"]


def test_it_removes_nothing_in_a_snapshot():
    snapshot = Context("police", "snapshot", date(2026, 11, 15), HOLDS, frozenset({"response"}))
    assert faults_of(verdict({"change": "remove"}, snapshot)) == [["change", "change-in-snapshot"]]
    assert faults_of(verdict({"change": "remove"})) == []


def test_it_reads_nothing_but_the_ids_of_a_removal():
    found = verdict({"change": "Remove", "contact_id": "", "category": "", "started_on": "", "status": ""})
    assert (found.row.record_id, found.row.contact_id, found.faults) == ("P1", "", [])


def test_it_keeps_out_what_the_agreement_does_and_looks_no_further():
    found = verdict({"category": "adoption", "nhs_number": "1"})
    assert (found.kept_out.code, found.faults, found.kept_out.found) == ("not-shared", [], "")


def test_the_contract_needs_six_columns():
    assert REQUIRED == ("record_id", "contact_id", "category", "started_on", "status", "team")
    assert all(Row.model_fields[name].description for name in COLUMNS)


@pytest.mark.parametrize(
    ("cell", "tidied"),
    [(" a  b ", "a b"), ("a\r\nb", "a b"), ("\ufeffa\u200b", "a"), ("a\u00a0b", "a b"), ("نی\u200cک", "نی\u200cک")],
)
def test_it_tidies_spaces_and_invisible_marks_but_leaves_joiners(cell, tidied):
    assert tidy(cell) == tidied
