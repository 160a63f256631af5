"""Back to the adult, who is told; back to whoever raised it, who is asked; and what was known of the adult before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.casework import acts, reads
from knownto.casework.acts import NotYetKnown, Question
from knownto.casework.entering import entering
from knownto.casework.models import Ask, Episode, Statement
from knownto.casework.recognising import seen_before
from knownto.pathways.frontdoor import adults, facts


@dataclass(frozen=True)
class AdultTold:
    """How the adult was told of the decision, or why not."""

    told: bool
    how: str = ""
    said: str = ""  # what they said
    why_not: str = ""


def tell_adult(*, by: Viewer, episode: UUID, told: AdultTold, now: datetime) -> Statement:
    """Record that the adult was told, or why not. Raises Unsaid, NotYetKnown where a fact forbids it, a Refused."""
    if not (told.how if told.told else told.why_not).strip():
        raise adults.Unsaid("how" if told.told else "why_not")
    with entering(by, episode, Permission.DECIDE, powers=adults.POWERS, kind="adult-told", now=now) as entered:
        if told.told and (no := may_tell_adult(entered.episode, now)):
            raise NotYetKnown([no])
        return acts.say(episode=entered.episode, kind="told-adult", plain=dict(vars(told)), by=by.actor, now=now)


def may_tell_adult(episode: Episode, now: datetime) -> str:
    """Why the adult may not be told; "" where they may."""
    adults = [each for each in reads.people([episode]).get(episode.id, []) if each.role == "adult-at-risk"]
    answers = [facts.may_be_told(episode, f"adult:{each.id}", now=now) for each in adults]
    return next((answer.because for answer in answers if not answer.may), "")


def ask_referrer(*, by: Viewer, episode: UUID, question: str, now: datetime) -> Ask:
    """Go back to whoever raised it for what is missing. Raises NotYetKnown where they have no team, a Refused."""
    with entering(by, episode, Permission.DECIDE, powers=adults.POWERS, kind="back-to-referrer", now=now) as entered:
        team = entered.episode.from_team
        if team is None:
            raise NotYetKnown(["Whoever raised it has no team here: ring them, and write down what they say."])
        asked = Question("more-from-referrer", team, question, "adult-concern", to_worker=entered.episode.from_worker)
        return acts.ask(episode=entered.episode, question=asked, by=by.actor, by_team=reads.team_of(by), now=now)


def earlier(episode: Episode) -> list[Episode]:
    """Other worries about the same adult, newest first: a pattern counts when the threshold is decided."""
    found: dict[UUID, Episode] = {}
    for known in reads.people([episode]).get(episode.id, []):
        if known.role != "adult-at-risk":
            continue
        for seen in seen_before(known.evidence):
            other = seen.participation.episode
            if seen.sure and other.pathway == "adult" and other.id != episode.id:
                found[other.id] = other
    return sorted(found.values(), key=lambda row: row.opened_at, reverse=True)
