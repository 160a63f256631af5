"""Random changes to the log in its database, by somebody past every wall: each is found and located.

Located: a finding's stretch of entries holds the one that was changed. Stretches are counted too, because a finding
that points everywhere points nowhere. Some changes leave a log that is whole in itself (an old backup, everything
signed again with the stolen key): those are found by whoever kept a head, and the control shows that nobody else can.

TAMPERINGS sets how many in the database (1,000), KNOWNTO_TAMPERINGS how many in memory (4,000; a campaign: 100,000);
for ten of these, one honest log is looked at.
"""

import os
import random
import statistics

import pytest
from django.db import connection, transaction

from knownto.ledger import acts, reads
from knownto.ledger.models import Entry, Head, Leaf
from knownto.ledger.sequence import sequence
from knownto.ledger.tree import signer, with_about, written
from knownto.proof import Frontier, StoredHead, leaf_hash, read_head, sign_head
from knownto.proof.tests.ledgers import TAMPERINGS, honest
from knownto.proof.tests.test_tampering import findings_in, located
from proof_tests.spending import SEED, each_of, note

TRIES = int(os.environ.get("TAMPERINGS", "1000"))
IN_MEMORY = int(os.environ.get("KNOWNTO_TAMPERINGS", "4000"))
WITH_A_HEAD = max(TRIES // 100, 3)  # of each kind that only a kept head shows: each signs the whole log again
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


# What leaves a log that is whole in itself. Each is given the cursor and a place.


def cut_from(cursor, place):
    """Everything from there on is gone, with its heads: an old backup, or the last seconds dropped."""
    size = Head.objects.filter(size__lte=place).order_by("-number").first().size
    cursor.execute("DELETE FROM ledger_head WHERE size > %s", [size])
    cursor.execute('DELETE FROM ledger_leaf WHERE "index" >= %s', [size])
    for table in ("ledger_about", "ledger_waiting"):
        cursor.execute(f"DELETE FROM {table} WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaf)")
    cursor.execute("DELETE FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_leaf)")


def sign_again(cursor):
    """With the stolen key: every leaf hashed and every head signed as if it had always been so."""
    for entry in with_about(Entry.objects.select_related("leaf").filter(leaf__isnull=False)):
        cursor.execute("UPDATE ledger_leaf SET hash = %s WHERE entry_id = %s", [leaf_hash(written(entry)), entry.pk])
    leaves = [bytes(each) for each in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    before = None
    for head in Head.objects.order_by("number"):
        size = min(head.size, len(leaves))
        tree, time = Frontier().extended(leaves[:size]), read_head(head.note).time
        before = sign_head(tree, time=time, previous=before, signer=signer())
        values = [size, before.note, b"".join(before.peaks), head.number]
        cursor.execute("UPDATE ledger_head SET size = %s, note = %s, peaks = %s WHERE number = %s", values)


def changed_and_signed_again(cursor, place):
    cursor.execute('SELECT entry_id FROM ledger_leaf WHERE "index" = %s', [place])
    cursor.execute("UPDATE ledger_entry SET worker = gen_random_uuid() WHERE id = %s", cursor.fetchone())
    sign_again(cursor)


def taken_out_and_signed_again(cursor, place):
    cursor.execute('SELECT entry_id FROM ledger_leaf WHERE "index" = %s', [place])
    where = {"id": cursor.fetchone()[0], "place": place}
    for statement in KINDS["deleted and renumbered"].split(";"):
        cursor.execute(statement, where)
    sign_again(cursor)


def old_backup_lived_on(cursor, place):
    """Put back without a word, and gone on from, until it is as long as it was."""
    cut_from(cursor, place)
    cursor.execute("SET session_replication_role = origin")
    now = Entry.objects.order_by("-id").first().at
    while Leaf.objects.count() < ENTRIES:
        for _ in range(EACH_HEAD):
            acts.record(kind="search", by=BY, about=["other"], now=now)
        sequence(now)


def swapped_and_signed_again(cursor, place):
    cursor.execute('SELECT entry_id FROM ledger_leaf WHERE "index" = %s', [place])
    where = {"id": cursor.fetchone()[0], "place": place}
    for statement in KINDS["swapped with the next"].split(";"):
        cursor.execute(statement, where)
    sign_again(cursor)


ONLY_BY_A_KEPT_HEAD = {
    "an old backup, or the last seconds dropped": cut_from,
    "an old backup, gone on from": old_backup_lived_on,
    "changed, and signed again with the stolen key": changed_and_signed_again,
    "taken out, and signed again with the stolen key": taken_out_and_signed_again,
    "reordered, and signed again with the stolen key": swapped_and_signed_again,
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
    rng, widths = random.Random(SEED), []
    for number in each_of(TRIES):
        kind, place = rng.choice(list(KINDS)), rng.randrange(ENTRIES - 1)
        findings = tampered(kind, place)
        located = [f.last - f.first + 1 for f in findings if f.first <= place <= f.last]
        assert located, f"{number}: {kind} at {place}: {findings}"
        widths.append(min(located))
    assert statistics.median(widths) == 1 and max(widths) <= 2 * EACH_HEAD


def with_heads(kind, place, *kept):
    """What is found by those who kept these heads; the log is then as it was. And by nobody who kept none."""
    found = alone = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET session_replication_role = replica")
            ONLY_BY_A_KEPT_HEAD[kind](cursor, place)
            found, alone = reads.verify([StoredHead(note) for note in kept]), reads.verify()
            raise Undo
    except Undo:
        return found, alone


@pytest.mark.parametrize("kind", ONLY_BY_A_KEPT_HEAD)
def test_whoever_kept_a_head_finds_what_nobody_else_can(log, kind):
    """The control is in it: without the head the same log is whole, so the head is what finds it."""
    rng, kept = random.Random(f"{kind} {SEED}"), reads.standing().head
    for _ in range(WITH_A_HEAD):
        place = rng.randrange(EACH_HEAD + 1, ENTRIES - 2 * EACH_HEAD)
        found, alone = with_heads(kind, place, kept)
        assert alone == [] and found, (kind, place)
        assert any(each.first <= place <= each.last or each.first <= place + EACH_HEAD for each in found)


def test_two_witnesses_shown_two_histories_find_each_other(log):
    """One was shown the log as it was, the other one written again: neither history has both their heads."""
    mine = reads.standing().head
    theirs = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET session_replication_role = replica")
            changed_and_signed_again(cursor, 70)
            theirs = reads.standing().head
            assert reads.verify([StoredHead(theirs)]) == [] and reads.verify([StoredHead(mine)])
            raise Undo
    except Undo:
        assert reads.verify([StoredHead(mine)]) == [] and reads.verify([StoredHead(theirs)])
    assert "forked" in {found.kind for found in reads.verify([StoredHead(mine), StoredHead(theirs)])}


def test_it_finds_every_one_of_thousands_in_memory_and_accuses_no_honest_log():
    """Every class with the heads of two who kept some; one honest log for ten that were tampered with."""
    rng, logs = random.Random(SEED), [honest(f"{SEED} {n}") for n in range(40)]
    for number in each_of(IN_MEMORY):
        ledger, kind = rng.choice(logs).copied(), rng.choice(list(TAMPERINGS))
        done = TAMPERINGS[kind](ledger, random.Random(f"{SEED} {kind} {number}"))
        assert located(findings_in(ledger), done, ledger), (number, kind)
        if number % 10 == 0:
            assert findings_in(honest(f"{SEED} {number} honest")) == [], number
    note(tamperings=number + 1, honest=number // 10 + 1, kinds=str(len(TAMPERINGS)), missed=0)


def test_what_was_never_numbered_has_only_its_receipt(log, now):
    """The stated window: the seconds before an entry is signed for. Taken out whole, only who holds its code knows."""
    entry = acts.record(kind="search", by=BY, now=now)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        cursor.execute("DELETE FROM ledger_waiting WHERE entry_id = %s", [entry.pk])
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [entry.pk])
    assert reads.verify([StoredHead(reads.standing().head)]) == []


def test_it_finds_nothing_in_the_log_as_it_was(log):
    """The negative control: what was found was the tampering, and undoing it leaves nothing to find."""
    tampered("deleted and renumbered", 70)
    assert reads.verify() == []
