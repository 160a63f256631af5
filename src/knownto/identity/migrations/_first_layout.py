"""The functions of the first layout of blind keys, a row for each key of each record: for its migrations only."""

from django.db.migrations import RunSQL

from knownto.access.wall import OPENED, SYSTEM

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


def functions() -> list[RunSQL]:
    """Migration operations: the functions, for the plain role to run and nobody else."""
    asking = "identity_candidates(bigint[], bigint[], integer, integer)"
    writing = "identity_rekey(bigint[], bigint[], bigint[], bigint[])"
    return [
        RunSQL(CANDIDATES + f"REVOKE ALL ON FUNCTION {asking} FROM PUBLIC;", f"DROP FUNCTION {asking}"),
        RunSQL(REKEY + f"REVOKE ALL ON FUNCTION {writing} FROM PUBLIC;", f"DROP FUNCTION {writing}"),
    ]
