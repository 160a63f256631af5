"""What the other agencies come to together: no agency's own figure, and nothing where too few would make it one's."""

from statistics import median

from knownto.partners.models import Agency
from knownto.quality.against import FIELDS
from knownto.quality.limits import limits
from knownto.quality.models import Check

Missing = dict[str, list[int]]  # field -> [records without it, records that should have it]


def holders(agency: str) -> frozenset[str]:
    """The codes that may be told of: those of fields that enough other agencies hold, by their own latest check."""
    each = _others(agency)
    return frozenset(
        code for code, (field, _) in FIELDS.items() if sum(_holds(m, field) for m in each) >= limits().among
    )


def medians(agency: str) -> dict[str, int]:
    """Of each field the median share missing among the others, in hundredths; only where enough hold records."""
    shares: dict[str, list[float]] = {}
    for missing in _others(agency):
        for field, (without, of) in missing.items():
            if of:
                shares.setdefault(field, []).append(100 * without / of)
    return {field: round(median(some)) for field, some in shares.items() if len(some) >= limits().among}


def _others(agency: str) -> list[Missing]:
    connected = set(Agency.objects.filter(connected=True).values_list("code", flat=True)) - {agency}
    latest = Check.objects.filter(agency__in=connected).exclude(finished_at=None).order_by("agency", "-begun_at")
    return list(latest.distinct("agency").values_list("missing", flat=True))


def _holds(missing: Missing, field: str) -> bool:
    without, of = missing.get(field, (0, 0))
    return of > 0 and (of - without) / of >= limits().holds
