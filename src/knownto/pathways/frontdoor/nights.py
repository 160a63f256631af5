"""The night: who decides then, what is with them, and what they hand over to the day, which must accept it.

Nothing falls between the two: whatever the emergency duty team touched and did not hand over is handed over for them
when the hub opens, and a hand-over that nobody accepts turns red like everything else that is owed.
"""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from knownto.access.acts import Permission, Request, Viewer, check, system
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads, words
from knownto.casework.acts import Choice, Question
from knownto.casework.entering import entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.casework.register import pathway
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.worktime import Calendar, england

OFFICE_BY_DAY = {"child": "hub", "adult": "adults"}
NIGHT, HANDOVER, WITH_NIGHT = "night", "handover", "with-night"
LOOKS_BACK = timedelta(days=7)
HANDED_OVER = frozenset({"contact", "support", "protection", "adult"})
NOBODY_DID = "Nobody handed this over at the end of the night. Read what was decided, and take it up."


class HandedOverAlready(NotPossibleNow):
    """It waits already to be accepted."""

    def __init__(self) -> None:
        super().__init__("handed-over", "This has been handed over already, and waits to be accepted.")


class NothingToAccept(NotPossibleNow):
    """Somebody accepted it first, or it was never handed over."""

    def __init__(self) -> None:
        super().__init__("nothing-to-accept", "Somebody has accepted this already.")


class NoNote(ValueError):
    """A hand-over without a word of what is to be done is none."""


# Hours


@cache
def hours() -> Calendar:
    """England's working days with the hub's own hours, which are London time whatever the clocks do."""
    said = tomllib.loads(Path(settings.HOURS_FILE).read_text(encoding="utf-8"))["hub"]
    return england(time.fromisoformat(said["opens"]), time.fromisoformat(said["closes"]))


def is_night(now: datetime) -> bool:
    """Is the hub closed? At the minute it opens it is day; at the minute it closes it is night."""
    local = hours().local(now)
    return not (hours().is_working_day(local.date()) and hours().opens <= local.time() < hours().closes)


def office_for(kind: str, now: datetime) -> str:
    """The office that takes a new worry of that kind ("child" or "adult") now. Raises KeyError for another kind."""
    by_day = OFFICE_BY_DAY[kind]
    return NIGHT if is_night(now) else by_day


def next_opening(now: datetime) -> datetime:
    """When the hub next opens after now (UTC). Raises BeyondCalendar."""
    days = hours().days_from(hours().local(now).date())
    return next(opens for opens in map(_opens, filter(hours().is_working_day, days)) if opens > now)


def last_opening(now: datetime) -> datetime:
    """When the hub last opened (UTC): what the night had until then is the day's business. Raises BeyondCalendar."""
    day = hours().local(now).date()
    while not hours().is_working_day(day) or _opens(day) > now:
        day -= timedelta(days=1)
    return _opens(day)


def _opens(day) -> datetime:
    return hours().moment(day, hours().opens).astimezone(UTC)


def seen_by(viewer: Viewer) -> frozenset[str]:
    """The hub and the night see what is about children and adults; adult social care what is about adults."""
    team = reads.team_of(viewer)
    here = offices.offices_of(team) if team else frozenset()
    return HANDED_OVER if here & reads.HUB_OFFICES else frozenset({"adult"} if "adults" in here else ())


def is_of_night(team: Team) -> bool:
    """Is that team the emergency duty team?"""
    return NIGHT in offices.offices_of(team)


