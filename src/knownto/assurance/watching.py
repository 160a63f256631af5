"""Patterns of looks that somebody should ask about: worked out when they are read, and nothing is kept of them.

A pattern is no finding: nobody is scored, and what each does not show is said beside it. What a worker's own home or
family is, nobody here knows; searches for those in the staff register go to the guardian desk (`guarding`).
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils.timezone import get_default_timezone

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.assurance import opened, words
from knownto.ledger.models import Entry
from knownto.linkage.letters import fold
from knownto.partners import reads as partners
from knownto.partners.reads import Account

SEARCHES = ("search", "glass-search")
OPENINGS = ("view", "glass-view")


class BadSetting(ValueError):
    """The setting's file cannot be obeyed."""


@dataclass(frozen=True)
class Figures:
    """From when on a pattern is shown: `watching.toml` says what each is; `authority` on whose word."""

    authority: str
    days: int
    opened: int
    people_a_day: int
    unopened_a_day: int
    same_person_days: int
    one_work: int
    danger: int
    night_from: int
    night_until: int
    nights: int
    night_roles: tuple[str, ...]
    lookers: int
    looker_agencies: int
    common_name: int


@dataclass(frozen=True)
class Sign:
    """What a pattern shows: of a worker, or of somebody who was looked at (opaque ids). `said`: a piece of work or a
    name, as other pages for the same reader show it."""

    times: int
    last: datetime
    worker: UUID | None = None
    person: UUID | None = None
    said: str = ""


@dataclass(frozen=True)
class Watched:
    """Signs by the code of their pattern, since when, and how many searches were too many to open."""

    signs: dict[str, Sequence[Sign]]
    since: datetime
    not_opened: int


@dataclass(frozen=True)
class Search:
    """One search, opened: whose, when, what it was for, and the folded names that it asked for."""

    worker: UUID
    at: datetime
    work: str
    given: str
    family: str
    asked: str


@cache
def figures(path: str = "") -> Figures:
    """The setting, read once. Raises BadSetting."""
    named = path or str(settings.WATCHING_FILE)
    try:
        said = tomllib.loads(Path(named).read_text(encoding="utf-8"))
        found = Figures(**said | {"night_roles": tuple(said.get("night_roles", ()))})
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadSetting(f"{named}: {error}") from None
    numbers = [getattr(found, f.name) for f in fields(Figures) if f.type is int]
    if not all(isinstance(n, int) and n > 0 for n in numbers) or max(found.night_from, found.night_until) > 23:
        raise BadSetting(f"{named}: numbers are whole and above 0, and hours at most 23")
    return found


def watched(viewer: Viewer, now: datetime) -> Watched:
    """Every pattern of the last days. Recorded as a look of its own. Raises a Refused."""
    said = figures()
    since = now - timedelta(days=said.days)
    with asking(viewer, Request(Permission.WHO_LOOKED), kind="who-looked", detail={"list": "patterns"}, now=now):
        looks = Entry.objects.filter(at__gte=since, worker__isnull=False).exclude(words.GUARDS).order_by()
        searches, not_opened = _opened(looks.filter(kind__in=SEARCHES), said.opened)
        people = {account.id: account for account in partners.accounts()}
        signs = {code: pattern(looks, said, people) for code, pattern in COUNTED.items()}
        signs |= {code: pattern(searches, said, people) for code, pattern in READ.items()}
    return Watched({code: _latest(found) for code, found in signs.items()}, since, not_opened)


def _opened(rows: QuerySet[Entry], most: int) -> tuple[list[Search], int]:
    """The newest searches with what they asked for, and how many older ones were left closed."""
    newest = list(rows.order_by("-at")[:most])
    details = opened.details(newest)
    return [_search(row, details.get(row.event, {})) for row in newest], max(rows.count() - most, 0)


def _search(row: Entry, detail: dict) -> Search:
    asked = detail.get("asked") or {}
    given, family = fold(asked.get("given") or ""), fold(asked.get("family") or "")
    return Search(row.worker, row.at, detail.get("work", ""), given, family, opened.asked(detail))


def _latest(signs: Iterable[Sign]) -> list[Sign]:
    return sorted(signs, key=lambda sign: sign.last, reverse=True)


# Patterns that are counted in the database: nothing sealed is opened for them.
Looks = QuerySet[Entry]
People = dict[UUID, Account]


def _by_day(looks: Looks) -> Looks:
    return looks.annotate(day=TruncDate("at", tzinfo=get_default_timezone())).values("worker", "day")


def _many_people(looks: Looks, said: Figures, _: People) -> list[Sign]:
    days = _by_day(looks.filter(kind__in=OPENINGS)).annotate(n=Count("about__subject", distinct=True), last=Max("at"))
    return _worst_day(days.filter(n__gt=said.people_a_day))


def _unopened(looks: Looks, said: Figures, _: People) -> list[Sign]:
    searched, opened_ = Count("pk", Q(kind__in=SEARCHES)), Count("pk", Q(kind__in=OPENINGS))
    days = _by_day(looks.filter(kind__in=SEARCHES + OPENINGS)).annotate(n=searched - opened_, last=Max("at"))
    return _worst_day(days.filter(n__gte=said.unopened_a_day))


