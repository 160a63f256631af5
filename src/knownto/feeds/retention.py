"""What has been held long enough goes: contacts after 36 months, records without any, sealed copies after 90 days."""

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
from knownto.feeds.models import ON_THE_WAY, Feed, File, Gone, State
from knownto.feeds.opening import opened
from knownto.ledger import acts as ledger

TOO_OLD = "DELETE FROM feeds_contact WHERE NOT open AND last_on < %s RETURNING record_id, agency_id"
AGENCIES_OF = "SELECT agency_id, count(*) FROM feeds_record WHERE id = ANY(%s) GROUP BY agency_id"


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
        _count(gone, removed)
        Gone.objects.filter(as_of__lt=oldest).delete()
        if gone or removed:
            _tell(removed, len(gone), now)
    return len(gone), len(removed)


def _count(gone: list[tuple[int, str]], removed: list[int]) -> None:
    contacts: dict[str, int] = {}
    for _, agency in gone:
        contacts[agency] = contacts.get(agency, 0) + 1
    for agency, count in contacts.items():
        Feed.objects.filter(pk=agency).update(contacts=F("contacts") - count)
    with connection.cursor() as cursor:
        cursor.execute(AGENCIES_OF, [removed])
        for agency, count in cursor.fetchall():
            Feed.objects.filter(pk=agency).update(records=F("records") - count)


def _tell(removed: list[int], contacts: int, now: datetime) -> None:
    handlers.tell_removed(removed)
    because = f"{contacts} contacts and {len(removed)} records held for {limits().months_held} months"
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
