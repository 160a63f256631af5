"""A pair before a reviewer: recorded, disclosed, opened; and what would follow from each answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Viewer, rows_open
from knownto.casework import reads as casework
from knownto.casework.models import Ask
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.firewall.audiences import on_page
from knownto.identity import consequences, queue, reviewing
from knownto.identity.entering import Here, covered, entering
from knownto.identity.models import Member, Review, RulingKind, Why
from knownto.identity.pathway import PURPOSE
from knownto.identity.reviewing import ANSWERS, SHORT, needs_reason
from knownto.identity.side_by_side import SideBySide, side_by_side
from knownto.keyring import acts as keyring
from knownto.partners import reads as partners


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer said, for whoever may see it: the lead, and everybody once it is decided."""

    who: str
    agency: str
    answer: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """One answer that can be given. `follows` says what would come of it; `key` is the one on the keyboard."""

    code: str
    words: str
    key: str
    follows: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One review. `pair` None: there are no two records that could be opened. `answers` is empty where this viewer has
    nothing to say now."""

    episode: UUID
    reference: str
    why: str
    state: str
    seen: int
    due: datetime | None
    two_people: bool
    two_agencies: bool
    records: tuple[int, ...]
    agencies: tuple[str, ...]
    pair: SideBySide | None
    answers: tuple[Offered, ...]
    said: tuple[Said, ...]
    ask: UUID | None = None


def next_pair(viewer: Viewer, now: datetime) -> Shown | None:
    """The next pair for this reviewer, who has it for a while; None when nothing waits. Raises a Refused."""
    with transaction.atomic():
        with rows_open("system:review", viewer.agency):
            row = queue.claim_next(viewer.worker_id, covered(viewer, now), now)
        return open_pair(viewer, row.episode_id, now) if row else None


def open_pair(viewer: Viewer, episode: UUID, now: datetime) -> Shown:
    """One review, whoever has it. Raises NotYours, and other Refused."""
    with entering(viewer, episode, kind="review-opened", now=now) as here:
        _disclose(here, viewer, now)
        return _shown(here.row, viewer, _answers_now(here.row, viewer), now)


def open_second(viewer: Viewer, ask: UUID, now: datetime) -> Shown:
    """The pair of a second opinion, without what anybody said. Raises NotYours, and other Refused."""
    episode = reviewing.episode_of(viewer, ask, now)
    with entering(viewer, episode, kind="review-opened", now=now) as here:
        _disclose(here, viewer, now)
        waits = Ask.objects.filter(pk=ask, answered_at=None).exists() and here.row.episode.state == "second"
        return _shown(here.row, viewer, reviewing.offered(here.row) if waits else (), now, ask=ask)


def _disclose(here: Here, viewer: Viewer, now: datetime) -> None:
    """Evidence of who somebody is crosses to the reviewer's agency, under each other agency's agreement."""
    for agency in here.row.agencies:
        if agency != viewer.agency:
            to = {"how": How.VIEW, "from_agency": agency, "to_agency": viewer.agency, "worker": viewer.worker_id}
            cross(Crossing(work=here.row.episode_id, purpose=PURPOSE, **to), entry=here.entry, now=now)


def _answers_now(row: Review, viewer: Viewer) -> tuple[str, ...]:
    """What this viewer may say of it now, from here: second opinions are given on their own page."""
    if row.closed_at:
        return ()
    lead = row.episode.state == "lead" and viewer.may(Permission.REVIEW_LEAD)
    return reviewing.offered(row) if row.episode.state == "waiting" or lead else ()


def _shown(row: Review, viewer: Viewer, codes: Collection[str], now: datetime, ask: UUID | None = None) -> Shown:
    names = partners.agency_names()
    pair = side_by_side(row.lower, row.higher, names, on_page(viewer)) if row.higher else None
    sees = row.closed_at or (row.episode.state == "lead" and viewer.may(Permission.REVIEW_LEAD))
    return Shown(
        episode=row.episode_id,
        reference=row.episode.reference,
        why=Why(row.why).label,
        state=row.episode.state,
        seen=row.episode.decided,
        due=row.episode.next_due,
        two_people=row.two_people,
        two_agencies=row.two_agencies,
        records=tuple(filter(None, (row.lower, row.higher))),
        agencies=tuple(names.get(code, code) for code in row.agencies),
        pair=pair,
        answers=_offered(row, codes, pair, now) if pair else _nothing_left(row, codes),
        said=_said(row, names) if sees else (),
        ask=ask,
    )


def _offered(row: Review, codes: Collection[str], pair: SideBySide, now: datetime) -> tuple[Offered, ...]:
    told = _would_tell(row, now) if pair.together and codes else 0
    return tuple(
        Offered(code, ANSWERS[code], str(place), _follows(row, code, pair, told), needs_reason(row, code))
        for place, code in enumerate(codes, 1)
    )


def _nothing_left(row: Review, codes: Collection[str]) -> tuple[Offered, ...]:
    if not codes or not reviewing.is_gone(row):
        return ()
    follows = "It leaves the queue. If a record comes again, it is compared anew."
    return (Offered(reviewing.GONE, ANSWERS[reviewing.GONE], "1", follows, False),)


def _would_tell(row: Review, now: datetime) -> int:
    """Who was shown these two as one person, and would be told."""
    members = Member.objects.filter(record__in=(row.lower, row.higher))
    since = max(members.values_list("since", flat=True))
    person = members.values_list("person_id", flat=True)[0]
    return consequences.would_tell(person, [row.lower], [row.higher] if row.higher else [], since, now)


def _follows(row: Review, code: str, pair: SideBySide, told: int) -> str:
    if code == reviewing.UNSURE:
        return "Another reviewer is asked, who does not see what you think. Nothing changes meanwhile."
    then = "Nothing changes before a second person says the same. " if row.two_people else ""
    if code in (RulingKind.TOGETHER, reviewing.KEEP):
        return then + ("They stay one person." if pair.together else "Whoever finds one is shown both as one person.")
    if code == reviewing.UNDO:
        return then + f"The decision is taken back. {_told(told)}"
    apart = "They become two people. " + _told(told) if pair.together else "They stay two people."
    again = "Nobody is asked again." if code == RulingKind.NEVER else "It is asked again if the evidence changes."
    return f"{then}{apart} {again}"


def _told(count: int) -> str:
    if not count:
        return "Nobody was shown them as one."
    if count == 1:
        return "One worker or team who was shown them as one is told, and must say that they know."
    return f"{count} workers or teams who were shown them as one are told, and must say that they know."


def _said(row: Review, names: dict[str, str]) -> tuple[Said, ...]:
    found = list(row.opinions.filter(withdrawn_at=None).order_by("at", "id"))
    who = casework.names([each.worker for each in found])
    opened = keyring.open_rows(found)
    return tuple(
        Said(
            who.get(each.worker, ""),
            names.get(each.agency, each.agency),
            ANSWERS[each.answer],
            plain.get("reason", SHORT.get(each.short, "")),
            each.at,
        )
        for each, plain in zip(found, opened, strict=True)
    )
