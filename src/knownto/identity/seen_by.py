"""Who was shown a person: asked of whoever sits above and shows them, who say so at start-up and are not imported."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.partners.models import Team


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who was shown a person, or a team whose work is about them.

    `worker` None: the whole team. `where` is the receipt or the reference by which they find it again. `covered` are
    the agencies whose records they were shown; None where it was the person as such.
    """

    agency: str
    team: Team | None
    worker: UUID | None
    at: datetime
    how: str
    where: str
    covered: frozenset[str] | None = None


Lookers = Callable[[Collection[UUID], datetime, datetime], list[Seen]]
_asked: list[Lookers] = []


def seen_from(ask: Lookers) -> Lookers:
    """`ask(people, since, until)` gives everybody who was shown one of those people between those times."""
    if ask not in _asked:
        _asked.append(ask)
    return ask


def seen(people: Collection[UUID], since: datetime, until: datetime) -> list[Seen]:
    """Everybody who was, in the order in which they were."""
    found = [each for ask in _asked for each in ask(people, since, until)]
    return sorted(found, key=lambda each: each.at)
