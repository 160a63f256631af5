"""Going back to a moment: both databases, what was destroyed since, and what had left since.

What is lost by it is read from the end of the archive first: the newest head that anybody may have been shown, what had
been sent (so that it is not sent again), and which referrals somebody holds a receipt for that we no longer have.
"""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from knownto.site.archive import Archive, both, recover
from knownto.site.embedded import Embedded
from knownto.site.servers import Server

DESTROYED = "destroyed.txt"


@dataclass(frozen=True)
class Lost:
    """What came after the moment that we go back to. Ids, references and times only."""

    head: str = ""
    arrived: list[tuple[str, datetime]] = field(default_factory=list)  # parcels that were acknowledged
    withdrawn: list[tuple[str, datetime]] = field(default_factory=list)
    mailed: list[tuple[int, datetime]] = field(default_factory=list)  # notices
    referrals: list[tuple[str, str, datetime]] = field(default_factory=list)  # reference, from which agency, when
    entries: int = 0


@dataclass(frozen=True)
class Restored:
    """What a restore did. `seconds` from the first copy to the last fact put back."""

    lost: Lost
    destroyed_again: int
    seconds: float


def restore(var: Path, moment: datetime | None, *, keys_moment: datetime | None = None) -> Restored:
    """Put both databases back to that moment (None: to the end of the archive); both are stopped when this returns.

    The keys go to the end of their archive. `keys_moment`: only so far, where the newest part of that is lost too.
    """
    begun, archives = time.monotonic(), both(var)
    lost = _read_what_comes_after(archives["main"], moment) if moment else Lost()
    recover(archives["main"], archives["main"].cluster, moment)
    recover(archives["keys"], archives["keys"].cluster, keys_moment)
    again = _destroy_again(archives["keys"].cluster, destroyed_since(archives["main"]))
    _note_what_had_left(archives["main"].cluster, lost)
    return Restored(lost, again, time.monotonic() - begun)


def _read_what_comes_after(archive: Archive, moment: datetime) -> Lost:
    """From the end of the archive, in a cluster of its own that is thrown away."""
    aside = archive.cluster.aside()
    recover(archive, aside, None)
    aside.start()
    try:
        with aside.connect() as connection:
            return _after(connection, moment)
    finally:
        aside.remove()


ARRIVED = "SELECT id::text, acknowledged_at FROM disclosure_parcel WHERE acknowledged_at > %s"
WITHDRAWN = "SELECT id::text, withdrawn_at FROM disclosure_parcel WHERE withdrawn_at > %s"
MAILED = "SELECT id, mailed_at FROM casework_notice WHERE mailed_at > %s"
REFERRED = "SELECT reference, from_agency_id, opened_at FROM casework_episode WHERE opened_at > %s ORDER BY opened_at"
ENTERED = "SELECT count(*) FROM ledger_entry WHERE at > %s"
NEWEST = "SELECT note FROM ledger_head ORDER BY number DESC LIMIT 1"


def _after(connection: "psycopg.Connection[Any]", moment: datetime) -> Lost:
    def rows(query: str) -> list[Any]:
        return connection.execute(query, [moment]).fetchall()  # type: ignore[call-overload, no-any-return]

    head = connection.execute(NEWEST).fetchone()
    return Lost(
        head[0] if head else "", rows(ARRIVED), rows(WITHDRAWN), rows(MAILED), rows(REFERRED), rows(ENTERED)[0][0]
    )


def _note_what_had_left(cluster: Embedded | Server, lost: Lost) -> None:
    """What had arrived, been taken back or been mailed is known to have been, so that it does not go again."""
    if not (lost.arrived or lost.withdrawn or lost.mailed):
        return
    cluster.start()
    with cluster.connect() as connection:
        for query, rows in ((ARRIVED_THEN, lost.arrived), (WITHDRAWN_THEN, lost.withdrawn), (MAILED_THEN, lost.mailed)):
            connection.execute(query, [json.dumps([{"id": each, "at": at.isoformat()} for each, at in rows])])
    cluster.stop()


ARRIVED_THEN = """UPDATE disclosure_parcel p SET state = 'acknowledged', acknowledged_at = x.at, fault = ''
FROM jsonb_to_recordset(%s::jsonb) x(id uuid, at timestamptz) WHERE p.id = x.id AND p.state IN ('waiting', 'left')"""
WITHDRAWN_THEN = """UPDATE disclosure_parcel p SET state = 'withdrawn', withdrawn_at = x.at, sealed = ''
FROM jsonb_to_recordset(%s::jsonb) x(id uuid, at timestamptz) WHERE p.id = x.id AND p.state IN ('waiting', 'left')"""
MAILED_THEN = """UPDATE casework_notice n SET mailed_at = x.at
FROM jsonb_to_recordset(%s::jsonb) x(id bigint, at timestamptz) WHERE n.id = x.id AND n.mailed_at IS NULL"""


# The erasure ledger: which keys were destroyed, kept apart from the keys.


def copy_destroyed(archives: dict[str, Archive]) -> int:
    """Write into the data's archive which keys have been destroyed since the last time. Gives how many."""
    path, known = archives["main"].folder / DESTROYED, set(destroyed_since(archives["main"]))
    with archives["keys"].cluster.connect() as connection:
        rows = connection.execute("SELECT id::text FROM keyring_destroyed ORDER BY at").fetchall()
    fresh = [identity for (identity,) in rows if identity not in known]
    if fresh:
        with path.open("a") as file:
            file.writelines(f"{identity}\n" for identity in fresh)
            file.flush()
            os.fsync(file.fileno())
    return len(fresh)


def destroyed_since(archive: Archive) -> list[str]:
    path = archive.folder / DESTROYED
    return path.read_text().split() if path.exists() else []


def _destroy_again(cluster: Embedded | Server, identities: Iterable[str]) -> int:
    """Whatever was destroyed once is destroyed in what was put back too. Gives how many keys had come back."""
    cluster.start()
    with cluster.connect() as connection:
        gone = [connection.execute(query, [list(identities)]).rowcount for query in DESTROY]
    cluster.stop()
    return sum(gone)


DESTROY = (
    "DELETE FROM keyring_wrappedkey WHERE id = ANY(%s::uuid[])",
    "DELETE FROM keyring_guardedkey WHERE id = ANY(%s::uuid[])",
)
