"""In the background: what is owed is found in the database, so a lost or killed turn costs nothing."""

from knownto.access import clock
from knownto.quality import acts

AT_ONCE = 2_000  # records in one turn: about a second, so that other work is never kept waiting


def sweep() -> None:
    """A turn of checking."""
    acts.catch_up(now=clock.now(), limit=AT_ONCE)
