"""What the screening page shows, opened inside the rows: the contact, and beside each child whoever they may be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotYours
from knownto.casework import reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode
from knownto.casework.reads import Known
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.face.parts import Row
from knownto.firewall import audiences
from knownto.firewall.audiences import Audience
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import deciding, recognised, tracking
from knownto.pathways.frontdoor.kept_back import known_for
from knownto.pathways.frontdoor.pages import people, standing
from knownto.pathways.frontdoor.pages.letters import blocks_of
from knownto.pathways.frontdoor.pages.shown import Block
from knownto.pathways.frontdoor.recognised import CHILDREN, SORTS, Before

MOVES = ("take", "rate", "put-up", "to-night", "to-day", "route", "join")


@dataclass(frozen=True)
class Pair:
    """A child of this contact beside who it may be, in other work: what speaks for it and against it."""

    sort: str
    said: str
    before: Before
    here: str
    here_rows: tuple[Row, ...]
    there: str
    there_rows: tuple[Row, ...]
    team: str
    worker: str
    case_worker: str  # as the form of routing names it; "" where nobody has it


@dataclass(frozen=True)
class Shown:
    """Everything of the page."""

    head: standing.Head
    seen: int
    urgency: str
    worker: str
    pairs: tuple[Pair, ...]
    letters: tuple[Block, ...]
    notes: tuple[tuple[str, datetime, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    workers: tuple[tuple[str, str], ...]
    can: frozenset[str]
    parties: tuple[people.Person, ...]
    children: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, tracking.Told], ...]

    def others(self) -> list[forms.Option]:
        """The open contacts that it may be joined to."""
        found = {pair.before.episode: pair for pair in self.pairs if pair.sort == "possible-duplicate"}
        return [
            forms.Option(str(pair.before.episode), f"{pair.before.reference}: {pair.there}", pair.before.state)
            for pair in found.values()
        ]

    def has_what_it_needs(self, act: str) -> bool:
        """Is there another contact to join it to, a child to ask the tracker about?"""
        return bool({"join": self.others(), "tracker": self.children}.get(act, True))

    def likely(self) -> str:
        """Who has the case: open work here about the same child, surely, or the council's own feed; "" for nobody."""
        has = [pair.case_worker for pair in self.pairs if pair.sort == "already-open" and pair.before.sure]
        has += [f"{team.pk}/" for _, told in self.looks if told.said == "open" for team in told.teams]
        return next((each for each in has if each), "")

    def case_worker(self, said: str) -> tuple[Team, UUID | None]:
        """The team and worker that a choice of the form names. Raises NotYours for one that was not offered."""
        if said not in dict(self.workers):
            raise NotYours
        team, _, worker = said.partition("/")
        return Team.objects.get(pk=int(team)), UUID(worker) if worker else None


def shown(viewer: Viewer, episode: UUID, now: datetime) -> Shown:
    """Open it for screening. Raises NotYours for work that is no contact, or not the viewer's."""
    with entering(viewer, episode, Permission.SCREEN, kind="screen-seen", now=now) as entered:
        work = entered.episode
        if work.pathway != "contact":
            raise NotYours
        known = {each.id: each for each in reads.people([work]).get(work.id, [])}
        reader = audiences.on_page(viewer)
        kept = dict(zip(known, known_for(list(known.values()), reader), strict=True))
        today = localdate(now)
        names = workers_of(viewer.agency)
        return Shown(
            head=standing.head(entered, now),
            seen=work.decided,
            urgency=work.urgency,
            worker=str(work.worker_id or ""),
            pairs=tuple(_pairs(work, {here: each.known for here, each in kept.items()}, reader, now)),
            letters=tuple(each for _, said in reads.statements(work, "referral") for each in blocks_of(said, reader)),
            notes=tuple(_notes(work)),
            colleagues=tuple((str(row.pk), name) for row, name in names if row.team_id == work.team_id),
            workers=tuple(case_workers(viewer.agency, names)),
            can=_can(entered, viewer),
            parties=tuple(people.person(each, "child-concern", work.reference, today) for each in kept.values()),
            children=tuple((str(each.id), each.name) for each in known.values() if each.role in CHILDREN),
            looks=tuple((known[told.child].name, told) for told in tracking.looks(work, viewer, now)),
        )


def _can(entered: Entered, viewer: Viewer) -> frozenset[str]:
    """What can be done from where it stands, in a power that the viewer holds."""
    work, path = entered.episode, pathway("contact")
    if work.closed_at:
        return frozenset()
    moves = {move.code for move in path.moves_from(work.state) if deciding.may(viewer, move)}
    always = {"note", "give", "tracker"} if viewer.may(Permission.SEARCH) else {"note", "give"}
    return frozenset(moves & set(MOVES)) | always


def _pairs(work: Episode, known: dict[UUID, Known], reader: Audience, now: datetime) -> list[Pair]:
    found = recognised.look(work, now)
    others = {row.pk: row for row in Episode.objects.filter(pk__in=[b.episode for b in found]).select_related("team")}
    both = [each for some in reads.people(others.values()).values() for each in some]
    there = {each.known.id: each.known for each in known_for(both, reader)}
    names = reads.names([row.worker_id for row in others.values()])
    return [
        _pair(before, known[before.child], there.get(before.other), others[before.episode], names, localdate(now))
        for before in found
    ]


def _pair(before: Before, here: Known, there: Known | None, other: Episode, names: dict, today) -> Pair:
    team = other.team if not other.closed_at else None
    return Pair(
        before.sort,
        SORTS[before.sort],
        before,
        here.name,
        tuple(people.rows(here, today)),
        there.name if there else "",
        tuple(people.rows(there, today)) if there else (),
        team.name if team else "",
        names.get(other.worker_id, "") if team else "",
        f"{team.pk}/{other.worker_id or ''}" if team else "",
    )


def _notes(work: Episode) -> list[tuple[str, datetime, str]]:
    said = reads.statements(work, "screening-note")
    names = reads.names([row.worker for row, _ in said])
    return [(names.get(row.worker, ""), row.at, plain.get("note", "")) for row, plain in said]


def workers_of(agency: str) -> list[tuple[Worker, str]]:
    """The agency's workers who have a team, by name: sorted after opening."""
    rows = list(Worker.objects.filter(agency=agency, is_active=True, team__isnull=False).select_related("team"))
    names = reads.names([row.pk for row in rows])
    return sorted(((row, names[row.pk]) for row in rows), key=lambda pair: pair[1].casefold())


def case_workers(agency: str, names: list[tuple[Worker, str]]) -> list[tuple[str, str]]:
    """Whom a case can be with: each team, and each of its workers."""
    found = []
    for team in Team.objects.filter(agency=agency).order_by("name"):
        found.append((f"{team.pk}/", f"{team.name} (the team)"))
        found += [(f"{team.pk}/{row.pk}", f"{team.name}: {name}") for row, name in names if row.team_id == team.pk]
    return found
