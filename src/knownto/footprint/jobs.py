"""Close searches on time: an hour after it was asked, a question and its answer can be opened by nobody."""

from knownto.access import clock
from knownto.footprint import acts


def sweep() -> int:
    """Every few minutes. Returns how many searches were closed."""
    return acts.close_lapsed(now=clock.now())
