"""How copies are getting on, as their agency's supervisors and data managers see it, and sending one again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import reads, words
from knownto.casework.entering import Entered, listing
from knownto.casework.models import Episode, Statement
from knownto.disclosure.endpoints import takes_copies
from knownto.disclosure.faults import WORDS, Fault
from knownto.disclosure.models import CopiesStuck, Parcel
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import copies
from knownto.pathways.frontdoor.copies import MADE, NOT_SENT, OWED, WHATS
from knownto.pathways.frontdoor.seating import mine, the_meeting

LOOKED_BACK = timedelta(days=90)
MOST = 500
NOWHERE = "Your agency takes no copies any more. Set up where they go, or export"


class State(StrEnum):
    MAKING = "making"
    HELD_BACK = "held-back"
    WAITING = "waiting"
    STUCK = "stuck"
    LEFT = "left"
    ARRIVED = "arrived"
    WITHDRAWN = "withdrawn"


NOT_THERE_YET = frozenset({State.MAKING, State.WAITING, State.STUCK, State.LEFT})
CAN_BE_SENT_AGAIN = frozenset({State.ARRIVED, State.HELD_BACK, State.WITHDRAWN})


@dataclass(frozen=True)
class Copy:
    """One copy. `id` is of the statement that it is owed; `why`: what holds it up."""

    id: UUID
    episode: UUID
    reference: str
    what: str
    to: str
    agency: str
    owed_at: datetime
    state: State
    why: str = ""
    arrived_at: datetime | None = None
    tries: int = 0
    parcel: UUID | None = None

    @property
    def name(self) -> str:
        return WHATS[self.what]


class NotAgain(NotPossibleNow):
    """It is still on its way, or has nowhere to go: another would only stand behind it."""

    def __init__(self) -> None:
        super().__init__("on-its-way", "This copy is still on its way. It is tried again by itself until it arrives.")


def of_agency(viewer: Viewer, show: str, now: datetime) -> list[Copy]:
    """The viewer's own agency's copies of the last 90 days, the latest first. `show`: "", "open" or "stuck"."""
    with listing(viewer, Permission.COPIES, kind="copies-seen", now=now):
        parcels = Parcel.objects.filter(to_agency=viewer.agency, copy_of__isnull=False, made_at__gte=now - LOOKED_BACK)
        made = set(parcels.values_list("copy_of", flat=True))
        owed = Statement.objects.filter(kind=OWED, at__gte=now - LOOKED_BACK)
        mine = owed.filter(pk__in=made) | owed.filter(episode__from_agency=viewer.agency)
        found = [each for each in _read(mine.distinct()) if each.to == viewer.agency]
    return [each for each in found if _fits(each, show)][:MOST]


def alarm_since(agency: str) -> datetime | None:
    """Since when the agency's oldest copy has been on its way, while the alarm of it is on. Nobody's data."""
    found = CopiesStuck.objects.filter(agency=agency, cleared_at=None).first()
    return found.since if found else None


def _fits(copy: Copy, show: str) -> bool:
    if show == "open":
        return copy.state in NOT_THERE_YET
    return not show or copy.state in (State.STUCK, State.HELD_BACK)


def one(viewer: Viewer, copy: UUID, now: datetime) -> Copy:
    """That copy of the viewer's own agency. Raises NotYours."""
    with listing(viewer, Permission.COPIES, kind="copies-seen", now=now):
        return _own(viewer, copy)


def _own(viewer: Viewer, copy: UUID) -> Copy:
    found = _read(Statement.objects.filter(pk=copy, kind=OWED))
    if not found or found[0].to != viewer.agency:
        raise NotYours
    return found[0]


def send_again(*, by: Viewer, copy: UUID, now: datetime) -> None:
    """Owe it once more: their system lost it, or what spoke against it no longer does. Raises NotAgain, NotYours."""
    with listing(by, Permission.COPIES, kind="copy-again", now=now) as granted:
        found = _own(by, copy)
        if found.state not in CAN_BE_SENT_AGAIN or not takes_copies(by.agency):
            raise NotAgain
        episode = Episode.objects.select_related("parent").get(pk=found.episode)
        copies.owe(episode, found.what, by.agency, by=by.actor, entry=granted.entry, now=now)


def of_episode(episode: Episode) -> list[Copy]:
    """Every copy of that work, for its page. Call inside open rows."""
    return _read(Statement.objects.filter(episode=episode, kind=OWED))


def there_is(entered: Entered, viewer: Viewer) -> list[tuple[str, str]]:
    """(what, words) of the documents of that work that the viewer may have."""
    written = set(Statement.objects.filter(episode=entered.episode, kind__in=WHATS).values_list("kind", flat=True))
    return [(what, name) for what, name in WHATS.items() if what in written and may_have(entered, viewer, what)]


def may_have(entered: Entered, viewer: Viewer, what: str) -> bool:
    """Minutes are for those who were invited to that discussion, not only to another of the same work."""
    if what not in entered.sections:
        return False
    if what != "minutes" or entered.parts & {"hub", "allocated"}:
        return True
    minutes = reads.statements(entered.episode, "minutes")
    return not minutes or mine(viewer, the_meeting(entered.episode, minutes[-1][1]["meeting"])) is not None


def _read(owed) -> list[Copy]:
    """Those copies, the latest first, with what became of each: three queries and two openings."""
    rows = list(owed.select_related("episode").order_by("-at", "-id")[: MOST * 2])
    answers = list(Statement.objects.filter(corrects__in=rows, kind__in=(MADE, NOT_SENT)))
    said = {row.corrects_id: (row.kind, plain) for row, plain in zip(answers, words.opened(answers), strict=True)}
    parcels = {row.copy_of: row for row in Parcel.objects.filter(copy_of__in=[row.pk for row in rows]).defer("sealed")}
    names = partners.agency_names()
    return [
        _copy(row, plain, names, said.get(row.pk), parcels.get(row.pk))
        for row, plain in zip(rows, words.opened(rows), strict=True)
    ]


def _copy(
    row: Statement,
    plain: Mapping[str, str],
    names: Mapping[str, str],
    said: tuple[str, Mapping[str, str]] | None,
    parcel: Parcel | None,
) -> Copy:
    state, why = _state(said, parcel)
    return Copy(
        id=row.pk,
        episode=row.episode_id,
        reference=row.episode.reference,
        what=plain["what"],
        to=plain["to"],
        agency=names.get(plain["to"], plain["to"]),
        owed_at=row.at,
        state=state,
        why=why,
        arrived_at=parcel.acknowledged_at if parcel else None,
        tries=parcel.attempts if parcel else 0,
        parcel=parcel.pk if parcel else None,
    )


def _state(said: tuple[str, Mapping[str, str]] | None, parcel: Parcel | None) -> tuple[State, str]:
    if said and said[0] == NOT_SENT:
        return State.HELD_BACK, said[1].get("because", "")
    if parcel is None:
        return State.MAKING, ""
    if parcel.state == Parcel.State.WAITING:
        return _waiting(parcel)
    return _STATES[Parcel.State(parcel.state)], ""


def _waiting(parcel: Parcel) -> tuple[State, str]:
    if not takes_copies(parcel.to_agency_id):
        return State.STUCK, NOWHERE
    return (State.STUCK, WORDS[Fault(parcel.fault)]) if parcel.fault else (State.WAITING, "")


_STATES = {
    Parcel.State.LEFT: State.LEFT,
    Parcel.State.ACKNOWLEDGED: State.ARRIVED,
    Parcel.State.WITHDRAWN: State.WITHDRAWN,
}
