"""The ledger, read by those who answer for it. Every function checks the viewer's right again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.assurance import opened, words
from knownto.ledger.models import Entry
from knownto.partners import reads as partners
from knownto.policy import PURPOSES, ROLES

PAGE = 50
MOST_DOWNLOADED = 10_000


@dataclass(frozen=True)
class Filter:
    """Which entries: from and until days (both included), and one agency or all."""

    since: date | None = None
    until: date | None = None
    agency: str = ""

    def where(self) -> Q:
        said = Q(agency=self.agency) if self.agency else Q()
        said &= Q(at__gte=_midnight(self.since)) if self.since else Q()
        return said & (Q(at__lt=_midnight(self.until + timedelta(days=1))) if self.until else Q())


@dataclass(frozen=True)
class Line:
    """One entry as it is read: who, when, what, why. `about` are opaque ids."""

    id: int
    event: UUID
    at: datetime
    kind: str
    worker: UUID | None
    who: str
    agency: str
    role: str
    purpose: str
    because: str
    work: str
    asked: str
    simulated: bool
    about: tuple[str, ...] = field(default=())

    @property
    def what(self) -> str:
        return words.kind(self.kind)


@dataclass(frozen=True)
class Lines:
    """A page of entries, the newest first. `next` is where the following page begins, or 0."""

    lines: Sequence[Line]
    next: int = 0


def listed(viewer: Viewer, which: Q, chosen: Filter, *, before: int = 0, most: int = PAGE) -> Lines:
    """Entries that match, the newest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    found = Entry.objects.filter(which & chosen.where()).exclude(words.GUARDS)
    if before:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id").prefetch_related("about")[: most + 1])
    return Lines(lines(rows[:most]), rows[most - 1].id if len(rows) > most else 0)


def about(subjects: Iterable[str]) -> Q:
    return Q(about__subject__in=list(subjects))


def entry(viewer: Viewer, event: UUID) -> tuple[Entry, Line] | None:
    """One entry. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    seen = Entry.objects.exclude(words.GUARDS).select_related("leaf").prefetch_related("about")
    row = seen.filter(event=event).first()
    return (row, lines([row])[0]) if row else None


def lines(rows: Sequence[Entry] | QuerySet[Entry]) -> list[Line]:
    """Entries in words, with names and sealed details opened at once for all of them."""
    rows = list(rows)
    names, agencies, sealed = partners.names(r.worker for r in rows), partners.agency_names(), opened.details(rows)
    return [_line(row, names, agencies, sealed.get(row.event, {})) for row in rows]


def _line(row: Entry, names: dict[UUID, str], agencies: dict[str, str], detail: dict) -> Line:
    return Line(
        row.id,
        row.event,
        row.at,
        row.kind,
        row.worker,
        names.get(row.worker, "Unknown") if row.worker else "The product itself",
        agencies.get(row.agency, row.agency),
        ", ".join(ROLES[code].name if code in ROLES else code for code in row.role.split(",")),
        PURPOSES[row.purpose].name if row.purpose in PURPOSES else row.purpose,
        row.because,
        detail.get("work", ""),
        opened.asked(detail),
        row.simulated,
        tuple(a.subject for a in row.about.all()),
    )


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))
