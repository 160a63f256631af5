"""How far a large landing has come: told on a connection of its own, as nobody sees into its transaction yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from knownto.feeds.limits import limits
from knownto.feeds.models import File

TELL = "INSERT INTO feeds_progress (file, done) VALUES (%s, %s) ON CONFLICT (file) DO UPDATE SET done = excluded.done"


@contextmanager
def telling(file: File) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told of every batch of rows saved. A small file's sender sees the end at once."""
    if file.rows <= limits().at_once:
        yield lambda rows: None
        return
    done = 0
    beside = connection.copy()

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        with beside.cursor() as cursor:
            cursor.execute(TELL, [file.id, done])

    try:
        yield tell
    finally:
        with beside.cursor() as cursor:
            cursor.execute("DELETE FROM feeds_progress WHERE file = %s", [file.id])
        beside.close()
