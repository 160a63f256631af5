"""Disagreeing with a decision, stage by stage, each with a time limit, up to the independent chair's view.

A disagreement is a piece of work of its own ("challenge") whose parent is what was decided, so that both sides see it
and nobody's silence ends it. All of them are kept: that there were none must be evidence, not absence.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Choice, Origin, Question, Somebody
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Part, Participation
from knownto.casework.register import pathway
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import nights
from knownto.pathways.frontdoor.pathway import DECIDES
from knownto.policy import role

CHALLENGE, ASKED = "challenge", "challenge-answer"
NEXT = {"stage-1": "next-2", "stage-2": "next-3", "stage-3": "next-4"}
CHANGES = ("council-manager", "chair", "adults")
CAN_BE_CHALLENGED = frozenset({"contact", "support", "protection", "adult"})
EARLY_HELP = frozenset({"early-help", "early-help-plan"})


class NothingToChallenge(NotPossibleNow):
    """Nothing has been decided yet, or it is itself a disagreement."""

    def __init__(self) -> None:
        super().__init__("nothing-to-challenge", "Nothing has been decided here yet that one could disagree with.")


class OneIsOpen(NotPossibleNow):
    """This agency's disagreement with it is open already. `challenge` is which."""

    def __init__(self, challenge: Episode) -> None:
        super().__init__("one-is-open", "A disagreement of your agency with this is open already.")
        self.challenge = challenge


class NotSaid(ValueError):
    """A disagreement, an answer or a step without its words."""


@dataclass(frozen=True)
class Disagreement:
    """Why they disagree, and what they think should be done. `level`: the level of need they think is right."""

    why: str
    wants: str
    level: int | None = None


def challenge(*, by: Viewer, episode: UUID, disagreement: Disagreement, now: datetime) -> Episode:
    """Disagree with what was last decided; stage 1 begins, and whoever decided owes an answer.

    Raises NotSaid, NothingToChallenge, OneIsOpen, a Refused.
    """
    if not disagreement.why.strip() or not disagreement.wants.strip():
        raise NotSaid
    with entering(by, episode, Permission.CHALLENGE, kind="challenge-opened", now=now) as entered:
        decision = _decision(entered.episode)
        _must_be_only_one(entered.episode, by)
        row = _open(entered.episode, decision, by, now)
        plain = {"why": disagreement.why, "wants": disagreement.wants, "level": disagreement.level}
        plain |= {"decision": str(decision.id), "decided": decision.kind}
        acts.say(episode=row, kind="disagreement", plain=plain, by=by.actor, now=now)
        _both_sides(row, decision, by, now)
        worker = decision.worker if _works_in(decision.worker, row.team) else None
        _ask_for_answer(row, "Why was it decided so? Answer what is said against it.", by, now, worker=worker)
        return row


def _decision(episode: Episode) -> Decision:
    """The last decision that a person made."""
    last = Decision.objects.filter(episode=episode).exclude(power="rule").order_by("number").last()
    if last is None or episode.pathway not in CAN_BE_CHALLENGED:
        raise NothingToChallenge
    return last


def _must_be_only_one(episode: Episode, by: Viewer) -> None:
    """Locked first: of two of one agency who disagree at once, the second is shown what the first began."""
    Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
    same = Episode.objects.filter(parent=episode, pathway=CHALLENGE, from_agency=by.agency, closed_at=None).first()
    if same:
        raise OneIsOpen(same)


def _open(episode: Episode, decision: Decision, by: Viewer, now: datetime) -> Episode:
    origin = Origin(by.agency, reads.team_of(by), by.worker_id)
    return acts.open_episode(
        by=by.actor,
        pathway_code=CHALLENGE,
        origin=origin,
        about=same_people(episode),
        team=nights.day_team(episode),
        parent=episode,
        now=now,
    )


