"""The second wall: what the database itself lets the product's plain role see and do.

The role owns nothing, so it cannot lift these. Rows about people are visible only inside a transaction that an
audited act has opened; rows of one agency only to that agency, or to the product's own jobs.
"""

from django.db import connections
from django.db.migrations import RunSQL

ROLE = "knownto_app"
OPENED = "coalesce(current_setting('knownto.access', true), '') <> ''"
SYSTEM = "coalesce(current_setting('knownto.access', true), '') LIKE 'system:%'"
GUARDED = (
    "coalesce(current_setting('knownto.access', true), '') LIKE 'guard:%' "
    "OR current_setting('knownto.access', true) = 'system:guard'"
)

# What is never changed by anybody, and what is reached only through functions that return opaque ids.
APPEND_ONLY = (
    "ledger_entry",
    "ledger_about",
    "ledger_leaf",
    "ledger_head",
    "casework_statement",
    "casework_decision",
)
NEVER_READ_DIRECTLY = ("identity_blindkey",)


def about_people(*tables: str) -> list[RunSQL]:
    """Migration operations: those tables' rows exist only where an audited act has opened them."""
    return [_policy(table, OPENED) for table in tables]


def of_one_agency(table: str, column: str = "agency_id") -> RunSQL:
    """A migration operation: those rows exist only for that agency, and for the product's own jobs."""
    return _policy(table, f"{column} = current_setting('knownto.agency', true) OR {SYSTEM}")


def of_guardians(*tables: str) -> list[RunSQL]:
    """Migration operations: those rows exist only where a guardian's act, or the guards' own job, has opened them."""
    return [_policy(table, GUARDED) for table in tables]


def _policy(table: str, condition: str) -> RunSQL:
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"CREATE POLICY wall ON {table} USING ({condition}) WITH CHECK ({condition});",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def grants() -> str:
    """What the plain role may do, said anew after every migration."""
    statements = [f"GRANT {what} TO {ROLE}; " for what in _MAY]
    statements += [_where_it_is(t, f"REVOKE UPDATE, DELETE ON {t} FROM {ROLE}") for t in APPEND_ONLY]
    statements += [_where_it_is(t, f"REVOKE ALL ON {t} FROM {ROLE}") for t in NEVER_READ_DIRECTLY]  # noqa: S608
    return "".join(statements)


_MAY = (
    "USAGE ON SCHEMA public",
    "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
    "USAGE ON ALL SEQUENCES IN SCHEMA public",
    "EXECUTE ON ALL FUNCTIONS IN SCHEMA public",
)


def _where_it_is(table: str, statement: str) -> str:
    return f"DO $$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN {statement}; END IF; END $$; "


def grant_after_migrating(sender: object, using: str, **_: object) -> None:
    """Signal handler, after each migration: the role may do what `grants` says, in that database."""
    with connections[using].cursor() as cursor:
        cursor.execute(grants())
