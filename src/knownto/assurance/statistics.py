"""How much the tracker is used: by agency, role and purpose, month by month. No worker and no person is read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.assurance.counts import Month, safe
from knownto.ledger.models import Entry
from knownto.partners import reads as partners
from knownto.policy import PURPOSES, ROLES

COUNTED = {
    "searches": ("Searches", ("search",)),
    "footprints": ("Footprints opened or printed", ("view", "print")),
    "refusals": ("Refusals", ("refusal",)),
}
BY = {"agency": "By agency", "role": "By role", "purpose": "By purpose"}
MONTHS = 12


@dataclass(frozen=True)
class Use:
    """Twelve months of one kind of use: for each breakdown its labels, and for each month the safe numbers."""

    months: Sequence[date]
    labels: dict[str, list[str]]
    safe: Sequence[Month]


def use(viewer: Viewer, counted: str, now: datetime) -> Use:
    """Raises a Refused, and KeyError for what is not counted."""
    check(viewer, Request(Permission.STATISTICS))
    months = _months(now)
    raw = _raw(COUNTED[counted][1], months[0], localdate(now).replace(day=1))
    labels = {by: sorted({label for month in raw.values() for label in month[by]}) for by in BY}
    return Use(months, labels, [safe([_all(raw[m][by], labels[by]) for by in BY]) for m in months])


def _raw(kinds: Sequence[str], since: date, before: date) -> dict[date, dict[str, dict[str, int]]]:
    """Counts by month, breakdown and label."""
    found = Entry.objects.filter(kind__in=kinds, at__date__gte=since, at__date__lt=before).annotate(
        month=TruncMonth("at")
    )
    rows = found.values("month", *BY).annotate(n=Count("id")).order_by()
    names = {"agency": partners.agency_names(), "purpose": {p.code: p.name for p in PURPOSES.values()}}
    names["role"] = {r.code: r.name for r in ROLES.values()}
    counts: dict[date, dict[str, dict[str, int]]] = defaultdict(lambda: {by: defaultdict(int) for by in BY})
    for row in rows:
        for by in BY:
            label = ", ".join(names[by].get(code, code) for code in row[by].split(",")) or "Not given"
            counts[row["month"].date()][by][label] += row["n"]
    return counts


def _all(found: dict[str, int], labels: Sequence[str]) -> dict[str, int]:
    return {label: found.get(label, 0) for label in labels}


def _months(now: datetime) -> list[date]:
    """The last twelve that are over: a count that grows while it is watched tells of each use as it happens."""
    today = localdate(now)
    last = today.year * 12 + today.month - 2
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]
