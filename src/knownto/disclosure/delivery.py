"""Take what waits to the partners: each agency on a lane of its own, and on it the first of each child's parcels.

A parcel is claimed in a small transaction that puts its next try off, carried with no transaction open, and what became
of it is written in another. Killed anywhere in between, it is carried again when its next try has come, under the same
id, by which the receiver knows it. Nothing here gives up: a parcel leaves the outbox acknowledged or withdrawn.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.db import connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from knownto.access.acts import SYSTEM, system
from knownto.disclosure import leaving, patience
from knownto.disclosure.endpoints import secrets_of
from knownto.disclosure.envelopes import Envelope, enveloped
from knownto.disclosure.faults import OF_THE_PARCEL, Fault
from knownto.disclosure.models import Endpoint, Parcel, Way
from knownto.disclosure.parcels import OPEN, let_next_go, mark_withdrawn, put_off_those_behind
from knownto.disclosure.posting import AT_ONCE, Carry, posting
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
State = Parcel.State
CLAIM = timedelta(minutes=2)  # longer than any attempt: who claimed it and has said nothing since is dead
LOOKED_AT_AGAIN = timedelta(minutes=10)  # what lies in a folder


def deliver(*, now: Clock, limit: int) -> int:
    """Carry up to `limit` parcels to each agency, all agencies at once, and wait. Gives how many were tried."""
    agencies = with_something_due(now())
    if not agencies:
        return 0
    with ThreadPoolExecutor(len(agencies), thread_name_prefix="lane") as lanes:
        return sum(lanes.map(partial(lane, now=now, limit=limit), agencies))


def with_something_due(now: datetime) -> list[str]:
    """The agencies to which something could be carried now, those that are left in peace aside."""
    waiting = Parcel.objects.filter(to_agency=OuterRef("agency"), state__in=OPEN, next_try__lte=now)
    awake = Endpoint.objects.filter(Q(rest_until=None) | Q(rest_until__lte=now), active=True)
    with system("parcels"):
        return list(awake.filter(Exists(waiting)).order_by("agency").values_list("agency_id", flat=True))


def lane(agency: str, *, now: Clock, limit: int) -> int:
    """Carry up to `limit` of one agency's parcels, in a thread of its own. Gives how many were tried."""
    try:
        return _carry_to(agency, now, limit)
    finally:
        connections.close_all()  # this thread's only: it ends here


def _carry_to(agency: str, now: Clock, limit: int) -> int:
    endpoint = Endpoint.objects.filter(agency=agency, active=True).first()
    if endpoint is None:
        return 0
    tried = 0
    with _carrier(endpoint, now()) as carry:
        while tried < limit and (claimed := _claim(endpoint, now(), min(AT_ONCE, limit - tried))):
            envelopes = _open(claimed, endpoint, now())
            for envelope, fault in zip(envelopes, carry(envelopes, now()), strict=True):
                _note(endpoint, envelope, fault, now())
            tried += len(claimed)
    return tried


@contextmanager
def _carrier(endpoint: Endpoint, now: datetime) -> Iterator[Carry]:
    """What carries envelopes to that endpoint."""
    if endpoint.way == Way.DROP:
        yield partial(leaving.leave_all, endpoint.where)
        return
    with posting(endpoint.where, secrets_of(endpoint, now)) as carry:
        yield carry


def _due(now: datetime) -> QuerySet[Parcel]:
    """Parcels whose next try has come, and before which nothing about the same child still waits to be sent."""
    earlier = Parcel.objects.filter(
        to_agency=OuterRef("to_agency"), child=OuterRef("child"), number__lt=OuterRef("number"), state=State.WAITING
    )
    first = Q(state=State.LEFT) | (Q(state=State.WAITING) & ~Exists(earlier))
    return Parcel.objects.filter(first, state__in=OPEN, next_try__lte=now)


