"""Notices: who is to be told of what, written with the act that causes it and mailed afterwards by a job.

A notice holds a kind and a reference. Whoever reads it signs in to learn more.
"""

from datetime import datetime
from uuid import UUID

from knownto.casework.models import Ask, Episode, Notice
from knownto.partners.models import Team

# What each kind of notice says, on the page and in the mail. No more: a reference tells nobody anything.
SAYS: dict[str, str] = {
    "amber": "A time limit is close",
    "red": "A time limit has run out",
    "look-again": "A time limit stands still: say whether it still should",
    "asked": "Somebody asks your team for something",
    "reminder": "Somebody still waits for your answer",
    "answered": "What you asked has been answered",
    "withdrawn": "What you were asked is no longer needed",
    "allocated": "Work has come to you",
    "sent-to-you": "A piece of work has come to your team",
    "decided": "A decision has been made on what you sent",
    "meeting": "You are invited to a discussion",
    "meeting-changed": "A discussion you are invited to has changed",
    "meeting-cancelled": "A discussion you are invited to will not take place",
    "meeting-answered": "Somebody you invited has answered",
    "minutes": "The minutes of a discussion are ready",
    "significant-harm": "Significant harm is suspected, and a strategy discussion is to be decided on",
    "handover": "The night hands work over to you",
    "challenge": "Somebody disagrees with a decision",
    "put-right": "The decision that opened this work was put right: say whether it should go on",
    "copy": "A copy of what one of your people sent is here",
    "known-case": "Something new about work that you have",
    "wrong-link": "Something that was shown may be of somebody else",
    "somebody-looked": "Somebody looked for a person whom you guard: open the guardian desk now",
    "glass-broken": "Somebody was opened because a life depended on it: it is to be reviewed",
    "glass-outcome": "Say what came of opening somebody because a life depended on it",
    "glass-suspended": "You may not open anybody in an emergency until this is put right",
    "draft-ends": "A draft of yours will soon be destroyed",
}


def tell(
    kind: str,
    *,
    episode: Episode | None,
    ask: Ask | None = None,
    team: Team | None = None,
    worker: UUID | None = None,
    sort: str,
    now: datetime,
) -> None:
    """Write a notice once: the same `sort` to the same team or worker is the same notice. Raises KeyError."""
    if kind not in SAYS:
        raise KeyError(kind)
    if team is None and worker is None:
        return
    about = ask.reference if ask else episode.reference if episode else ""
    row = Notice(kind=kind, episode=episode, ask=ask, reference=about, to_worker=worker, sort=sort, at=now)
    row.to_team = None if worker else team
    Notice.objects.bulk_create([row], ignore_conflicts=True)
