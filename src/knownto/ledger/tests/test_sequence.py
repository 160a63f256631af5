"""What is committed is numbered once, and whatever is changed afterwards is found and located."""

import json
import random
import subprocess
import sys

import pytest
from django.db import connection

from knownto.ledger import acts, reads
from knownto.ledger.sequence import sequence
from knownto.proof import StoredHead, verifier

BY = acts.Actor(None, "police", "officer")


def as_owner(statement, parameters=()):
    """Do to the database what only somebody with its keys could: past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("SET session_replication_role = origin; SET ROLE knownto_app")


@pytest.fixture
def log(db, now):
    for i in range(40):
        acts.record(kind="search", by=BY, about=[f"p{i}", "token:1"], detail={"i": i}, now=now)
        if i % 7 == 6:
            sequence(now)
    sequence(now)
    return now


def test_it_numbers_everything_once(log):
    standing = reads.standing()
    assert (standing.numbered, standing.waiting) == (40, 0)
    assert sequence(log) == 0
    assert reads.verify() == []


TAMPERINGS = {
    "who": "UPDATE ledger_entry SET worker = gen_random_uuid() WHERE id = %s",
    "agency": "UPDATE ledger_entry SET agency = 'school' WHERE id = %s",
    "when": "UPDATE ledger_entry SET at = at - interval '1 microsecond' WHERE id = %s",
    "why": "UPDATE ledger_entry SET purpose = 'section-47' WHERE id = %s",
    "rule": "UPDATE ledger_entry SET because = 'x' WHERE id = %s",
    "about whom": "UPDATE ledger_about SET subject = 'somebody' WHERE entry_id = %s",
    "about one more": "INSERT INTO ledger_about (entry_id, subject) VALUES (%s, 'somebody')",
    "about nobody": "DELETE FROM ledger_about WHERE entry_id = %s",
    "sealed": "UPDATE ledger_entry SET sealed = sealed || '\\x00'::bytea WHERE id = %s",
    "sealed and its commitment": "UPDATE ledger_entry SET sealed = '', commitment = sha256('') WHERE id = %s",
    "deleted": "WITH a AS (DELETE FROM ledger_about WHERE entry_id = %s RETURNING entry_id),"
    " l AS (DELETE FROM ledger_leaf WHERE entry_id IN (SELECT entry_id FROM a))"
    " DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM a)",
    "taken out of the tree": "DELETE FROM ledger_leaf WHERE entry_id = %s",
    "its hash": "UPDATE ledger_leaf SET hash = sha256('x') WHERE entry_id = %s",
    "simulated": "UPDATE ledger_entry SET simulated = NOT simulated WHERE id = %s",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_it_finds_and_locates_each_tampering(log, what):
    index = random.Random(what).randrange(40)
    with connection.cursor() as cursor:
        cursor.execute('SELECT entry_id FROM ledger_leaf WHERE "index" = %s', [index])
        entry = cursor.fetchone()[0]
    as_owner(TAMPERINGS[what], [entry])
    findings = reads.verify()
    assert any(f.first <= index <= f.last for f in findings), findings


def test_it_finds_an_entry_that_was_taken_out_of_the_queue(log, now):
    acts.record(kind="search", by=BY, now=now)
    as_owner("DELETE FROM ledger_waiting")
    assert [f.kind for f in reads.verify()] == ["never_numbered"]


def test_it_finds_a_rollback_against_a_head_that_somebody_kept(log, now):
    acts.record(kind="search", by=BY, now=now)
    sequence(now)
    kept = StoredHead(reads.standing().head)
    as_owner('DELETE FROM ledger_head WHERE size > 40; DELETE FROM ledger_leaf WHERE "index" >= 40;')
    as_owner("DELETE FROM ledger_about WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaf);"
             "DELETE FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_leaf)")
    assert reads.verify() == []
    assert "rolled_back" in {f.kind for f in reads.verify([kept])}


def test_its_export_satisfies_the_stand_alone_verifier_and_holds_nothing_sealed(log, tmp_path):
    export, head = tmp_path / "log.jsonl", tmp_path / "head.txt"
    export.write_text("\n".join(reads.export()) + "\n")
    head.write_text(reads.standing().head)
    command = [sys.executable, "-I", verifier.__file__, str(export), "--head", str(head)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    lines = [json.loads(line) for line in export.read_text().splitlines()]
    assert not any("sealed" in line for line in lines)
    export.write_text(export.read_text().replace('"police"', '"school"', 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
