"""What has been held long enough goes: contacts after 36 months, records without any, sealed copies after 90 days."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from time import time

from django.conf import settings
from django.db import connection
from django.db.models import F

from knownto.access.acts import SYSTEM
from knownto.feeds import copies, handlers, removing
from knownto.feeds.dates import months_before
from knownto.feeds.limits import limits
from knownto.feeds.models import ON_THE_WAY, Feed, File, Gone, Record, State
from knownto.feeds.opening import opened
from knownto.ledger import acts as ledger

TOO_OLD = "DELETE FROM feeds_contact WHERE NOT open AND last_on < %s RETURNING record_id, agency_id"


def purge(*, now: datetime) -> tuple[int, int]:
    """Remove closed contacts whose last day is more than 36 months ago, and records that then hold nothing.

    An open involvement stays, however long it lasts. Gives how many contacts and records went.
    """
    oldest = months_before(now.date(), limits().months_held)
    with opened():
        touched = removing.forget_earlier_before(oldest)
        with connection.cursor() as cursor:
            cursor.execute(TOO_OLD, [oldest])
            gone = cursor.fetchall()
        removed = removing.remove_emptied(touched | {record for record, _ in gone}, now)
        by_agency = _count(gone, removed)
        Gone.objects.filter(as_of__lt=oldest).delete()
        if gone or removed:
            _tell(by_agency, len(gone), len(removed), now)
    return len(gone), len(removed)


def _count(gone: list[tuple[int, str]], removed: list[int]) -> dict[str, list[int]]:
    """Bring the feeds' counts up to date. Gives the removed records by agency."""
    for agency, count in Counter(agency for _, agency in gone).items():
        Feed.objects.filter(pk=agency).update(contacts=F("contacts") - count)
    by_agency: dict[str, list[int]] = {}
    for record, agency in Record.objects.filter(pk__in=removed).values_list("id", "agency"):
        by_agency.setdefault(agency, []).append(record)
    for agency, records in by_agency.items():
        Feed.objects.filter(pk=agency).update(records=F("records") - len(records))
    return by_agency


def _tell(removed: dict[str, list[int]], contacts: int, records: int, now: datetime) -> None:
    """No file removed these, so those who listen are given the agency's latest."""
    for agency, ids in removed.items():
        latest = File.objects.filter(agency=agency, state=State.LANDED).order_by("-received_at").first()
        if latest:
            handlers.tell_landed(latest.id, [], ids)
    because = f"{contacts} contacts and {records} records held for {limits().months_held} months"
    ledger.record(kind="contacts-purged", by=SYSTEM, because=because, now=now)


def destroy_old_copies(*, now: datetime) -> int:
    """Destroy the sealed copies that are no longer needed for replay, and what bad cells held. Gives how many."""
    oldest = now - timedelta(days=limits().days_received)
    with opened():
        old = File.objects.filter(copy_destroyed_at=None, received_at__lt=oldest).exclude(
            state__in=(*ON_THE_WAY, State.HELD)
        )
        numbers = list(old.values_list("id", flat=True)[:5000])
        for file in numbers:
            copies.destroy(file)
        removing.shred_after_commit(File.objects.filter(pk__in=numbers).values_list("key", flat=True))
        File.objects.filter(pk__in=numbers).update(copy_destroyed_at=now)
    return len(numbers)


def sweep_strays(*, older_than: timedelta = timedelta(hours=6)) -> int:
    """Remove copies that no file remembers: what a crash left between writing one and remembering it."""
    strays = 0
    for path in Path(settings.RECEIVED_FOLDER).glob("*/*"):
        if path.stat().st_mtime < time() - older_than.total_seconds() and not _remembered(path):
            path.unlink(missing_ok=True)
            strays += 1
    return strays


def _remembered(path: Path) -> bool:
    with opened():
        return path.suffix == ".sealed" and File.objects.filter(pk=path.stem).exists()
