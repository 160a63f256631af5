"""Screening: somebody takes a contact in hand, rates it, looks who was seen before, and puts it up or passes it on."""

from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Decision, Episode, Statement
from knownto.casework.register import pathway
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import feedback, recognised
from knownto.pathways.frontdoor.powers import power_of
from knownto.pathways.frontdoor.recognised import Before

URGENCIES = ("red", "amber", "green")


class NobodyThere(NotPossibleNow):
    """The worker to whom it should go has left, or works in another team."""

    def __init__(self) -> None:
        super().__init__("not-in-the-team", "That worker is not in the team that it would go to.")


class NoWords(ValueError):
    """A note, or a reason, that says nothing."""


def take(*, by: Viewer, episode: UUID, why: str = "Taken in hand.", seen: int, now: datetime) -> Decision:
    """Take it in hand. One wins; whoever comes second is told who has it (Overtaken). Who was seen before is noted."""
    with entering(by, episode, Permission.SCREEN, kind="contact-taken", now=now) as entered:
        me = Worker.objects.get(pk=by.worker_id)
        decision = _decide(entered, by, "take", why, worker=me, seen=seen, now=now)
        recognised.note(episode=entered.episode, by=by.actor, now=now)
        return decision


def rate(*, by: Viewer, episode: UUID, urgency: str, why: str, seen: int, now: datetime) -> Decision:
    """Say how urgent it is. Rated anew it gets no more time: its clock counts from where it began."""
    if urgency not in URGENCIES:
        raise KeyError(urgency)
    with entering(by, episode, Permission.SCREEN, kind="contact-rated", now=now) as entered:
        return _decide(entered, by, "rate", why, urgency=urgency, seen=seen, now=now)


def put_up(*, by: Viewer, episode: UUID, why: str, seen: int, now: datetime) -> Decision:
    """Screened: it waits for a decision, by whoever may make it."""
    with entering(by, episode, Permission.SCREEN, kind="contact-put-up", now=now) as entered:
        return _decide(entered, by, "put-up", why, seen=seen, now=now)


def to_night(*, by: Viewer, episode: UUID, why: str, seen: int, now: datetime) -> Decision:
    """Pass it to the emergency duty team, whose clock begins."""
    with entering(by, episode, Permission.SCREEN, kind="contact-to-night", now=now) as entered:
        return _decide(entered, by, "to-night", why, seen=seen, now=now)


def to_day(*, by: Viewer, episode: UUID, why: str, seen: int, now: datetime) -> Decision:
    """The night leaves it for the hub, which must take it in hand."""
    with entering(by, episode, Permission.SCREEN, kind="contact-to-day", now=now) as entered:
        return _decide(entered, by, "to-day", why, seen=seen, now=now)


def note(*, by: Viewer, episode: UUID, words: str, now: datetime) -> Statement:
    """Write a note of the screening. Raises NoWords."""
    if not words.strip():
        raise NoWords
    with entering(by, episode, Permission.SCREEN, kind="screening-note", now=now) as entered:
        return acts.say(
            episode=entered.episode, kind="screening-note", plain={"note": words.strip()}, by=by.actor, now=now
        )


def give(*, by: Viewer, episode: UUID, worker: UUID | None, now: datetime) -> Episode:
    """Give it to a colleague of the team that has it, who is told; with None it is nobody's in the team again.

    Raises NobodyThere.
    """
    with entering(by, episode, Permission.SCREEN, kind="contact-given", now=now) as entered:
        work = _locked(entered.episode)
        to = _of_team(worker, work.team) if worker else None
        acts.allocate(episode=work, team=work.team, worker=to, by=by.actor, now=now)
        return work


def look(*, by: Viewer, episode: UUID, now: datetime) -> list[Before]:
    """Who of its children was seen before, and in what: looked for afresh, and written down for the board."""
    with entering(by, episode, Permission.SCREEN, kind="seen-before-looked", now=now) as entered:
        return recognised.note(episode=entered.episode, by=by.actor, now=now)


def route(
    *,
    by: Viewer,
    episode: UUID,
    to: Team,
    worker: UUID | None = None,
    case: str = "",
    why: str,
    words: str = "",
    seen: int,
    now: datetime,
) -> Decision:
    """Send it to the worker who has the case: no second referral. They owe an answer, and the referrer is told.

    `case` is the reference of the work they have, where it is known. Their team sees the whole of it from now on.
    Raises NobodyThere, Overtaken, NotFromHere, NoRationale.
    """
    with entering(by, episode, Permission.SCREEN, kind="known-case-routed", now=now) as entered:
        work = entered.episode
        if to.agency_id != by.agency or (worker and not Worker.objects.filter(pk=worker, team=to, is_active=True)):
            raise NobodyThere
        facts = {"team": f"{to.agency_id}:{to.code}", "case": case}
        decision = _decide(entered, by, "route", why, facts=facts, seen=seen, now=now)
        acts.take_part(episode=work, role="known-case", agency=to.agency_id, worker=None, team=to, by=by.actor, now=now)
        question = acts.Question("known-case", to, why, purpose="child-concern", to_worker=worker, more={"case": case})
        acts.ask(episode=work, question=question, by=by.actor, by_team=reads.team_of(by), now=now)
        acts.tell("known-case", episode=work, team=to, worker=worker, sort=f"known:{work.id.hex}", now=now)
        feedback.tell_outcome(
            episode=work, decision=decision, words=words, by=by.actor, entry=entered.granted.entry, now=now
        )
        return decision


def _locked(episode: Episode) -> Episode:
    """As it stands, until this act is done: whoever decides it meanwhile waits."""
    return Episode.objects.select_for_update(of=("self",), no_key=True).select_related("team").get(pk=episode.pk)


def _of_team(worker: UUID, team: Team) -> Worker:
    found = Worker.objects.filter(pk=worker, team=team, is_active=True).first()
    if found is None:
        raise NobodyThere
    return found


def _decide(
    entered: Entered,
    by: Viewer,
    code: str,
    why: str,
    *,
    seen: int,
    now: datetime,
    urgency: str = "",
    worker: Worker | None = None,
    facts: dict[str, str] | None = None,
) -> Decision:
    move = pathway(entered.episode.pathway).move(code)
    power = power_of(entered, by, move)
    choice = acts.Choice(code, power, why, urgency=urgency, worker=worker, facts=facts or {})
    return acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)
