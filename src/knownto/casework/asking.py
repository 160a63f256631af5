"""Asks: one party owes another an answer by a time. Called inside rows that are open, by acts that policy allowed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.refusals import NotPossibleNow
from knownto.casework import clocks, words
from knownto.casework.deciding import by_rule
from knownto.casework.models import Answer, Ask, Episode, Meeting, Participation
from knownto.casework.pathway import limit_for
from knownto.casework.register import pathway
from knownto.casework.telling import tell
from knownto.disclosure import receipts
from knownto.firewall import audiences, checks
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.partners.models import Team
from knownto.policy import PURPOSES


class AlreadyAnswered(NotPossibleNow):
    """Somebody has answered in the meantime."""

    def __init__(self) -> None:
        super().__init__("already-answered", "This has been answered in the meantime.")


class NoAnswer(ValueError):
    """An answer without words, or a refusal without its reason."""


@dataclass(frozen=True)
class Question:
    """What is asked of whom. `more` is sealed with the question (the template that was used, the fields wanted).

    `urgency` chooses the time limit; the episode's own when "". `by_day`: the time that was agreed instead of it.
    """

    kind: str
    to: Team
    words: str
    purpose: str = ""
    urgency: str = ""
    to_worker: UUID | None = None
    about: Participation | None = None
    meeting: Meeting | None = None
    by_day: datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)


def ask(*, episode: Episode, question: Question, by: Actor, by_team: Team | None, now: datetime) -> Ask:
    """Ask a team for something: a clock runs, and the team is told.

    Raises KeyError for a kind there is not, HoldsProtected where the words say where somebody protected can be found.
    """
    if question.to.agency_id != by.agency:
        _must_not_tell([question.words, *map(str, question.more.values())], question.to)
    path = pathway(episode.pathway)
    limit = path.limit(limit_for(path.ask(question.kind).limits, question.urgency or episode.urgency))
    row = Ask(
        reference=receipts.new(),
        episode=episode,
        kind=question.kind,
        purpose=question.purpose,
        basis=PURPOSES[question.purpose].basis if question.purpose else "",
        by_agency=by.agency,
        by_team=by_team,
        by_worker=by.worker,
        to_agency=question.to.agency_id,
        to_team=question.to,
        to_worker=question.to_worker,
        meeting=question.meeting,
        about=question.about,
        clock=clocks.start(episode, limit, now, runs="ask", by_day=question.by_day),
        asked_at=now,
    )
    words.sealed(row, {"question": question.words} | question.more, words.key_of(episode))
    ledger.record(
        kind="ask",
        by=by,
        about=[f"episode:{episode.id}", f"ask:{row.id}"],
        purpose=question.purpose,
        because=f"{question.kind} of {question.to.agency_id}:{question.to.code}",
        now=now,
    )
    _settle(episode)
    says = path.ask(question.kind).says
    tell(says, episode=episode, ask=row, team=question.to, worker=row.to_worker, sort=f"asked:{row.id}", now=now)
    return row


def _must_not_tell(words: list[str], to: Team) -> None:
    """Whoever is asked reads it in a team of another agency, and prints it, and rings about it."""
    checks.must_not_leave(words, audiences.to_agency(to.agency_id, to.pk))


def answer(*, ask: Ask, answer: Answer, plain: dict[str, Any], by: Actor, now: datetime) -> Ask:
    """Answer it, once. `plain` is {"answer": ...} or {"because": ...}, sealed beside the question.

    *Nothing known* needs no words; an answer and a refusal do. Raises AlreadyAnswered, NoAnswer.
    """
    row = _unanswered(ask)
    _must_say(answer, plain)
    [asked] = words.opened([row])
    words.reseal(row, asked | plain, words.key_of(row.episode))
    row.answer, row.answered_at, row.answered_by = answer, now, by.worker
    row.save()
    clocks.stop([row.clock], now)
    _settle(row.episode)
    about = [f"episode:{row.episode_id}", f"ask:{row.id}"]
    ledger.record(kind="ask-answered", by=by, about=about, because=f"{row.kind}: {answer}", now=now)
    _tell_of_answer(row, now)
    _move_on(row.episode, answer, now)
    return row


def _move_on(episode: Episode, answer: Answer, now: datetime) -> None:
    """Where a rule says so, the last answer moves the work. What was taken back leaves nothing to read."""
    path = pathway(episode.pathway)
    if not path.answered or episode.closed_at or Ask.objects.filter(episode=episode, answered_at=None).exists():
        return
    by_rule(episode, path.answered, "Everything that was asked has been answered or taken back.", now)
    if answer == Answer.WITHDRAWN:
        by_rule(episode, path.read, "Whoever asked took it back.", now)


def answer_read(*, ask: Ask, by: Actor, now: datetime) -> None:
    """Whoever asked has read what came back. Said once; where a rule says so, it moves the work."""
    episode = Episode.objects.select_for_update(no_key=True).get(pk=ask.episode_id)
    path = pathway(episode.pathway)
    if not path.read or episode.closed_at or episode.state not in path.move(path.read).sources:
        return
    about = [f"episode:{episode.id}", f"ask:{ask.id}"]
    ledger.record(kind="answer-read", by=by, about=about, now=now)
    by_rule(episode, path.read, "Whoever asked has read the answer.", now)


def _must_say(answer: Answer, plain: dict[str, Any]) -> None:
    needs = {Answer.ANSWERED: "answer", Answer.DECLINED: "because", Answer.WITHDRAWN: "because"}.get(answer)
    if needs and not str(plain.get(needs, "")).strip():
        raise NoAnswer(needs)


def _tell_of_answer(row: Ask, now: datetime) -> None:
    if row.answer == Answer.WITHDRAWN:
        tell("withdrawn", episode=row.episode, ask=row, team=row.to_team, sort=f"withdrawn:{row.id}", now=now)
    else:
        tell(
            "answered",
            episode=row.episode,
            ask=row,
            team=row.by_team,
            worker=row.by_worker,
            sort=f"answered:{row.id}",
            now=now,
        )


def seen(*, ask: Ask, by: Actor, now: datetime) -> None:
    """Somebody of the team that owes it has read it. Said once."""
    if Ask.objects.filter(pk=ask.pk, seen_at=None).update(seen_at=now):
        ledger.record(kind="ask-seen", by=by, about=[f"ask:{ask.id}"], now=now)


def pass_on(*, ask: Ask, to: Team, because: str, by: Actor, now: datetime) -> Ask:
    """It is for another team: the same ask, the same clock, another owner who is told.

    Raises AlreadyAnswered, and HoldsProtected where its words say where somebody is to whom they must not.
    """
    row = _unanswered(ask)
    if to.agency_id != row.to_agency:
        _must_not_tell([str(each) for each in words.opened([row])[0].values()], to)
    row.to_team, row.to_agency, row.to_worker, row.seen_at = to, to.agency_id, None, None
    row.save(update_fields=["to_team", "to_agency", "to_worker", "seen_at"])
    detail = {"because": because}
    about, whom = [f"ask:{row.id}"], f"{to.agency_id}:{to.code}"
    ledger.record(kind="ask-passed-on", by=by, about=about, because=whom, detail=detail, now=now)
    tell("asked", episode=row.episode, ask=row, team=to, sort=f"passed:{row.id}:{now:%s}", now=now)
    return row


def remind(*, ask: Ask, by: Actor, now: datetime) -> None:
    """Remind whoever owes it. Each reminder is told once, however often the sweep comes."""
    row = _locked(ask)
    if row.answered_at:
        return
    row.reminded, row.reminded_at = row.reminded + 1, now
    row.save(update_fields=["reminded", "reminded_at"])
    ledger.record(kind="ask-reminded", by=by, about=[f"ask:{row.id}"], now=now)
    sort = f"reminder:{row.id}:{row.reminded}"
    tell("reminder", episode=row.episode, ask=row, team=row.to_team, worker=row.to_worker, sort=sort, now=now)


def take(*, ask: Ask, worker: UUID | None, by: Actor, now: datetime) -> Ask:
    """One of the team that owes it says that they will answer it; None gives it back to the team. Raises
    AlreadyAnswered.
    """
    row = _unanswered(ask)
    row.to_worker = worker
    row.save(update_fields=["to_worker"])
    ledger.record(kind="ask-taken" if worker else "ask-given-back", by=by, about=[f"ask:{row.id}"], now=now)
    return row


def _unanswered(ask: Ask) -> Ask:
    row = _locked(ask)
    if row.answered_at:
        raise AlreadyAnswered
    return row


def _locked(ask: Ask) -> Ask:
    """The ask as it is now. Whoever locks both takes the episode first: two who meet halfway would wait for ever."""
    Episode.objects.select_for_update(no_key=True).get(pk=ask.episode_id)
    rows = Ask.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("episode", "clock", "to_team", "by_team").get(pk=ask.pk)


def _settle(episode: Episode) -> None:
    """The episode's next time takes in what is asked for. One that is closed has none; its asks keep their clocks."""
    episode.refresh_from_db(from_queryset=Episode.objects.select_for_update(no_key=True))
    if not episode.closed_at:
        clocks.settle(episode)
        episode.save(update_fields=["next_due"])
