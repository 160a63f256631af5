"""Let something across, in the transaction of the act that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection

from knownto.access.acts import Granted, Viewer
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.acts import NoTransaction
from knownto.ledger.models import Entry
from knownto.partners.agreement import Agreement
from knownto.policy import PURPOSES
from knownto.proof import receipt_of


def disclose(
    *,
    by: Viewer,
    granted: Granted,
    person: UUID,
    purpose: str,
    agreements: Sequence[Agreement],
    how: How,
    now: datetime,
) -> Disclosure:
    """Record that `person`'s footprint is shown to `by`, under those agreements. Call it before any byte
    leaves.

    It lapses with the permission that was granted: what is on paper after that is out of date, and says so.
    Raises NoTransaction outside the transaction of the act, and KeyError for a purpose there is not.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("disclosure")
    return Disclosure.objects.create(
        receipt=_receipt(granted.entry),
        entry=granted.entry,
        how=how,
        person=person,
        worker=by.worker_id,
        to_agency=by.agency,
        purpose=purpose,
        basis=PURPOSES[purpose].basis,
        agreements=sorted(agreement.stamp for agreement in agreements),
        at=now,
        expires=now + timedelta(minutes=granted.allow.minutes),
    )


WORK_IS_OPEN_FOR = timedelta(days=365)  # what crossed in a piece of work stays with the agency it crossed to


@dataclass(frozen=True)
class Crossing:
    """Something of a piece of work crosses from one agency to another. `worker`: to whom, where it is one person.

    `purpose` is a code of PURPOSES. `how` NOT_SHARED means that it did not, and that somebody decided so.
    """

    work: UUID
    how: How
    from_agency: str
    to_agency: str
    purpose: str
    worker: UUID | None = None
    person: UUID | None = None


def cross(crossing: Crossing, *, entry: Entry, agreements: Sequence[str] = (), now: datetime) -> Disclosure:
    """Record it, in the transaction of the act, under that act's ledger entry. Within one agency nothing crosses: ask
    only where the two differ. Raises NoTransaction, KeyError.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("disclosure")
    return Disclosure.objects.create(
        receipt=_receipt(entry),
        entry=entry,
        how=crossing.how,
        person=crossing.person,
        work=crossing.work,
        worker=crossing.worker,
        from_agency=crossing.from_agency,
        to_agency=crossing.to_agency,
        purpose=crossing.purpose,
        basis=PURPOSES[crossing.purpose].basis,
        agreements=sorted(agreements),
        at=now,
        expires=now + WORK_IS_OPEN_FOR,
    )


SOME = 8


def _receipt(entry: Entry) -> str:
    """The entry's next receipt: it follows from the entry, so that the log proves which entry a code is of.

    The next, because one entry may let several things across, and because two of a milliard codes may be alike.
    """
    for start in count(0, SOME):
        codes = [receipt_of(entry.event.bytes, n) for n in range(start, start + SOME)]
        taken = set(Disclosure.objects.filter(receipt__in=codes).values_list("receipt", flat=True))
        if free := [code for code in codes if code not in taken]:
            break
    return free[0]
