"""Is it right about who is who? The fictional borough's own records and searches, against the truth of the town.

A pair is two records that partners hold now. It is true when both are of one person, linked when both were given to
one person without anybody's say, and in doubt when the two people they were given to are believed possibly one.
"""

import csv
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from knownto.access.acts import system
from knownto.feeds.models import Record
from knownto.footprint.question import Question
from knownto.identity import reads as identity
from knownto.identity.answers import Answer, Found, Likeness, NothingKnown, TooCommon
from knownto.identity.models import Belief, Member
from knownto.keyring import acts as keyring
from knownto.site.benchmarks import Figure
from knownto.site.running import databases
from knownto.town import build, searches
from knownto.town.searches import Search

SEARCHES = {"small": 1000, "borough": 1000}
FEWEST = 50  # true pairs or searches: a share of fewer says nothing of a group
AT_ONCE = 2000
Pair = tuple[int, int]


@dataclass(frozen=True)
class Known:
    """What is held, beside the truth. All by record id: its agency, its true person, the person it was given to."""

    agency: dict[int, str]
    truly: dict[int, str]
    given: dict[int, UUID]
    doubts: frozenset[frozenset[UUID]]
    tradition: dict[str, str]  # of true people


@dataclass
class Counted:
    """Pairs, or searches, of one group."""

    true: int = 0
    linked: int = 0
    wrong: int = 0
    doubted: int = 0

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return (self.linked - self.wrong) / max(self.true, 1)

    @property
    def with_doubtful(self) -> float:
        return (self.linked - self.wrong + self.doubted) / max(self.true, 1)


def run(args: Namespace) -> list[Figure]:
    """Precision and recall of links by partners and by naming tradition; how often a search finds whom it means."""
    ends = datetime.fromisoformat((args.var / "year-ends").read_text()).date()
    asked = searches(build(args.size, args.seed, ends), SEARCHES[args.size], 11)
    with databases(args.var), system("bench"):
        known = _known(args.var / "town" / "truth")
        answers = [(search, _ask(search, ends)) for search in asked]
    return [*_links(known, args.size), *_found(known, answers, args.size)]


def _known(truth: Path) -> Known:
    names, person_of = _held(), {(r["agency"], r["record_id"]): r["person_id"] for r in _rows(truth, "records")}
    truly = {record: person_of[name] for record, name in names.items() if name in person_of}
    given = dict(Member.objects.values_list("record", "person_id"))
    doubts = Belief.objects.exclude(state="undone").values_list("lower", "higher")
    between = (frozenset((given[a], given[b])) for a, b in doubts if a in given and b in given)
    return Known(
        {record: agency for record, (agency, _) in names.items()},
        truly,
        given,
        frozenset(both for both in between if len(both) == 2),
        {r["person_id"]: r["tradition"] for r in _rows(truth, "people")},
    )


