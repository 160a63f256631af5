"""What each column of a strange file is, told by its heading or, where that says nothing, by what stands in it."""

import calendar
import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knownto.linkage import tables
from knownto.linkage.letters import fold
from knownto.linkage.places import postcode

HEADINGS = Path(__file__).parent / "data" / "columns.csv"
LOOKED_AT = 4000  # values of a column
FEW = 20  # values: fewer tell nothing of a column
PARTS = ("birth_year", "birth_month", "birth_day")
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Meaning:
    """What the columns mean. `fields` are columns by field of evidence, `facts` kinds by column, `dates` the columns of
    each date (one, or year, month and day); `aside` are left alone; `rules` says whether the families' rules apply."""

    id: str
    cluster: str
    fields: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    earliest: int = 1
    rules: bool = False
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> Iterator[str]:
        """A line for each column: what it was taken for."""
        yield from (f"{column}: {why}" for column, why in self.aside.items())
        yield from (f"{c}: {name.replace('_', ' ')}" for name, some in self.fields.items() for c in some)
        yield from (f"{', '.join(some)}: a date" for some in self.dates.values())
        yield from (f"{column}: compared as {SAID[kind]}" for column, kind in self.facts.items())


SAID = {"word": "a word", "words": "words", "number": "a number or code", "postcode": "a postcode", "date": "a date"}


def guessed(rows: Rows, beside: Rows = ()) -> Meaning:
    """What the columns mean. Of two files only what both have is compared, save labels and ids."""
    sorts = {column: _sort(column, rows, beside) for column in rows[0]}
    if not any(s in ("given_names", "full_name") for s in sorts.values()):
        sorts |= _named(rows, [c for c, s in sorts.items() if s in ("word", "words")])
    if not any(s in PARTS for s in sorts.values()):
        sorts |= _split_date(rows, [c for c, s in sorts.items() if s in ("number", "word")])
    return _meaning(sorts)


def _meaning(sorts: Mapping[str, str]) -> Meaning:
    of: dict[str, list[str]] = {}
    for column, sort in sorts.items():
        of.setdefault(sort, []).append(column)
    fields = {name: tuple(of[name]) for name in ("given_names", "family_name", "other_names", "sex") if name in of}
    facts = {column: sort for column, sort in sorts.items() if sort in ("word", "words", "number", "postcode")}
    whole = of.get("full_name", [])
    if whole and not fields.get("family_name"):
        fields["given_names"] = (*fields.get("given_names", ()), whole[0])
    facts |= dict.fromkeys(whole if fields.get("family_name") else whole[1:], "words")
    dates = {column: (column,) for column in of.get("birth_date", [])}
    if parts := [of[part][0] for part in PARTS if part in of]:
        if len(parts) == len(PARTS):
            dates["born"] = tuple(parts)
        else:
            facts |= dict.fromkeys(parts, "number")
    aside = {c: sort.partition(":")[2] for c, sort in sorts.items() if sort.startswith("aside:")}
    labels = {c: f"says who is who ({part})" for part in ("id", "cluster") for c in of.get(part, [])}
    return Meaning(
        of.get("id", [""])[0], of.get("cluster", [""])[0], fields, facts, dates=dates, aside={**labels, **aside}
    )


def _sort(column: str, rows: Rows, beside: Rows) -> str:
    """What one column is: as its heading says, where what stands there is no other thing, or by that alone."""
    every = [v for row in (*rows, *beside) if (v := row.get(column, ""))]
    values = every[:: max(1, len(every) // LOOKED_AT)]
    said = _headed(column)
    if said in ("id", "cluster", "aside:not compared"):
        return said
    if not values:
        return "aside:empty"
    if beside and column not in beside[0]:
        return "aside:only one of the files has it"
    if said and all(test(values) for test in _MUST.get(said, ())):
        return said
    sort = _by_content(values)
    alone = len(every) >= FEW and len(set(every)) == len(every) and all(map(_code, values))
    return "aside:never twice the same, so it numbers rows" if alone and sort in ("word", "words", "number") else sort


def _headed(column: str) -> str:
    """What a heading says, "" where it says nothing."""
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).casefold()).strip("_")
    return next((means for form, means in _headings() if form.fullmatch(plain)), "")


def _headings() -> list[tuple[re.Pattern[str], str]]:
    if not _HEADINGS:
        with HEADINGS.open(encoding="utf-8", newline="") as lines:
            _HEADINGS.extend((re.compile(row["column"]), row["means"]) for row in csv.DictReader(lines))
    return _HEADINGS


_HEADINGS: list[tuple[re.Pattern[str], str]] = []


def _code(value: str) -> bool:
    return " " not in value and any(c.isdigit() for c in value)


def _by_content(values: Sequence[str]) -> str:
    return next((sort for sort, test, least in _SORTS if _share(test, values) >= least), "words")


def _share(test: Callable[[str], object], values: Sequence[str]) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _number(value: str) -> bool:
    return sum(c.isdigit() for c in value) * 2 >= len(value)