def _worst_day(days: Iterable[dict]) -> list[Sign]:
    worst: dict[UUID, dict] = {}
    for day in days:
        worst[day["worker"]] = max(worst.get(day["worker"], day), day, key=lambda d: (d["n"], d["last"]))
    return [Sign(day["n"], day["last"], worker) for worker, day in worst.items()]


def _same_person(looks: Looks, said: Figures, _: People) -> list[Sign]:
    days = Count(TruncDate("at", tzinfo=get_default_timezone()), distinct=True)
    found = (
        looks.filter(kind__in=OPENINGS).values("worker", subject=F("about__subject")).annotate(n=days, last=Max("at"))
    )
    return [
        Sign(row["n"], row["last"], row["worker"], person)
        for row in found.filter(n__gte=said.same_person_days)
        if (person := _person(row["subject"]))
    ]


def _danger(looks: Looks, said: Figures, _: People) -> list[Sign]:
    least = Q(kind="search", purpose="immediate-danger") | Q(kind="glass-broken")
    found = looks.filter(least).values("worker").annotate(n=Count("pk"), last=Max("at"))
    return [Sign(row["n"], row["last"], row["worker"]) for row in found.filter(n__gte=said.danger)]


def _at_night(looks: Looks, said: Figures, people: People) -> list[Sign]:
    zone = get_default_timezone()
    at = looks.filter(kind__in=SEARCHES + OPENINGS).annotate(hour=ExtractHour("at", tzinfo=zone))
    night = at.filter(Q(hour__gte=said.night_from) | Q(hour__lt=said.night_until))
    # A night is of the evening on which it began.
    began = TruncDate(F("at") - timedelta(hours=said.night_until), tzinfo=zone)
    found = night.values("worker").annotate(n=Count(began, distinct=True), last=Max("at")).filter(n__gte=said.nights)
    return [
        Sign(row["n"], row["last"], row["worker"]) for row in found if not _works_at_night(row["worker"], said, people)
    ]


def _works_at_night(worker: UUID, said: Figures, people: People) -> bool:
    return worker in people and bool(set(people[worker].roles) & set(said.night_roles))


def _many_lookers(looks: Looks, said: Figures, _: People) -> list[Sign]:
    lookers, agencies = Count("worker", distinct=True), Count("agency", distinct=True)
    found = (
        looks.filter(kind__in=OPENINGS)
        .values(subject=F("about__subject"))
        .annotate(n=lookers, of=agencies, last=Max("at"))
    )
    many = found.filter(n__gte=said.lookers, of__gte=said.looker_agencies)
    return [Sign(row["n"], row["last"], person=person) for row in many if (person := _person(row["subject"]))]


def _person(subject: str | None) -> UUID | None:
    """The person that an entry is about; None for anything else that it may be about."""
    try:
        return UUID(subject or "")
    except ValueError:
        return None


# Patterns for which what was asked is opened.
def _own_name(searches: Sequence[Search], _: Figures, people: People) -> list[Sign]:
    return _each_worker(s for s in searches if s.family and _both(s, _name(s.worker, people)))


def _both(search: Search, name: tuple[str, str]) -> bool:
    return bool(search.given) and (search.given.split()[0], search.family) == name


def _own_family(searches: Sequence[Search], said: Figures, people: People) -> list[Sign]:
    asked = Counter((s.family, s.worker) for s in searches)
    everybody = Counter(s.family for s in searches)

    def shares(s: Search) -> bool:
        name = _name(s.worker, people)
        by_others = everybody[s.family] - asked[s.family, s.worker]
        return bool(s.family) and s.family == name[1] and not _both(s, name) and by_others <= said.common_name

    return _each_worker(filter(shares, searches))


def _name(worker: UUID, people: People) -> tuple[str, str]:
    """First given name and family name of a worker, folded; ranks and titles come before and do not count."""
    parts = fold(people[worker].name).split() if worker in people else []
    return (parts[-2], parts[-1]) if len(parts) > 1 else ("", "")


def _each_worker(searches: Iterable[Search]) -> list[Sign]:
    """One sign a worker, with what they asked last."""
    found: dict[UUID, list[Search]] = defaultdict(list)
    for search in searches:
        found[search.worker].append(search)
    return [Sign(len(each), each[0].at, worker, said=each[0].asked) for worker, each in found.items()]


def _one_work(searches: Sequence[Search], said: Figures, _: People) -> list[Sign]:
    found: dict[tuple[UUID, str], list[Search]] = defaultdict(list)
    for search in searches:
        found[search.worker, search.work.strip().casefold()].append(search)
    asked = {key: len({each.asked for each in them}) for key, them in found.items()}
    return [
        Sign(n, found[key][0].at, key[0], said=found[key][0].work) for key, n in asked.items() if n >= said.one_work
    ]


Counting = Callable[[Looks, Figures, People], list[Sign]]
Reading = Callable[[Sequence[Search], Figures, People], list[Sign]]
COUNTED: dict[str, Counting] = {
    "danger": _danger, "same-person": _same_person, "many-people": _many_people, "unopened": _unopened,
    "at-night": _at_night, "many-lookers": _many_lookers,
}  # fmt: skip
READ: dict[str, Reading] = {"own-name": _own_name, "own-family": _own_family, "one-work": _one_work}
