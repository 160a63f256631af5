"""The last phase: an agency's records beside one another, and (once a week) beside what other agencies hold."""

from collections.abc import Sequence
from datetime import datetime

from knownto import linkage
from knownto.feeds.models import Contact, Record
from knownto.identity import quality as identity
from knownto.identity.quality import Around
from knownto.quality import steady
from knownto.quality.against import differences
from knownto.quality.beside import holders
from knownto.quality.limits import limits
from knownto.quality.models import Check

Found = list[tuple[int, str, int | None]]


def compare_some(check: Check, ids: Sequence[int], now: datetime) -> tuple[Found, int]:
    """What is found of those records: (record, code, other own record); and how many still settle."""
    around = identity.around(ids)
    agency_of = _agencies(around, check.agency_id)
    ours = {record for record, agency in agency_of.items() if agency == check.agency_id}
    found = _own_pairs(around, ours)
    if not check.against:
        return found, 0
    alone = {record: a for record, a in around.items() if not _more_of_ours(record, a, ours)}
    may = steady.waited(check.agency_id, {record: a.person for record, a in alone.items()}, now)
    told = _differing({record: alone[record] for record in may}, agency_of, ours, holders(check.agency_id))
    steady.remember(check.agency_id, {(alone[record].person, may[record]) for record, _, _ in told}, now)
    return found + told, len(alone) - len(may)


def _agencies(around: dict[int, Around], agency: str) -> dict[int, str]:
    """Whose each record around is: of other agencies only those held in full, for a limited one must not even count."""
    near = {other for a in around.values() for other in a.records | a.same | a.maybe}
    held = Record.objects.filter(pk__in=near, removed_at=None, agency__connected=True)
    agency_of = dict(held.values_list("pk", "agency"))
    others = [record for record, whose in agency_of.items() if whose != agency]
    in_full = set(Contact.objects.filter(record__in=others).exclude(category="").values_list("record", flat=True))
    return {record: whose for record, whose in agency_of.items() if whose == agency or record in in_full}


def _more_of_ours(record: int, around: Around, ours: set[int]) -> bool:
    """Two of their own records of one person, or perhaps of one: which is right is theirs to settle first."""
    return not ours.isdisjoint((around.records | around.same | around.maybe) - {record})


def _own_pairs(around: dict[int, Around], ours: set[int]) -> Found:
    """Only by what the two records say of each other: never because another agency's record joins them."""
    pairs = {(record, other) for record, a in around.items() for other in a.same & ours if other != record}
    cleaned = identity.cleaned({record for pair in pairs for record in pair})
    there = [(a, b) for a, b in pairs if a in cleaned and b in cleaned]
    return [(a, _code(cleaned[a], cleaned[b]), b) for a, b in there]


def _code(a: linkage.Cleaned, b: linkage.Cleaned) -> str:
    return "two-dates" if a.birth and b.birth and a.birth != b.birth else "twice"


def _differing(around: dict[int, Around], agency_of: dict[int, str], ours: set[int], compared: frozenset[str]) -> Found:
    """Beside the records that are believed to be the same person's by themselves, not through a chain of others."""
    beside = {record: (a.same & a.records & agency_of.keys()) - ours for record, a in around.items()}
    cleaned = identity.cleaned({*beside, *(other for some in beside.values() for other in some)})
    found: Found = []
    for record, others in beside.items():
        if record in cleaned:
            each = _by_agency(others, agency_of, cleaned)
            codes = differences(cleaned[record], each, compared, limits().agree)
            found += [(record, code, None) for code in codes]
    return found


def _by_agency(
    records: frozenset[int], agency_of: dict[int, str], cleaned: dict[int, linkage.Cleaned]
) -> dict[str, list[linkage.Cleaned]]:
    each: dict[str, list[linkage.Cleaned]] = {}
    for record in records & cleaned.keys():
        each.setdefault(agency_of[record], []).append(cleaned[record])
    return each
