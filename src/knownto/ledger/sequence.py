"""Numbering what has been committed, adding it to the tree, and signing the head: every few seconds.

Entries are numbered in the order in which they are found committed, not in the order in which they began: serial
numbers are not given out in the order of commits, and a gap would look like a deletion. So no number read from a row
is ever a mark of how far we have come. Each entry brings its own row of `Waiting`, committed with it: one whose
transaction is still open is not seen now, and is seen by a later round, however low its serial number.
"""

from datetime import datetime

from django.db import connection, transaction

from knownto.ledger.models import Entry, Head, Leaf, Waiting
from knownto.ledger.tree import newest, signer, with_about, written
from knownto.proof import leaf_hash, micros, read_head, sign_head

ONE_SEQUENCER = 0x6B6E6F77  # an advisory lock: two sequencers would give two entries one number
BATCH = 5000


def sequence(now: datetime) -> int:
    """Number what waits, sign the head, and return how many were numbered.

    Only in READ COMMITTED, which PostgreSQL is unless told otherwise: what is read after the lock must show what
    the sequencer that held it before has done.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEQUENCER])
        found = committed_and_waiting()
        if found:
            _append(found, now)
    return len(found)


def committed_and_waiting() -> list[Entry]:
    """What may be numbered now, the oldest first."""
    return list(with_about(Entry.objects.filter(waiting__isnull=False).order_by("id"))[:BATCH])


def _append(entries: list[Entry], now: datetime) -> None:
    head, tree = newest()
    hashes = [leaf_hash(written(entry)) for entry in entries]
    Leaf.objects.bulk_create(
        Leaf(index=tree.size + i, entry=entry, hash=digest)
        for i, (entry, digest) in enumerate(zip(entries, hashes, strict=True))
    )
    Waiting.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    grown = tree.extended(hashes)
    before = read_head(head.note) if head else None
    # A sequencer that waited for the lock comes with an older time, and clocks are set back: numbering goes on.
    time = max(micros(now), before.time if before else 0)
    signed = sign_head(grown, time=time, previous=head, signer=signer())
    number = before.number + 1 if before else 0
    Head.objects.create(number=number, size=grown.size, at=now, note=signed.note, peaks=b"".join(signed.peaks))
