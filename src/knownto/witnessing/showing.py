"""Show a witness our newest head, with the proof that the log only grew; keep what it signs; hear when it says no."""

import base64
import json
import logging
import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from knownto.access.acts import SYSTEM
from knownto.disclosure import posting
from knownto.disclosure.faults import Fault
from knownto.disclosure.patience import next_try
from knownto.ledger import acts as ledger
from knownto.ledger import restores
from knownto.ledger.models import Head, Restore
from knownto.ledger.proving import grown
from knownto.proof import BadHead, WitnessKey, cosigned_at
from knownto.witnessing.asking import last_head
from knownto.witnessing.models import Alarm, Cosignature, Witness

log = logging.getLogger(__name__)

SHOWN_AGAIN = timedelta(minutes=10)  # when nothing was added: a log that is quiet and one that is cut off look alike
REFUSES, NO_SIGNATURE = "refuses", "no-signature"
SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n?\Z")


class Refused(Exception):
    """The witness saw something else than what we show: our log is not an extension of it."""


class NotSigned(Exception):
    """It answered, and what it answered is not its signature of this head."""


def show_all(now: datetime) -> int:
    """Show every witness whose time it is. Gives how many signed. One that fails holds up no other."""
    head = Head.objects.order_by("-number").first()
    if head is None:
        return 0
    signed = sum(_show(witness, head, now) for witness in _due(head, now))
    raise_alarms(now)
    return signed


def _due(head: Head, now: datetime) -> list[Witness]:
    waiting = Witness.objects.filter(closed_at=None, next_try__lte=now).order_by("pk")
    return [each for each in waiting if _has_something(each, head, now)]


def _has_something(witness: Witness, head: Head, now: datetime) -> bool:
    quiet = witness.answered_at is None or now - witness.answered_at >= SHOWN_AGAIN
    return quiet or witness.seen_number != head.number or bool(witness.fault) or _untold(witness) is not None


def _show(witness: Witness, head: Head, now: datetime) -> bool:
    """One attempt; what became of it is written down."""
    try:
        if restore := _untold(witness):
            _declare(witness, restore)
        line = _shown(witness, head)
    except Refused:
        _failed(witness, REFUSES, now)
    except NotSigned:
        _failed(witness, NO_SIGNATURE, now)
    except posting.Failed as failed:
        _failed(witness, failed.fault, now)
    else:
        _signed(witness, head, line, now)
        return True
    return False


def _untold(witness: Witness) -> Restore | None:
    """The restore that it has not taken note of, if it saw what was lost by it."""
    last = Restore.objects.exclude(declared_at=None).order_by("-id").first()
    return last if last and witness.told_of_id != last.pk and witness.opened_at <= last.declared_at else None


def _shown(witness: Witness, head: Head) -> tuple[str, datetime]:
    """Its line below our head, and when it says it saw it. Raises Refused, NotSigned, Failed."""
    answer = _asked(witness, head, witness.seen_size)
    if answer.status == 409 and (size := _size_of(answer)) != witness.seen_size and size <= head.size:
        answer = _asked(witness, head, size)  # it had kept our last one, and we had not heard
    if answer.status in (409, 422):
        _notice(witness)
        raise Refused
    return _line(witness, head, answer)


def _asked(witness: Witness, head: Head, older: int) -> posting.Answered:
    proof = grown(min(older, head.size), head.size)
    lines = [f"old {older}", *(base64.b64encode(part).decode() for part in proof)]
    return posting.ask("POST", f"{witness.where}/add-checkpoint", ("\n".join(lines) + "\n\n" + head.note).encode())


def _size_of(answer: posting.Answered) -> int:
    found = SIZE.match(answer.body)
    if not found:
        raise NotSigned
    return int(found[1])


def _line(witness: Witness, head: Head, answer: posting.Answered) -> tuple[str, datetime]:
    if answer.status != 200:
        raise posting.Failed(Fault.SERVER_ERROR if answer.status >= 500 else Fault.REFUSED)
    try:
        line = answer.body.decode()
        at = cosigned_at(head.note, line, WitnessKey.read(witness.key))
    except (UnicodeDecodeError, BadHead):
        raise NotSigned from None
    if at is None:
        raise NotSigned
    return line.strip(), datetime.fromtimestamp(at, UTC)


def _notice(witness: Witness) -> None:
    """It saw another log. If what it saw is signed by us, a backup was put back: nothing leaves until that is said.

    What it is known to have seen of this very log is what both histories share.
    """
    shared = witness.cosignatures.select_related("head").order_by("-head").first()
    try:
        restores.found(last_head(witness), datetime.now(UTC), kept=shared.head if shared else None)
    except (BadHead, posting.Failed, restores.NothingLost):
        log.error("the witness of %s refuses, and shows nothing that we signed and lost", witness.agency_id)


def _declare(witness: Witness, restore: Restore) -> None:
    """Tell it of a restore. What it had seen before is named by it, if it is not what we think."""
    answer = _told(witness, restore, min(witness.seen_size, restore.kept.size))
    if answer.status == 409 and (size := _size_of(answer)) <= restore.kept.size:
        answer = _told(witness, restore, size)
    if answer.status == 409:
        raise Refused
    _line(witness, restore.kept, answer)
    witness.seen_size, witness.seen_number, witness.told_of = restore.kept.size, restore.kept_id, restore
    witness.save(update_fields=["seen_size", "seen_number", "told_of"])


def _told(witness: Witness, restore: Restore, older: int) -> posting.Answered:
    proof = [base64.b64encode(part).decode() for part in grown(older, restore.kept.size)]
    said = {"declaration": restore.note, "kept": restore.kept.note, "old": older, "proof": proof}
    return posting.ask("POST", f"{witness.where}/restored", json.dumps(said).encode())


def _signed(witness: Witness, head: Head, line: tuple[str, datetime], now: datetime) -> None:
    with transaction.atomic():
        Cosignature.objects.create(witness=witness, head=head, line=line[0], at=line[1])
        witness.seen_size, witness.seen_number, witness.answered_at = head.size, head.number, now
        witness.fault, witness.faults, witness.next_try = "", 0, now
        witness.save()
        for alarm in witness.alarms.filter(cleared_at=None):
            alarm.cleared_at = now
            alarm.save(update_fields=["cleared_at"])
            _enter("witness-signs-again", witness, now)


def _failed(witness: Witness, fault: str, now: datetime) -> None:
    witness.fault, witness.faults = fault, witness.faults + 1
    witness.next_try = next_try(witness.pk, witness.faults, now)
    witness.save(update_fields=["fault", "faults", "next_try"])
    if fault == REFUSES:
        _raise(witness, Alarm.Kind.REFUSES, now)


def raise_alarms(now: datetime) -> None:
    """Raise the alarm for witnesses that have signed nothing for too long."""
    late = now - timedelta(minutes=settings.WITNESS_ALARM_MINUTES)
    for witness in Witness.objects.filter(closed_at=None):
        if (witness.answered_at or witness.opened_at) < late:
            _raise(witness, Alarm.Kind.SILENT, now)


def _raise(witness: Witness, kind: Alarm.Kind, now: datetime) -> None:
    with transaction.atomic():
        _, made = Alarm.objects.get_or_create(witness=witness, kind=kind, cleared_at=None, defaults={"raised_at": now})
        if made:
            log.error("witness of %s: %s", witness.agency_id, kind.label)
            _enter(f"witness-{kind}", witness, now)


def _enter(kind: str, witness: Witness, now: datetime) -> None:
    ledger.record(kind=kind, by=SYSTEM, about=[witness.agency_id, f"witness:{witness.pk}"], now=now)
