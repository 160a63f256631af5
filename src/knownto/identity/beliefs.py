"""What is believed of pairs, as rows. What somebody said of a belief outlives every new score of it."""

from collections.abc import Iterable
from typing import Any

from knownto.identity.scores import Pair
from knownto.identity.statements import changed, numbers, rows

# A pair is worth grouping by when the model says so, or a person did.
STRONG = "(b.outcome = 'match' OR b.state = 'confirmed') AND b.state <> 'undone'"

# A review outlives the ruling that came of it: that somebody looked stays, of what is gone.
FORGET_RULINGS = """
UPDATE identity_review v SET ruling_id = NULLIF(v.ruling_id, g.id), undoes_id = NULLIF(v.undoes_id, g.id)
FROM identity_ruling g WHERE (g.lower = ANY(%s::bigint[]) OR g.higher = ANY(%s::bigint[]))
AND g.id IN (v.ruling_id, v.undoes_id)
"""


def write(found: list[tuple[Any, ...]]) -> None:
    """Put in or rescore (lower, higher, bits, outcome, levels, model, at). In one order, so that two never deadlock."""
    columns = [list(column) for column in zip(*sorted(found), strict=True)] if found else [[]]
    changed(
        "INSERT INTO identity_belief (lower, higher, bits, outcome, levels, model, at, state) "
        "SELECT *, 'auto' FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[], %s::text[], %s::text[], "
        "%s::timestamptz[]) ON CONFLICT (lower, higher) DO UPDATE SET bits = excluded.bits, "
        "outcome = excluded.outcome, levels = excluded.levels, model = excluded.model, at = excluded.at "
        "WHERE identity_belief.bits <> excluded.bits OR identity_belief.levels <> excluded.levels "
        "OR identity_belief.model <> excluded.model",
        *columns,
    )


def drop(pairs: Iterable[Pair]) -> None:
    """No longer believed by the model. What somebody said of a pair stays."""
    chosen = sorted(pairs)
    changed(
        "DELETE FROM identity_belief b USING unnest(%s::bigint[], %s::bigint[]) AS d (lower, higher) "
        "WHERE b.lower = d.lower AND b.higher = d.higher AND b.state = 'auto'",
        [low for low, _ in chosen],
        [high for _, high in chosen],
    )


def of(ids: Iterable[int]) -> set[Pair]:
    """Every pair believed of any of those records."""
    wanted = numbers(ids)
    found = rows(
        "SELECT lower, higher FROM identity_belief WHERE lower = ANY(%s::bigint[]) "
        "UNION SELECT lower, higher FROM identity_belief WHERE higher = ANY(%s::bigint[])",
        wanted,
        wanted,
    )
    return {(low, high) for low, high in found}


def strong(ids: Iterable[int]) -> set[Pair]:
    """The pairs among those records, and between them and others, that are worth grouping by."""
    wanted = numbers(ids)
    found = rows(
        f"SELECT lower, higher FROM identity_belief b WHERE lower = ANY(%s::bigint[]) AND {STRONG} "  # noqa: S608
        f"UNION SELECT lower, higher FROM identity_belief b WHERE higher = ANY(%s::bigint[]) AND {STRONG}",
        wanted,
        wanted,
    )
    return {(low, high) for low, high in found}


def forget(ids: Iterable[int]) -> set[int]:
    """Remove every belief and ruling about those records. Returns the other records of those pairs."""
    wanted, others = list(ids), set()
    rows(FORGET_RULINGS, numbers(wanted), numbers(wanted))
    for table in ("identity_belief", "identity_ruling"):
        for side, other in (("lower", "higher"), ("higher", "lower")):
            found = rows(f"DELETE FROM {table} WHERE {side} = ANY(%s::bigint[]) RETURNING {other}", numbers(wanted))  # noqa: S608
            others |= {record for (record,) in found}
    return others - set(wanted)
