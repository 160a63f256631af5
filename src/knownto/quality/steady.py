"""What keeps a partner from learning what others hold by sending guesses.

A record is compared only after it has said the same for weeks; each version of a person that was told of doubles the
wait for the next, and after a few there is no next within a year. Counted by person, so that a new record number buys
nothing; and a partner with two records of one person is told of neither until it has settled which is right.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.linkage import Cleaned
from knownto.quality.limits import limits
from knownto.quality.models import Steady, Told

A_YEAR = timedelta(days=365)


def said(cleaned: Cleaned) -> bytes:
    """A keyed fingerprint of all that is compared with others."""
    names = (cleaned.given, cleaned.family, cleaned.others)
    return keyring.fingerprint(repr((names, cleaned.birth, cleaned.nhs_number, cleaned.upn)).encode(), of="quality")


def note(agency: str, cleaned: dict[int, Cleaned], came: dict[int, datetime]) -> None:
    """Remember what each record says, and since when: since the file that it last came anew in was received, by our own
    clock. One that says something new of whom it is about starts its wait anew."""
    before = {row.record: bytes(row.said) for row in Steady.objects.filter(record__in=cleaned)}
    now_said = {record: said(c) for record, c in cleaned.items()}
    fresh = [
        Steady(record=record, agency_id=agency, said=digest, since=came[record])
        for record, digest in now_said.items()
        if before.get(record) != digest
    ]
    Steady.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["record"], update_fields=["said", "since", "agency_id"]
    )


def waited(agency: str, people: dict[int, UUID], now: datetime) -> dict[int, bytes]:
    """Of those records, by id with their persons, those that have stood still for long enough; with what they say."""
    told: dict[UUID, set[bytes]] = {}
    found = Told.objects.filter(agency=agency, person__in=people.values(), at__gt=now - A_YEAR)
    for person, version in found.values_list("person", "said"):
        told.setdefault(person, set()).add(bytes(version))
    rows = Steady.objects.filter(record__in=people)
    return {
        row.record: bytes(row.said)
        for row in rows
        if _may(told.get(people[row.record], set()), bytes(row.said), row.since, now)
    }


def _may(told: set[bytes], version: bytes, since: datetime, now: datetime) -> bool:
    """What was told already may be told again. Anything else waits twice as long for each version told before."""
    if version in told:
        return True
    days = limits().steady_days * 2 ** len(told)
    return len(told) < limits().told_most and now - since >= timedelta(days=days)


def remember(agency: str, versions: Iterable[tuple[UUID, bytes]], now: datetime) -> None:
    """These versions of these people were found to differ: an answer, whether or not anybody looks at it."""
    rows = (Told(agency_id=agency, person=person, said=version, at=now) for person, version in versions)
    Told.objects.bulk_create(rows, ignore_conflicts=True)


def forget(agency: str, now: datetime) -> None:
    """Of a record that is not held any more nothing stays, and of what was told nothing after a year."""
    held = Record.objects.filter(agency=agency, removed_at=None)
    Steady.objects.filter(agency=agency).exclude(record__in=held.values("pk")).delete()
    Told.objects.filter(agency=agency, at__lt=now - A_YEAR).delete()
