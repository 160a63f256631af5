"""What follows from a decision on child protection: the next work is opened, and the referrer is told."""

from datetime import datetime

from knownto.casework import acts, reads
from knownto.casework.acts import Origin, Somebody
from knownto.casework.entering import Entered
from knownto.casework.models import Decision, Episode
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.pathways.frontdoor.feedback import draft_of, tell_outcome

IN_NEED = "child-in-need"


def follow(entered: Entered, decision: Decision, by: Actor, now: datetime) -> None:
    """In the decision's own transaction: nobody falls between two pieces of work, and nobody is left waiting."""
    episode = entered.episode
    if episode.closed_at and episode.state == IN_NEED:
        open_in_need(episode, by, now)
    if draft_of(episode.pathway, decision.kind):
        tell_outcome(episode=episode, decision=decision, words="", by=by, entry=entered.granted.entry, now=now)


def open_in_need(parent: Episode, by: Actor, now: datetime) -> Episode:
    """Support for the same people, with the team that has children in need: it is owned from the first moment.

    It is the council's own, as all support is: whoever referred is told the outcome, not what the family is given.
    """
    known = reads.people([parent]).get(parent.id, [])
    return acts.open_episode(
        by=by,
        pathway_code="support",
        origin=Origin(by.agency, worker=by.worker),
        about=[Somebody(each.role, each.evidence, each.more, each.person) for each in known],
        urgency=parent.urgency,
        team=offices.team_of("safeguarding"),
        parent=parent,
        now=now,
    )
