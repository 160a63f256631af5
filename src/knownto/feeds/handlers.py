"""Who wants to know when a feed has landed. They sit above feeds, so they tell us at start-up; we never import them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from knownto.feeds.landing import Group
    from knownto.feeds.models import File

Landed = Callable[[UUID, list[int], list[int]], None]
Matching = Callable[[], set[str]]


class Guard(Protocol):
    """Who knows whom nobody may see. Both are called inside the landing's transaction; what they raise undoes it."""

    def withheld(self, file: "File", said_anew: "Sequence[Group]") -> dict[int, int]:
        """Of the records that a file says anew, those that must not land: {token: contacts that are new of them}. Of
        others it may take out of the rows what must not be seen."""

    def landed(self, file: "File") -> None:
        """A file's rows have landed, and are still staged."""


_landed: list[Landed] = []
_guards: list[Guard] = []
_matching: list[Matching] = []


def when_landed(handler: Landed) -> Landed:
    """Call `handler(file_id, changed_record_ids, removed_record_ids)` inside every landing's transaction.

    Changed are the records whose identity evidence is new or different. What it raises undoes the landing. After a
    purge it is the agency's latest file, with nothing changed.
    """
    if handler not in _landed:
        _landed.append(handler)
    return handler


def forget(handler: Landed) -> None:
    _landed.remove(handler)


def withheld_by(guard: Guard) -> None:
    """Ask `guard` before any record is visible."""
    if guard not in _guards:
        _guards.append(guard)


def withheld(file: "File", said_anew: "Sequence[Group]") -> dict[int, int]:
    found: dict[int, int] = {}
    for guard in _guards:
        found |= guard.withheld(file, said_anew) if said_anew else {}
    return found


def guards_of_landed(file: "File") -> None:
    for guard in _guards:
        guard.landed(file)


def still_matching_from(ask: Matching) -> Matching:
    """`ask()` gives the agencies of which landed records are not yet matched."""
    if ask not in _matching:
        _matching.append(ask)
    return ask


def tell_landed(file: UUID, changed: list[int], removed: list[int]) -> None:
    for handler in _landed:
        handler(file, changed, removed)


def still_matching() -> set[str]:
    return set().union(*(ask() for ask in _matching))
