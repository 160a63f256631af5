"""A backup that was put back: noticed, held, declared.

From the moment it is noticed until somebody declares it, nothing leaves the product: what was sent after the moment
that we went back to would be sent again, and nobody who received it would know why.
"""

import hashlib
from datetime import datetime

from django.db import transaction

from knownto.ledger import acts
from knownto.ledger.models import Head, Restore
from knownto.ledger.tree import publics, signer, stored
from knownto.proof import BadHead, StoredHead, head_verifies, micros, read_head, sign_restore


class NothingToDeclare(Exception):
    """No backup was put back, or it has been declared."""


class NothingLost(Exception):
    """That head is not ours, or no newer than what the log holds: nothing was lost that anybody was shown."""


def found(lost: str, now: datetime, *, kept: Head | None = None) -> Restore:
    """We signed that head, it was shown to somebody, and the log does not hold it. Noticed twice, it is one restore.

    `kept` is the newest head that both histories are known to share; the log's newest, if nothing came after. Raises
    NothingLost where the log holds that head, or we never signed it.
    """
    try:
        head = read_head(lost)
    except BadHead:
        raise NothingLost from None
    with transaction.atomic():
        before = Restore.objects.select_for_update().filter(declared_at=None).first()
        if before:
            return _newer(before, lost)
        shared = kept or Head.objects.order_by("-number").first()
        ours = Head.objects.filter(number=head.number).first()
        if not head_verifies(head, publics()) or shared is None or (ours and ours.note == lost):
            raise NothingLost
        if shared.number >= head.number or shared.size > head.size:
            raise NothingLost
        return Restore.objects.create(found_at=now, kept=shared, lost=lost)


def _newer(before: Restore, lost: str) -> Restore:
    """Another witness may have seen more."""
    if read_head(lost).number > read_head(before.lost).number:
        before.lost = lost
        before.save(update_fields=["lost"])
    return before


def declare(*, by: acts.Actor, because: str, now: datetime) -> Restore:
    """Say that a backup was put back, in the log and in a note for the witnesses. Raises NothingToDeclare.

    `because` is read by partners: why, and nothing about anybody.
    """
    with transaction.atomic():
        restore = Restore.objects.select_for_update().filter(declared_at=None).first()
        if restore is None:
            raise NothingToDeclare
        kept, lost = stored(restore.kept), StoredHead(restore.lost)
        restore.note = sign_restore(kept=kept, lost=lost, time=micros(now), because=because, signer=signer())
        restore.entry = acts.record(
            kind="restored",
            by=by,
            about=[f"head:{restore.kept_id}", f"head:{read_head(restore.lost).number}"],
            because=hashlib.sha256(restore.note.encode()).hexdigest(),
            detail={"note": restore.note},
            now=now,
        )
        restore.declared_at = now
        restore.save()
    return restore


def holding() -> bool:
    """Was a backup put back that nobody has declared yet? Then nothing leaves."""
    return Restore.objects.filter(declared_at=None).exists()
