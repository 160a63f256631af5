"""How much each caller may ask of the key service, for what: allowances that fill up again by the minute."""

import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

BUDGETS = Path(__file__).with_name("budgets.toml")
Said = dict[str, dict[str, tuple[float, float]]]  # part -> operation -> at once, a minute


def read_budgets(domain: str, path: Path | None = None) -> Said:
    """What each part may ask in that domain. Raises KeyError for a domain that there is not."""
    raw = tomllib.loads((path or BUDGETS).read_text())[domain]
    return {part: {each: (float(once), float(minute)) for each, (once, minute) in of.items()}
            for part, of in raw.items()}  # fmt: skip


class Allowances:
    """What is left to each caller of each operation."""

    def __init__(self, said: Said, clock: Callable[[], float] = time.monotonic) -> None:
        self._said = said
        self._clock = clock
        self._left: dict[tuple[int, str, str], tuple[float, float]] = {}  # left, as of
        self._one = threading.Lock()

    def take(self, caller: int, part: str, operation: str, n: int) -> bool:
        """Whether that caller may have `n` more now. Then they are taken; otherwise nothing is."""
        allowed = self._said[part].get(operation)
        if allowed is None:
            return False
        once, minute = allowed
        with self._one:
            now = self._clock()
            left, since = self._left.get((caller, part, operation), (once, now))
            left = min(once, left + (now - since) * minute / 60)
            enough = n <= left
            self._left[caller, part, operation] = (left - n if enough else left), now
        return enough
