"""Put a copy into the outbox, in the transaction of the act it belongs to; take one back.

What was decided and what is owed to the partners commit together: there is no moment at which an answer was given
and its copy forgotten.
"""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Max, QuerySet

from knownto.disclosure.models import Parcel
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor, NoTransaction

MOST_BYTES = 20 * 1024 * 1024
ORDER = 0x70617263  # the class of our advisory locks: two acts must not give two parcels one number


class TooBig(Exception):
    """A copy of more than 20 MB, which no partner's system takes."""


def put(
    *,
    to_agency: str,
    child: UUID,
    kind: str,
    document: dict[str, Any],
    pdf: bytes | None = None,
    by: Actor,
    because: str,
    now: datetime,
    copy_of: UUID | None = None,
    simulated: bool = False,
) -> Parcel:
    """Owe that agency's record system a copy. Call it where the rows are open, in the act's own transaction.

    `child` is whom it is about: an opaque id, by which copies keep their order. `document` is JSON. With `copy_of` (the
    id of what was decided or written) a second call gives the parcel that there is. An agency without an endpoint
    is owed it all the same: ask `endpoints.takes_copies` first where that is not wanted. An act that puts parcels about
    several children puts them in the order of their ids, or two such acts could wait for each other.

    Raises NoTransaction and TooBig.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("parcel")
    if pdf and len(pdf) > MOST_BYTES:
        raise TooBig
    _lock(child)
    if copy_of and (there := Parcel.objects.filter(to_agency=to_agency, kind=kind, copy_of=copy_of).first()):
        return there
    parcel = Parcel(
        to_agency_id=to_agency, child=child, kind=kind, copy_of=copy_of, simulated=simulated, made_at=now, next_try=now
    )
    parcel.number = _next_number(to_agency, child)
    [key] = keyring.create()
    parcel.seal_into({"document": document, "pdf": base64.b64encode(pdf).decode() if pdf else None}, key)
    parcel.entry = ledger.record(
        kind="copy-sent",
        by=by,
        about=[str(child), f"parcel:{parcel.id}"],
        because=because,
        detail={"to": to_agency, "kind": kind},
        now=now,
        simulated=simulated,
    )
    parcel.save(force_insert=True)
    return parcel


def withdraw(*, parcel: UUID, by: Actor, because: str, now: datetime) -> bool:
    """Take back what has not arrived: its key is destroyed. False when it has arrived, or was taken back before.

    Call it where the rows are open. What already lies in a partner's folder is taken out of it by the next sweep.
    """
    found = Parcel.objects.select_for_update().filter(pk=parcel, state__in=OPEN).first()
    if found is None:
        return False
    keyring.shred([found.key])
    mark_withdrawn(found, by=by, because=because, now=now)
    return True


OPEN = (Parcel.State.WAITING, Parcel.State.LEFT)


def mark_withdrawn(parcel: Parcel, *, by: Actor, because: str, now: datetime) -> None:
    """Say of a parcel whose key is destroyed that it goes nowhere. What comes after it goes on."""
    parcel.state, parcel.withdrawn_at, parcel.sealed = Parcel.State.WITHDRAWN, now, b""
    parcel.save(update_fields=["state", "withdrawn_at", "sealed"])
    let_next_go(parcel)
    ledger.record(
        kind="copy-withdrawn",
        by=by,
        about=[str(parcel.child), f"parcel:{parcel.id}"],
        because=because,
        now=now,
        simulated=parcel.simulated,
    )


def put_off_those_behind(parcel: Parcel, until: datetime) -> None:
    """What comes after one that failed waits as long, or every look for what is due would go through all of it."""
    _behind(parcel).filter(next_try__lt=until).update(next_try=until)


def let_next_go(parcel: Parcel) -> None:
    """The next about the same child need wait no longer. It is as old as it was made, so that it is found first."""
    behind = _behind(parcel).order_by("number").values("pk")[:1]
    Parcel.objects.filter(pk__in=behind).update(next_try=F("made_at"))


def _behind(parcel: Parcel) -> QuerySet[Parcel]:
    return Parcel.objects.filter(
        to_agency=parcel.to_agency_id, child=parcel.child, number__gt=parcel.number, state=Parcel.State.WAITING
    )


def _lock(child: UUID) -> None:
    """Numbers about one child are given out one act after the other, in the order in which the acts commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ORDER, int.from_bytes(child.bytes[-4:], signed=True)])


def _next_number(agency: str, child: UUID) -> int:
    last = Parcel.objects.filter(to_agency=agency, child=child).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
