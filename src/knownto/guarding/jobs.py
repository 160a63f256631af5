"""In the background: be told who looked, and forget what is over.

What is owed is found in the database, so a lost turn costs nothing.
"""

from knownto.access import clock
from knownto.guarding import ending, watching


def sweep() -> None:
    """Check the searches that were made since the last turn."""
    now = clock.now()
    watching.catch_up(now)
    ending.forget_past(now)
