"""Numbering what has been committed, adding it to the tree, and signing the head: every few seconds.

Entries are numbered in the order in which they are found committed, not in the order in which they began: serial
numbers are not given out in the order of commits, and a gap would look like a deletion.
"""

from datetime import datetime

from django.db import connection, transaction

from knownto.ledger.models import Entry, Head, Leaf, Waiting
from knownto.ledger.tree import newest, signer, with_about, written
from knownto.proof import leaf_hash, micros, sign_head

ONE_SEQUENCER = 0x6B6E6F77  # an advisory lock: two sequencers would give two entries one number
BATCH = 5000


def sequence(now: datetime) -> int:
    """Number what waits, sign the head, and return how many were numbered."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEQUENCER])
        waiting = list(with_about(Entry.objects.filter(waiting__isnull=False).order_by("id"))[:BATCH])
        if waiting:
            _append(waiting, now)
    return len(waiting)


def _append(entries: list[Entry], now: datetime) -> None:
    head, tree = newest()
    hashes = [leaf_hash(written(entry)) for entry in entries]
    Leaf.objects.bulk_create(
        Leaf(index=tree.size + i, entry=entry, hash=digest)
        for i, (entry, digest) in enumerate(zip(entries, hashes, strict=True))
    )
    Waiting.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    grown = tree.extended(hashes)
    signed = sign_head(grown, time=micros(now), previous=head, signer=signer())
    number = Head.objects.count()
    Head.objects.create(number=number, size=grown.size, at=now, note=signed.note, peaks=b"".join(signed.peaks))
