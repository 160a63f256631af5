"""Who wants to know when a feed has landed. They sit above feeds, so they tell us at start-up; we never import them."""

from collections.abc import Callable
from uuid import UUID

Landed = Callable[[UUID, list[int], list[int]], None]
Matching = Callable[[], set[str]]

_landed: list[Landed] = []
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
