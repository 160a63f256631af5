"""What grouping left as it was, as rows: each is tried again whenever its block changes, and is reviewed until then."""

from collections.abc import Iterable
from datetime import datetime

from knownto.identity.models import Doubt
from knownto.identity.statements import numbers, rows

Found = tuple[str, int, int | None]  # kind, lower, higher


def note(about: Iterable[int], found: Iterable[Found], now: datetime) -> None:
    """Those are what is doubtful of these records now; whatever else was is settled."""
    fresh = sorted(set(found), key=lambda each: (each[1], each[2] or 0, each[0]))
    _settle(about, fresh)
    if fresh:
        kinds, lowers, highers = ([each[at] for each in fresh] for at in range(3))
        rows(
            "INSERT INTO identity_doubt (kind, lower, higher, since) SELECT d.*, %s::timestamptz "
            "FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS d ON CONFLICT DO NOTHING",
            now,
            kinds,
            lowers,
            highers,
        )


def _settle(about: Iterable[int], fresh: list[Found]) -> None:
    wanted = numbers(about)
    there = rows(
        "SELECT id, kind, lower, higher FROM identity_doubt WHERE lower = ANY(%s::bigint[]) "
        "UNION SELECT id, kind, lower, higher FROM identity_doubt WHERE higher = ANY(%s::bigint[])",
        wanted,
        wanted,
    )
    gone = [key for key, *said in there if tuple(said) not in fresh]
    if gone:
        Doubt.objects.filter(pk__in=gone).delete()
