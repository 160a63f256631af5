"""Let something across, in the transaction of the act that shows it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from knownto.access.acts import Granted, Viewer
from knownto.disclosure import receipts
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.acts import NoTransaction
from knownto.partners.agreement import Agreement
from knownto.policy import PURPOSES


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
        receipt=receipts.new(),
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
