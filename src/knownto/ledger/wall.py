"""The SQL that makes a table append-only, for everybody: the owner too."""

from django.db.migrations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_never() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The ledger is append-only'; END $$
"""


def append_only(*tables: str) -> list[RunSQL]:
    """Migration operations that refuse UPDATE, DELETE and TRUNCATE on those tables."""
    operations = [RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS ledger_never CASCADE")]
    for table in tables:
        operations.append(
            RunSQL(
                f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION ledger_never(); "
                f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_never();",
                f"DROP TRIGGER never_changed ON {table}; DROP TRIGGER never_emptied ON {table};",
            )
        )
    return operations
