"""Who answers and who does not: what each partner was asked in a period, and what came back. Counts, nobody's name."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q

from knownto.access.acts import Permission, Viewer
from knownto.casework.entering import listing
from knownto.casework.models import Answer, Ask
from knownto.partners import reads as partners
from knownto.pathways.frontdoor.known import CHECKS
from knownto.worktime import LONDON

IN_TIME = Q(answered_at__lte=F("clock__due_at"))
CAME = Q(answer__in=(Answer.ANSWERED, Answer.NOTHING_KNOWN, Answer.DECLINED))


@dataclass(frozen=True, slots=True)
class Returns:
    """One partner's. The first four and `withdrawn` add up to `asked`; `nothing_known` and `declined` are of those
    that came, in time or late.
    """

    agency: str
    name: str
    asked: int
    in_time: int
    late: int
    no_reply: int
    waiting: int
    withdrawn: int
    nothing_known: int
    declined: int

    @property
    def owed(self) -> int:
        """Those whose time has run out, or that came: what being in time is a share of."""
        return self.in_time + self.late + self.no_reply

    @property
    def share(self) -> str:
        """How many of those owed came in time."""
        return f"{self.in_time * 100 // self.owed}%" if self.owed else "None due"


def counts(now: datetime) -> dict[str, Count]:
    """How the checks of a query stand: each is one of in_time, late, no_reply, waiting and withdrawn."""
    return {
        "asked": Count("pk"),
        "in_time": Count("pk", filter=CAME & IN_TIME),
        "late": Count("pk", filter=CAME & ~IN_TIME),
        "no_reply": Count("pk", filter=Q(answered_at=None, clock__due_at__lt=now)),
        "waiting": Count("pk", filter=Q(answered_at=None, clock__due_at__gte=now)),
        "withdrawn": Count("pk", filter=Q(answer=Answer.WITHDRAWN)),
    }


def tracker(viewer: Viewer, since: date, until: date, now: datetime) -> list[Returns]:
    """Every partner that was asked from `since` until `until`, both included; most without a reply first."""
    with listing(viewer, Permission.INSPECT, kind="view-returns", now=now):
        asked = Ask.objects.filter(kind__in=CHECKS, asked_at__gte=start(since), asked_at__lt=end(until))
        rows = asked.values("to_agency").annotate(
            **counts(now),
            nothing_known=Count("pk", filter=Q(answer=Answer.NOTHING_KNOWN)),
            declined=Count("pk", filter=Q(answer=Answer.DECLINED)),
        )
        names = partners.agency_names()
        found = [_returns(row.pop("to_agency"), names, row) for row in rows]
    return sorted(found, key=lambda each: (-each.no_reply, -each.late, each.name))


def _returns(agency: str, names: dict[str, str], row: dict[str, int]) -> Returns:
    return Returns(agency, names.get(agency, agency), **row)


def start(day: date) -> datetime:
    """The first moment of that day, in London."""
    return datetime.combine(day, time(), LONDON)


def end(day: date) -> datetime:
    """The first moment after that day."""
    return start(day + timedelta(days=1))
