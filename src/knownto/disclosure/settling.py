"""What is settled between rounds: acknowledgements left in folders, files to be taken away, alarms, old contents."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Min, QuerySet

from knownto.access.acts import SYSTEM, system
from knownto.disclosure import leaving
from knownto.disclosure.delivery import acknowledge
from knownto.disclosure.envelopes import enveloped
from knownto.disclosure.faults import Fault
from knownto.disclosure.models import CopiesStuck, Endpoint, Parcel, Way
from knownto.disclosure.parcels import OPEN
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger

log = logging.getLogger(__name__)

KEPT_AFTER_ARRIVAL = timedelta(days=30)  # long enough to see what was sent when the receiver cannot find it
AT_ONCE = 200


def settle(now: datetime) -> None:
    """All of it, each part by itself: a folder that cannot be read stops nothing else."""
    for endpoint in Endpoint.objects.filter(way=Way.DROP).order_by("where", "active"):
        try:
            _settle_folder(endpoint, now)
        except OSError as error:
            log.error("the folder of %s cannot be used: %s", endpoint.agency_id, type(error).__name__)
    raise_alarms(now)
    empty_arrived(now)


def _settle_folder(endpoint: Endpoint, now: datetime) -> None:
    if endpoint.active:
        _take_acks(endpoint, now)
    with system("parcels"):
        lying = leaving.ids_in(endpoint.where)
        kept = Parcel.objects.filter(pk__in=lying, to_agency=endpoint.agency_id, state__in=OPEN)
        ours = set(Parcel.objects.filter(pk__in=lying).values_list("pk", flat=True))
        stays = set(kept.values_list("pk", flat=True)) if _in_use(endpoint) else set()
    leaving.remove(endpoint.where, ours - stays)


def _in_use(endpoint: Endpoint) -> bool:
    """Is it where that agency's copies go? One that was closed and opened again has another row."""
    return Endpoint.objects.filter(agency=endpoint.agency_id, way=Way.DROP, where=endpoint.where, active=True).exists()


def _take_acks(endpoint: Endpoint, now: datetime) -> None:
    said = leaving.acks(endpoint.where)
    with system("parcels"):
        left = Parcel.objects.select_for_update().filter(pk__in=said, to_agency=endpoint.agency_id, state="left")
        rows = list(left.order_by("made_at", "number"))
        digests = _digests(rows)
        wrong = {row.pk for row in rows if row.pk in digests and said[row.pk] != digests[row.pk]}
        for row in rows:
            if row.pk in digests and row.pk not in wrong:
                acknowledge(row, now)
        Parcel.objects.filter(pk__in=wrong).update(fault=Fault.WRONG_ACK)
    leaving.remove(endpoint.where, wrong, endings=(".ack",))


def _digests(rows: Iterable[Parcel]) -> dict[UUID, str]:
    """What a receiver must repeat of each. None of one whose key was destroyed: the next round withdraws it."""
    rows = list(rows)
    keys = keyring.fetch(row.key for row in rows)
    return {row.pk: enveloped(row, row.open_with(keys[row.key]), Way.DROP).sha256 for row in rows if row.key in keys}


def raise_alarms(now: datetime) -> None:
    """Raise the alarm for agencies whose copies have not arrived for hours, and close it when they have."""
    with system("parcels"):
        late = now - timedelta(hours=settings.COPY_ALARM_HOURS)
        stuck = {
            each["to_agency"]: each["since"]
            for each in Parcel.objects.filter(state__in=OPEN, made_at__lte=late)
            .values("to_agency")
            .annotate(since=Min("made_at"))
        }
        raised: QuerySet[CopiesStuck] = CopiesStuck.objects.filter(cleared_at=None)
        for alarm in raised.exclude(agency__in=stuck):
            alarm.cleared_at = now
            alarm.save(update_fields=["cleared_at"])
            _enter("copies-arrive-again", alarm.agency_id, now)
        for agency in sorted(stuck.keys() - set(raised.values_list("agency", flat=True))):
            _raise(agency, stuck[agency], now)


def _raise(agency: str, since: datetime, now: datetime) -> None:
    _, made = CopiesStuck.objects.get_or_create(
        agency_id=agency, cleared_at=None, defaults={"since": since, "raised_at": now}
    )
    if made:
        _enter("copies-stuck", agency, now)


def _enter(kind: str, agency: str, now: datetime) -> None:
    ledger.record(kind=kind, by=SYSTEM, about=[agency], now=now)


def empty_arrived(now: datetime) -> None:
    """Destroy our copy of what arrived long ago: it is in the receiver's record now; that it was sent stays here."""
    with system("parcels"):
        old = Parcel.objects.filter(
            state="acknowledged", emptied_at=None, acknowledged_at__lte=now - KEPT_AFTER_ARRIVAL
        ).order_by("acknowledged_at")[:AT_ONCE]
        keys = {parcel.pk: parcel.key for parcel in old}
        keyring.shred(keys.values())
        Parcel.objects.filter(pk__in=keys).update(sealed=b"", emptied_at=now)
