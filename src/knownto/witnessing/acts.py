"""Take on a witness, and let one go. Each is a grant, in the ledger."""

from datetime import datetime

from django.db import transaction

from knownto.disclosure.destinations import destination
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.proof import WitnessKey
from knownto.witnessing.models import Witness


def open_witness(*, agency: str, where: str, key: str, by: Actor, now: datetime) -> Witness:
    """Show that witness every head from now on. Raises NotAllowed for the address, BadHead for the key."""
    destination(where)
    WitnessKey.read(key)
    with transaction.atomic():
        made = Witness.objects.create(agency_id=agency, where=where.rstrip("/"), key=key, opened_at=now, next_try=now)
        _granted("open-witness", agency, by, now)
    return made


def move_witness(*, witness: Witness, where: str, by: Actor, now: datetime) -> None:
    """The same witness, with the same key and memory, at another address. Raises NotAllowed."""
    destination(where)
    with transaction.atomic():
        Witness.objects.filter(pk=witness.pk).update(where=where.rstrip("/"), fault="", next_try=now)
        _granted("move-witness", witness.agency_id, by, now)


def close_witness(*, witness: Witness, by: Actor, now: datetime) -> None:
    """Show it nothing more: its key or machine is lost. What it has signed stays; nobody waits for it any longer."""
    with transaction.atomic():
        Witness.objects.filter(pk=witness.pk, closed_at=None).update(closed_at=now)
        witness.alarms.filter(cleared_at=None).update(cleared_at=now)
        _granted("close-witness", witness.agency_id, by, now)


def _granted(because: str, agency: str, by: Actor, now: datetime) -> None:
    ledger.record(kind="grant", by=by, about=[agency], because=because, now=now)
