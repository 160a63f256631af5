"""What the designated doctor and the health board ask: do GP practices answer, is health's part signed, is it used?

Counts by month. From 1 to a set number they are not shown, and neither is whatever would tell them: a month with two
children in one practice is not a statistic.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncMonth

from knownto.access.acts import Permission, Viewer
from knownto.casework.entering import listing
from knownto.casework.models import Answer, Ask, Statement
from knownto.pathways.frontdoor import asked_of
from knownto.pathways.frontdoor.known import GP_REQUEST, HEALTH_CHECK
from knownto.pathways.frontdoor.returns import counts, end, start
from knownto.worktime import LONDON

# What shows that an answer was put to use: said by whoever decided, or signed by health.
SHOWN_BY = {GP_REQUEST: "gp-used", HEALTH_CHECK: "health-analysis"}
PARTS = ("in_time", "late", "no_reply", "waiting", "withdrawn")
HIDDEN = "Not shown"


@dataclass(frozen=True, slots=True)
class Month:
    """One month's: each a number in words, or that it is not shown. `used`: of the answers, how many were used."""

    month: date
    sent: str
    in_time: str
    late: str
    no_reply: str
    waiting: str
    withdrawn: str
    used: str


def report(viewer: Viewer, kind: str, since: date, until: date, now: datetime) -> list[Month]:
    """Month by month, the latest first: whole months, since two periods that differ by a day would tell that day's.

    Raises KeyError for a kind that has no such report, and a Refused."""
    first, after = start(since.replace(day=1)), end(last_of_month(until))
    used = Statement.objects.filter(kind=SHOWN_BY[kind], episode=OuterRef("episode"), at__gte=OuterRef("answered_at"))
    with listing(viewer, Permission.INSPECT, kind="view-health-returns", now=now):
        rows = (
            Ask.objects.filter(kind=kind, asked_at__gte=first, asked_at__lt=after)
            .annotate(month=TruncMonth("asked_at", tzinfo=LONDON), put_to_use=Exists(used))
            .values("month")
            .annotate(
                **counts(now),
                answered=Count("pk", filter=Q(answer=Answer.ANSWERED)),
                used=Count("pk", filter=Q(answer=Answer.ANSWERED, put_to_use=True)),
            )
            .order_by(F("month").desc())
        )
        return [_month(row) for row in rows]


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(row: dict) -> Month:
    parts = hidden([row[part] for part in PARTS], asked_of.suppress_to())
    sent = said(row["asked"], asked_of.suppress_to())
    return Month(row["month"].date(), sent, *parts, _used(row["used"], row["answered"]))


def _used(used: int, answered: int) -> str:
    few = range(1, asked_of.suppress_to() + 1)
    return HIDDEN if used in few or answered - used in few else str(used)


def said(count: int, few: int) -> str:
    return HIDDEN if 1 <= count <= few else str(count)


def hidden(parts: Sequence[int], few: int) -> list[str]:
    """Numbers that add up to one that is shown: those from 1 to `few` are hidden, and if that is only one of them, the
    next smallest as well, since what is left over would tell it.
    """
    small = [place for place, count in enumerate(parts) if 1 <= count <= few]
    others = sorted((count, place) for place, count in enumerate(parts) if count > few)
    if len(small) == 1 and others:
        small.append(others[0][1])
    return [HIDDEN if place in small else str(count) for place, count in enumerate(parts)]
