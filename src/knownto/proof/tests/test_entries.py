"""From an entry's fields to bytes: one way only, and a way that anyone can write again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.proof import NotCanonical, canonical, commitment, verifier

values = st.recursive(
    st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3), max_leaves=6)
entries = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), values, max_size=5)


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, b"{}"),
    ({"b": 2, "a": "x", "a_1": []}, b'{"a":"x","a_1":[],"b":2}'),
    ({"at": 1790000000000000, "id": b"\x00\xff"}, b'{"at":1790000000000000,"id":{"hex":"00ff"}}'),
    ({"text": 'say "no"\n\\ \x01 \u00e9 \u2028'}, '{"text":"say \\"no\\"\\n\\\\ \\u0001 é \u2028"}'.encode()),
    ({"about": ["p1", "p2"], "n": -1}, b'{"about":["p1","p2"],"n":-1}'),
])
def test_it_writes_fields_in_one_way(fields, expected):
    assert canonical(fields) == expected


@given(entries)
def test_nothing_is_lost_and_nothing_confused(fields):
    read = json.loads(canonical(fields))
    assert {name: verifier._thawed(value) for name, value in read.items()} == fields


@given(entries, entries)
def test_different_fields_have_different_bytes(one, other):
    assert (canonical(one) == canonical(other)) == (one == other)


@pytest.mark.parametrize("fields", [
    {"a": None}, {"a": True}, {"a": 1.5}, {"a": 2**53}, {"a": {"hex": "00"}}, {"a": [None]}, {"A": 1}, {"": 1},
    {"a-b": 1}, {1: 1}, {"a\n": 1}, {"a": "\ud800"},
])
def test_it_refuses_what_has_no_single_form(fields):
    with pytest.raises(NotCanonical):
        canonical(fields)


@given(st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=20), st.text())
def test_an_entry_keeps_to_its_payload_and_no_other(sealed, other, text):
    written = canonical({"id": 1, "payload": commitment(sealed), "text": text})
    assert verifier._keeps(written, sealed)
    assert verifier._keeps(written, other) == (sealed == other)
    assert not verifier._keeps(written, b"")
    assert verifier._keeps(canonical({"id": 1, "text": text}), b"")


def test_text_that_looks_like_a_commitment_is_none():
    forged = '"payload":{"hex":"' + commitment(b"x").hex() + '"}'
    assert not verifier._keeps(canonical({"text": forged}), b"x")
    assert verifier._keeps(canonical({"text": forged}), b"")
