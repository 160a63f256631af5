"""What a partner's own people can see of the quality of its records. Every look is in the ledger.

Of a difference with others there is no count and no list below a minimum: "none" and "too few to say" look the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from knownto.access.acts import asking, rows_open
from knownto.access.viewer import Viewer
from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor, record
from knownto.policy import Permission, Request
from knownto.quality import beside
from knownto.quality.kinds import DIFFERS, FOUND, Found
from knownto.quality.limits import limits
from knownto.quality.models import Check, Finding, Phase
from knownto.quality.own import SHOWN_FIELDS


@dataclass(frozen=True)
class Counted:
    """One thing that can be wrong, and of how many records it is. `records` None: none, or too few to say."""

    found: Found
    records: int | None


@dataclass(frozen=True)
class Gap:
    """How often a field is missing, in hundredths; `others` is the median of the other partners, None when too few."""

    field: str
    without: int
    of: int
    others: int | None

    @property
    def share(self) -> int:
        return round(100 * self.without / self.of) if self.of else 0


@dataclass(frozen=True)
class Point:
    """One check, for the trend: what was found, by kind. None: none, too few to say, or not compared then."""

    as_of: date
    records: int
    kinds: dict[str, int | None]


@dataclass(frozen=True)
class Overview:
    """All of an agency's report. `running` is the (phase, records done, of) of a check that has not ended."""

    checked_at: datetime | None
    as_of: date | None
    compared_at: datetime | None
    records: int
    settling: int
    counted: tuple[Counted, ...]
    gaps: tuple[Gap, ...]
    trend: tuple[Point, ...]
    running: tuple[str, int, int] | None


@dataclass(frozen=True)
class Line:
    """One record to look at: the partner's own ids, what is wrong, and what to do."""

    record_id: str
    other_id: str
    found: Found


def overview(viewer: Viewer, *, now: datetime) -> Overview:
    """The viewer's own agency's report. Raises a Refused."""
    with _looking(viewer, "quality-looked-at", now):
        mine = _finished(viewer.agency)
        latest, compared = mine.first(), mine.filter(against=True).first()
        running = Check.objects.filter(agency=viewer.agency, finished_at=None).first()
        return _overview(latest, compared, mine[: limits().trend], _progress(running))


@contextmanager
def _looking(viewer: Viewer, kind: str, now: datetime, about: Sequence[str] = ()) -> Iterator[None]:
    own = Request(Permission.FEEDS_OWN, of_agency=viewer.agency)
    with asking(viewer, own, kind=kind, about=about, now=now):
        yield


def _finished(agency: str) -> QuerySet[Check]:
    return Check.objects.filter(agency=agency).exclude(finished_at=None).order_by("-begun_at")


def _overview(
    latest: Check | None,
    compared: Check | None,
    checks: Sequence[Check],
    running: tuple[str, int, int] | None,
) -> Overview:
    counts = {code: n for check in (compared, latest) if check for code, n in _told(check).items()}
    return Overview(
        latest.finished_at if latest else None,
        latest.as_of if latest else None,
        compared.finished_at if compared else None,
        latest.records if latest else 0,
        compared.settling if compared else 0,
        tuple(Counted(found, counts.get(code, None if code in DIFFERS else 0)) for code, found in FOUND.items()),
        _gaps(latest),
        tuple(_point(check) for check in reversed(list(checks))),
        running,
    )


def _told(check: Check) -> dict[str, int]:
    """What may be told of its counts: a check that compared nothing with others says nothing of differences."""
    own = {code: n for code, n in check.counts.items() if code not in DIFFERS}
    differs = {code: n for code, n in check.counts.items() if code in DIFFERS and n >= limits().least}
    return own | differs


def _gaps(latest: Check | None) -> tuple[Gap, ...]:
    """Others' median is worked out when it is read: one that was kept would go on counting who has been sealed."""
    if latest is None:
        return ()
    with rows_open("system:quality", latest.agency_id):
        medians = beside.medians(latest.agency_id)
    missing = latest.missing
    there = [field for field in SHOWN_FIELDS if field in missing]
    return tuple(Gap(field, *missing[field], medians.get(field)) for field in there)


