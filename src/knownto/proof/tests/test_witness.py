"""A partner's witness: it signs what begins with what it saw, and refuses everything else, aloud."""

import base64
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from knownto.proof import (
    WitnessKey,
    consistent,
    cosigned_at,
    prove_consistency,
    read_head,
    sign_restore,
    subtrees,
    verifier,
    witness,
)

from .ledgers import OWNER, THIEF, honest, sign_all
from .test_heads import RFC_8032


def make(folder, name="police.example/witness"):
    assert witness.main(["new", "--folder", str(folder), "--name", name]) == 0
    return witness.Witness(folder, witness.Key.read(OWNER.public.text()))


@pytest.fixture
def ours(tmp_path):
    return make(tmp_path / "w")


@pytest.fixture
def ledger():
    return next(honest(seed) for seed in range(50) if honest(seed).gap == 7)


def shown(ledger, head, old):
    """What the ledger sends: the size that the witness saw last, the proof from there, the head."""
    size, tree = read_head(head.note).size, subtrees([row.leaf for row in ledger.rows])
    proof = prove_consistency(old, size, tree) if old <= size else []
    lines = [f"old {old}", *(base64.b64encode(part).decode() for part in proof)]
    return "\n".join(lines) + "\n\n" + head.note


def show_all(ours, ledger, heads):
    for head in heads:
        last = ours.last()
        ours.take(shown(ledger, head, last["size"] if last else 0))


def refused(ours, body):
    with pytest.raises(witness.Refused) as caught:
        ours.take(body)
    return caught.value.status, len(list(witness.lines_of(ours.folder / "refused.log")))


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_it_signs_and_verifies_as_the_standard_says(secret, public, message, signature):
    secret, public, message, signature = (bytes.fromhex(each) for each in (secret, public, message, signature))
    assert (witness.public_of(secret), witness.sign(secret, message)) == (public, signature)
    assert witness.verifies(public, message, signature)
    assert not witness.verifies(public, message + b"!", signature)
    assert not witness.verifies(public, message, signature[:32] + (witness.Q + 1).to_bytes(32, "little"))


def test_its_own_arithmetic_says_what_the_product_says():
    """Written twice on purpose: they agree on every proof, whole or spoilt."""
    rng, answers = random.Random(5), set()
    for seed in range(60):
        leaves = [rng.randbytes(32) for _ in range(rng.randrange(1, 70))]
        old, tree = rng.randrange(0, len(leaves) + 1), subtrees(leaves)
        proof = prove_consistency(old, len(leaves), tree)
        roots = [tree(0, old), tree(0, len(leaves))]
        if seed % 2 and proof:
            proof[rng.randrange(len(proof))] = rng.randbytes(32)
        elif seed % 5 == 0:
            roots[rng.randrange(2)] = rng.randbytes(32)
        said = witness.extends(old, roots[0], len(leaves), roots[1], proof)
        assert said == verifier_says(old, roots, leaves, proof)
        answers.add(said)
    assert answers == {True, False}


def verifier_says(old, roots, leaves, proof):
    return consistent(old, roots[0], len(leaves), roots[1], proof)


def test_it_countersigns_a_log_that_grows_and_keeps_what_it_saw(ours, ledger):
    show_all(ours, ledger, ledger.heads[::3])
    line = ours.take(shown(ledger, ledger.heads[-1], ours.last()["size"]))
    key = WitnessKey.read(ours.public.text())
    assert cosigned_at(ledger.heads[-1].note, line, key)
    assert verifier.cosigned_at(ledger.heads[-1].note, line, key)
    assert cosigned_at(ledger.heads[0].note, line, key) is None
    again = witness.Witness(ours.folder, ours.log_key)
    assert again.last()["note"] == ledger.heads[-1].note
    assert refused_log(ours) == ""


def refused_log(ours):
    path = ours.folder / "refused.log"
    return path.read_text() if path.exists() else ""


def fork(ledger, at):
    """The holder of the key changes one entry and signs everything again from there."""
    other = ledger.copied()
    other.rows[at].fields = {**other.rows[at].fields, "by": "nobody"}
    other.rehash()
    sizes = [read_head(head.note).size for head in ledger.heads]
    other.heads = sign_all(other.rows, sizes, OWNER)
    return other


def test_it_refuses_a_second_history_signed_with_the_real_key(ours, ledger, caplog):
    show_all(ours, ledger, ledger.heads[:-3])
    other = fork(ledger, 4)
    assert refused(ours, shown(other, other.heads[-4], ours.last()["size"])) == (409, 1)  # the same size
    assert refused(ours, shown(other, other.heads[-1], ours.last()["size"])) == (409, 2)  # grown since
    assert "REFUSED" in caplog.text and "second history" in refused_log(ours)
    assert ours.last()["note"] == ledger.heads[-4].note


def test_a_witness_that_did_not_look_at_the_proof_would_sign_the_second_history(ours, ledger, monkeypatch):
    show_all(ours, ledger, ledger.heads[:-3])
    other = fork(ledger, 4)
    monkeypatch.setattr(witness, "extends", lambda *_: True)
    follows = shown(other, other.heads[-1], ours.last()["size"])
    assert ours.take(follows).startswith(witness.DASH)


def test_two_witnesses_shown_two_histories_both_stand_by_what_they_saw(tmp_path, ledger):
    one, two = make(tmp_path / "a"), make(tmp_path / "b", "hospital.example/witness")
    other = fork(ledger, 4)
    show_all(one, ledger, ledger.heads[:-3])
    show_all(two, other, other.heads[:-3])
    assert refused(two, shown(ledger, ledger.heads[-1], two.last()["size"])) == (409, 1)
    assert refused(one, shown(other, other.heads[-1], one.last()["size"])) == (409, 1)


