"""Labelled sets: records of which it is known who is who, from any CSV, two of them, or one and a list of true pairs.

What a column means comes from a TOML file, or is told by its heading and by what stands in it (`columns`).
"""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from knownto.learning.clustering import Pair, chained, pairs_of
from knownto.learning.columns import Meaning, Rows, date_text, guessed, written_date
from knownto.linkage import Address, Cleaned, Evidence, clean

NO_VALUE = frozenset(
    ("", "na", "nan", "none", "null", "n/a", "nil", "<na>", "#n/a", "\\n", ".", "-", "?", "missing", "unknown")
)
_LISTS = ("phones", "emails", "other_names")
_PLAIN = ("given_names", "family_name", "sex", "nhs_number", "upn", "pnc")
_FEBRL = re.compile(r"rec-(\d+)-(?:org|dup(?:-\d+)?)", re.IGNORECASE)


class NotLabelled(ValueError):
    """The file or its mapping cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Labelled:
    """Records with the person that each is of, in one order. Of two files, `first` is how many the first has: pairs are
    then between the files only. None where there is one file."""

    name: str
    source: str
    cleaned: list[Cleaned]
    person: list[str]
    facts: Mapping[str, str]
    rules: bool
    rows: list[dict[str, str]]  # as they came, for peers
    meaning: Meaning
    first: int | None = None

    @property
    def true(self) -> set[Pair]:
        """Every two records of one person that a matcher is asked for."""
        return self.asked(pairs_of(self.person))

    @property
    def true_pairs(self) -> int:
        return len(self.true)

    def asked(self, pairs: set[Pair]) -> set[Pair]:
        """Those of the pairs that are between the files, where there are two."""
        at = self.first
        return pairs if at is None else {(x, y) for x, y in pairs if (x < at) is not (y < at)}


def read(
    path: Path,
    mapping: Path | None = None,
    id: str = "",
    cluster: str = "",
    *,
    beside: Path | None = None,
    pairs: Path | None = None,
) -> Labelled:
    """A labelled CSV, by itself or to be linked with one beside it; `pairs` lists ids of two records of one person, and
    stands for labels. Raises NotLabelled when a column that is named is not there, or nothing says who is who."""
    rows = rows_of(path)
    others = rows_of(beside) if beside else []
    meaning = _told(mapping, list(rows[0])) if mapping else guessed(rows, others)
    meaning = _chosen(replace(meaning, id=id or meaning.id, cluster=cluster or meaning.cluster), rows, others)
    if pairs:
        meaning = _by_pairs(meaning, rows, others, pairs)
    elif not meaning.cluster or meaning.cluster not in rows[0]:
        meaning = _by_ids(meaning, rows, others)
    if beside and meaning.cluster not in others[0]:
        raise NotLabelled(f"{beside.name} has no column {meaning.cluster}, which says who is who in {path.name}.")
    first = len(rows) if beside else None
    name = f"{path.stem} and {beside.stem}" if beside else path.stem
    return labelled(name, f"{name}, as given", [*rows, *others], meaning, first)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a file of separated values: commas, semicolons, tabs or bars; UTF-8 or Windows' own letters."""
    told = path.read_bytes()
    try:
        text = told.decode("utf-16" if told[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = told.decode("cp1252", errors="replace")
    heading = text.partition("\n")[0]
    separator = max(",;\t|", key=heading.count)
    found = csv.DictReader(text.splitlines(), delimiter=separator, skipinitialspace=True)
    rows = [_tidy(row) for row in found]
    if not rows:
        raise NotLabelled(f"{path.name} has no rows.")
    if len(rows[0]) < 2:
        raise NotLabelled(f"{path.name} has one column only: is it separated by commas, semicolons, tabs or bars?")
    return rows


def _tidy(row: Mapping[str | None, Any]) -> dict[str, str]:
    told = {str(k).strip(): " ".join(str(v or "").split()) for k, v in row.items() if k is not None}
    return {k: "" if v.casefold() in NO_VALUE else v for k, v in told.items()}


def _chosen(meaning: Meaning, rows: Rows, others: Rows) -> Meaning:
    """What is named as an id or a label is nothing to compare, whatever its heading says."""
    labels = {meaning.id, meaning.cluster} - {""}
    wrong = [c for c in labels if c not in rows[0] and not (others and c in others[0])]
    if wrong:
        raise NotLabelled(f"The file has no column {', '.join(wrong)}. It has {', '.join(rows[0])}.")
    fields = {
        name: kept for name, some in meaning.fields.items() if (kept := tuple(c for c in some if c not in labels))
    }
    facts = {column: kind for column, kind in meaning.facts.items() if column not in labels}
    dates = {name: some for name, some in meaning.dates.items() if labels.isdisjoint(some)}
    return replace(meaning, fields=fields, facts=facts, dates=dates)


def _by_pairs(meaning: Meaning, rows: list[dict[str, str]], others: list[dict[str, str]], path: Path) -> Meaning:
    """Labels from a list of pairs: whoever any chain of them connects is one person."""
    every = [*rows, *others]
    listed = rows_of(path)
    columns = [c for c in (meaning.id, *rows[0]) if c in every[0] and (not others or c in others[0])]
    left, right = list(listed[0])[:2]
    for id, (x, y) in product(columns, ((left, right), (right, left))):
        mine = {row[id]: at for at, row in enumerate(rows)}
        theirs = {row[id]: at for at, row in enumerate(others, len(rows))} if others else mine
        links = [(mine[p[x]], theirs[p[y]]) for p in listed if p[x] in mine and p[y] in theirs]
        if len(mine) == len(rows) and len(links) * 2 >= len(listed):
            for at, person in enumerate(chained(len(every), links)):
                every[at]["(pairs)"] = str(person)
            return _chosen(replace(meaning, id=id, cluster="(pairs)"), rows, others)
    raise NotLabelled(f"The ids in {path.name} are not those of any column: name it with --id.")


def _by_ids(meaning: Meaning, rows: list[dict[str, str]], others: list[dict[str, str]]) -> Meaning:
    """Labels from ids: as Febrl writes them (rec-17-org), or of two files where one id is one person."""
    every = [*rows, *others]
    for column in rows[0]:
        told = [_FEBRL.fullmatch(row.get(column, "")) for row in every]
        if all(told):
            for row, found in zip(every, told, strict=True):
                row["(id)"] = found[1] if found else ""
            return replace(meaning, id=column, cluster="(id)")
    if others and meaning.id in others[0] and {r[meaning.id] for r in rows} & {r[meaning.id] for r in others}:
        return replace(meaning, cluster=meaning.id)
    names = ", ".join(rows[0])
    raise NotLabelled(
        f"Say which column holds the person that each row is of (--cluster), or give a list of true pairs (--pairs). "
        f"The columns are {names}."
    )


def _told(mapping: Path, columns: Sequence[str]) -> Meaning:
    found = tomllib.loads(mapping.read_text(encoding="utf-8"))
    fields = {name: (said,) if isinstance(said, str) else tuple(said) for name, said in found["evidence"].items()}
    facts = dict(found.get("facts", {}))
    wrong = [c for c in (*(c for some in fields.values() for c in some), *facts) if c not in columns]
    if wrong:
        raise NotLabelled(f"The file has no column {', '.join(wrong)}.")
    given, options = found.get("columns", {}), found.get("options", {})
    dates: dict[str, tuple[str, ...]] = {}
    if not options.get("rules") and "birth_date" in fields:
        dates = {column: (column,) for column in fields.pop("birth_date")}
    return Meaning(given.get("id", ""), given.get("cluster", ""), fields, facts, **options, dates=dates)


def labelled(
    name: str, source: str, rows: list[dict[str, str]], meaning: Meaning, first: int | None = None
) -> Labelled:
    """Rows as evidence, cleaned."""
    months = frozenset(name for name, some in meaning.dates.items() if _month_first(rows, some))
    cleaned = [clean(evidence(row, meaning, months), meaning.earliest) for row in rows]
    # A row that says of nobody who it is of is somebody of its own.
    person = [row[meaning.cluster] or f"(row {at})" for at, row in enumerate(rows)]
    facts = {c: "word" if kind == "postcode" else kind for c, kind in meaning.facts.items()}
    facts |= dict.fromkeys(meaning.dates, "date")
    return Labelled(name, source, cleaned, person, facts, meaning.rules, rows, meaning, first)


def _month_first(rows: Rows, columns: tuple[str, ...]) -> bool:
    """Whether 3/4/1980 is the fourth of March: some stand with a day there that is no month, and none the other way."""
    if len(columns) != 1:
        return False
    found = [re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{4}", row[columns[0]]) for row in rows]
    told = [(int(f[1]), int(f[2])) for f in found if f]
    return sum(second > 12 for _, second in told) > sum(first > 12 for first, _ in told)


def evidence(row: Mapping[str, str], meaning: Meaning, month_first: frozenset[str] = frozenset()) -> Evidence:
    """One row as evidence; what is empty is left out."""
    said = {name: [row[c] for c in columns if row.get(c)] for name, columns in meaning.fields.items()}
    made: dict[str, Any] = {name: " ".join(v) for name, v in said.items() if name in _PLAIN and v}
    made |= {name: tuple(v) for name, v in said.items() if name in _LISTS and v}
    if said.get("postcode") or said.get("address") or said.get("uprn"):
        first = (" ".join(said.get(name, ())) for name in ("postcode", "uprn"))
        made["addresses"] = (Address(tuple(said.get("address", ())), *first),)
    if born := written_date("".join(said.get("birth_date", ()))):
        made["birth_date"] = date(*born)
    return Evidence(**made, facts=tuple(_facts(row, meaning, month_first)))


def _facts(row: Mapping[str, str], meaning: Meaning, month_first: frozenset[str]) -> Iterator[tuple[str, str]]:
    for column, kind in meaning.facts.items():
        if told := row.get(column):
            yield column, _apart(told) if kind == "postcode" else told
    for name, columns in meaning.dates.items():
        if any(told := [row.get(c, "") for c in columns]):
            yield name, date_text(told, name in month_first)


def _apart(code: str) -> str:
    """A postcode as two words, however it was written: its district may agree where the rest does not."""
    plain = "".join(c for c in code if c.isalnum())
    return f"{plain[:-3]} {plain[-3:]}" if len(plain) > 4 else plain