def _claim(endpoint: Endpoint, now: datetime, most: int) -> list[Parcel]:
    """Put off the next try of a few parcels, so that nobody else carries them meanwhile."""
    with system("parcels"):
        endpoint.refresh_from_db(fields=["active", "faults", "rest_until"])
        if not endpoint.active or (endpoint.rest_until and endpoint.rest_until > now):
            return []
        few = 1 if endpoint.rest_until else most  # after a rest, one goes ahead to see
        due = _due(now).filter(to_agency=endpoint.agency_id).order_by("next_try", "made_at", "number")
        claimed = list(due.select_for_update(skip_locked=True, of=("self",))[:few])
        for parcel in claimed:
            parcel.attempts += 1
            parcel.next_try = now + CLAIM
        Parcel.objects.bulk_update(claimed, ["attempts", "next_try"])
    return claimed


def _open(claimed: Sequence[Parcel], endpoint: Endpoint, now: datetime) -> list[Envelope]:
    """Those parcels, written out. One whose key was destroyed is withdrawn, and what comes after it goes on."""
    keys = keyring.fetch(parcel.key for parcel in claimed)
    for parcel in claimed:
        if parcel.key not in keys:
            _withdraw(parcel, now)
    return [enveloped(each, each.open_with(keys[each.key]), endpoint.way) for each in claimed if each.key in keys]


def _withdraw(parcel: Parcel, now: datetime) -> None:
    with system("parcels"):
        found = Parcel.objects.select_for_update().filter(pk=parcel.pk, state__in=OPEN).first()
        if found:
            mark_withdrawn(found, by=SYSTEM, because="key-destroyed", now=now)


def _note(endpoint: Endpoint, envelope: Envelope, fault: Fault | None, now: datetime) -> None:
    """Write down what became of one attempt, unless another worker has brought it further meanwhile."""
    with system("parcels"):
        parcel = Parcel.objects.select_for_update().filter(pk=envelope.id, state__in=OPEN).first()
        if parcel is None:
            return
        if fault is None:
            acknowledge(parcel, now)
        elif fault == Fault.NOT_TAKEN:
            _lies_there(parcel, envelope, now)
        else:
            parcel.fault, parcel.next_try = fault, patience.next_try(parcel.id, parcel.attempts, now)
            parcel.save(update_fields=["fault", "next_try"])
            put_off_those_behind(parcel, parcel.next_try)
        _note_circuit(endpoint, fault, now)


def acknowledge(parcel: Parcel, now: datetime) -> None:
    """It has arrived, and its receiver says so."""
    parcel.state, parcel.acknowledged_at, parcel.fault = State.ACKNOWLEDGED, now, ""
    parcel.save(update_fields=["state", "acknowledged_at", "fault"])
    let_next_go(parcel)
    ledger.record(
        kind="copy-acknowledged",
        by=ledger.Actor(None, parcel.to_agency_id, "record-system"),
        about=[str(parcel.child), f"parcel:{parcel.id}"],
        now=now,
        simulated=parcel.simulated,
    )


def _lies_there(parcel: Parcel, envelope: Envelope, now: datetime) -> None:
    parcel.state, parcel.next_try = State.LEFT, now + LOOKED_AT_AGAIN
    parcel.left_at = parcel.left_at or now
    parcel.fault = parcel.fault or (Fault.NOT_TAKEN if envelope.left else "")
    parcel.save(update_fields=["state", "next_try", "left_at", "fault"])
    let_next_go(parcel)


def _note_circuit(endpoint: Endpoint, fault: Fault | None, now: datetime) -> None:
    """Count what went wrong with the other system in a row. The first success wakes everything that waits for it."""
    now_up = fault is None or fault in OF_THE_PARCEL
    was_down = endpoint.faults > 0
    endpoint.faults = 0 if now_up else endpoint.faults + 1
    endpoint.rest_until = patience.rest_until(endpoint.id, endpoint.faults, now)
    endpoint.save(update_fields=["faults", "rest_until"])
    if now_up and was_down:
        waiting = Parcel.objects.filter(to_agency=endpoint.agency_id, state=State.WAITING, next_try__gt=now)
        # As old as they were made, so that what goes first is found first, however much waits.
        waiting.exclude(fault__in=("", *OF_THE_PARCEL)).update(next_try=F("made_at"))
