"""What a team does with what it is asked, and whoever asked with what they wait for: decided by policy, recorded."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from knownto.access.acts import Granted, Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads, words
from knownto.casework.models import Answer, Ask
from knownto.casework.pathway import AskKind
from knownto.casework.register import pathway
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.partners.agreement import agreements
from knownto.partners.models import Team

BETWEEN_REMINDERS = timedelta(hours=1)
# Of the work that an ask belongs to, those parts let somebody act for whoever asked.
FOR_THE_ASKER = frozenset({"hub", "allocated", "health"})
OWN_ANSWERS = frozenset({Answer.ANSWERED, Answer.NOTHING_KNOWN, Answer.DECLINED})


class NotThatWay(NotPossibleNow):
    """This ask is not answered like that: it may not be declined, or it has a page of its own."""


class RemindedLately(NotPossibleNow):
    """Nobody answers sooner for being told every minute."""

    def __init__(self) -> None:
        super().__init__("reminded-lately", "They were reminded less than an hour ago. Ring them if it cannot wait.")


class AnotherAgencys(ValueError):
    """It can be passed on within the agency alone: another one is asked by whoever asks."""


@dataclass(frozen=True)
class Open:
    """One ask, open, and which side of it the viewer is on: their team owes the answer, or they wait for it."""

    ask: Ask
    granted: Granted
    owes: bool
    waits: bool

    @property
    def kind(self) -> AskKind:
        return kind_of(self.ask)

    @property
    def plain(self) -> dict[str, Any]:
        """What was asked and answered, opened."""
        return words.opened([self.ask])[0]


def kind_of(ask: Ask) -> AskKind:
    return pathway(ask.episode.pathway).ask(ask.kind)


def page_of(ask: Ask) -> tuple[str, UUID | None]:
    """The route on which those who owe it answer it, and the id that it takes."""
    kind = kind_of(ask)
    if not kind.page:
        return "casework:ask", ask.pk
    return kind.page, {"ask": ask.pk, "work": ask.episode_id}.get(kind.page_takes)


def purpose_of(ask: Ask) -> str:
    """For what purpose its answer crosses: the one that was named, or the usual one of such work."""
    return ask.purpose or pathway(ask.episode.pathway).purpose


@contextmanager
def owing(viewer: Viewer, identity: UUID, *, kind: str, now: datetime) -> Iterator[Open]:
    """Open one ask for the team that owes its answer. Raises NotYours, which looks like none, and other Refused."""
    with transaction.atomic():
        row, owes, waits, _ = _facts(viewer, identity)
        if not owes:
            raise NotYours
        request = Request(Permission.ANSWER, purpose=purpose_of(row), of_agency=row.to_agency)
        with asking(viewer, request, kind=kind, about=_about(row), now=now) as granted:
            yield Open(row, granted, owes, waits)


@contextmanager
def awaiting(viewer: Viewer, identity: UUID, *, kind: str, now: datetime) -> Iterator[Open]:
    """Open one ask for those who wait for its answer. Raises NotYours, and other Refused."""
    with transaction.atomic():
        row, owes, waits, parts = _facts(viewer, identity)
        if not waits:
            raise NotYours
        request = Request(Permission.EPISODE, purpose=purpose_of(row), of_agency=row.by_agency, parts=parts)
        with asking(viewer, request, kind=kind, about=_about(row), now=now) as granted:
            yield Open(row, granted, owes, waits)


@contextmanager
def looking(viewer: Viewer, identity: UUID, *, now: datetime) -> Iterator[Open]:
    """Open one ask for either side, to read. That it was seen, or that its answer was, is written down with it."""
    with transaction.atomic():
        owes = _facts(viewer, identity)[1]
    with (owing if owes else awaiting)(viewer, identity, kind="ask-opened", now=now) as here:
        if here.owes and not here.ask.answered_at:
            acts.seen(ask=here.ask, by=viewer.actor, now=now)
        if here.waits and here.ask.answered_at:
            acts.answer_read(ask=here.ask, by=viewer.actor, now=now)
        yield here


def _facts(viewer: Viewer, identity: UUID) -> tuple[Ask, bool, bool, frozenset[str]]:
    """That ask, whether the viewer's team owes it, whether they wait for it, and their parts in its work."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        found = Ask.objects.select_related("episode", "clock", "to_team__agency", "by_team", "about")
        row = found.filter(pk=identity).first()
        if row is None:
            raise NotYours
        team, parts = reads.team_of(viewer), reads.parts_of(viewer, row.episode)
    owes = team is not None and row.to_team_id == team.pk
    asked_it = row.by_worker == viewer.worker_id or (team is not None and row.by_team_id == team.pk)
    waits = row.by_agency == viewer.agency and bool(parts & FOR_THE_ASKER) or asked_it and bool(parts)
    return row, owes, waits, parts


