"""The guardian desk: which team is asked, and what it owes. Called inside rows that the guards' own work has opened.

What is asked says nothing of anybody: the desk's own pages show it, and only to the desk.
"""

from datetime import datetime
from uuid import UUID

from knownto.access.acts import SYSTEM, Viewer
from knownto.casework import acts as casework
from knownto.casework.models import Ask, Episode
from knownto.guarding.models import Alert, Kept, Seal, State
from knownto.guarding.pathway import AGREE, DESK, LOOKED, REGISTER, SECOND, WHETHER
from knownto.guarding.sorts import sorts
from knownto.keyring import guard
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team

OPEN = "Open the guardian desk: it is said there."


def other_desk(agency: str) -> Team:
    """The desk of another agency than that: nobody agrees with their own agency."""
    teams = [offices.team_of(SECOND), offices.team_of(DESK)]
    return next(team for team in teams if team.agency_id != agency)


def ask_to_agree(seal: Seal, by: Actor, now: datetime) -> Ask:
    return _ask(seal.episode, AGREE.code, other_desk(by.agency), by, now)


def ask_whether(kept: Kept, now: datetime) -> Ask:
    """May a record be of the sealed person? Until somebody says, nobody sees it: a guardian's hours count."""
    return _ask(kept.seal.episode, WHETHER.code, offices.team_of(DESK), SYSTEM, now)


def alert(seal: Seal | None, event: UUID, at: datetime, now: datetime) -> Alert:
    """Tell the desk that somebody looked, with a clock for what they do about it."""
    episode = seal.episode if seal else register(now)
    ask = _ask(episode, LOOKED.code, offices.team_of(DESK), SYSTEM, now)
    row = Alert(seal=seal, ask=ask, at=at, told_at=now)
    [key] = guard.create()
    row.seal_into({"event": str(event)}, key)
    row.save(force_insert=True)
    return row


def register(now: datetime) -> Episode:
    """The conflict register as a piece of work, whose review somebody owes: opened with its first entry or look."""
    found = Episode.objects.filter(pathway=REGISTER.code, closed_at=None).first()
    return found or open_work(REGISTER.code, SYSTEM, offices.team_of(DESK).agency_id, now)


def open_work(pathway: str, by: Actor, agency: str, now: datetime) -> Episode:
    origin = casework.Origin(agency)
    return casework.open_episode(by=by, pathway_code=pathway, origin=origin, about=(), quiet=True, now=now)


def in_force(seal: Seal) -> bool:
    return seal.state in (State.IN_FORCE, State.LIFTING)


def may_say(seal: Seal, viewer: Viewer) -> bool:
    """May this guardian say whether a record is of that person? Where an identity is split only those named on the
    seal: who a record is of, beside who is sealed, would tell who they were."""
    return not sorts()[seal.sort].split or viewer.worker_id in seal.named


def _ask(episode: Episode, kind: str, to: Team, by: Actor, now: datetime) -> Ask:
    question = casework.Question(kind, to, OPEN)
    return casework.ask(episode=episode, question=question, by=by, by_team=None, now=now)
