"""A thousand random changes to the log in its database, by somebody past every wall: each is found and located.

Located: a finding's stretch of entries holds the one that was changed. Stretches are counted too, because a finding
that points everywhere points nowhere.
"""

import os
import random
import statistics

import pytest
from django.db import connection, transaction

from knownto.ledger import acts, reads
from knownto.ledger.sequence import sequence

TRIES = int(os.environ.get("TAMPERINGS", "1000"))
ENTRIES, EACH_HEAD = 150, 9
BY = acts.Actor(None, "police", "officer")

# What is done to the entry of id %(id)s, at place %(place)s of the log.
KINDS = {
    "another worker": "UPDATE ledger_entry SET worker = gen_random_uuid() WHERE id = %(id)s",
    "another agency": "UPDATE ledger_entry SET agency = agency || 'x' WHERE id = %(id)s",
    "another role": "UPDATE ledger_entry SET role = 'administrator' WHERE id = %(id)s",
    "another kind": "UPDATE ledger_entry SET kind = 'export' WHERE id = %(id)s",
    "another purpose": "UPDATE ledger_entry SET purpose = 'section-47' WHERE id = %(id)s",
    "another rule": "UPDATE ledger_entry SET because = 'because' WHERE id = %(id)s",
    "another agreement": "UPDATE ledger_entry SET agreement = 'v9' WHERE id = %(id)s",
    "another event": "UPDATE ledger_entry SET event = gen_random_uuid() WHERE id = %(id)s",
    "earlier": "UPDATE ledger_entry SET at = at - interval '1 microsecond' WHERE id = %(id)s",
    "later": "UPDATE ledger_entry SET at = at + interval '1 day' WHERE id = %(id)s",
    "not simulated": "UPDATE ledger_entry SET simulated = NOT simulated WHERE id = %(id)s",
    "about somebody else": "UPDATE ledger_about SET subject = subject || 'x' WHERE entry_id = %(id)s",
    "about one more": "INSERT INTO ledger_about (entry_id, subject) VALUES (%(id)s, 'somebody')",
    "about nobody": "DELETE FROM ledger_about WHERE entry_id = %(id)s",
    "sealed part altered": "UPDATE ledger_entry SET sealed = sealed || '\\x00'::bytea WHERE id = %(id)s",
    "sealed part and commitment": "UPDATE ledger_entry SET sealed = 'x', commitment = sha256('x') WHERE id = %(id)s",
    "commitment": "UPDATE ledger_entry SET commitment = sha256('y') WHERE id = %(id)s",
    "its hash": "UPDATE ledger_leaf SET hash = sha256('z') WHERE entry_id = %(id)s",
    "taken out of the tree": "DELETE FROM ledger_leaf WHERE entry_id = %(id)s",
    "deleted": "DELETE FROM ledger_about WHERE entry_id = %(id)s; DELETE FROM ledger_leaf WHERE entry_id = %(id)s;"
    "DELETE FROM ledger_entry WHERE id = %(id)s",
    "deleted and renumbered": "DELETE FROM ledger_about WHERE entry_id = %(id)s; DELETE FROM ledger_leaf WHERE"
    " entry_id = %(id)s; DELETE FROM ledger_entry WHERE id = %(id)s;"
    ' UPDATE ledger_leaf SET "index" = "index" - 1000001 WHERE "index" > %(place)s;'
    ' UPDATE ledger_leaf SET "index" = "index" + 1000000 WHERE "index" < 0',
    "swapped with the next": 'UPDATE ledger_leaf SET "index" = -1 WHERE "index" = %(place)s;'
    ' UPDATE ledger_leaf SET "index" = %(place)s WHERE "index" = %(place)s + 1;'
    ' UPDATE ledger_leaf SET "index" = %(place)s + 1 WHERE "index" = -1',
}


@pytest.fixture
def log(db, now):
    for i in range(ENTRIES):
        acts.record(kind="search", by=BY, about=[f"p{i}"], detail={"i": i}, now=now)
        if i % EACH_HEAD == 0:
            sequence(now)
    sequence(now)


class Undo(Exception):
    """Puts the log back as it was."""


def tampered(kind: str, place: int) -> list:
    """What is found once that was done; the log is then as it was."""
    findings = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute('SELECT entry_id FROM ledger_leaf WHERE "index" = %s', [place])
            where = {"id": cursor.fetchone()[0], "place": place}
            cursor.execute("RESET ROLE; SET session_replication_role = replica")
            for statement in KINDS[kind].split(";"):
                cursor.execute(statement, where)
            findings = reads.verify()
            raise Undo
    except Undo:
        return findings


def test_it_finds_and_locates_every_one_of_a_thousand(log):
    rng, widths = random.Random(20261122), []
    for number in range(TRIES):
        kind, place = rng.choice(list(KINDS)), rng.randrange(ENTRIES - 1)
        findings = tampered(kind, place)
        located = [f.last - f.first + 1 for f in findings if f.first <= place <= f.last]
        assert located, f"{number}: {kind} at {place}: {findings}"
        widths.append(min(located))
    assert statistics.median(widths) == 1 and max(widths) <= 2 * EACH_HEAD


def test_it_finds_nothing_in_the_log_as_it_was(log):
    """The negative control: what was found was the tampering, and undoing it leaves nothing to find."""
    tampered("deleted and renumbered", 70)
    assert reads.verify() == []
