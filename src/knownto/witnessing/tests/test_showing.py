"""What witnesses are shown, what they sign, and what happens when one is silent or says no."""

from datetime import timedelta

import pytest

from knownto.disclosure import jobs as disclosure
from knownto.ledger import reads as ledger_reads
from knownto.ledger import restores
from knownto.ledger.models import Entry, Head
from knownto.ledger.tests.test_sequence import as_owner
from knownto.proof import StoredHead, witness
from knownto.witnessing import reads, showing
from knownto.witnessing.acts import close_witness
from knownto.witnessing.models import Alarm, Cosignature
from knownto.witnessing.tests.conftest import BY, grow


def rolled_back_to(size):
    """As an old backup leaves it, or a hand that has the database's keys."""
    as_owner("DELETE FROM witnessing_cosignature USING ledger_head h WHERE h.number = head_id AND h.size > %s", [size])
    as_owner("DELETE FROM ledger_head WHERE size > %s", [size])
    as_owner('DELETE FROM ledger_leaf WHERE "index" >= %s', [size])
    for table in ("ledger_about", "ledger_waiting"):
        as_owner(f"DELETE FROM {table} WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaf)")
    as_owner("DELETE FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_leaf)")
    as_owner("UPDATE witnessing_witness SET seen_size = 0, seen_number = -1")


def kinds():
    return set(Entry.objects.filter(kind__startswith="witness-").values_list("kind", flat=True))


def test_both_sign_every_head_that_they_are_shown(two, now):
    for step in range(3):
        grow(now)
        assert showing.show_all(now + timedelta(seconds=step)) == 2
    assert Cosignature.objects.count() == 6
    assert [each.witness.last()["size"] for each in two] == [Head.objects.order_by("-number").first().size] * 2
    assert showing.show_all(now + timedelta(seconds=5)) == 0  # nothing new, and not yet time to be heard again
    assert showing.show_all(now + timedelta(minutes=11)) == 2
    assert reads.verify() == ledger_reads.verify() == []


def test_a_cosignature_that_was_altered_is_found(two, now):
    grow(now)
    showing.show_all(now)
    as_owner(
        "UPDATE witnessing_cosignature SET at = at + interval '1 hour' WHERE id = (SELECT min(id) FROM"
        " witnessing_cosignature)"
    )
    assert [finding.kind for finding in reads.verify()] == ["cosignature_forged"]


def test_nobody_waits_for_one_that_was_let_go_and_what_it_signed_stays(two, now):
    grow(now)
    assert showing.show_all(now) == 2
    two[0].server.shutdown()
    two[0].server.server_close()
    grow(now)
    showing.show_all(now + timedelta(minutes=31))
    assert Alarm.objects.filter(cleared_at=None).exists()
    close_witness(witness=two[0].row, by=BY, now=now)
    assert two[0].fresh().cosignatures.count() == 1 and not Alarm.objects.filter(cleared_at=None).exists()
    assert Entry.objects.filter(kind="grant", because="close-witness").exists()


def test_one_that_is_down_holds_up_no_other_and_the_alarm_is_raised_and_cleared(two, now):
    grow(now)
    two[0].server.shutdown()
    two[0].server.server_close()
    assert showing.show_all(now) == 1
    assert two[0].fresh().fault == "unreachable" and two[0].row.next_try > now
    assert showing.show_all(now + timedelta(minutes=31)) == 1
    assert [(each.kind, each.witness.agency_id) for each in Alarm.objects.all()] == [("silent", "police")]
    assert "witness-silent" in kinds()
    two[0].up(two[0].port)
    assert showing.show_all(now + timedelta(hours=2)) == 2
    assert not Alarm.objects.filter(cleared_at=None).exists() and "witness-signs-again" in kinds()


def test_an_answer_that_we_did_not_hear_is_made_good(two, now):
    grow(now)
    showing.show_all(now)
    grow(now)
    showing.show_all(now)
    as_owner("UPDATE witnessing_witness SET seen_size = 0, seen_number = -1")
    grow(now)
    assert showing.show_all(now) == 2
    assert not Alarm.objects.exists()


def test_a_log_that_was_rolled_back_is_refused_alarmed_and_held(two, now, monkeypatch):
    for _ in range(3):
        grow(now)
        showing.show_all(now)
    size = Head.objects.get(number=0).size
    rolled_back_to(size)
    assert showing.show_all(now + timedelta(minutes=11)) == 0
    assert {each.kind for each in Alarm.objects.all()} == {"refuses"} and "witness-refuses" in kinds()
    assert restores.holding()
    monkeypatch.setattr(disclosure, "settle", lambda now: pytest.fail("something left"))
    disclosure.sweep()
    for each in two:
        assert list(each.folder.glob("refused.log"))


def test_a_declared_restore_is_told_and_all_goes_on(two, now):
    for _ in range(3):
        grow(now)
        showing.show_all(now)
    lost = ledger_reads.standing().head
    kept_by_others = [StoredHead(lost)]
    rolled_back_to(Head.objects.get(number=1).size)
    assert ledger_reads.verify(kept_by_others)
    restores.found(lost, now)
    restore = restores.declare(by=BY, because="The disk failed.", now=now)
    grow(now)
    assert showing.show_all(now + timedelta(minutes=11)) == 2
    assert not restores.holding() and not Alarm.objects.filter(kind="refuses").exists()
    assert ledger_reads.verify(kept_by_others) == [] == reads.verify()
    assert restore.entry.kind == "restored"
    for each in two:
        assert list(each.folder.glob("restored.log"))


def test_without_the_declaration_the_same_log_would_be_refused(two, now):
    for _ in range(3):
        grow(now)
        showing.show_all(now)
    rolled_back_to(Head.objects.get(number=1).size)
    for _ in range(4):
        grow(now)  # longer again than what they saw, with another past
    assert showing.show_all(now + timedelta(minutes=11)) == 0
    assert Alarm.objects.filter(kind="refuses").count() == 2
    assert restores.holding()
    restores.declare(by=BY, because="Somebody put an old copy back.", now=now)
    grow(now)
    assert showing.show_all(now + timedelta(hours=1)) == 2
    assert not restores.holding() and ledger_reads.verify([StoredHead(two[0].witness.last()["note"])]) == []


def test_a_history_written_again_with_the_real_key_is_refused(two, now):
    """Rewritten from the first entry on, every head signed anew, and longer than before: only they can tell."""
    grow(now)
    showing.show_all(now)
    rolled_back_to(0)
    for _ in range(3):
        grow(now)
    assert ledger_reads.verify() == []
    assert showing.show_all(now + timedelta(minutes=11)) == 0
    assert Alarm.objects.filter(kind="refuses").count() == 2


def test_a_witness_that_signs_something_else_is_not_believed(two, now, monkeypatch):
    grow(now)
    other = two[1].witness

    def signs_as_another(body):
        return other._cosigned(witness.head_of(body.partition("\n\n")[2], other.log_key), 1)

    monkeypatch.setattr(two[0].witness, "take", signs_as_another)
    assert showing.show_all(now) == 1
    assert two[0].fresh().fault == showing.NO_SIGNATURE
