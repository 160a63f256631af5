"""A meeting as a page shows it: plain values, made inside the open rows, with what this viewer may see of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.casework import reads, words
from knownto.casework.entering import Entered
from knownto.casework.models import Ask, Invitation, Meeting
from knownto.casework.pathway import POWERS
from knownto.casework.register import pathway
from knownto.partners.reads import agency_names
from knownto.pathways.frontdoor import minutes, sharing
from knownto.pathways.frontdoor.holding import INVESTIGATIONS
from knownto.pathways.frontdoor.seating import RUNS, mine, name_of
from knownto.pathways.frontdoor.seats import KINDS, rules


@dataclass(frozen=True, slots=True)
class Place:
    """One seat: whose, and what became of the invitation."""

    id: UUID
    office: str
    name: str
    team: str
    agency: str
    phone: str
    required: bool
    invited: bool
    accepted: bool | None
    attended: bool | None
    informed: bool
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one agency told the meeting."""

    agency: str
    by: str
    at: datetime
    words: str
    before: bool
    kept_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision made on this meeting, in whose power. `why` only for whoever sees decisions."""

    what: str
    by: str
    power: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Owed:
    """An agreed action."""

    team: str
    words: str
    due: datetime
    done: str


@dataclass(frozen=True)
class Version:
    """One version of the minutes; `why` says what it puts right."""

    by: str
    at: datetime
    words: str
    why: str


@dataclass(frozen=True)
class Gathering:
    """Everything of one meeting that this viewer is shown."""

    id: UUID
    episode: UUID
    reference: str
    kind: str
    name: str
    starts: datetime
    ends: datetime
    sequence: int
    called_by: str
    called_at: datetime
    held_at: datetime | None
    cancelled_at: datetime | None
    quorate: bool | None
    plain: dict[str, Any]
    places: tuple[Place, ...]
    people: tuple[str, ...]
    told: tuple[Told, ...]
    decided: tuple[Decided, ...]
    actions: tuple[Owed, ...]
    versions: tuple[Version, ...]
    receipts: tuple[minutes.Receipt, ...]
    own: Place | None
    runs: bool
    state: str
    seen: int

    @property
    def open(self) -> bool:
        return self.held_at is None and self.cancelled_at is None

    @property
    def investigation(self) -> str:
        return INVESTIGATIONS.get(self.plain.get("investigation", ""), "")

    @property
    def review_on(self) -> date | None:
        """The joint review of a police investigation and the plan."""
        said = self.plain.get("review_on")
        return date.fromisoformat(said) if said else None

    @property
    def missing(self) -> tuple[Place, ...]:
        """Required seats that nobody came for, or that nobody was asked to."""
        there = {each.id for each in self.places if each.attended or (self.open and each.invited)}
        return tuple(each for each in self.places if each.required and each.id not in there)


def gather(entered: Entered, meeting: Meeting, viewer: Viewer) -> Gathering:
    """Call it inside the open rows. What is told is shown as far as it crossed to the viewer's agency."""
    episode, [plain] = entered.episode, words.opened([meeting])
    own, runs = mine(viewer, meeting), bool(entered.parts & RUNS)
    rows = _in_order(meeting)
    places = {row.pk: _place(meeting, row, said) for row, said in zip(rows, words.opened(rows), strict=True)}
    versions = [each for each in minutes.versions(meeting) if viewer.agency not in each[1].get("not_to", ())]
    reads_minutes = "minutes" in entered.sections
    return Gathering(
        id=meeting.id,
        episode=episode.id,
        reference=episode.reference,
        kind=meeting.kind,
        name=KINDS.get(meeting.kind, "Meeting"),
        starts=meeting.starts,
        ends=meeting.ends,
        sequence=meeting.sequence,
        called_by=reads.names([meeting.called_by]).get(meeting.called_by, ""),
        called_at=meeting.called_at,
        held_at=meeting.held_at,
        cancelled_at=meeting.cancelled_at,
        quorate=meeting.quorate,
        plain=plain if runs else {name: plain[name] for name in ("where", "agenda") if name in plain},
        places=tuple(places.values()),
        people=tuple(each.name for each in reads.people([episode]).get(episode.id, [])),
        told=tuple(_told(viewer, meeting)) if reads_minutes else (),
        decided=tuple(_decided(entered, meeting)) if runs or (versions and reads_minutes) else (),
        actions=tuple(_actions(meeting, viewer, runs)),
        versions=tuple(_versions(versions)) if reads_minutes else (),
        receipts=tuple(minutes.receipts(meeting)) if runs else (),
        own=places.get(own.pk) if own else None,
        runs=runs,
        state=episode.state,
        seen=episode.decided,
    )


def _in_order(meeting: Meeting) -> list[Invitation]:
    """The seats as the rules list them, those required first."""
    order = [rule.code for rule in rules(meeting.kind)]
    rows = Invitation.objects.filter(meeting=meeting).select_related("team__agency")
    return sorted(rows, key=lambda row: (not row.required, order.index(row.office) if row.office in order else 99))


def _place(meeting: Meeting, row: Invitation, said: dict[str, str]) -> Place:
    return Place(
        row.pk, row.office, name_of(meeting.kind, row.office), row.team.name, row.team.agency.name, row.team.phone,
        row.required, row.invited_at is not None, row.accepted, row.attended, row.informed, said,
    )  # fmt: skip


def _told(viewer: Viewer, meeting: Meeting) -> list[Told]:
    found = sharing.shared_with(viewer.agency, meeting)
    agencies, names = agency_names(), reads.names([each.worker for each in found])
    return [
        Told(
            agencies.get(each.agency, each.agency),
            names.get(each.worker, ""),
            each.at,
            each.words,
            each.before,
            tuple(agencies.get(code, code) for code in each.not_to) if each.agency == viewer.agency else (),
        )
        for each in found
    ]


def _decided(entered: Entered, meeting: Meeting) -> list[Decided]:
    path, whole = pathway(entered.episode.pathway), "decisions" in entered.sections
    made = [(row, plain) for row, plain in reads.decisions(entered.episode) if plain.get("meeting") == str(meeting.id)]
    names = reads.names([row.worker for row, _ in made])
    return [
        Decided(path.move(row.kind).name, names.get(row.worker, ""), POWERS[row.power], row.at,
                plain["rationale"] if whole else "")
        for row, plain in made
    ]  # fmt: skip


def _actions(meeting: Meeting, viewer: Viewer, runs: bool) -> list[Owed]:
    """What was agreed: all of it for whoever runs the work, for others what their own agency owes."""
    rows = Ask.objects.filter(meeting=meeting, kind="action").select_related("to_team", "clock")
    rows = rows.order_by("clock__due_at")
    found = list(rows if runs else rows.filter(to_agency=viewer.agency))
    return [
        Owed(row.to_team.name, plain["question"], row.clock.due_at, row.get_answer_display())
        for row, plain in zip(found, words.opened(found), strict=True)
    ]


def _versions(found: list) -> list[Version]:
    names = reads.names([row.worker for row, _ in found])
    return [Version(names.get(row.worker, ""), row.at, plain["words"], plain.get("why", "")) for row, plain in found]