def _point(check: Check) -> Point:
    kinds: dict[str, int | None] = {found.kind: 0 for found in FOUND.values()}
    kinds["differs"] = None
    for code, n in _told(check).items():
        kinds[FOUND[code].kind] = (kinds[FOUND[code].kind] or 0) + n
    return Point(check.as_of, check.records, kinds)


def _progress(running: Check | None) -> tuple[str, int, int] | None:
    """(phase, done, of); `of` is how many records are held, twice: they are read, and then compared."""
    if running is None:
        return None
    held = Record.objects.filter(agency=running.agency_id, removed_at=None)
    passed = held.filter(pk__lte=running.after).count()
    whole = held.count()
    before = 0 if running.phase == Phase.READING else whole
    return Phase(running.phase).label, before + passed, 2 * whole


def lines(viewer: Viewer, code: str, *, start: int = 0, count: int, export: bool = False, now: datetime) -> list[Line]:
    """The records of which that is wrong, in the order of their landing. Raises a Refused, and KeyError for no code."""
    found = FOUND[code]
    with transaction.atomic(), rows_open("", viewer.agency):
        check = _check_with(viewer.agency, code)
        rows = _findings(check, code)[start : start + count] if check else []
        pairs = [(row.record, row.other) for row in rows]
    about = _about(check, pairs, code)
    with _looking(viewer, "export" if export else "quality-looked-at", now, about):
        names = _names(viewer.agency, pairs)
    return [Line(names[one], names.get(other, ""), found) for one, other in pairs if one in names]


def _check_with(agency: str, code: str) -> Check | None:
    """The latest check that looked for it, if what it found may be told."""
    made = _finished(agency)
    check = (made.filter(against=True) if code in DIFFERS else made).first()
    return check if check and _told(check).get(code) else None


def _findings(check: Check, code: str) -> QuerySet[Finding]:
    return Finding.objects.filter(check_of=check, code=code).order_by("record", "other")


def _about(check: Check | None, pairs: Sequence[tuple[int, int | None]], code: str) -> list[str]:
    """What the ledger says was looked at; of what others hold, each record by itself."""
    whole = [f"quality:{check.pk}"] if check else []
    return whole + ([f"record:{one}" for one, _ in pairs] if code in DIFFERS else [])


def _names(agency: str, pairs: Sequence[tuple[int, int | None]]) -> dict[int | None, str]:
    """The partner's own ids of its records."""
    wanted = {record for pair in pairs for record in pair if record}
    rows = list(Record.objects.filter(pk__in=wanted, agency=agency, removed_at=None))
    keys = keyring.fetch(row.key for row in rows)
    return {row.pk: row.open_with(keys[row.key])["record_id"] for row in rows if row.key in keys}


@dataclass(frozen=True)
class Own:
    """What the newest check found of an agency's records by themselves."""

    checked_at: datetime
    as_of: date
    records: int
    counted: tuple[Counted, ...]
    gaps: tuple[Gap, ...]


def for_sender(agency: str, *, by: Actor, now: datetime) -> Own | None:
    """The counts, for the system that sends an agency's files: nothing of what others hold, and nothing of a record."""
    with transaction.atomic(), rows_open("", agency):
        latest = _finished(agency).first()
        if latest is None:
            return None
        record(kind="quality-looked-at", by=by, about=[f"quality:{latest.pk}"], now=now)
    own = tuple(Counted(FOUND[code], latest.counts.get(code, 0)) for code in FOUND if code not in DIFFERS)
    return Own(latest.finished_at or latest.begun_at, latest.as_of, latest.records, own, _gaps(latest))


__all__ = ["Counted", "Gap", "Line", "Overview", "Own", "Point", "for_sender", "lines", "overview"]
