"""Blind keys in the database: written in bulk, and looked up by functions that answer with opaque ids only.

Row-level security would keep the planner off the index, so the plain role cannot read the table at all; these
functions run as its owner, and do nothing where no audited act has opened the rows. Their search path ends with the
caller's own temporary schema, which would otherwise come first and let a caller put another table in the way.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from django.db.migrations import RunSQL

from knownto import linkage
from knownto.access.wall import OPENED, SYSTEM
from knownto.identity.statements import numbers, rows
from knownto.keyring import acts as keyring
from knownto.keyring.generations import PEOPLE, hold

Held = bytes  # blind keys, 8 bytes each

# A key that more records share than this tells too little to be worth its cost, and is passed over.
MOST_OF_A_KEY = 100

# The bits of a token say in which bucket its keys lie, and at the head of each key which of its tokens it is of; the
# rest of a key is the record. A row holds a page of a bucket: a row for each key would be seven times as large.
BUCKET = "({} >> 42)::int"  # 22 bits
HEAD = "({} << 22)"  # 24 bits, above 40 of the record
RECORD = 2**40 - 1
FULL = 128  # keys of a page, after which the next is begun
LOCK = 7_320_002  # one at a time puts keys in their place, so that no two wait for each other

# Summed over the keys that two records share: the rarer each is, the more it says.
CANDIDATES = f"""
CREATE OR REPLACE FUNCTION identity_candidates(askers bigint[], tokens bigint[], cap integer, best integer)
RETURNS TABLE (asker bigint, record bigint, rarity real, common integer)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 64
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
  WITH reached AS MATERIALIZED (
    SELECT asked.asker, found.records, coalesce(cardinality(found.records), 0) AS n
    FROM unnest(askers, tokens) AS asked (asker, token)
    CROSS JOIN LATERAL (
      SELECT array_agg(one.key & {RECORD}) AS records
      FROM (
        SELECT held.key FROM identity_blindkey b CROSS JOIN LATERAL unnest(b.keys) AS held (key)
        WHERE b.bucket = {BUCKET.format("asked.token")}
          AND (held.key # {HEAD.format("asked.token")}) >> 40 = 0
        LIMIT cap + 1
      ) one
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

KEY = f"({HEAD.format('token')} & {-RECORD - 1}) | record"
_OLD = "unnest(old_tokens, old_records) AS o (token, record)"
_NEW = "unnest(new_tokens, new_records) AS n (token, record)"
REKEY = f"""
CREATE OR REPLACE FUNCTION identity_rekey(
  old_tokens bigint[], old_records bigint[], new_tokens bigint[], new_records bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT ({SYSTEM}) THEN
    RAISE EXCEPTION 'Blind keys are written by the product''s own jobs only';
  END IF;
  PERFORM pg_advisory_xact_lock({LOCK});
  UPDATE identity_blindkey b SET keys = ARRAY(SELECT k FROM unnest(b.keys) AS k WHERE k <> ALL (gone.keys)) FROM (
    SELECT {BUCKET.format("token")} AS bucket, array_agg({KEY}) AS keys
    FROM (SELECT * FROM {_OLD} UNION ALL SELECT * FROM {_NEW}) AS either GROUP BY 1
  ) gone WHERE b.bucket = gone.bucket AND b.keys && gone.keys;
  DELETE FROM identity_blindkey b USING unnest(old_tokens) AS token
    WHERE b.bucket = {BUCKET.format("token")} AND b.keys = '{{}}';
  INSERT INTO identity_blindkey AS b (bucket, page, keys)
  SELECT fresh.bucket, coalesce(last.page + (cardinality(last.keys) >= {FULL})::int, 0), fresh.keys
  FROM (SELECT {BUCKET.format("token")} AS bucket, array_agg(DISTINCT {KEY}) AS keys FROM {_NEW} GROUP BY 1) fresh
  LEFT JOIN LATERAL (
    SELECT page, keys FROM identity_blindkey held WHERE held.bucket = fresh.bucket ORDER BY page DESC LIMIT 1
  ) last ON true
  ON CONFLICT (bucket, page) DO UPDATE SET keys = b.keys || excluded.keys;
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


def layout() -> tuple[str, str]:
    """The functions that know how keys lie, as statements: for the migration that brings a layout."""
    return CANDIDATES, REKEY


def tokens(keys: Iterable[tuple[str, str]]) -> Held:
    """The blind forms of candidate keys, to ask with."""
    return array("q", dict.fromkeys(keyring.tokens(keys))).tobytes()


def tokens_of_each(keys: Sequence[Sequence[tuple[str, str]]]) -> list[Held]:
    """Those of many records' keys, to be kept: in one ask of whoever holds the index key."""
    found = iter(keyring.tokens(chain.from_iterable(keys), of=PEOPLE))
    return [array("q", dict.fromkeys(islice(found, len(some)))).tobytes() for some in keys]


def homes(cleaned: linkage.Cleaned) -> list[tuple[str, str]]:
    """The keys of a record's exact homes. Their kind is their own, so they never match a candidate key."""
    return [("home", key) for key in linkage.address_keys(cleaned)]


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
    put(*_also_by_the_other(flat(gone), flat(fresh)))


Flat = tuple[list[int], list[int]]  # records, and the token of each


def _also_by_the_other(old: Flat, new: Flat) -> tuple[Flat, Flat]:
    """While the index key is replaced there are keys by two: what is put in or taken out is so by both, save that none
    is put in by the one that leaves."""
    now, coming, leaving = hold(PEOPLE)
    both = _by(old, now, coming or leaving)
    return both, _by(new, now, coming)


def _by(some: Flat, now: int, other: int) -> Flat:
    records, of = some
    return (records * 2, of + keyring.turned_tokens(of, now, other)) if other else some


def put(old: Flat, new: Flat) -> None:
    """Take those keys out, and put these in."""
    rows(
        "SELECT identity_rekey(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])",
        *map(numbers, (old[1], old[0], new[1], new[0])),
    )


def analyse() -> None:
    """Tell the planner how much there is now. Under a second, whatever the size: it reads a sample."""
    rows("SELECT identity_analyse()")


def _pairs(asked: dict[int, Held]) -> Flat:
    return flat({asker: unpacked(held) for asker, held in asked.items()})


def flat(tokens_of: dict[int, Iterable[int]]) -> Flat:
    records: list[int] = []
    flat: list[int] = []
    for record, some in tokens_of.items():
        several: Sequence[int] = list(some)
        records += [record] * len(several)
        flat += several
    return records, flat
