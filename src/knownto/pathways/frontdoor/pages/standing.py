"""Where a piece of work stands: state, urgency, level, who has it, who raised it, and every time limit that runs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.casework import clocks, reads
from knownto.casework.entering import Entered
from knownto.casework.models import Clock, Episode
from knownto.casework.register import pathway
from knownto.face.parts import Tag
from knownto.partners import reads as partners
from knownto.worktime import describe

URGENCY = {"red": Tag("Red", "red"), "amber": Tag("Amber", "orange"), "green": Tag("Green", "green")}
UNRATED = Tag("Not rated yet", "grey")


@dataclass(frozen=True)
class Runs:
    """A time limit that runs: what must be done, by when, and on whose authority."""

    name: str
    due: datetime
    paused: bool
    authority: str


@dataclass(frozen=True)
class Head:
    """The top of the page. What the viewer's sections do not include is empty."""

    id: UUID
    reference: str
    what: str
    state: str
    open: bool
    opened_at: datetime
    urgency: Tag | None = None
    level: int | None = None
    owner: str = ""
    worker: str = ""
    raised_by: str = ""
    next_due: datetime | None = None
    running: tuple[Runs, ...] = ()


def head(entered: Entered, now: datetime) -> Head:
    """Built inside the open rows; shown after."""
    episode, sections = entered.episode, entered.sections
    path = pathway(episode.pathway)
    here = Head(episode.id, episode.reference, path.name, _state(entered), not episode.closed_at, episode.opened_at)
    names = reads.names([episode.worker_id, episode.from_worker])
    whole = "decisions" in sections or "clocks" in sections
    return Head(
        **vars(here)
        | {"owner": _owner(episode), "raised_by": _raised(episode, names) if "people" in sections else ""}
        | (_whole(episode, names) if whole else {})
    )


def _state(entered: Entered) -> str:
    """What came of it is told in the outcome, checked for who may be told: the state alone must not give it away."""
    episode = entered.episode
    if episode.closed_at and not entered.sections & {"decisions", "clocks"}:
        return "Decided"
    return pathway(episode.pathway).state(episode.state).name


def _whole(episode: Episode, names: dict[UUID, str]) -> dict:
    return {
        "urgency": URGENCY.get(episode.urgency, UNRATED if episode.pathway == "contact" else None),
        "level": episode.level,
        "worker": names.get(episode.worker_id, ""),
        "next_due": episode.next_due,
        "running": tuple(_runs(clock) for clock in reads.running(episode) if clock.runs != "ask"),
    }


def _runs(clock: Clock) -> Runs:
    limit = clocks.limit_of(clock)
    return Runs(limit.name, clocks.next_of(clock), clock.look_again is not None, describe(limit.rule))


def _owner(episode: Episode) -> str:
    return episode.team.name if episode.team and not episode.closed_at else ""


def _raised(episode: Episode, names: dict[UUID, str]) -> str:
    agency = partners.agency_names().get(episode.from_agency_id, episode.from_agency_id)
    team = episode.from_team.name if episode.from_team else ""
    return ", ".join(part for part in (names.get(episode.from_worker, ""), team, agency) if part)