# What is the night's


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work that the night touched last at `at`, or has still."""

    episode: Episode
    at: datetime


def with_night() -> list[Episode]:
    """What is with the emergency duty team now, the next due first."""
    here = Episode.objects.filter(team__in=_registered(NIGHT), closed_at=None).select_related("team", "worker")
    return list(here.order_by("next_due"))


def due_before(opening: datetime) -> list[Episode]:
    """What the day left and falls due before it is back: the next due first."""
    by_day = _registered(*OFFICE_BY_DAY.values())
    late = Episode.objects.filter(team__in=by_day, closed_at=None, next_due__lt=opening).select_related("team")
    return list(late.order_by("next_due")[:100])


def _registered(*wanted: str) -> list[Team]:
    """The teams of those offices, as far as there are any: where there is no night team, nothing is with it."""
    found = []
    for office in wanted:
        with suppress(offices.NoSuchOffice):
            found.append(offices.team_of(office))
    return found


def touched(now: datetime, before: datetime | None = None) -> list[Piece]:
    """What the night decided or wrote in the last week (until `before`) and has not handed over since, oldest first."""
    found = {each.id: each.opened_at for each in with_night()} | _last_touches(now)
    rows = Episode.objects.filter(pk__in=found, pathway__in=HANDED_OVER).select_related("team", "worker")
    pieces = [Piece(each, found[row.id]) for row in rows for each in _where_it_goes_on(row)]
    todo = [piece for piece in pieces if piece.at < (before or now + timedelta(days=1)) and not _is_handed_over(piece)]
    return sorted({piece.episode.id: piece for piece in todo}.values(), key=lambda piece: piece.at)


def _last_touches(now: datetime) -> dict[UUID, datetime]:
    workers = list(Worker.objects.filter(team__in=_registered(NIGHT)).values_list("pk", flat=True))
    decided = Decision.objects.filter(Q(worker__in=workers) | Q(power="emergency-duty"), at__gte=now - LOOKS_BACK)
    said = Statement.objects.filter(worker__in=workers, at__gte=now - LOOKS_BACK)
    found: dict[UUID, datetime] = {}
    for identity, at in [*decided.values_list("episode", "at"), *said.values_list("episode", "at")]:
        found[identity] = max(at, found.get(identity, at))
    return found


def _where_it_goes_on(row: Episode) -> list[Episode]:
    """What was closed at night and led to other work is handed over as that work."""
    after = list(Episode.objects.filter(parent=row, pathway__in=HANDED_OVER).select_related("team", "worker"))
    return after if row.closed_at and after else [row]


def _is_handed_over(piece: Piece) -> bool:
    asked = Ask.objects.filter(episode=piece.episode, kind=HANDOVER)
    return asked.filter(Q(answered_at=None) | Q(asked_at__gte=piece.at)).exists()


# Handing over


def hand_over(*, by: Viewer, episode: UUID, note: str, now: datetime) -> Ask:
    """Hand it to the day, with a note. Raises NoNote, HandedOverAlready, a Refused."""
    if not note.strip():
        raise NoNote
    with entering(by, episode, Permission.SCREEN, kind="handed-over", now=now) as entered:
        if _on_its_way(entered.episode):
            raise HandedOverAlready
        return _ask(entered.episode, note, by.actor, reads.team_of(by), now)


def _on_its_way(episode: Episode) -> bool:
    """Locked first: two who hand it over at once, or one and the sweep, hand it over once."""
    Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
    return Ask.objects.filter(episode=episode, kind=HANDOVER, answered_at=None).exists()


def _ask(episode: Episode, note: str, by: Actor, by_team: Team | None, now: datetime) -> Ask:
    question = Question(HANDOVER, day_team(episode), note)
    return acts.ask(episode=episode, question=question, by=by, by_team=by_team, now=now)


def day_team(episode: Episode) -> Team:
    """The team that takes it up by day."""
    return offices.team_of(OFFICE_BY_DAY["adult" if episode.pathway == "adult" else "child"])


def sweep(now: datetime) -> int:
    """When the hub is open: hand over, for the night, what it touched before the opening and nobody handed over."""
    if is_night(now):
        return 0
    with system("handover"):
        left = [piece for piece in touched(now, before=last_opening(now)) if not _on_its_way(piece.episode)]
        for piece in left:
            night = offices.team_of(NIGHT)
            _ask(piece.episode, NOBODY_DID, Actor(None, night.agency_id, "system"), night, now)
        return len(left)


# Accepting


def waiting(viewer: Viewer) -> list[tuple[Ask, dict]]:
    """What waits for the viewer's team to accept it, the longest first, opened."""
    team = reads.team_of(viewer)
    rows = Ask.objects.filter(kind=HANDOVER, to_team=team, answered_at=None) if team else Ask.objects.none()
    return opened(rows)


def opened(rows) -> list[tuple[Ask, dict]]:
    found = list(rows.select_related("episode__team", "clock", "to_team").order_by("asked_at"))
    return list(zip(found, words.opened(found), strict=True))


def accept(*, by: Viewer, episode: UUID, take: bool, now: datetime) -> Ask:
    """Accept what the night handed over; with `take`, have it in hand as well. What is still with the night comes
    to the day. Raises NothingToAccept, a Refused.
    """
    check(by, Request(Permission.HANDOVER))
    with entering(by, episode, Permission.EPISODE, kind="handover-accepted", now=now) as entered:
        ask = Ask.objects.select_for_update().filter(
            episode=entered.episode, kind=HANDOVER, answered_at=None
        ).select_related("to_team").first()  # fmt: skip
        if ask is None:
            raise NothingToAccept
        if ask.to_team != reads.team_of(by):
            raise NotYours
        _bring_to_day(by, entered.episode.id, now)
        if take:
            _take(by, entered.episode.id, ask.to_team, now)
        said = {"answer": "Accepted, and taken in hand" if take else "Accepted"}
        return acts.answer(ask=ask, answer=Answer.ANSWERED, plain=said, by=by.actor, now=now)


def _bring_to_day(by: Viewer, episode: UUID, now: datetime) -> None:
    row = reads.episode(episode)
    if row.state != WITH_NIGHT or row.closed_at:
        return
    move = pathway(row.pathway).move("to-day")
    with entering(by, episode, Permission.DECIDE, powers=move.powers, kind="taken-from-night", now=now) as entered:
        choice = Choice("to-day", entered.power(*move.powers), "Accepted from the emergency duty team.")
        acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=entered.episode.decided, now=now)


def _take(by: Viewer, episode: UUID, team: Team, now: datetime) -> None:
    row = reads.episode(episode)
    if not row.closed_at and row.team == team:
        acts.allocate(episode=row, team=team, worker=Worker.objects.get(pk=by.worker_id), by=by.actor, now=now)
