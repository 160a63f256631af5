"""What a referrer adds to, or puts right in, what they sent: a new statement each time, and whoever has it is told."""

from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.pathways.frontdoor.referring import statement_in

PURPOSES = {"contact": "child-concern", "adult": "adult-concern"}
KINDS = ("more", "correction")


class AlreadyDecided(NotPossibleNow):
    """Nobody looks at it any more: what is added now would be lost."""

    def __init__(self) -> None:
        super().__init__("already-decided", "This has been decided. Send what is new as a new referral, or ring.")


class NoWords(ValueError):
    """Nothing was said."""


def own(entered: Entered) -> Entered:
    """That piece of work, where the viewer wrote it or their team did. Raises NotYours: the hub has its own page."""
    if "referrer" not in entered.parts or not PURPOSES.get(entered.episode.pathway):
        raise NotYours
    return entered


def add(*, by: Viewer, episode: UUID, kind: str, words: str, now: datetime) -> Statement:
    """Say more, or put something right: what was said before stays as it was. `kind` is one of KINDS.

    Raises NoWords, AlreadyDecided, KeyError, and a Refused.
    """
    if not words.strip():
        raise NoWords
    if kind not in KINDS:
        raise KeyError(kind)
    with entering(by, episode, Permission.EPISODE, kind=f"referral-{kind}", now=now) as entered:
        work = own(entered).episode
        if work.closed_at:
            raise AlreadyDecided
        corrects = statement_in(work) if kind == "correction" else None
        said = acts.say(episode=work, kind=kind, plain={"words": words}, by=by.actor, corrects=corrects, now=now)
        to = work.team.agency_id
        if to != by.agency:
            purpose = PURPOSES[work.pathway]
            cross(Crossing(work.id, How.REFERRAL, by.agency, to, purpose), entry=entered.granted.entry, now=now)
        acts.tell("known-case", episode=work, team=work.team, worker=work.worker_id, sort=f"more:{said.pk}", now=now)
        return said
