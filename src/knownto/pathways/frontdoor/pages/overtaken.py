"""What somebody is shown whose decision came second: who decided what, when and why. What they typed is kept.

The page shows the same form, filled in, which now has seen the first decision: sending it again is a new choice.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.casework import reads, words
from knownto.casework.deciding import Overtaken
from knownto.casework.entering import entering
from knownto.casework.register import pathway


@dataclass(frozen=True)
class First:
    """The decision that was first. `number` is how many there are now: what the form sends back next."""

    who: str
    what: str
    at: datetime
    why: str
    number: int


def first(viewer: Viewer, episode: UUID, error: Overtaken, now: datetime) -> First:
    """Who was first, for whoever came second. Raises a Refused."""
    row = error.decision
    with entering(viewer, episode, Permission.EPISODE, kind="overtaken", now=now) as entered:
        [plain] = words.opened([row])
        name = reads.names([row.worker]).get(row.worker, "A rule")
        moves = {move.code: move.name for move in pathway(entered.episode.pathway).moves}
        why = plain["rationale"] if "decisions" in entered.sections else ""
        return First(name, moves.get(row.kind, row.kind), row.at, why, entered.episode.decided)

