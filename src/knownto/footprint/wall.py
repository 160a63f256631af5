"""The database's own rule for queries: anybody may say 'this is wrong', only the agency it is said to may
read it.
"""

from django.db.migrations import RunSQL

from knownto.access.wall import OPENED, SYSTEM


def written_by_all_read_by_its_agency(table: str) -> RunSQL:
    """A migration operation: rows are added inside any opened act, read by the agency in `agency`, removed
    by jobs.
    """
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"CREATE POLICY said ON {table} FOR INSERT WITH CHECK ({OPENED}); "
        f"CREATE POLICY read ON {table} FOR SELECT"
        f" USING (agency = current_setting('knownto.agency', true) OR {SYSTEM}); "
        f"CREATE POLICY removed ON {table} FOR DELETE USING ({SYSTEM});",
        f"DROP POLICY said ON {table}; DROP POLICY read ON {table}; DROP POLICY removed ON {table}; "
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
