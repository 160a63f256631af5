"""What the database itself says of a broken glass: nothing more comes through it once its hour is over.

Rows that are read through a glass are read in the context "glass:<its id>" (`access.acts.asking(through=...)`). In that
context every table below shows its rows only while the glass is open by the database's own clock, whatever the product
believes; in any other context the condition is one comparison a statement. And the row that says until when is never
changed: not its hour, not its person, not its worker.
"""

from django.db.migrations import RunSQL

# Everything about people that a look through a glass reads, or could be made to.
SHUTS = (
    "feeds_record", "feeds_contact", "feeds_staged",
    "identity_cleaned", "identity_person", "identity_member", "identity_belief", "identity_ruling",
    "casework_episode", "casework_participation", "casework_trace", "casework_statement", "casework_decision",
    "casework_ask", "casework_meeting", "casework_invitation",
    "footprint_search", "disclosure_disclosure", "disclosure_parcel",
    "glass_break",
)  # fmt: skip

ACCESS = "current_setting('knownto.access', true)"
STILL_OPEN = f"(SELECT coalesce({ACCESS}, '') NOT LIKE 'glass:%' OR glass_is_open({ACCESS}))"

FUNCTIONS = """
CREATE FUNCTION glass_is_open(context text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET knownto.access = 'system:glass' AS $$
    SELECT EXISTS (
        SELECT FROM glass_break
        WHERE id = CASE WHEN context ~ '^glass:[0-9a-f-]{36}$' THEN substr(context, 7)::uuid END
          AND ended_at IS NULL AND at <= clock_timestamp() AND until > clock_timestamp()
    )
$$;
CREATE FUNCTION glass_open_of(who uuid) RETURNS TABLE (id uuid, until timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET knownto.access = 'system:glass' AS $$
    SELECT g.id, g.until FROM glass_break g
    WHERE g.worker = who AND g.ended_at IS NULL AND g.at <= clock_timestamp() AND g.until > clock_timestamp()
    ORDER BY g.until
$$;
CREATE FUNCTION glass_stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a broken glass is never taken out';
    END IF;
    IF (NEW.id, NEW.worker, NEW.agency, NEW.person, NEW.reason, NEW.at, NEW.until, NEW.entry_id, NEW.episode_id)
        IS DISTINCT FROM
       (OLD.id, OLD.worker, OLD.agency, OLD.person, OLD.reason, OLD.at, OLD.until, OLD.entry_id, OLD.episode_id)
       OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at THEN
        RAISE EXCEPTION 'a broken glass is never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON glass_break FOR EACH ROW EXECUTE FUNCTION glass_stays_as_it_is();
"""
NO_FUNCTIONS = """
DROP TRIGGER stays ON glass_break;
DROP FUNCTION glass_stays_as_it_is(); DROP FUNCTION glass_open_of(uuid); DROP FUNCTION glass_is_open(text);
"""


def functions() -> RunSQL:
    """A migration operation: what the database can say of a glass, and that none is changed."""
    return RunSQL(FUNCTIONS, NO_FUNCTIONS)


def shut_when_over(*tables: str) -> list[RunSQL]:
    """Migration operations: those tables show nothing through a glass that is not open."""
    return [
        RunSQL(
            f"CREATE POLICY glass ON {table} AS RESTRICTIVE FOR SELECT USING ({STILL_OPEN});",
            f"DROP POLICY glass ON {table};",
        )
        for table in tables
    ]
