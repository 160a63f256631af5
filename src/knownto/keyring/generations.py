"""Which index key each set of blind keys is made with, and how a set goes over from one to the next.

Whoever makes blind keys of a set, or reads any to compare, holds a lock that others hold with them, until what they are
for is committed (`hold`). Who changes the set takes the lock alone, and its tables with it (`alone`): nothing that was
made with the old key can be looked for or stored once the set has gone over. He gives up after a moment and tries
again, so that nobody ever queues behind him for longer.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from psycopg.errors import QueryCanceled

from knownto.keyring import prepared

FIXED = "fixed"  # what is made with the first index key for good
PEOPLE = "people"  # records' blind keys, as they are kept
ASKED = "asked"  # the same, as questions ask for them
SMALL = "small"  # no blind keys at all: small secrets on their way into a table
SETS = {
    "feed ": "feeds",
    "sign-in": "workers",
    "casework-": "casework",
    "firewall-": "firewall",
    "quality ": "quality",
    "submission": "frontdoor",
    "searched ": FIXED,  # in the log, which is never written anew
    "copy-child": FIXED,  # partners know the child by it
}  # beginnings of kinds

A_MOMENT = "500ms"  # less than the database waits before it looks for a deadlock
BETWEEN = 0.2  # seconds
CLASS = 7_320_103  # of advisory locks

HOLD = f"""
CREATE FUNCTION keyring_hold(said text) RETURNS TABLE (current smallint, coming smallint, leaving smallint)
LANGUAGE plpgsql VOLATILE ROWS 1 AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({CLASS}, hashtext(said));
  RETURN QUERY SELECT g.current, g.coming, g.leaving FROM keyring_generation g WHERE g.name = said;
END $$
"""  # noqa: S608 (constants only). Volatile: its second statement sees what was committed while the first waited
FORGET = "DROP FUNCTION keyring_hold(text)"


class State(NamedTuple):
    """The index key of a set, and those that its blind keys are put beside or taken out with (0: none)."""

    current: int = 1
    coming: int = 0
    leaving: int = 0


def set_of(kind: str) -> str:
    """The set that blind keys of that kind belong to."""
    return next((name for beginning, name in SETS.items() if kind.startswith(beginning)), ASKED)


def hold(name: str) -> State:
    """How that set stands; it stays so until the end of this transaction."""
    if name == FIXED:
        return State()
    found = prepared.ask(DEFAULT_DB_ALIAS, "SELECT * FROM keyring_hold(%s)", name)
    return State(*found[0]) if found else State()


def alone[T](name: str, tables: Sequence[str], opened: Callable, do: Callable[[], T]) -> T:
    """Do that in a transaction (`opened`) while nobody holds the set, nor writes its tables. Waits for them."""
    while True:
        try:
            with opened():
                _take(name, tables)
                return do()
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
        time.sleep(BETWEEN)


def _take(name: str, tables: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [A_MOMENT])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [CLASS, name])
        if tables:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
