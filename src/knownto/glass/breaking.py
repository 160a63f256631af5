"""Breaking the glass: decided, recorded, everybody told, all in the one transaction before anything is shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localdate

from knownto.access.acts import Granted, Permission, Request, Viewer, asking, rows_open
from knownto.casework import acts as casework
from knownto.casework.models import Episode
from knownto.footprint import acts as footprint
from knownto.footprint.answers import Answer
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.models import Search
from knownto.footprint.open_search import OpenSearch
from knownto.footprint.question import Question
from knownto.footprint.told import may_show, told
from knownto.footprint.why import Why
from knownto.glass import reads
from knownto.glass.limits import OPEN_FOR
from knownto.glass.models import Break
from knownto.glass.pathway import GLASS, OUTCOME, REVIEW
from knownto.glass.told import privacy_team, supervisors_team, workers_team
from knownto.identity import reads as identity
from knownto.keyring import acts as keyring
from knownto.partners.models import Team, Worker
from knownto.policy import LIFE_REASONS

PURPOSE = "immediate-danger"
ASKS_OUTCOME = "You opened somebody because a life depended on it: {reason}. What came of it?"
ASKS_REVIEW = "A worker opened somebody because a life depended on it: {reason}. Was it right?"


@dataclass(frozen=True, slots=True)
class Said:
    """What the worker says: a code of LIFE_REASONS, a line in their own words (may be ""), that they are sure, and
    (found out, not said) that they proved within minutes who they are.
    """

    reason: str
    words: str = ""
    sure: bool = False
    fresh: bool = False


def search(*, by: Viewer, question: Question, said: Said, now: datetime) -> Search:
    """Look for whom the glass is to be broken, once all is so that it may be. Raises TooLittle, and a Refused."""
    with transaction.atomic():
        request = _request(by, said, now)
        why = Why(PURPOSE, said.words or LIFE_REASONS[said.reason].name)
        return footprint.search(by=by, question=question, why=why, for_life=request, now=now)


def look_at_answer(*, by: Viewer, search: OpenSearch, said: Said, now: datetime) -> Answer:
    """Whom a search for life may have found, recorded as a look at everybody it names. Raises a Refused."""
    about = [str(person) for person in search.people]
    with transaction.atomic(), asking(by, _request(by, said, now), kind="glass-answer", about=about, now=now):
        return search.answer


def break_glass(*, by: Viewer, search: OpenSearch, place: int, said: Said, now: datetime) -> Break:
    """Open the person at that place of an open search, for an hour. Raises NotYours, and other Refused.

    Whoever has that person open already is given the same glass: a second press opens nothing, and tells nobody twice.
    """
    person = search.person_at(place)
    with transaction.atomic():
        request = _request(by, said, now)
        if same := _open_already(by, person, now):
            return same
        glass = uuid4()
        detail = {"words": said.words} if said.words else None
        about = [str(person), f"glass:{glass}"]
        with asking(by, request, kind="glass-broken", about=about, detail=detail, now=now) as granted:
            return _broken(glass, by, person, said, granted, now)


def _request(by: Viewer, said: Said, now: datetime) -> Request:
    """The worker's row is locked: two who press at once in two windows are one after the other."""
    with rows_open("system:glass", by.agency):
        Worker.objects.select_for_update(no_key=True).get(pk=by.worker_id)
        facts = reads.standing(by.worker_id, reason=said.reason, sure=said.sure, fresh=said.fresh, now=now)
    return Request(Permission.BREAK_GLASS, purpose=PURPOSE, breaking=facts)


def _open_already(by: Viewer, person: UUID, now: datetime) -> Break | None:
    with rows_open("system:glass", by.agency):
        mine = Break.objects.filter(worker=by.worker_id, person=person, until__gt=now, ended_at=None)
        return mine.first()


def _broken(glass: UUID, by: Viewer, person: UUID, said: Said, granted: Granted, now: datetime) -> Break:
    row = Break(
        id=glass,
        worker=by.worker_id,
        agency=by.agency,
        person=person,
        reason=said.reason,
        at=now,
        until=now + OPEN_FOR,
        entry=granted.entry,
        episode=_owed(by, said.reason, now),
    )
    row.seal_into({"words": said.words} | _called(by, person, now), keyring.create()[0])
    row.save(force_insert=True)
    return row


def _called(by: Viewer, person: UUID, now: datetime) -> dict[str, str]:
    """Whom it opens, as they are called today: a reviewer must know, even when records have been put right since."""
    known = identity.person(person)
    shown = agreements_shown(coverage(by, PURPOSE, now, for_life=True))
    who = told(may_show(known.records if known else (), shown), localdate(now))
    return {"name": who.name, "born": who.born}


def _owed(by: Viewer, reason: str, now: datetime) -> Episode:
    """What came of it, owed by the worker; whether it was right, asked of the supervisor and the privacy office."""
    worker = Worker.objects.select_related("team__agency").get(pk=by.worker_id)
    privacy = privacy_team(by.agency)
    own = workers_team(worker, privacy)
    origin = casework.Origin(by.agency, own, by.worker_id)
    episode = casework.open_episode(
        by=by.actor, pathway_code=GLASS.code, origin=origin, about=(), team=privacy, quiet=True, now=now
    )
    words = LIFE_REASONS[reason].name
    for team in dict.fromkeys(filter(None, (privacy, supervisors_team(by, worker.team)))):
        _ask(episode, REVIEW.code, team, ASKS_REVIEW.format(reason=words), None, by, now)
    _ask(episode, OUTCOME.code, own, ASKS_OUTCOME.format(reason=words), by.worker_id, by, now)
    return episode


def _ask(episode: Episode, kind: str, to: Team, words: str, worker: UUID | None, by: Viewer, now: datetime) -> None:
    question = casework.Question(kind, to, words, purpose=PURPOSE, to_worker=worker)
    casework.ask(episode=episode, question=question, by=by.actor, by_team=episode.team, now=now)


__all__ = ["PURPOSE", "Said", "break_glass", "look_at_answer", "search"]