def same_people(episode: Episode) -> list[Somebody]:
    """Those whom it is about, for another piece of work about them."""
    known = reads.people([episode]).get(episode.id, [])
    return [Somebody(each.role, each.evidence, each.more, each.person) for each in known]


def _both_sides(row: Episode, decision: Decision, by: Viewer, now: datetime) -> None:
    """Whoever disagrees and whoever decided see the whole of it, at whatever stage it is."""
    acts.take_part(episode=row, role="challenger", agency=by.agency, worker=by.worker_id, by=by.actor, now=now)
    acts.take_part(episode=row, role="decided", agency=decision.agency, worker=decision.worker, by=by.actor, now=now)


def _works_in(worker: UUID | None, team: Team | None) -> bool:
    return Worker.objects.filter(pk=worker, team=team, is_active=True).exists()


def _ask_for_answer(row: Episode, words: str, by: Viewer, now: datetime, *, worker: UUID | None = None) -> None:
    """Whatever was owed at the stage before is owed no more."""
    for ask in Ask.objects.filter(episode=row, kind=ASKED, answered_at=None):
        said = {"because": "It went to the next stage."}
        acts.answer(ask=ask, answer=Answer.WITHDRAWN, plain=said, by=by.actor, now=now)
    question = Question(ASKED, row.team, words, urgency="" if row.state == "stage-1" else row.state, to_worker=worker)
    acts.ask(episode=row, question=question, by=by.actor, by_team=reads.team_of(by), now=now)
    acts.tell("challenge", episode=row, team=row.team, worker=worker, sort=f"{row.state}:{row.id.hex}", now=now)


def answer(*, by: Viewer, challenge: UUID, words: str, now: datetime) -> Ask:
    """Answer what is said against the decision. Raises NotSaid, NotPossibleNow where nothing is owed, a Refused."""
    if not words.strip():
        raise NotSaid
    with entering(by, challenge, Permission.CHALLENGE, kind="challenge-answered", now=now) as entered:
        team = reads.team_of(by)
        ask = Ask.objects.filter(episode=entered.episode, kind=ASKED, answered_at=None, to_team=team).last()
        if ask is None:
            raise acts.AlreadyAnswered
        return acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": words}, by=by.actor, now=now)


def take_further(*, by: Viewer, challenge: UUID, why: str, seen: int, now: datetime) -> Decision:
    """Take it to the next stage: another office owes an answer, and may see what it is about.

    Raises NotSaid, NotFromHere, Overtaken, a Refused.
    """
    with entering(by, challenge, Permission.CHALLENGE, kind="challenge-taken-further", now=now) as entered:
        row = entered.episode
        if row.state not in NEXT:
            raise acts.NotFromHere
        to = pathway(CHALLENGE).move(NEXT[row.state]).to
        team = None if to == "stage-4" else nights.day_team(row.parent)
        decision = _step(entered, by, NEXT[row.state], why, seen, now, team=team)
        _let_in(row, by, now)
        acts.tell("challenge", episode=row, team=row.from_team, sort=f"further:{row.state}:{row.id.hex}", now=now)
        _ask_for_answer(row, f"This has come to {_name(row)}. What is your view?", by, now)
        return decision


def _name(row: Episode) -> str:
    return pathway(CHALLENGE).state(row.state).name.lower()


def _let_in(row: Episode, by: Viewer, now: datetime) -> None:
    """The chair cannot give a view of what they may not read: of the decisions, not of partners' checks."""
    if row.state == "stage-4" and row.parent:
        chairs = offices.team_of("conferences")
        acts.take_part(
            episode=row.parent,
            role="escalated",
            agency=chairs.agency_id,
            worker=None,
            team=chairs,
            by=by.actor,
            now=now,
        )


def agree(*, by: Viewer, challenge: UUID, why: str, seen: int, now: datetime) -> Decision:
    """We agree after all. Whoever disagreed says so, or whoever decided at the stage where it now is.

    Raises NotSaid, NotFromHere, Overtaken, a Refused.
    """
    with entering(by, challenge, Permission.CHALLENGE, kind="challenge-agreed", now=now) as entered:
        if entered.episode.from_agency_id != by.agency:
            raise acts.NotFromHere
        return _end(entered, by, "agree", why, seen, now)