_SEXES = frozenset(["M", "F", "MALE", "FEMALE", "MAN", "WOMAN", "U", "X", "UNKNOWN"])
_SORTS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    ("birth_date", lambda v: written_date(v), 0.8),
    ("sex", lambda v: fold(v) in _SEXES, 0.95),
    ("word", lambda v: re.fullmatch(r"\S+@\S+\.\S+", v), 0.7),
    ("postcode", postcode, 0.6),
    ("number", _number, 0.6),
    ("word", lambda v: " " not in v, 0.5),
)
_MUST: Mapping[str, tuple[Callable[[Sequence[str]], bool], ...]] = {
    "birth_date": (lambda values: _share(lambda v: written_date(v) or _number(v), values) >= 0.5,),
    "birth_year": (lambda values: _share(str.isdigit, values) >= 0.8,),
    "birth_month": (lambda values: _share(str.isdigit, values) >= 0.8,),
    "birth_day": (lambda values: _share(str.isdigit, values) >= 0.8,),
    "sex": (lambda values: _share(lambda v: fold(v) in _SEXES, values) >= 0.6,),
    "postcode": (lambda values: _share(postcode, values) >= 0.5,),
    "given_names": (lambda values: _share(_number, values) < 0.5,),
    "family_name": (lambda values: _share(_number, values) < 0.5,),
    "full_name": (lambda values: _share(_number, values) < 0.5,),
}


def _named(rows: Rows, columns: Sequence[str]) -> dict[str, str]:
    """Which columns hold first names, family names, or both: those of whose words tables of names know many."""
    sample = rows[:: max(1, len(rows) // LOOKED_AT)]
    words = {c: [fold(row[c]).split() for row in sample if row[c]] for c in columns}
    given = {c: _share(lambda w: w[0] in tables.NAMES_GIVEN, some) for c, some in words.items() if some}
    family = {c: _share(lambda w: w[-1] in tables.NAMES_FAMILY, some) for c, some in words.items() if some}
    found: dict[str, str] = {}
    first = max(given, key=lambda c: given[c], default="")
    if not first or given[first] < 0.25:
        return found
    if _share(lambda w: len(w) > 1, words[first]) >= 0.6:
        return {first: "full_name"}
    found[first] = "given_names"
    last = max((c for c in family if c != first), key=lambda c: family[c] - given[c], default="")
    if last and family[last] >= 0.12 and family[last] > given[last]:
        found[last] = "family_name"
    return found


def _split_date(rows: Rows, columns: Sequence[str]) -> dict[str, str]:
    """Year, month and day in three columns: numbers in no other column have just those ranges."""
    found: dict[str, str] = {}
    for column in columns:
        told = [int(row[column]) for row in rows[:LOOKED_AT] if row[column].isdecimal()]
        ranges = (("birth_year", 1700, 2040, 15), ("birth_month", 1, 12, 12), ("birth_day", 1, 31, 28))
        for part, low, high, fewest in ranges:
            inside = {n for n in told if low <= n <= high}
            if (
                part not in found.values()
                and len(inside) >= fewest
                and _within(told, low, high)
                and max(told) > high / 2
            ):
                found[column] = part
                break
    return found if len(found) == len(PARTS) else {}


def _within(told: Sequence[int], low: int, high: int) -> bool:
    return sum(low <= n <= high for n in told) >= 0.98 * len(told)


_MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if name}
_FORMS = (
    (re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ].*)?"), (3, 2, 1)),
    (re.compile(r"(\d{1,2})[-/. ]([a-z]{3})[a-z]*\.?[-/., ]+(\d{4})"), (3, 2, 1)),
)
_ONLY_YEAR = re.compile(r"(\d{4})(?:-(\d{1,2}))?")


def written_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a whole date as people write it, day before month where either could be; None for what is
    none. A month above 12 is a day: some write the month first."""
    for form, order in _FORMS:
        if found := form.fullmatch(text.casefold()):
            year, month, day = (
                int(_MONTHS.get(found[at], found[at])) if found[at][0].isdigit() or found[at] in _MONTHS else 0
                for at in order
            )
            return _possible(year, month, day) or _possible(year, day, month)
    return None


def _possible(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    try:
        date(year, month, day)
    except ValueError:
        return None
    return year, month, day


def date_text(told: Sequence[str], month_first: bool = False) -> str:
    """A date as three numbers, 0 for what is not known; what is no date stays as it is written."""
    if len(told) == 3:
        return " ".join(str(int(p)) if p.isdecimal() else "0" for p in told) if any(told) else ""
    text = told[0]
    if found := written_date(text):
        year, month, day = found
        return (
            f"{year} {day} {month}"
            if month_first and _FORMS[2][0].fullmatch(text) and day <= 12
            else (f"{year} {month} {day}")
        )
    if (partly := _ONLY_YEAR.fullmatch(text)) and int(partly[2] or 0) <= 12:
        return f"{int(partly[1])} {int(partly[2] or 0)} 0"
    if (slipped := _FORMS[1][0].fullmatch(text)) is not None:
        return " ".join(str(int(slipped[at])) for at in (1, 2, 3))
    return text
