"""The strategy discussion: from the decision that one is needed to what is decided at it."""

from datetime import datetime

from knownto.casework import acts, reads
from knownto.casework.acts import Origin, Somebody
from knownto.casework.models import Episode
from knownto.ledger.acts import Actor
from knownto.partners import offices

SPECIALISTS = "child-abuse-investigators"


def open_protection(*, parent: Episode, by: Actor, now: datetime) -> Episode:
    """The protection work that follows `parent` (a contact, or support that was stepped up), about the same people.

    Call it inside the open rows of the decision that a strategy discussion is needed. What is known of each person is
    sealed anew under the new work's own key, so that shredding one does not empty the other.
    """
    row = acts.open_episode(
        by=by,
        pathway_code="protection",
        origin=Origin(parent.from_agency_id, parent.from_team, parent.from_worker),
        about=same_people(parent),
        urgency="red",
        parent=parent,
        now=now,
    )
    acts.say(episode=row, kind="why", plain=_why(parent), by=by, now=now)
    return row


def same_people(parent: Episode) -> list[Somebody]:
    """Everybody whom that work is about, for other work about the same people."""
    known = reads.people([parent]).get(parent.id, [])
    return [Somebody(each.role, each.evidence, each.more, each.person) for each in known]


def _why(parent: Episode) -> dict[str, str]:
    """Why a discussion is needed, in the words of the decision that led here."""
    words = [plain["rationale"] for row, plain in reads.decisions(parent) if row.to in ("strategy", "stepped-up")]
    return {"words": words[-1] if words else "", "from": parent.reference}


def watch_harm(episode: Episode, by: Actor, now: datetime) -> None:
    """A contact says significant harm: an alarm runs until somebody decides, and the specialists are told at once.

    Call it inside the open rows of the act that opened the contact. Inspectors found such contacts passed on without
    a strategy discussion, and without those who investigate abuse knowing of them.
    """
    acts.run(episode=episode, limit="harm-unmet", by=by, now=now)
    team = offices.team_of(SPECIALISTS)
    acts.tell("significant-harm", episode=episode, team=team, sort=f"harm:{episode.id}", now=now)
