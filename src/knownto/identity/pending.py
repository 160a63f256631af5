"""Which records wait to be read or compared. A row is locked by whoever works on it, and skipped by the others."""

from collections.abc import Collection, Iterable

from knownto.access import acts as access
from knownto.identity.models import Stage
from knownto.identity.statements import changed, numbers, rows

AT_ONCE = 20_000


def add(ids: Iterable[int], stage: Stage = Stage.LANDED, agency: str = "") -> None:
    """These must be read again, whatever had been done with them. In the order of ids, so that two never deadlock."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), AT_ONCE):
        rows(
            "INSERT INTO identity_pending (record, stage, near, agency) SELECT unnest(%s::bigint[]), %s, 0, %s "
            "ON CONFLICT (record) DO UPDATE SET stage = least(identity_pending.stage, excluded.stage)",
            numbers(ordered[start : start + AT_ONCE]),
            int(stage),
            agency,
        )


def claim(stage: Stage, most: int) -> list[tuple[int, int]]:
    """(record, near) of the next ones that nobody else works on, neighbours side by side; locked until commit."""
    return rows(
        "SELECT record, near FROM identity_pending WHERE stage = %s ORDER BY stage, near, record LIMIT %s "
        "FOR UPDATE SKIP LOCKED",
        int(stage),
        most,
    )


def keyed(near: dict[int, int]) -> None:
    """These have their keys, and wait to be compared."""
    changed(
        "UPDATE identity_pending p SET stage = 1, near = n.near FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS n (record, near) WHERE p.record = n.record",
        list(near.keys()),
        list(near.values()),
    )


def set_aside(ids: list[int]) -> None:
    """These cannot be read: what was known of them stays, and their agency stays behind until they are sent again."""
    if ids:
        rows("UPDATE identity_pending SET stage = 2 WHERE record = ANY(%s::bigint[])", numbers(ids))


def done(ids: Iterable[int]) -> None:
    rows("DELETE FROM identity_pending WHERE record = ANY(%s::bigint[])", numbers(ids))


def read_again() -> None:
    """Those that wait to be compared are to be read first, once more."""
    rows("UPDATE identity_pending SET stage = 0 WHERE stage = 1")


def any_waits() -> bool:
    """Whether any record waits to be read or compared."""
    with access.system("identity"):
        return bool(rows("SELECT 1 FROM identity_pending WHERE stage < 2 LIMIT 1"))


def waiting(ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """For those of them that wait to be compared: their place (near, record) in the order of comparing."""
    found = rows(
        "SELECT record, near FROM identity_pending WHERE stage = 1 AND record = ANY(%s::bigint[])", numbers(ids)
    )
    return {record: (near, record) for record, near in found}


def agencies() -> set[str]:
    """The codes of the agencies whose records wait."""
    return {agency for (agency,) in rows("SELECT DISTINCT agency FROM identity_pending WHERE agency <> ''")}


def left() -> dict[int, int]:
    """How many wait, by stage."""
    return dict(rows("SELECT stage, count(*) FROM identity_pending GROUP BY stage"))
