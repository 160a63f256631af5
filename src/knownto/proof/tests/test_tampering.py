"""A thousand random tamperings: every one is found, where it is; and none where there is none."""

import random
from functools import cache

import pytest

from knownto.proof import examine, verifier

from .ledgers import OWNER, TAMPERINGS, Done, Ledger, honest

EACH = 24  # of each kind of tampering: more than 1,200


@cache
def honest_ledger(seed: int) -> Ledger:
    return honest(seed)


def findings_in(ledger: Ledger) -> list:
    entries = (row.entry() for row in ledger.rows)
    return examine(entries, ledger.heads, [OWNER.public], ledger.published, ledger.receipts)


def narrowest(findings: list, place: int) -> int:
    """How many entries the narrowest finding that contains this place leaves open; a million if none does."""
    widths = [found.last - found.first + 1 for found in findings if found.first <= place <= found.last]
    return min(widths, default=10**6)


def located(findings: list, done: Done, ledger: Ledger) -> bool:
    heads = {finding.head for finding in findings}
    limit = 1 if done.exact else 5 * ledger.gap + 19
    return (bool(findings)
            and all(narrowest(findings, place) <= limit for place in done.entries)
            and all(number in heads for number in done.heads)
            and (not done.stretch or done.stretch in {(finding.first, finding.last) for finding in findings})
            and (not done.kinds or any(finding.kind in done.kinds for finding in findings)))


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_it_finds_and_locates_every_tampering(kind):
    for seed in range(EACH):
        ledger = honest_ledger(seed).copied()
        done = TAMPERINGS[kind](ledger, random.Random(f"{kind} {seed}"))
        findings = findings_in(ledger)
        assert located(findings, done, ledger), (seed, ledger.gap, done, findings[:8])


@pytest.mark.parametrize("seed", range(200))
def test_it_finds_nothing_in_an_honest_ledger(seed):
    assert findings_in(honest(seed)) == []


def test_there_are_a_thousand_tamperings_of_twenty_kinds():
    assert len(TAMPERINGS) >= 20
    assert len(TAMPERINGS) * EACH >= 1000


@pytest.mark.parametrize("seed", range(20))
def test_it_accuses_one_entry_alone_where_its_fingerprint_tells(seed):
    ledger = honest_ledger(seed).copied()
    [place] = TAMPERINGS["flipped_field"](ledger, random.Random(seed)).entries
    assert [(found.first, found.last) for found in findings_in(ledger)] == [(place, place)]


def test_it_names_the_very_entry_put_in_where_each_had_its_own_head():
    ledger = next(honest_ledger(seed) for seed in range(24) if honest_ledger(seed).gap == 1).copied()
    [place] = TAMPERINGS["inserted_and_renumbered"](ledger, random.Random(1)).entries
    assert [found[:3] for found in findings_in(ledger)] == [("entry_added", place, place)]


def test_a_lost_head_alone_is_no_lost_entry():
    ledger = honest_ledger(0).copied()
    del ledger.rows[ledger.signed():]
    ledger.receipts.clear()
    del ledger.heads[-1]
    assert {found.kind for found in findings_in(ledger)} == {"head_missing"}


def test_two_withheld_entries_cannot_share_their_bytes():
    """A byte moved from one fingerprint to the next would leave the two together as they were."""
    ledger = honest_ledger(2)
    entries = [row.entry()._replace(written=None, payload=None) for row in ledger.rows]
    one, two = entries[20].leaf, entries[21].leaf
    assert examine(entries, ledger.heads, [OWNER.public]) == []
    entries[20], entries[21] = entries[20]._replace(leaf=one + two[:1]), entries[21]._replace(leaf=two[1:])
    assert {20, 21} <= {finding.first for finding in examine(entries, ledger.heads, [OWNER.public])}


def test_it_names_every_entry_when_all_were_changed():
    ledger = honest_ledger(1).copied()
    for row in ledger.rows:
        row.fields = {**row.fields, "by": "nobody"}
    findings = findings_in(ledger)
    assert {finding.first for finding in findings if finding.kind == "entry_changed"} == set(range(len(ledger.rows)))


@pytest.mark.parametrize(("check", "blind", "missed"), [
    ("_Rows._checked", lambda self, entry, leaf: None, "flipped_field"),
    ("_Comparison.with_heads", lambda self, trusted: [], "flipped_field_and_fingerprint"),
    ("head_verifies", lambda head, keys, verifies: True, "rehashed_throughout_without_the_key"),
    ("_keeps", lambda written, sealed: True, "payload_edited"),
    ("_compared_with_published", lambda rows, known, own: [], "signed_again_with_the_stolen_key"),
    ("_compared_with_published", lambda rows, known, own: [], "last_seconds_dropped_with_their_heads"),
    ("_numbered", lambda heads: [], "head_removed"),
])
def test_without_one_of_its_checks_it_misses_what_that_check_is_for(monkeypatch, check, blind, missed):
    ledger = honest_ledger(0).copied()
    done = TAMPERINGS[missed](ledger, random.Random(1))
    assert located(findings_in(ledger), done, ledger)
    monkeypatch.setattr(f"{verifier.__name__}.{check}", blind)
    assert not located(findings_in(ledger), done, ledger)
