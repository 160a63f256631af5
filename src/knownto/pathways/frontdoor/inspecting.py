"""What inspectors ask of child protection, answered from what was decided, held and timed: references, never names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from knownto.casework import words
from knownto.casework.models import Ask, Clock, Decision, Episode, Invitation, Meeting, Statement
from knownto.casework.pathway import POWERS as POWER_NAMES
from knownto.casework.register import pathway
from knownto.pathways.frontdoor.periods import Period
from knownto.pathways.frontdoor.recognised import KIND, flags
from knownto.pathways.frontdoor.removal import POWERS
from knownto.pathways.frontdoor.seating import name_of
from knownto.worktime import LONDON

STRATEGY_DECIDED = "strategy"
HOUR = timedelta(hours=1)
NOT_TOLD_OF = ("joined", "routed")
Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was counted. `hit`: it is what was asked for, and `cells` say what of it is shown."""

    episode: UUID
    reference: str
    at: datetime
    hit: bool
    cells: Cells = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as an inspector puts it. `counted` is what is counted, `found` what of it is asked for."""

    code: str
    group: str
    asks: str
    counted: str
    found: str
    columns: tuple[str, ...]
    find: Callable[[Period], list[Item]]
    good: bool = False  # a high share is good: the hits are shown as a share, and those that are not hits are listed


def said(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%H:%M}, {local.day} {local:%B %Y}"


def without(office: str = "") -> Callable[[Period], list[Item]]:
    """Strategy discussions at which a required seat (that one, or any) was empty, and why."""

    def find(period: Period) -> list[Item]:
        held = _held("strategy", period)
        empty = _empty(held, office)
        return [
            Item(row.episode_id, row.episode.reference, row.held_at, row.pk in empty,
                 (said(row.held_at), *empty.get(row.pk, ("", "", ""))))
            for row in held if row.held_at
        ]  # fmt: skip

    return find


def _held(kind: str, period: Period) -> list[Meeting]:
    inside = Meeting.objects.filter(kind=kind, held_at__gte=period.starts, held_at__lt=period.ends)
    return list(inside.select_related("episode").order_by("held_at"))


def _empty(meetings: list[Meeting], office: str) -> dict[UUID, tuple[str, str, str]]:
    """Of each meeting with an empty required seat: whose, why, and whether they sent information instead."""
    rows = Invitation.objects.filter(meeting__in=meetings, required=True).exclude(attended=True)
    rows = list((rows.filter(office=office) if office else rows).select_related("meeting").order_by("pk"))
    found: dict[UUID, list[tuple[str, str, str]]] = {}
    for row, plain in zip(rows, words.opened(rows), strict=True):
        why = plain.get("why_not") or "No reason was written down"
        informed = "Sent" if row.informed else "Not sent"
        found.setdefault(row.meeting_id, []).append((name_of("strategy", row.office), why, informed))
    return {key: _joined(seats) for key, seats in found.items()}


def _joined(seats: list[tuple[str, str, str]]) -> tuple[str, str, str]:
    names, whys, sent = zip(*seats, strict=True)
    return "; ".join(names), "; ".join(whys), "; ".join(sent)


def not_quorate(period: Period) -> list[Item]:
    """Discussions that went ahead without a quorum, what they lacked, and why they went ahead."""
    held = _held("strategy", period)
    return [
        Item(row.episode_id, row.episode.reference, row.held_at, row.quorate is False,
             (said(row.held_at), "; ".join(plain.get("lacked", ())), plain.get("why_not_quorate", "")))
        for row, plain in zip(held, words.opened(held), strict=True) if row.held_at
    ]  # fmt: skip


def harm_unmet(period: Period) -> list[Item]:
    """Contacts that said significant harm and that led to no discussion in time, or to none."""
    rows = Clock.objects.filter(limit="harm-unmet", **_within("started_at", period)).select_related("episode")
    held = _first_held(row.episode_id for row in rows)
    return [_harm(row, held.get(row.episode_id)) for row in rows.order_by("started_at")]


def _harm(row: Clock, held: datetime | None) -> Item:
    episode = row.episode
    late = row.reddened_at is not None or (row.stopped_at is not None and row.stopped_at > row.due_at)
    if episode.closed_at is None:
        became = "Nobody has decided yet"
    elif episode.state == STRATEGY_DECIDED:
        became = f"Discussed {said(held)}" if held else "Decided for a discussion, not held yet"
    else:
        became = f"Decided: {pathway(episode.pathway).state(episode.state).name.lower()}"
    hit = late or (episode.closed_at is not None and episode.state != STRATEGY_DECIDED)
    return Item(episode.id, episode.reference, row.started_at, hit, (said(row.started_at), said(row.due_at), became))


def _first_held(contacts: Iterable[UUID]) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    rows = Meeting.objects.filter(kind="strategy", held_at__isnull=False, episode__parent__in=list(contacts))
    for row in rows.select_related("episode").order_by("-held_at"):
        if row.episode.parent_id and row.held_at:
            found[row.episode.parent_id] = row.held_at
    return found


def strategy_late(period: Period) -> list[Item]:
    """Child protection work whose discussion was due in the period: held in time or not."""
    rows = Clock.objects.filter(pathway="protection", limit="strategy", **_within("due_at", period))
    return [
        Item(row.episode_id, row.episode.reference, row.due_at, _was_late(row),
             (said(row.started_at), said(row.due_at), said(row.stopped_at) if row.stopped_at else "Not yet"))
        for row in rows.select_related("episode").order_by("due_at")
    ]  # fmt: skip


def _was_late(row: Clock) -> bool:
    return row.reddened_at is not None or (row.stopped_at is not None and row.stopped_at > row.due_at)


def decided_in_time(period: Period) -> list[Item]:
    """Contacts on which it was decided what the response is, within one working day of receipt."""
    rows = Clock.objects.filter(pathway="contact", limit="decision", stopped_at__isnull=False)
    return [
        Item(row.episode_id, row.episode.reference, row.started_at, not _was_late(row),
             (said(row.started_at), said(row.due_at), said(row.stopped_at or row.due_at)))
        for row in rows.filter(**_within("started_at", period)).select_related("episode").order_by("started_at")
    ]  # fmt: skip


def conferences_in_time(period: Period) -> list[Item]:
    """First conferences held within fifteen working days of the discussion at which section 47 was begun."""
    held = _held("conference", period)
    clocks = {row.episode_id: row for row in Clock.objects.filter(limit="conference",
              episode__in=[row.episode_id for row in held]).order_by("-pk")}  # fmt: skip
    return [_conference(row, clocks[row.episode_id]) for row in held if row.episode_id in clocks]


def _conference(row: Meeting, clock: Clock) -> Item:
    at = row.held_at or row.starts
    cells = (said(clock.started_at), said(clock.due_at), said(at))
    return Item(row.episode_id, row.episode.reference, at, at <= clock.due_at, cells)


def powers_used(period: Period) -> list[Item]:
    """Emergency powers used in the period, in whose power, and when they ended."""
    rows = list(Decision.objects.filter(kind__in=POWERS, **_within("at", period)).select_related("episode"))
    ends = _ends({row.episode_id for row in rows})
    found = []
    for row, plain in zip(rows, words.opened(rows), strict=True):
        since = datetime.fromisoformat(plain["since"])
        ended = next((at for kind, at in ends.get(row.episode_id, []) if kind == row.kind and at >= since), None)
        cells = (POWERS[row.kind].name, POWER_NAMES[row.power], said(since), _ended(since, ended))
        found.append(Item(row.episode_id, row.episode.reference, since, True, cells))
    return sorted(found, key=lambda item: item.at)


def _ends(episodes: set[UUID]) -> dict[UUID, list[tuple[str, datetime]]]:
    rows = list(Statement.objects.filter(episode__in=episodes, kind="power-ended").order_by("at"))
    found: dict[UUID, list[tuple[str, datetime]]] = {}
    for row, plain in zip(rows, words.opened(rows), strict=True):
        found.setdefault(row.episode_id, []).append((plain["power"], datetime.fromisoformat(plain["at"])))
    return found


def _ended(since: datetime, ended: datetime | None) -> str:
    if ended is None:
        return "In force, or lapsed"
    return f"{said(ended)}, after {(ended - since) // HOUR} hours"


def again(period: Period) -> list[Item]:
    """Contacts about a child of whom there was a referral in the twelve months before."""
    contacts = {row.pk: row for row in Episode.objects.filter(pathway="contact", **_within("opened_at", period))}
    rows = list(Statement.objects.filter(episode__in=contacts, kind=KIND))
    opened = zip(rows, words.opened(rows), strict=True)
    before = {row.episode_id for row, plain in opened if "re-referral" in flags(plain)}
    return [
        Item(row.pk, row.reference, row.opened_at, row.pk in before, (said(row.opened_at),))
        for row in sorted(contacts.values(), key=lambda each: each.opened_at)
    ]


def not_told(period: Period) -> list[Item]:
    """Contacts decided on in the period whose referrer has not been told the outcome, or has not read it."""
    rows = Episode.objects.filter(pathway="contact", **_within("closed_at", period)).exclude(state__in=NOT_TOLD_OF)
    asks = {row.episode_id: row for row in Ask.objects.filter(kind="outcome", episode__in=rows)}
    return [_told(row, asks.get(row.pk)) for row in rows.order_by("closed_at")]


def _told(row: Episode, ask: Ask | None) -> Item:
    how = "Not told" if ask is None else "Sent, not read yet" if ask.answered_at is None else "Read"
    at = row.closed_at or row.opened_at
    state = pathway(row.pathway).state(row.state).name
    return Item(row.pk, row.reference, at, ask is None or ask.answered_at is None, (said(at), state, how))


def overridden(period: Period) -> list[Item]:
    """Decisions that departed from the referrer, the guidance or a time limit. Why is in the decision itself."""
    rows = Decision.objects.filter(~Q(level=None), **_within("at", period)).select_related("episode").order_by("at")
    return [
        Item(row.episode_id, row.episode.reference, row.at, row.override,
             (said(row.at), pathway(row.episode.pathway).move(row.kind).name, row.level_before or "Not said",
              row.level or "", POWER_NAMES[row.power]))
        for row in rows
    ]  # fmt: skip


def _within(column: str, period: Period) -> dict[str, datetime]:
    return {f"{column}__gte": period.starts, f"{column}__lt": period.ends}
