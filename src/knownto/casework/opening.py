"""Opening an episode, saying something in it, and who takes part. Called inside rows that are open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.casework import clocks, words
from knownto.casework.models import Episode, Part, Participation, Statement, Trace
from knownto.casework.pathway import limit_for
from knownto.casework.recognising import tokens
from knownto.casework.register import pathway
from knownto.casework.telling import tell
from knownto.disclosure import receipts
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team, Worker


@dataclass(frozen=True)
class Somebody:
    """Whom an episode is about, as the person who wrote it knows them.

    `role`: subject, sibling, parent, carer, household, source-of-harm, adult-at-risk. `more` is sealed with it (what
    they are to the child, who holds parental responsibility, first language...). `person` is the tracker's.
    """

    role: str
    evidence: Evidence
    more: dict[str, Any] = field(default_factory=dict)
    person: UUID | None = None


@dataclass(frozen=True)
class Origin:
    """Who raised it: the agency's code, the team and the worker where they are known."""

    agency: str
    team: Team | None = None
    worker: UUID | None = None


def open_episode(
    *,
    by: Actor,
    pathway_code: str,
    origin: Origin,
    about: Sequence[Somebody],
    urgency: str = "",
    team: Team | None = None,
    worker: Worker | None = None,
    parent: Episode | None = None,
    quiet: bool = False,
    now: datetime,
) -> Episode:
    """A new episode in its first state, with its clock running and its owner told.

    `team` overrides the office that the first state names. `quiet`: one of so many that are worked through in their
    order that a notice of each would hide every other. Raises NoSuchOffice.
    """
    path, [key] = pathway(pathway_code), keyring.create()
    state = path.state(path.starts)
    team = team or (parent.team if state.office == "same" and parent else offices.team_of(state.office))
    limit = path.limit(limit_for(state.limits, urgency))
    row = Episode(
        reference=receipts.new(),
        pathway=path.code,
        state=state.code,
        urgency=urgency,
        team=team,
        worker=worker,
        opened_at=now,
        from_agency_id=origin.agency,
        from_team=origin.team,
        from_worker=origin.worker,
        parent=parent,
        key=key.id,
        next_due=clocks.times(limit, now, ())[1],
    )
    row.save(force_insert=True)
    for code in path.begins:
        clocks.start(row, path.limit(code), now, runs="opening")
    if limit.code not in path.begins:  # that the opening set going is the first state's too
        clocks.start(row, limit, now, runs="state")
    clocks.settle(row)
    row.save(update_fields=["next_due"])
    for somebody in about:
        add_somebody(episode=row, somebody=somebody, by=by, now=now, key=key)
    ledger.record(kind="episode-opened", by=by, about=[f"episode:{row.id}"], because=path.code, now=now)
    if not quiet and (worker is None or worker.pk != by.worker):  # nobody is told of what they opened for themselves
        tell("sent-to-you", episode=row, team=team, sort=f"opened:{row.id}", now=now)
    return row


def add_somebody(
    *, episode: Episode, somebody: Somebody, by: Actor, now: datetime, key: DataKey | None = None
) -> Participation:
    """The episode is about them too. They can be recognised from now on."""
    row = Participation(
        episode=episode, part=Part.ABOUT, role=somebody.role, person=somebody.person, agency=by.agency, since=now
    )
    plain = {"evidence": somebody.evidence.to_json()} | somebody.more
    words.sealed(row, plain, key or words.key_of(episode))
    Trace.objects.bulk_create([Trace(token=token, participation=row) for token in tokens(somebody.evidence)])
    return row


def take_part(
    *, episode: Episode, role: str, agency: str, worker: UUID | None, team: Team | None = None, by: Actor, now: datetime
) -> Participation:
    """Somebody works on it from now on, as `role`. Doing it twice changes nothing."""
    same = Participation.objects.filter(
        episode=episode, part=Part.WORKS_ON, role=role, worker=worker, team=team, until=None
    ).first()
    if same:
        return same
    row = Participation(
        episode=episode, part=Part.WORKS_ON, role=role, agency=agency, worker=worker, team=team, since=now
    )
    ledger.record(kind="part-taken", by=by, about=[f"episode:{episode.id}"], because=role, now=now)
    return words.sealed(row, {}, words.key_of(episode))


def leave(*, participation: Participation, by: Actor, now: datetime) -> None:
    """They no longer work on it, and no longer see it."""
    Participation.objects.filter(pk=participation.pk, until=None).update(until=now)
    ledger.record(kind="part-left", by=by, about=[f"episode:{participation.episode_id}"], now=now)


def say(
    *,
    episode: Episode,
    kind: str,
    plain: dict[str, Any],
    by: Actor,
    about: Participation | None = None,
    corrects: Statement | None = None,
    of_agency: str = "",
    now: datetime,
) -> Statement:
    """Write down what was said, seen or found. It is never changed: pass `corrects` to put an earlier one right.

    `of_agency`: whose information it is, where somebody of another agency writes it down (at a meeting).
    """
    whose = of_agency or by.agency
    row = Statement(episode=episode, kind=kind, worker=by.worker, agency=whose, at=now, about=about, corrects=corrects)
    words.sealed(row, plain, words.key_of(episode))
    ledger.record(kind="statement", by=by, about=[f"episode:{episode.id}"], because=kind, now=now)
    return row


def allocate(*, episode: Episode, team: Team, worker: Worker | None, by: Actor, now: datetime) -> None:
    """It is theirs now: exactly one owner, told at once."""
    episode.team, episode.worker = team, worker
    episode.save(update_fields=["team", "worker"])
    ledger.record(
        kind="allocated", by=by, about=[f"episode:{episode.id}"], because=f"{team.agency_id}:{team.code}", now=now
    )
    who = worker.pk if worker else None
    tell("allocated", episode=episode, team=team, worker=who, sort=f"allocated:{episode.id}:{now:%s}", now=now)
