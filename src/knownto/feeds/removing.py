"""What is no longer held: removed by the partner, dropped from a snapshot, or too old.

A record without any contact loses its evidence, and its key is destroyed once that is committed: it can then not be
opened in any copy there ever was. Its opaque id stays, so that it is the same record if it is ever sent again.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from itertools import batched
from uuid import UUID

from django.db import connection, transaction

from knownto.feeds.holding import Dropping
from knownto.feeds.models import Feed, File
from knownto.keyring import acts as keyring

MARK_GONE = """
INSERT INTO feeds_gone (agency_id, record_token, contact_token, as_of)
SELECT %(agency)s, record_token, contact_token, %(as_of)s FROM feeds_staged WHERE file_id = %(file)s AND remove
ON CONFLICT (agency_id, record_token, contact_token) DO UPDATE SET as_of = greatest(feeds_gone.as_of, excluded.as_of)
"""
ANY_TO_TAKE_BACK = "SELECT EXISTS (SELECT 1 FROM feeds_staged WHERE file_id = %(file)s AND remove)"
TAKE_BACK = """
DELETE FROM feeds_contact c USING feeds_record r, feeds_staged s
WHERE s.file_id = %(file)s AND s.remove AND r.agency_id = %(agency)s AND r.token = s.record_token
AND c.record_id = r.id AND (s.contact_token IS NULL OR c.token = s.contact_token) AND c.as_of <= %(as_of)s
RETURNING c.record_id, s.line
"""
FORGET_EARLIER = """
UPDATE feeds_record r SET earlier_on = NULL FROM feeds_staged s
WHERE s.file_id = %(file)s AND s.remove AND s.contact_token IS NULL
AND r.agency_id = %(agency)s AND r.token = s.record_token AND r.as_of <= %(as_of)s AND r.removed_at IS NULL
RETURNING r.id
"""
NOT_ASKED_SINCE = """
DELETE FROM feeds_staged s USING feeds_gone g
WHERE s.file_id = %(file)s AND NOT s.remove AND g.agency_id = %(agency)s AND g.record_token = s.record_token
AND (g.contact_token IS NULL OR g.contact_token = s.contact_token) AND g.as_of > %(as_of)s
"""
DROP = "DELETE FROM feeds_contact WHERE id = ANY(%s)"
REMEMBER_EARLIER = """
UPDATE feeds_record r SET earlier_on = greatest(r.earlier_on, n.last_on)
FROM (SELECT record, max(day) AS last_on FROM unnest(%s::bigint[], %s::date[]) AS u(record, day) GROUP BY record) n
WHERE r.id = n.record
"""
EMPTY = """
SELECT r.id, r.key FROM feeds_record r WHERE r.id = ANY(%s) AND r.removed_at IS NULL
AND r.earlier_on IS NULL AND NOT EXISTS (SELECT 1 FROM feeds_contact c WHERE c.record_id = r.id) FOR UPDATE
"""
BLANK = (
    "UPDATE feeds_record SET removed_at = %s, sealed = '', said = '', age_band = '', version = version + 1 "
    "WHERE id = ANY(%s)"
)


def take_back(file: File) -> tuple[int, set[int]]:
    """Carry out a delta's explicit removals. Gives how many contacts went, and whose they were."""
    said = {"file": file.id, "agency": file.agency_id, "as_of": file.as_of}
    with connection.cursor() as cursor:
        cursor.execute(ANY_TO_TAKE_BACK, said)
        if not cursor.fetchone()[0]:
            return 0, set()
        cursor.execute(TAKE_BACK, said)
        gone = cursor.fetchall()
        cursor.execute(FORGET_EARLIER, said)
        whole = {record for (record,) in cursor.fetchall()}
        cursor.execute(MARK_GONE, said)
    return len(gone), {record for record, _ in gone} | whole


def leave_out_what_is_gone(file: File) -> int:
    """An older file does not bring back what was removed since. Gives how many rows were left out."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_ASKED_SINCE, {"file": file.id, "agency": file.agency_id, "as_of": file.as_of})
        return cursor.rowcount


def drop(drops: Dropping) -> tuple[int, set[int]]:
    """Drop what a snapshot no longer names. What has only grown old leaves its day behind, and nothing else."""
    contacts = [contact for contact, *_ in (*drops.gone, *drops.aged)]
    with connection.cursor() as cursor:
        for some in batched(contacts, 10_000):
            cursor.execute(DROP, [list(some)])
        if drops.aged:
            _, records, days = zip(*drops.aged, strict=True)
            cursor.execute(REMEMBER_EARLIER, [list(records), list(days)])
    return len(contacts), {record for _, record, *_ in (*drops.gone, *drops.aged)}


def remove_emptied(records: Iterable[int], now: datetime) -> list[int]:
    """Remove those of the records that hold no contact any more. Their keys are destroyed after the commit."""
    removed: list[int] = []
    for some in batched(records, 10_000):
        with connection.cursor() as cursor:
            cursor.execute(EMPTY, [list(some)])
            found = cursor.fetchall()
            cursor.execute(BLANK, [now, [record for record, _ in found]])
        removed += [record for record, _ in found]
        shred_after_commit([key for _, key in found])
    return removed


def shred_after_commit(keys: Iterable[UUID]) -> None:
    """Destroy the keys once this transaction is committed, and never before: it might still be undone."""
    for some in batched(keys, 10_000):
        transaction.on_commit(partial(keyring.shred, list(some)))


def forget_earlier_before(day: date) -> set[int]:
    """Clear the marks of earlier involvement that are older than anything may be held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feeds_record SET earlier_on = NULL WHERE earlier_on < %s AND removed_at IS NULL RETURNING id", [day]
        )
        return {record for (record,) in cursor.fetchall()}


def count_down(feed: Feed, contacts: int, records: int) -> None:
    feed.contacts = max(0, feed.contacts - contacts)
    feed.records = max(0, feed.records - records)
