"""What must not be visible is taken out before it is, and may be put back. Called inside rows that are open.

Who must not be seen is known above feeds: `handlers.withheld_by` is asked of every record that a file says anew. What
it withholds lands nowhere here: no row, no number, no count that anybody else sees.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from knownto.feeds.evidence import age_band
from knownto.feeds.models import Contact, Feed, File, Record
from knownto.feeds.removing import shred_after_commit
from knownto.keyring import acts as keyring
from knownto.linkage.evidence import Evidence

CONTACT = ("token", "category", "started_on", "last_contact_on", "ended_on", "last_on", "open", "team")


@dataclass(slots=True)
class Whole:
    """One record with its contacts, outside of every table. `token` is the ordinary blind form of the agency's id."""

    agency: str
    token: int
    record_id: str
    evidence: Evidence
    file: UUID
    as_of: date
    contacts: list[dict[str, Any]]
    id: int = 0


def take_out(ids: Iterable[int]) -> list[Whole]:
    """Those records and their contacts, as if they had never landed. Their keys go once that is committed."""
    rows = list(Record.objects.filter(pk__in=list(ids), removed_at=None).order_by("pk").select_for_update())
    taken = [_whole(row, plain) for row, plain in zip(rows, keyring.open_rows(rows), strict=True)]
    for whole in taken:
        _count(whole, -1)
    Record.objects.filter(pk__in=[row.pk for row in rows]).delete()
    shred_after_commit([row.key for row in rows])
    return taken


def ids_of(agency: str, tokens: Collection[int]) -> list[int]:
    """The records that an agency is held to have under those blind ids."""
    return list(Record.objects.filter(agency_id=agency, token__in=tokens).values_list("pk", flat=True))


def tokens_of(ids: Collection[int]) -> list[tuple[str, int]]:
    """(agency, token) of those records."""
    return list(Record.objects.filter(pk__in=ids).values_list("agency_id", "token"))


def put_back(whole: Whole) -> int:
    """A record that lands after all, under a fresh key. Gives its id."""
    Record.objects.filter(agency_id=whole.agency, token=whole.token).delete()  # one that was emptied meanwhile
    [key] = keyring.create()
    row = Record(
        agency_id=whole.agency,
        token=whole.token,
        key=key.id,
        sealed=b"",
        said=b"",  # so that the next file says it anew
        age_band=age_band(whole.evidence, whole.as_of),
        as_of=whole.as_of,
        file=File.objects.get(pk=whole.file),
    )
    row.save()
    plain: dict[str, Any] = {"record_id": whole.record_id, "evidence": whole.evidence.to_json()}
    if whole.evidence.household:
        plain["household"] = whole.evidence.household
    row.seal_into(plain, key)
    row.save()
    Contact.objects.bulk_create(
        Contact(record=row, agency_id=whole.agency, as_of=whole.as_of, file_id=whole.file, **contact)
        for contact in whole.contacts
    )
    _count(whole, 1)
    return row.pk


def _whole(row: Record, plain: dict[str, Any]) -> Whole:
    contacts = list(Contact.objects.filter(record=row).values(*CONTACT))
    evidence = Evidence.from_json(plain["evidence"])
    return Whole(row.agency_id, row.token, plain["record_id"], evidence, row.file_id, row.as_of, contacts, row.pk)


def _count(whole: Whole, way: int) -> None:
    """What anybody is told of how much a feed holds leaves them out too."""
    Feed.objects.filter(pk=whole.agency).update(
        records=F("records") + way, contacts=F("contacts") + way * len(whole.contacts)
    )
