"""What follows a contact below section 47: early help, assessment, a child in need plan; stepped up and down."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Origin
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Decision, Episode
from knownto.casework.pathway import Move
from knownto.casework.register import pathway
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import feedback, strategy
from knownto.pathways.frontdoor.powers import power_of

# For each outcome of a contact that support follows: the office that takes it up.
FOLLOWS: Mapping[str, str] = {"early-help": "early-help", "assessment": "assessment"}
# Where the next state stays with whoever has it, and it must go to another office all the same.
GOES_TO: Mapping[str, str] = {"step-down": "early-help", "start-early-help": "early-help"}
# Whoever raised it is told of these: a worry that grew, and one that was seen to the end.
MUST_TELL = frozenset({"step-up", "strategy"})


class NoLevel(ValueError):
    """Stepping up or down, and closing, decide a level of need."""


class NotThatTeam(NotPossibleNow):
    """The worker is not in the team that it is given to."""

    def __init__(self) -> None:
        super().__init__("not-in-the-team", "That worker is not in the team that it would go to.")


def open_support(*, parent: Episode, by: Actor, follows: str, level: int | None, now: datetime) -> Episode:
    """The work that follows `parent`, waiting for a worker, about the same people. Inside the decision's open rows.

    It is the council's own: whoever referred sees what they wrote and its outcome, not what the family is given.
    """
    work = acts.open_episode(
        by=by,
        pathway_code="support",
        origin=Origin(by.agency, worker=by.worker),
        about=strategy.same_people(parent),
        urgency=parent.urgency,
        team=offices.team_of(FOLLOWS[follows]),
        parent=parent,
        now=now,
    )
    work.level = level
    work.save(update_fields=["level"])
    return work


def allocate(*, by: Viewer, episode: UUID, team: Team, worker: UUID | None, now: datetime) -> Episode:
    """Give it to a worker of a team of the same agency; they are told. Raises NotThatTeam, and a Refused."""
    with entering(by, episode, Permission.DECIDE, powers=_POWERS, kind="support-allocated", now=now) as entered:
        work = Episode.objects.select_for_update(no_key=True, of=("self",)).get(pk=entered.episode.pk)
        if work.closed_at:
            raise acts.NotFromHere
        to = Worker.objects.filter(pk=worker, team=team, is_active=True).first() if worker else None
        if team.agency_id != by.agency or (worker and to is None):
            raise NotThatTeam
        acts.allocate(episode=work, team=team, worker=to, by=by.actor, now=now)
        return work


_POWERS = ("council", "council-manager", "emergency-duty")


def move(
    *,
    by: Viewer,
    episode: UUID,
    move: str,
    level: int | None = None,
    rationale: str,
    words: str = "",
    seen: int,
    now: datetime,
) -> Decision:
    """Decide on support: begin, plan, review, step up or down, close. `words`, where given, go to whoever raised it.

    Raises NoLevel, Overtaken, NotFromHere, NoRationale, and a Refused.
    """
    with entering(by, episode, Permission.EPISODE, kind="support-decided", now=now) as entered:
        work, chosen = entered.episode, pathway("support").move(move)
        if chosen.levels and level is None:
            raise NoLevel
        team = offices.team_of(GOES_TO[move]) if move in GOES_TO else None
        power = power_of(entered, by, chosen)
        choice = acts.Choice(move, power, rationale, level=level, level_before=work.level, team=_new(team, work))
        decision = acts.decide(episode=work, choice=choice, by=by.actor, seen=seen, now=now)
        _after(entered, by, chosen, decision, words, now)
        return decision


def _new(team: Team | None, work: Episode) -> Team | None:
    """Another team than the one that has it; None leaves it, with its worker, where it is."""
    return team if team and team.pk != work.team_id else None


def _after(entered: Entered, by: Viewer, chosen: Move, decision: Decision, words: str, now: datetime) -> None:
    work, root = entered.episode, root_of(entered.episode)
    if chosen.to == "stepped-up":
        strategy.open_protection(parent=work, by=by.actor, now=now)
    if root is not None and (words.strip() or chosen.code in MUST_TELL):
        entry = entered.granted.entry
        feedback.tell_outcome(episode=root, decision=decision, words=words, by=by.actor, entry=entry, now=now)


def root_of(work: Episode) -> Episode | None:
    """The contact that it all came from; None where there is none."""
    at: Episode | None = work
    while at is not None and at.pathway != "contact":
        at = at.parent
    return reads.episode(at.pk) if at else None
