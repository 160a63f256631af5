"""What was let across, and how copies are getting on, for those who answer for it. Call inside an act that opened the
rows.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.disclosure import receipts
from knownto.disclosure.faults import WORDS, Fault
from knownto.disclosure.models import CopiesStuck, Disclosure, Endpoint, Parcel
from knownto.disclosure.parcels import OPEN


def by_receipt(viewer: Viewer, receipt: str) -> Disclosure | None:
    """The disclosure of that receipt, however it was typed; None when there is none. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    stored = receipts.read(receipt)
    return Disclosure.objects.filter(receipt=stored).first() if stored else None


def own_by_receipt(viewer: Viewer, receipt: str) -> Disclosure | None:
    """The same, if it was to that viewer. Raises a Refused."""
    check(viewer, Request(Permission.AGREEMENTS))
    stored = receipts.read(receipt)
    return Disclosure.objects.filter(receipt=stored, worker=viewer.worker_id).first() if stored else None


def of_person(viewer: Viewer, person: UUID, most: int = 100) -> list[Disclosure]:
    """What was let across about that person, the latest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Disclosure.objects.filter(person=person).order_by("-at")[:most])


def of_worker(viewer: Viewer, worker: UUID, most: int = 100) -> list[Disclosure]:
    """What that worker was shown, the latest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Disclosure.objects.filter(worker=worker).order_by("-at")[:most])


@dataclass(frozen=True)
class Outgoing:
    """How one agency's copies are getting on: counts and times, nobody's data."""

    agency: str
    takes_copies: bool
    waiting: int
    left: int  # in their folder, not yet acknowledged
    acknowledged: int
    withdrawn: int
    oldest_open: datetime | None
    last_acknowledged: datetime | None
    alarm_since: datetime | None  # when the oldest was made, while the alarm is on


@dataclass(frozen=True)
class Stuck:
    """One copy that has not arrived, and why. `child` is opaque."""

    parcel: UUID
    child: UUID
    number: int
    kind: str
    made_at: datetime
    attempts: int
    next_try: datetime
    why: str


def parcels_of(viewer: Viewer, agency: str) -> Outgoing:
    """How the viewer's own agency's copies are getting on. Raises a Refused."""
    check(viewer, Request(Permission.FEEDS_OWN, of_agency=agency))
    return _outgoing(agency)


def parcels_of_all(viewer: Viewer) -> list[Outgoing]:
    """How every agency's copies are getting on, for whoever keeps the system going. Raises a Refused."""
    check(viewer, Request(Permission.FEEDS_STATE))
    owed = set(Parcel.objects.values_list("to_agency", flat=True).distinct())
    return [_outgoing(agency) for agency in sorted(owed | set(_taking()))]


def stuck(viewer: Viewer, agency: str, most: int = 100) -> list[Stuck]:
    """The viewer's own agency's copies that were tried and have not arrived, or have nowhere to go: the oldest first.
    Raises a Refused."""
    check(viewer, Request(Permission.FEEDS_OWN, of_agency=agency))
    nowhere = agency not in _taking()
    held_up = Parcel.objects.filter(to_agency=agency, state__in=OPEN)
    held_up = held_up if nowhere else held_up.exclude(fault="")
    return [
        Stuck(p.pk, p.child, p.number, p.kind, p.made_at, p.attempts, p.next_try, _why(p, nowhere))
        for p in held_up.defer("sealed").order_by("made_at", "number")[:most]
    ]


def _why(parcel: Parcel, nowhere: bool) -> str:
    return WORDS[Fault.NO_ENDPOINT] if nowhere else WORDS[Fault(parcel.fault)]


def _taking() -> list[str]:
    return list(Endpoint.objects.filter(active=True).values_list("agency_id", flat=True))


def _outgoing(agency: str) -> Outgoing:
    theirs = Parcel.objects.filter(to_agency=agency)
    counts = dict(theirs.values_list("state").annotate(n=Count("pk")))
    oldest = theirs.filter(state__in=OPEN).aggregate(at=Min("made_at"))["at"]
    last = theirs.aggregate(at=Max("acknowledged_at"))["at"]
    alarm = CopiesStuck.objects.filter(agency=agency, cleared_at=None).first()
    return Outgoing(
        agency,
        agency in _taking(),
        *(counts.get(state, 0) for state in ("waiting", "left", "acknowledged", "withdrawn")),
        oldest,
        last,
        alarm.since if alarm else None,
    )