def last_of(viewer: Viewer, episode: UUID) -> UUID:
    """The last thing that was asked in that work. Raises NotYours; opening it asks for their part in it."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        found = Ask.objects.filter(episode=episode).order_by("-asked_at").values_list("pk", flat=True).first()
    if found is None or not any(_facts(viewer, found)[1:3]):
        raise NotYours
    return found


def _about(row: Ask) -> list[str]:
    return [f"episode:{row.episode_id}", f"ask:{row.id}"]


def reply(
    *, by: Viewer, ask: UUID, answer: Answer, words: str = "", fields: Mapping[str, str] | None = None, now: datetime
) -> Ask:
    """Answer for one's team, once. `fields` answers the questions sealed with it (its "fields") by their codes; they
    are sealed as its "answers".

    What crosses to another agency is a Disclosure, and so is a refusal. Raises AlreadyAnswered, NoAnswer, NotThatWay,
    and a Refused.
    """
    with owing(by, ask, kind="answer-given", now=now) as here:
        _must_be_a_way(here.kind, answer)
        row = acts.answer(ask=here.ask, answer=answer, plain=_plain(answer, words, fields or {}), by=by.actor, now=now)
        _disclose(row, here.granted, now)
        return row


def _must_be_a_way(kind: AskKind, answer: Answer) -> None:
    if kind.page:
        raise NotThatWay("own-page", "This is answered on a page of its own.")
    if answer not in OWN_ANSWERS or (answer == Answer.DECLINED and not kind.may_decline):
        raise NotThatWay("not-declined", "This cannot be declined.")


def _plain(answer: Answer, words: str, fields: Mapping[str, str]) -> dict[str, Any]:
    said = {code: text.strip() for code, text in fields.items() if text.strip()}
    if answer == Answer.DECLINED:
        return {"because": words.strip()}
    whole = words.strip() or ("As written under each question." if said else "")
    return {"answer": whole, "answers": said} if answer == Answer.ANSWERED else {"answer": whole}


def _disclose(row: Ask, granted: Granted, now: datetime) -> None:
    """To another agency, under the answering one's agreement where it covers this; within an agency nothing crosses."""
    if row.by_agency == row.to_agency:
        return
    purpose, agreement = purpose_of(row), agreements().get(row.to_agency)
    covered = agreement is not None and agreement.covers(row.by_agency, purpose, localdate(now))
    crossing = Crossing(
        work=row.episode_id,
        how=How.NOT_SHARED if row.answer == Answer.DECLINED else How.ANSWER,
        from_agency=row.to_agency,
        to_agency=row.by_agency,
        purpose=purpose,
        person=row.about.person if row.about else None,
    )
    stamps = [agreement.stamp] if agreement and covered else []
    cross(crossing, entry=granted.entry, agreements=stamps, now=now)


def pass_on(*, by: Viewer, ask: UUID, to: Team, because: str, now: datetime) -> Ask:
    """It is for another team of one's own agency, and why. Raises AnotherAgencys, AlreadyAnswered, and a Refused."""
    with owing(by, ask, kind="ask-passed", now=now) as here:
        if to.agency_id != by.agency or to.pk == here.ask.to_team_id:
            raise AnotherAgencys
        return acts.pass_on(ask=here.ask, to=to, because=because, by=by.actor, now=now)


def take(*, by: Viewer, ask: UUID, now: datetime) -> Ask:
    """'I'll answer this.' Nobody else is kept from it. Raises AlreadyAnswered, and a Refused."""
    with owing(by, ask, kind="ask-take", now=now) as here:
        return acts.take(ask=here.ask, worker=by.worker_id, by=by.actor, now=now)


def give_back(*, by: Viewer, ask: UUID, now: datetime) -> Ask:
    """Whoever has it cannot answer it: the whole team owes it again. Raises AlreadyAnswered, and a Refused."""
    with owing(by, ask, kind="ask-give-back", now=now) as here:
        return acts.take(ask=here.ask, worker=None, by=by.actor, now=now)


def remind(*, by: Viewer, ask: UUID, now: datetime) -> None:
    """Remind whoever owes it, at most once an hour. Raises RemindedLately, AlreadyAnswered, and a Refused."""
    with awaiting(by, ask, kind="reminder-sent", now=now) as here:
        if here.ask.answered_at:
            raise acts.AlreadyAnswered
        if here.ask.reminded_at and now - here.ask.reminded_at < BETWEEN_REMINDERS:
            raise RemindedLately
        acts.remind(ask=here.ask, by=by.actor, now=now)


def withdraw(*, by: Viewer, ask: UUID, because: str, now: datetime) -> Ask:
    """It is no longer needed, and why. Whoever was asked is told. Raises AlreadyAnswered, NoAnswer, and a Refused."""
    with awaiting(by, ask, kind="ask-withdrawn", now=now) as here:
        return acts.answer(ask=here.ask, answer=Answer.WITHDRAWN, plain={"because": because}, by=by.actor, now=now)