def stands(*, by: Viewer, challenge: UUID, why: str, seen: int, now: datetime) -> Decision:
    """The chair's view is that the decision stands. Raises NotSaid, NotFromHere, Overtaken, a Refused."""
    with entering(by, challenge, Permission.DECIDE, powers=("chair",), kind="challenge-view", now=now) as entered:
        return _end(entered, by, "view", why, seen, now, power="chair")


def change(*, by: Viewer, challenge: UUID, why: str, seen: int, now: datetime) -> Episode:
    """The decision is changed: what was decided is decided anew, in work that follows it. Gives that work.

    Raises NotSaid, NotFromHere, Overtaken, a Refused.
    """
    with entering(by, challenge, Permission.DECIDE, powers=CHANGES, kind="challenge-changed", now=now) as entered:
        row = entered.episode
        parent = Episode.objects.select_related("team", "from_team").get(pk=row.parent_id)
        _end(entered, by, "change", why, seen, now, power=entered.power(*CHANGES))
        return _anew(parent, row, by.actor, why, now)


def _anew(parent: Episode, row: Episode, by: Actor, why: str, now: datetime) -> Episode:
    if parent.pathway == "support" and parent.state in EARLY_HELP and not parent.closed_at:
        choice = Choice("step-up", "council-manager", why, level=4, override=True, facts={"challenge": row.reference})
        acts.decide(episode=parent, choice=choice, by=by, seen=parent.decided, now=now)
        return parent
    again = acts.open_episode(
        by=by,
        pathway_code="adult" if parent.pathway == "adult" else "contact",
        origin=Origin(parent.from_agency_id, parent.from_team, parent.from_worker),
        about=same_people(parent),
        urgency=parent.urgency if parent.pathway in ("contact", "adult") else "",
        parent=parent,
        now=now,
    )
    for said, plain in reads.statements(parent, "referral"):
        first = Actor(said.worker, said.agency, by.role)  # it is the referrer's still, whoever opens it again
        acts.say(episode=again, kind="referral", plain=plain, by=first, now=now)
    acts.say(episode=again, kind="note", plain={"words": why, "from": row.reference}, by=by, now=now)
    return again


def _end(entered: Entered, by: Viewer, move: str, why: str, seen: int, now: datetime, *, power: str = "") -> Decision:
    """It is over: what is still owed is owed no more, and both sides are told."""
    row = entered.episode
    decision = _step(entered, by, move, why, seen, now, power=power)
    for ask in Ask.objects.filter(episode=row, kind=ASKED, answered_at=None):
        said = {"because": f"It is over: {pathway(CHALLENGE).state(row.state).name.lower()}."}
        acts.answer(ask=ask, answer=Answer.WITHDRAWN, plain=said, by=by.actor, now=now)
    for side in Participation.objects.filter(episode=row, part=Part.WORKS_ON, until=None):
        acts.tell("decided", episode=row, worker=side.worker, sort=f"over:{row.id.hex}", now=now)
    return decision


def _step(
    entered: Entered,
    by: Viewer,
    move: str,
    why: str,
    seen: int,
    now: datetime,
    *,
    power: str = "",
    team: Team | None = None,
) -> Decision:
    if not why.strip():
        raise NotSaid
    choice = Choice(move, power or power_of(by), why, team=team)
    return acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)


def power_of(viewer: Viewer) -> str:
    """In whose power somebody who disagrees speaks: that of their own office."""
    held = [power for code in sorted(viewer.roles) for power in role(code).powers if power in DECIDES]
    return held[0] if held else "referrer"


def holds(viewer: Viewer, power: str) -> bool:
    """Does any role of theirs decide in that power?"""
    return any(power in role(code).powers for code in viewer.roles)
