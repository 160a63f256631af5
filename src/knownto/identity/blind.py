"""Blind keys in the database: written in bulk, and looked up by functions that answer with opaque ids only.

Row-level security would keep the planner off the index, so the plain role cannot read the table at all; these
functions run as its owner, and do nothing where no audited act has opened the rows. Their search path ends with the
caller's own temporary schema, which would otherwise come first and let a caller put another table in the way.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.migrations import RunSQL

from knownto import linkage
from knownto.access.wall import OPENED, SYSTEM
from knownto.identity.statements import numbers, rows
from knownto.keyring import acts as keyring

Held = bytes  # blind keys, 8 bytes each

# A key that more records share than this tells too little to be worth its cost, and is passed over.
MOST_OF_A_KEY = 100

# Summed over the keys that two records share: the rarer each is, the more it says.
CANDIDATES = f"""
CREATE FUNCTION identity_candidates(askers bigint[], tokens bigint[], cap integer, best integer)
RETURNS TABLE (asker bigint, record bigint, rarity real, common integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp ROWS 2000 AS $$
  WITH reached AS MATERIALIZED (
    SELECT asked.asker, found.records, coalesce(cardinality(found.records), 0) AS n
    FROM unnest(askers, tokens) AS asked (asker, token)
    CROSS JOIN LATERAL (
      SELECT array_agg(one.record) AS records
      FROM (SELECT k.record FROM identity_blindkey k WHERE k.token = asked.token LIMIT cap + 1) one
    ) found
    WHERE {OPENED}
  ), scored AS (
    SELECT r.asker, one.record, sum(20 - ln(r.n::float8) * 1.4427)::real AS rarity
    FROM reached r CROSS JOIN LATERAL unnest(r.records) AS one (record)
    WHERE r.n <= cap AND one.record <> r.asker
    GROUP BY r.asker, one.record
  ), ranked AS (
    SELECT s.*, row_number() OVER (PARTITION BY s.asker ORDER BY s.rarity DESC, s.record) AS place FROM scored s
  )
  SELECT asker, record, rarity, 0 FROM ranked WHERE place <= best
  UNION ALL
  SELECT asker, NULL, NULL, count(*)::integer FROM reached WHERE n > cap GROUP BY asker
$$;
"""  # noqa: S608 (constants only)

REKEY = f"""
CREATE FUNCTION identity_rekey(
  old_tokens bigint[], old_records bigint[], new_tokens bigint[], new_records bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT ({SYSTEM}) THEN
    RAISE EXCEPTION 'Blind keys are written by the product''s own jobs only';
  END IF;
  DELETE FROM identity_blindkey k USING unnest(old_tokens, old_records) AS o (token, record)
    WHERE k.token = o.token AND k.record = o.record;
  INSERT INTO identity_blindkey (token, record) SELECT DISTINCT n.token, n.record
    FROM unnest(new_tokens, new_records) AS n (token, record) ORDER BY 1, 2 ON CONFLICT DO NOTHING;
END $$;
"""  # noqa: S608


# Only a table's owner may analyse it; without that, a look-up after a bulk load is planned for an empty table.
ANALYSE = f"""
CREATE FUNCTION identity_analyse() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT ({SYSTEM}) THEN
    RAISE EXCEPTION 'Tables are analysed by the product''s own jobs only';
  END IF;
  ANALYZE public.identity_blindkey, public.identity_cleaned, public.identity_member, public.identity_belief,
    public.identity_pending, public.identity_person;
END $$;
"""  # noqa: S608


def analysing() -> RunSQL:
    """A migration operation: lets the plain role have the tables analysed, and do nothing else as their owner."""
    revoke = "REVOKE ALL ON FUNCTION identity_analyse() FROM PUBLIC;"
    return RunSQL(ANALYSE + revoke, "DROP FUNCTION identity_analyse()")


def functions() -> list[RunSQL]:
    """Migration operations: the functions, for the plain role to run and nobody else."""
    asking = "identity_candidates(bigint[], bigint[], integer, integer)"
    writing = "identity_rekey(bigint[], bigint[], bigint[], bigint[])"
    return [
        RunSQL(CANDIDATES + f"REVOKE ALL ON FUNCTION {asking} FROM PUBLIC;", f"DROP FUNCTION {asking}"),
        RunSQL(REKEY + f"REVOKE ALL ON FUNCTION {writing} FROM PUBLIC;", f"DROP FUNCTION {writing}"),
    ]


def tokens(keys: Iterable[tuple[str, str]]) -> Held:
    """The blind forms of candidate keys."""
    return array("q", dict.fromkeys(keyring.token(kind, value) for kind, value in keys)).tobytes()


def home_tokens(cleaned: linkage.Cleaned) -> Held:
    """The blind forms of a record's exact homes. Their kind is their own, so they never match a candidate key."""
    return tokens(("home", key) for key in linkage.address_keys(cleaned))


def unpacked(held: Held) -> array:
    """Blind keys as numbers."""
    found = array("q")
    found.frombytes(held)
    return found


@dataclass(frozen=True, slots=True)
class Reached:
    """What one look-up reached: the records, rarest agreement first, and how many keys were too common to follow."""

    records: tuple[int, ...] = ()
    common: int = 0


def candidates(asked: dict[int, Held], *, cap: int = MOST_OF_A_KEY, best: int) -> dict[int, Reached]:
    """For each asking record (0 for a search), at most `best` others that share keys with it."""
    askers, looked = _pairs(asked)
    found: dict[int, list[int]] = {asker: [] for asker in asked}
    common = dict.fromkeys(asked, 0)
    statement = "SELECT * FROM identity_candidates(%s::bigint[], %s::bigint[], %s::int, %s::int)"
    for asker, record, _, passed_over in rows(statement, numbers(askers), numbers(looked), cap, best):
        if record is None:
            common[asker] = passed_over
        else:
            found[asker].append(record)
    return {asker: Reached(tuple(records), common[asker]) for asker, records in found.items()}


def replace(old: dict[int, Held], new: dict[int, Held]) -> None:
    """Put the keys of `new` in the place of those of `old`, leaving what is in both untouched."""
    gone, fresh = ({}, {})
    for record in old.keys() | new.keys():
        before, after = set(unpacked(old.get(record, b""))), set(unpacked(new.get(record, b"")))
        gone[record], fresh[record] = before - after, after - before
    old_records, old_tokens = _flat(gone)
    new_records, new_tokens = _flat(fresh)
    rows(
        "SELECT identity_rekey(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])",
        *map(numbers, (old_tokens, old_records, new_tokens, new_records)),
    )


def analyse() -> None:
    """Tell the planner how much there is now. Under a second, whatever the size: it reads a sample."""
    rows("SELECT identity_analyse()")


def _pairs(asked: dict[int, Held]) -> tuple[list[int], list[int]]:
    return _flat({asker: unpacked(held) for asker, held in asked.items()})


def _flat(tokens_of: dict[int, Iterable[int]]) -> tuple[list[int], list[int]]:
    records: list[int] = []
    flat: list[int] = []
    for record, some in tokens_of.items():
        several: Sequence[int] = list(some)
        records += [record] * len(several)
        flat += several
    return records, flat
