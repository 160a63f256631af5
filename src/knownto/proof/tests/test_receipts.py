"""What somebody holds who was shown something; and what a log says of itself after a backup was put back."""

import hashlib
import json

import pytest

from knownto.proof import (
    examine,
    export_restore,
    prove_inclusion,
    read_head,
    receipt_file,
    receipt_of,
    sign_restore,
    subtrees,
    witness,
)

from .ledgers import OWNER, THIEF, Row, honest, sign_all
from .test_verifier import exported


def a_receipt(ledger, place, n=0):
    """The file that somebody was given of that entry, its event being 16 bytes as the product's are."""
    leaves, head = [row.leaf for row in ledger.rows], ledger.heads[-1].note
    size = read_head(head).size
    event = ledger.rows[place].fields["event"]
    proof = prove_inclusion(place, size, subtrees(leaves[:size]))
    code = receipt_of(bytes.fromhex(event), n)
    return receipt_file(code, n, ledger.rows[place].entry(), head, proof, [OWNER.public], [])


@pytest.fixture
def given_out():
    ledger = honest(3)
    for row in ledger.rows:
        row.fields = {**row.fields, "event": row.fields["id"].hex(), "purpose": "child-concern", "worker": "w"}
    ledger.rehash()
    ledger.heads = sign_all(ledger.rows, [40, len(ledger.rows)], OWNER)
    return ledger


def test_a_receipt_is_proved_without_the_log(partner, given_out):
    for place in (0, 1, 39, len(given_out.rows) - 1):
        code, said = partner.runs("--receipt", partner.write("receipt.json", a_receipt(given_out, place)))
        assert code == 0 and f"entry {place} of the ledger" in said


@pytest.mark.parametrize(("old", "new"), [
    ('"child-concern"', '"section-47"'), ('"agency": "', '"agency": "x'), ('"worker": "w"', '"worker": "v"'),
    ('"n": 0', '"n": 1'), ('"receipt": "', '"receipt": "0'), ('"index": 7', '"index": 8'), ("time 17", "time 18")])
def test_a_receipt_that_was_altered_is_not_proved(partner, given_out, old, new):
    whole = a_receipt(given_out, 7)
    assert old in whole
    code, said = partner.runs("--receipt", partner.write("receipt.json", whole.replace(old, new, 1)))
    assert code == 1 and said.startswith("NOT PROVED")


def test_a_receipt_of_another_ledger_is_not_proved(partner, given_out):
    given_out.heads = sign_all(given_out.rows, [len(given_out.rows)], THIEF)
    receipt = partner.write("receipt.json", a_receipt(given_out, 7))
    assert partner.runs("--receipt", receipt, "--key", OWNER.public.text())[0] == 1


def test_a_receipt_that_no_named_witness_signed_is_not_proved(partner, given_out, tmp_path):
    witness.main(["new", "--folder", str(tmp_path / "w"), "--name", "police.example/witness"])
    seen = witness.Witness(tmp_path / "w", witness.Key.read(OWNER.public.text()))
    key = seen.public.text()
    receipt = a_receipt(given_out, 7)
    assert partner.runs("--receipt", partner.write("receipt.json", receipt), "--witness", key)[0] == 1
    said = json.loads(receipt)
    said["cosignatures"] = [{"line": seen.take("old 0\n\n" + given_out.heads[-1].note), "witness": key}]
    assert partner.runs("--receipt", partner.write("receipt.json", json.dumps(said)), "--witness", key)[0] == 0


def restored(ledger, kept, because="The disk failed."):
    """The log after a backup was put back to head `kept`, declared in an entry of its own, and gone on from."""
    other, lost = ledger.copied(), ledger.heads[-1]
    note = sign_restore(kept=ledger.heads[kept], lost=lost, time=10**15, because=because, signer=OWNER)
    del other.heads[kept + 1 :]
    del other.rows[read_head(other.heads[-1].note).size :]
    declared = dict(ledger.rows[0].fields) | {"kind": "restored", "because": hashlib.sha256(note.encode()).hexdigest()}
    declared.pop("payload", None)
    other.rows.append(Row(len(other.rows), declared, b"", b""))
    other.rehash()
    other.heads = sign_all(other.rows, [len(other.rows)], OWNER, other.heads)
    other.receipts = []
    return other, note


def judged(ledger, published, restores=()):
    entries = (row.entry() for row in ledger.rows)
    return {found.kind for found in examine(entries, ledger.heads, [OWNER.public], [published], (), restores)}


def test_a_restore_is_tampering_unless_it_is_declared(ledger):
    other, note = restored(ledger, 9)
    kept_by_others = [*ledger.heads[::4], ledger.heads[-1]]
    assert judged(other, kept_by_others) & {"rolled_back", "forked", "head_missing"}
    assert judged(other, kept_by_others, [note]) == set()
    assert judged(other, ledger.heads[:9]) == set()


def test_a_declared_restore_excuses_nothing_else(ledger):
    other, note = restored(ledger, 9)
    newer = sign_all(ledger.rows, [len(ledger.rows)], OWNER, ledger.heads)[-1]  # shown after the head it names as lost
    assert judged(other, [newer], [note]) & {"rolled_back", "forked", "head_missing"}
    assert "restore_forged" in judged(other, ledger.heads, [note.replace("disk", "Disk")])
    other.rows[4].fields = {**other.rows[4].fields, "by": "nobody"}
    assert "entry_changed" in judged(other, ledger.heads, [note])


def test_a_declaration_that_the_log_itself_does_not_hold_is_named(ledger):
    other, note = restored(ledger, 9)
    elsewhere, _ = restored(ledger, 9, because="Another reason.")
    assert "restore_unrecorded" in judged(elsewhere, ledger.heads, [note])


def test_the_command_says_restored_declared(partner, ledger):
    other, note = restored(ledger, 9)
    export = partner.write("export.jsonl", *exported(other), export_restore(note))
    head = partner.write("head.txt", ledger.heads[-1].note)
    code, said = partner.runs(export, "--head", head)
    assert code == 0 and "RESTORED, DECLARED" in said and "The disk failed." in said
    assert partner.runs(partner.write("export.jsonl", *exported(other)), "--head", head)[0] == 1