def _rows(truth: Path, name: str) -> Iterator[dict[str, str]]:
    with (truth / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _held() -> dict[int, tuple[str, str]]:
    """The partner and the partner's own id of each record that is held."""
    found: dict[int, tuple[str, str]] = {}
    batch: list[Record] = []
    for row in Record.objects.filter(removed_at=None).order_by("id").iterator(AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            found |= _named(batch)
            batch = []
    return found | _named(batch)


def _named(batch: list[Record]) -> dict[int, tuple[str, str]]:
    opened = zip(batch, keyring.open_rows(batch), strict=True)
    return {row.pk: (row.agency_id, plain["record_id"]) for row, plain in opened}


# Links


def _links(known: Known, size: str) -> Iterator[Figure]:
    true, linked = _pairs(known.truly, known.truly), _pairs(known.given, known.truly)
    data = f"{size}: {len(known.truly):,} records, {len(true):,} true pairs"
    whole = _count(known, true, linked, lambda pair: ("all",))["all"]
    yield Figure("links, wrong", whole.wrong, "pairs", data, note="linked without anybody's say")
    yield from _shares("links", whole, data)
    for name, grouped in (("partners", partial(_partners, known)), ("tradition", partial(_traditions, known))):
        for group, counted in sorted(_count(known, true, linked, grouped).items()):
            if counted.true >= FEWEST:
                yield from _shares(f"links, {name} {group}", counted, f"{size}: {counted.true:,} true pairs")


def _shares(name: str, counted: Counted, data: str) -> Iterator[Figure]:
    yield Figure(f"{name}, precision", _percent(counted.precision), "%", data)
    yield Figure(f"{name}, recall", _percent(counted.recall), "%", data)
    yield Figure(f"{name}, recall with possible", _percent(counted.with_doubtful), "%", data)


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _pairs(group_of: dict[int, object], among: Iterable[int]) -> set[Pair]:
    """Every two of those records that are of one group."""
    groups: dict[object, list[int]] = defaultdict(list)
    for record in sorted(among):
        if record in group_of:
            groups[group_of[record]].append(record)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def _count(
    known: Known, true: set[Pair], linked: set[Pair], groups: Callable[[Pair], Iterable[str]]
) -> dict[str, Counted]:
    counts: dict[str, Counted] = defaultdict(Counted)
    for pair in true | linked:
        for group in groups(pair):
            one = counts[group]
            one.true += pair in true
            one.linked += pair in linked
            one.wrong += pair not in true
            one.doubted += pair not in linked and _doubted(known, pair)
    return counts


def _doubted(known: Known, pair: Pair) -> bool:
    return frozenset(known.given.get(record) for record in pair) in known.doubts


def _partners(known: Known, pair: Pair) -> tuple[str]:
    return (" and ".join(sorted(known.agency[record] for record in pair)),)


def _traditions(known: Known, pair: Pair) -> set[str]:
    return {known.tradition[known.truly[record]] for record in pair}


# Searches


def _ask(search: Search, today: date) -> Answer:
    said = search.known
    question = Question(
        given=said.given_names,
        family=said.family_name,
        born=said.birth_date,
        age=said.estimated_age,
        address=said.address_line_1,
        postcode=said.postcode,
        nhs_number=said.nhs_number,
        phone=said.phone,
    )
    return identity.find(question.evidence(today), timezone.now())


def _found(known: Known, answers: list[tuple[Search, Answer]], size: str) -> Iterator[Figure]:
    records: dict[str, set[UUID]] = defaultdict(set)
    for record, person in known.truly.items():
        if record in known.given:
            records[person].add(known.given[record])
    held = [
        (search, _place(answer, records[search.person_id])) for search, answer in answers if _is_held(search, records)
    ]
    told = [answer for search, answer in answers if not _is_held(search, records)]
    data = f"{size}: {len(held):,} searches for somebody known"
    yield from _places("search", held, data)
    for tradition in sorted({search.tradition for search, _ in held}):
        some = [one for one in held if one[0].tradition == tradition]
        if len(some) >= FEWEST:
            yield from _places(f"search, tradition {tradition}", some, f"{size}: {len(some):,} searches")
    yield from _strangers(told, f"{size}: {len(told):,} searches for somebody unknown")


def _is_held(search: Search, records: dict[str, set[UUID]]) -> bool:
    return search.person_id is not None and search.person_id in records


def _place(answer: Answer, meant: set[UUID]) -> str:
    """Where in the answer the person meant is."""
    match answer:
        case TooCommon():
            return "asked for more"
        case NothingKnown():
            return "missed"
    places = [at for at, shown in enumerate(answer.people) if shown.person in meant]
    if not places:
        return "certain of another" if isinstance(answer, Found) else "missed"
    return "first" if places[0] == 0 else "shown"


def _places(name: str, held: list[tuple[Search, str]], data: str) -> Iterator[Figure]:
    counts = Counter(place for _, place in held)
    first, shown = counts["first"], counts["first"] + counts["shown"]
    yield Figure(f"{name}, meant is first", _percent(first / len(held)), "%", data)
    yield Figure(f"{name}, meant is shown", _percent(shown / len(held)), "%", data, note="among at most ten")
    for place in ("missed", "certain of another", "asked for more"):
        if name == "search":
            yield Figure(f"{name}, {place}", counts[place], "searches", data)


def _strangers(told: list[Answer], data: str) -> Iterator[Figure]:
    wrong = sum(isinstance(answer, Found) for answer in told)
    shown = sum(len(_shown(answer)) for answer in told)
    yield Figure("search, certain of somebody though unknown", wrong, "searches", data)
    yield Figure("search, people shown though unknown", round(shown / max(len(told), 1), 2), "a search", data)


def _shown(answer: Answer) -> tuple[Likeness, ...]:
    return () if isinstance(answer, NothingKnown | TooCommon) else answer.people
