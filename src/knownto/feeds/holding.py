"""Is this file the whole truth, and is it the latest? What may not be is held for a person of the agency.

Partial files that were taken for full ones have closed plans and hidden children: nothing is dropped on a guess.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from knownto.feeds.dates import months_before
from knownto.feeds.limits import limits
from knownto.feeds.models import Feed, File, Mode

SHOWN_MONTHS = 12  # a contact older than this is only 'earlier involvement: ask', and leaves a snapshot by age

DROPPING = """
SELECT c.id, c.record_id, c.last_on
FROM feeds_contact c JOIN feeds_record r ON r.id = c.record_id
WHERE r.agency_id = %(agency)s AND c.as_of <= %(as_of)s
AND NOT EXISTS (SELECT 1 FROM feeds_staged s WHERE s.file_id = %(file)s
    AND s.record_token = r.token AND s.contact_token = c.token)
AND NOT EXISTS (SELECT 1 FROM feeds_rejected j WHERE j.file_id = %(file)s
    AND j.record_token = r.token AND j.contact_token = c.token)
AND NOT EXISTS (SELECT 1 FROM feeds_rejected j WHERE j.file_id = %(file)s
    AND j.record_token = r.token AND j.contact_token IS NULL)
"""
EMPTIED = """
SELECT count(*) FROM (SELECT unnest(%s::bigint[]) AS record, unnest(%s::int[]) AS gone) g
WHERE g.gone >= (SELECT count(*) FROM feeds_contact c WHERE c.record_id = g.record)
"""
UNKEYED = "SELECT count(*) FROM feeds_rejected WHERE file_id = %s AND record_token IS NULL AND NOT code = ANY(%s)"


@dataclass(frozen=True)
class Dropping:
    """What a snapshot no longer names: contacts that are gone, and contacts that have only grown old."""

    gone: tuple[tuple[int, int], ...] = ()  # (contact, record)
    aged: tuple[tuple[int, int, Any], ...] = ()  # (contact, record, last day)
    records: int = 0  # records that would be left without any contact

    @property
    def said(self) -> str:
        return f"{len(self.gone) + len(self.aged)} contacts, and {self.records} people altogether"


@dataclass(frozen=True)
class Hold:
    """A reason to hold a file: a code of `faults.HOLDS`, and its figures."""

    code: str
    what: str = ""


def dropping(file: File) -> Dropping:
    """What a snapshot would drop. Rows that were put aside protect the contact that they are about."""
    if file.mode != Mode.SNAPSHOT:
        return Dropping()
    shown, held = (months_before(file.as_of, months) for months in (SHOWN_MONTHS, limits().months_held))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off" if file.rows > limits().at_once else "SELECT 1")
        cursor.execute(DROPPING, {"agency": file.agency_id, "as_of": file.as_of, "file": file.id})
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = on")
        gone = tuple((contact, record) for contact, record, last in found if last >= shown)
        aged = tuple((contact, record, last) for contact, record, last in found if held <= last < shown)
        return Dropping(gone, aged, _emptied(cursor, [record for _, record in gone]))


def _emptied(cursor: Any, records: list[int]) -> int:
    if not records:
        return 0
    counted: dict[int, int] = {}
    for record in records:
        counted[record] = counted.get(record, 0) + 1
    cursor.execute(EMPTIED, [list(counted), list(counted.values())])
    return int(cursor.fetchone()[0])


def holds(file: File, feed: Feed, sealed: dict[str, Any], ending: "Ending", drops: Dropping) -> list[Hold]:
    """Every reason to hold this file, now that all of it has been read."""
    found = _cut_off(file, sealed, ending)
    if feed.last_as_of and file.as_of < feed.last_as_of:
        found.append(Hold("older"))
    return found + _drops(file, feed, drops)


@dataclass(frozen=True)
class Ending:
    """How the file ended."""

    line_ended: bool = True
    last_row_short: bool = False


def _cut_off(file: File, sealed: dict[str, Any], ending: Ending) -> list[Hold]:
    manifest, found = sealed.get("manifest") or {}, []
    if manifest and manifest["rows"] != file.rows:
        found.append(Hold("rows-differ", f"{manifest['rows']} rows, and there are {file.rows}"))
    if manifest.get("sha256") and manifest["sha256"].lower() != sealed["sha256"]:
        found.append(Hold("sha-differs"))
    if manifest.get("as_of") and manifest["as_of"] != str(file.as_of):
        found.append(Hold("day-differs"))
    if not manifest and not ending.line_ended:
        found.append(Hold("no-line-end"))
    if ending.last_row_short:
        found.append(Hold("short-row"))
    return found


def _drops(file: File, feed: Feed, drops: Dropping) -> list[Hold]:
    contacts = len(drops.gone)
    if not file.has_manifest and (contacts or drops.aged):
        return [Hold("drops-unproved", drops.said)]
    if _too_many(contacts, feed.contacts) or _too_many(drops.records, feed.records):
        return [Hold("drops", drops.said)]
    if contacts and _unkeyed(file):
        return [Hold("drops-hidden", drops.said)]
    return []


def _too_many(dropped: int, of: int) -> bool:
    return dropped >= limits().drop_least and dropped > limits().drop_share * of


def _unkeyed(file: File) -> bool:
    """Are there bad rows of which nobody can tell whom they are about?"""
    with connection.cursor() as cursor:
        cursor.execute(UNKEYED, [file.id, ["only-on-request", "not-shared"]])
        return bool(cursor.fetchone()[0])
