"""Telling the referrer: what was decided, in words they can use, with a receipt; and who has not been told yet.

A decision whose referrer was not told is a loop that nobody closed. So telling is part of deciding, reading it is owed
by a time, and what could not be told is a list that somebody works through.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Question
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import copies, facts

PARTNERS_SAID = ("check", "health-check", "gp-request")
WRITTEN_FROM_THEM = ("health-analysis", "information", "gp-used", "check-used")
RUN = 7  # so many words in a row are a quotation, not a coincidence


class SaysTooMuch(NotPossibleNow):
    """The words for the referrer hold what a partner said in a check."""

    def __init__(self) -> None:
        super().__init__(
            "says-too-much",
            "The words for the referrer repeat what a partner told the hub. Say what was decided and what happens "
            "next, without it.",
        )


class NotToldHow(ValueError):
    """To tell somebody by telephone or letter is to say who was told, how, and when."""


@dataclass(frozen=True)
class Draft:
    """What a referrer is told of a kind of decision, before anybody changed it."""

    name: str
    words: str
    next: str


@cache
def drafts() -> Mapping[tuple[str, str], Draft]:
    """The words for each (pathway, decision) that is told."""
    table = tomllib.loads(files(__package__).joinpath("outcomes.toml").read_text(encoding="utf-8"))
    return {(path, move): Draft(**said) for path, moves in table.items() for move, said in moves.items()}


def draft_of(pathway: str, move: str) -> Draft | None:
    """What would be told of that decision; None where nobody outside is told of it."""
    return drafts().get((pathway, move))


def tell_outcome(*, episode: Episode, decision: Decision, words: str, by: Actor, entry: Entry, now: datetime) -> None:
    """Tell whoever raised it, and whoever raised what was joined to it. Call it in the decision's own open rows.

    Where they may not be told, or have no account, that is written down instead, and it stays on the list of those not
    told yet. Raises SaysTooMuch.
    """
    said = words.strip() or _usual(episode, decision)
    _must_not_quote(episode, said)
    for each in [episode, *Episode.objects.filter(joined_to=episode).select_related("from_team")]:
        _tell_one(each, episode, decision, said, by, entry, now)


def _usual(episode: Episode, decision: Decision) -> str:
    draft = draft_of(episode.pathway, decision.kind)
    return draft.words if draft else ""


def _tell_one(
    episode: Episode, decided: Episode, decision: Decision, said: str, by: Actor, entry: Entry, now: datetime
) -> None:
    draft = draft_of(decided.pathway, decision.kind)
    outcome = {
        "words": said,
        "decision": str(decision.id),
        "kind": decision.kind,
        "name": draft.name if draft else decision.kind,
        "next": draft.next if draft else "",
        "level": decision.level,
        "at": decision.at.isoformat(),
    }
    acts.say(episode=episode, kind="outcome", plain=outcome, by=by, now=now)
    team, why_not = _whom(episode), ""
    if team is None:
        why_not = "Whoever raised it has no account here. Ring or write to them."
    elif not (told := _may(episode, now)).may:
        why_not = told.because
    if team is None or why_not:
        acts.say(episode=episode, kind="not-told", plain={"because": why_not}, by=by, now=now)
        _note_refusal(episode, by, entry, now)
        return
    _ask_to_read(episode, decision, team, said, by, now)
    if team.agency_id != by.agency:
        crossing = _crossing(episode, How.OUTCOME, by)
        cross(crossing, entry=entry, now=now)
    copies.put_copies(episode=episode, what="outcome", by=by, entry=entry, now=now)


def _whom(episode: Episode) -> Team | None:
    """The team that raised it, or that its writer works in now."""
    if episode.from_team:
        return episode.from_team
    writer = Worker.objects.select_related("team__agency").filter(pk=episode.from_worker, is_active=True).first()
    return writer.team if writer else None


def _may(episode: Episode, now: datetime) -> facts.Told:
    """The referrer, and their agency: both must be let."""
    told = facts.may_be_told(episode, "referrer", now=now)
    return facts.may_be_told(episode, f"agency:{episode.from_agency_id}", now=now) if told.may else told


def _ask_to_read(episode: Episode, decision: Decision, team: Team, said: str, by: Actor, now: datetime) -> None:
    writer = Worker.objects.filter(pk=episode.from_worker, is_active=True, team=team).first()
    to = writer.pk if writer else None
    question = Question("outcome", team, "Read what was decided on what you sent.", to_worker=to)
    acts.ask(episode=episode, question=question, by=by, by_team=_team_of(by), now=now)
    sort = f"decided:{episode.id.hex}:{decision.number}"
    acts.tell("decided", episode=episode, team=team, worker=to, sort=sort, now=now)


def _team_of(by: Actor) -> Team | None:
    return Team.objects.filter(worker=by.worker).first() if by.worker else None


def _note_refusal(episode: Episode, by: Actor, entry: Entry, now: datetime) -> None:
    if episode.from_agency_id != by.agency:
        cross(_crossing(episode, How.NOT_SHARED, by), entry=entry, now=now)


def _crossing(episode: Episode, how: How, by: Actor) -> Crossing:
    purpose = copies.purpose_of(episode)
    return Crossing(episode.id, how, by.agency, episode.from_agency_id, purpose, worker=episode.from_worker)


def _must_not_quote(episode: Episode, said: str) -> None:
    theirs = [plain.get("answer", "") for _, plain in reads.asks(episode, *PARTNERS_SAID)]
    for _, plain in reads.statements(episode, *WRITTEN_FROM_THEM):
        theirs += [value for value in plain.values() if isinstance(value, str)]
    if _runs([said]) & _runs(theirs):
        raise SaysTooMuch


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Every run of RUN words in those texts."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        heard = re.findall(r"[\w']+", text.lower())
        found |= {tuple(heard[at : at + RUN]) for at in range(len(heard) - RUN + 1)}
    return found


def read_outcome(*, entered: Entered, by: Viewer, now: datetime) -> list[tuple[Statement, dict]]:
    """The outcomes of it, newest first, for whoever may see them. Whoever it was sent to has thereby read it."""
    if "outcome" not in entered.sections:
        return []
    team = reads.team_of(by)
    owed = Ask.objects.filter(episode=entered.episode, kind="outcome", answered_at=None, to_team=team)
    for ask in owed if team and "referrer" in entered.parts | _asked(entered) else ():
        acts.seen(ask=ask, by=by.actor, now=now)
        acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": "Read"}, by=by.actor, now=now)
    return list(reversed(reads.statements(entered.episode, "outcome")))


def _asked(entered: Entered) -> frozenset[str]:
    """A colleague in the team that it was sent to reads it for the team."""
    return frozenset({"referrer"}) if "asked" in entered.parts else frozenset()


def receipt_of(episode: Episode) -> str:
    """The receipt of what was last told across; "" where nothing crossed."""
    last = Disclosure.objects.filter(work=episode.id, how=How.OUTCOME).order_by("at").last()
    return last.receipt if last else ""


def told_otherwise(*, by: Viewer, episode, who: str, how: str, when: datetime, now: datetime) -> Statement:
    """They were told by telephone, letter or in person: who was, how, and when. Raises NotToldHow, a Refused."""
    if not who.strip() or not how.strip() or when > now:
        raise NotToldHow
    with entering(by, episode, Permission.SCREEN, kind="outcome-told", now=now) as entered:
        work = entered.episode
        said = {"who": who, "how": how, "when": when.isoformat()}
        row = acts.say(episode=work, kind="told", plain=said, by=by.actor, now=now)
        for ask in Ask.objects.filter(episode=work, kind="outcome", answered_at=None):
            acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": f"Told: {how}"}, by=by.actor, now=now)
        if work.from_agency_id != by.agency:
            cross(_crossing(work, How.OUTCOME, by.actor), entry=entered.granted.entry, now=now)
        return row