def test_it_refuses_an_old_backup_put_back_without_a_word(ours, ledger):
    show_all(ours, ledger, ledger.heads)
    assert refused(ours, shown(ledger, ledger.heads[5], read_head(ledger.heads[5].note).size)) == (409, 1)


def test_it_refuses_what_others_signed_and_what_is_no_head(ours, ledger):
    forged = sign_all(ledger.rows, [3], THIEF)[0]
    assert refused(ours, shown(ledger, forged, 0))[0] == 403
    assert refused(ours, shown(ledger, ledger.heads[1], 0).replace("hallowbridge", "elsewhere"))[0] == 404
    for body in ("", "old 0\n\n", "old x\n\n" + ledger.heads[0].note, "old 0\n!!\n\n" + ledger.heads[0].note):
        assert refused(ours, body)[0] in (400, 404)


def test_a_crash_between_us_is_no_accusation(ours, ledger):
    show_all(ours, ledger, ledger.heads[:6])
    assert refused(ours, shown(ledger, ledger.heads[8], read_head(ledger.heads[2].note).size)) == (409, 0)


def went_back(ledger, kept, lost, because="The disk failed."):
    return sign_restore(kept=ledger.heads[kept], lost=ledger.heads[lost], time=10**15, because=because, signer=OWNER)


def declared(ledger, note, kept, old):
    tree = subtrees([row.leaf for row in ledger.rows])
    proof = prove_consistency(old, read_head(ledger.heads[kept].note).size, tree)
    said = {"declaration": note, "kept": ledger.heads[kept].note, "old": old}
    return json.dumps(said | {"proof": [base64.b64encode(part).decode() for part in proof]})


def test_a_restore_that_is_declared_is_taken_kept_and_gone_on_from(ours, ledger, caplog):
    show_all(ours, ledger, ledger.heads[:6] + ledger.heads[8:])
    note, kept = went_back(ledger, 7, len(ledger.heads) - 1), read_head(ledger.heads[7].note)
    assert ours.restored(declared(ledger, note, 7, read_head(ledger.heads[5].note).size)).startswith(witness.DASH)
    assert ours.last()["size"] == kept.size and "DECLARED RESTORE" in caplog.text
    ours.restored(declared(ledger, note, 7, 0))  # told twice, it is one restore
    assert len(list(witness.lines_of(ours.folder / "restored.log"))) == 1
    other = ledger.copied()
    other.rows[kept.size:] = [row for row in other.rows[kept.size:] if row.place % 2]
    other.renumber()
    other.heads[8:] = sign_all(other.rows, [len(other.rows)], OWNER, other.heads[:8])[8:]
    assert ours.take(shown(other, other.heads[8], kept.size)).startswith(witness.DASH)
    assert refused_log(ours) == ""
    command = [sys.executable, "-I", witness.__file__, "status", "--folder", str(ours.folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "RESTORE DECLARED" in told.stdout


def test_a_restore_that_does_not_own_up_to_all_that_was_seen_is_refused(ours, ledger):
    show_all(ours, ledger, ledger.heads)
    older = read_head(ledger.heads[3].note).size
    with pytest.raises(witness.Refused) as caught:
        ours.restored(declared(ledger, went_back(ledger, 3, len(ledger.heads) - 3), 3, older))
    assert caught.value.status == 409 and ours.last()["note"] == ledger.heads[-1].note


def test_a_restore_to_another_past_is_refused(ours, ledger):
    show_all(ours, ledger, ledger.heads)
    other = fork(ledger, 2)
    note = sign_restore(kept=other.heads[9], lost=ledger.heads[-1], time=10**15, because="", signer=OWNER)
    with pytest.raises(witness.Refused) as caught:
        ours.restored(declared(other, note, 9, read_head(other.heads[9].note).size))
    assert caught.value.status in (400, 409) and ours.last()["note"] == ledger.heads[-1].note


def test_status_says_by_its_exit_code_what_a_person_must_know(ours, ledger, capsys):
    status = ["status", "--folder", str(ours.folder), "--silent", "5"]
    assert witness.main(status) == 3
    show_all(ours, ledger, ledger.heads)
    assert witness.main(status) == 0
    assert witness.main([*status[:-1], "-1"]) == 3
    refused(ours, shown(ledger, ledger.heads[2], 0))
    assert witness.main(status) == 1
    assert "Keep refused.log" in capsys.readouterr().out


def test_a_line_half_written_at_a_power_cut_is_left_aside(ours, ledger):
    show_all(ours, ledger, ledger.heads[:5])
    kept = ours.last()["size"]
    with (ours.folder / "heads.log").open("a") as file:
        file.write('{"seen": 1, "size": 9')
    again = witness.Witness(ours.folder, ours.log_key)
    assert again.last()["size"] == kept
    again.take(shown(ledger, ledger.heads[-1], kept))
    assert witness.Witness(ours.folder, ours.log_key).last()["note"] == ledger.heads[-1].note


def test_it_is_one_file_that_needs_nothing(tmp_path):
    alone = tmp_path / "witness.py"
    alone.write_bytes(Path(witness.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), "new", "--folder", str(tmp_path / "f"), "--name", "a/b"]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert WitnessKey.read(made).name == "a/b"
    assert (tmp_path / "f" / "key.json").stat().st_mode & 0o077 == 0
