"""Copies for an agency's own record system: owed in the act that causes them, made by a sweep, carried by `disclosure`.

What is owed is a statement "copy" of the episode, written in the act's own transaction. The sweep makes the document
and its PDF, which takes longer than a referrer should wait, puts them into the outbox, and writes "copy-made" in answer
to it. Killed anywhere in between, it finds what is owed and not yet made.
"""

from datetime import datetime

from knownto.casework import acts
from knownto.casework.models import Episode, Invitation, Meeting
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.endpoints import takes_copies
from knownto.disclosure.models import How
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry

WHATS = {"referral": "The referral", "outcome": "The outcome", "minutes": "The minutes"}
# Why a copy of work on that pathway crosses, as the purposes that the law knows.
PURPOSE_OF = {"adult": "adult-concern", "protection": "section-47", "support": "section-17"}
USUAL_PURPOSE = "child-concern"


def put_copies(*, episode: Episode, what: str, by: Actor, entry: Entry, now: datetime) -> None:
    """Owe a copy to each agency that is to have one and takes them. Call it in the act's open rows, after its words.

    `what` is a code of WHATS. Raises KeyError for another: a copy of nobody knows what must never leave.
    """
    because = WHATS[what]
    for agency in agencies_for(episode, what):
        if takes_copies(agency):
            _owe(episode, what, because, agency, by, entry, now)


def agencies_for(episode: Episode, what: str) -> list[str]:
    """Who has a copy of that: who raised it, and of minutes whoever was invited."""
    if what != "minutes":
        return [episode.from_agency_id]
    held = Meeting.objects.filter(episode=episode, held_at__isnull=False).order_by("held_at").last()
    invited = Invitation.objects.filter(meeting=held).exclude(invited_at=None)
    return sorted(set(invited.values_list("agency", flat=True)))


def purpose_of(episode: Episode) -> str:
    return PURPOSE_OF.get(episode.pathway, USUAL_PURPOSE)


def _owe(episode: Episode, what: str, because: str, agency: str, by: Actor, entry: Entry, now: datetime) -> None:
    acts.say(episode=episode, kind="copy", plain={"what": what, "to": agency, "words": because}, by=by, now=now)
    if agency != by.agency:
        cross(Crossing(episode.id, How.COPY, by.agency, agency, purpose_of(episode)), entry=entry, now=now)
