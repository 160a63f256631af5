"""Labelled sets: records of which it is known who is who, from any CSV whose columns somebody has named.

What a column means comes from a TOML file, or from `data/columns.csv` when it has a heading that many sets use.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knownto.linkage import Address, Cleaned, Evidence, clean
from knownto.linkage.places import postcode

HEADINGS = Path(__file__).parent / "data" / "columns.csv"
UNREADABLE = 0.005  # share of dates of birth: with more, slips made dates that are none, and text says more
NO_VALUE = frozenset(("", "na", "nan", "none", "null", "n/a"))
_PARTS = ("birth_year", "birth_month", "birth_day")
_LISTS = ("phones", "emails", "other_names")


class NotLabelled(ValueError):
    """The file or its mapping cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Meaning:
    """What the columns mean. `facts` are kinds by column; `rules` whether the families' rules apply."""

    id: str
    cluster: str
    fields: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    earliest: int = 1
    rules: bool = False


@dataclass(frozen=True)
class Labelled:
    """Records with the person that each is of, in one order. `group` of each record, where known, as for traditions."""

    name: str
    source: str
    cleaned: list[Cleaned]
    person: list[str]
    facts: Mapping[str, str]
    rules: bool
    rows: list[dict[str, str]]  # as they came, for peers
    labels: frozenset[str]  # columns that say who is who, or could

    @property
    def true_pairs(self) -> int:
        counts: dict[str, int] = {}
        for person in self.person:
            counts[person] = counts.get(person, 0) + 1
        return sum(n * (n - 1) // 2 for n in counts.values())


def read(path: Path, mapping: Path | None = None, id: str = "", cluster: str = "") -> Labelled:
    """A labelled CSV (or TSV). Raises NotLabelled when a column that is named is not there."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        dialect: Any = "excel-tab" if path.suffix == ".tsv" else "excel"
        rows = [_tidy(row) for row in csv.DictReader(lines, dialect=dialect, skipinitialspace=True)]
    if not rows:
        raise NotLabelled(f"{path.name} has no rows.")
    meaning = _told(mapping, list(rows[0])) if mapping else guessed(list(rows[0]))
    meaning = replace(meaning, id=id or meaning.id, cluster=cluster or meaning.cluster)
    return labelled(path.stem, f"{path.name}, as given", rows, meaning)


def _tidy(row: Mapping[str | None, Any]) -> dict[str, str]:
    told = {str(k).strip(): str(v).strip() for k, v in row.items() if k is not None and isinstance(v, str)}
    return {k: "" if v.casefold() in NO_VALUE else v for k, v in told.items()}


def _told(mapping: Path, columns: Sequence[str]) -> Meaning:
    found = tomllib.loads(mapping.read_text(encoding="utf-8"))
    fields = {name: (said,) if isinstance(said, str) else tuple(said) for name, said in found["evidence"].items()}
    facts = dict(found.get("facts", {}))
    wrong = [c for c in (*(c for some in fields.values() for c in some), *facts) if c not in columns]
    if wrong:
        raise NotLabelled(f"The file has no column {', '.join(wrong)}.")
    given, options = found.get("columns", {}), found.get("options", {})
    return Meaning(given.get("id", ""), given.get("cluster", ""), fields, facts, **options)


def guessed(columns: Sequence[str]) -> Meaning:
    """What headings that many sets use mean. A full name beside its parts is a fact; alone it is the name."""
    fields: dict[str, list[str]] = {}
    facts: dict[str, str] = {}
    with HEADINGS.open(encoding="utf-8", newline="") as lines:
        known = {row["column"]: row for row in csv.DictReader(lines)}
    for column in columns:
        row = known.get(column.casefold().replace(" ", "_"))
        if row and row["means"] == "fact":
            facts[column] = row["kind"]
        elif row and row["means"]:
            fields.setdefault(row["means"], []).append(column)
    whole = fields.pop("full_name", [])
    if whole and "family_name" not in fields:
        fields["given_names"] = whole
    facts |= dict.fromkeys(whole, "words")
    id, cluster = (fields.pop(name, [""])[0] for name in ("id", "cluster"))
    return Meaning(id, cluster, {name: tuple(some) for name, some in fields.items()}, facts)


def labelled(name: str, source: str, rows: list[dict[str, str]], meaning: Meaning) -> Labelled:
    """Rows as evidence, cleaned. Raises NotLabelled without a column that says who each row is of."""
    if not meaning.cluster or meaning.cluster not in rows[0]:
        raise NotLabelled("Say which column holds the person that each row is of (--cluster).")
    meaning = _as_written(_postcodes(meaning, rows), rows)
    cleaned = [clean(evidence(row, meaning), meaning.earliest) for row in rows]
    person, labels = [row[meaning.cluster] for row in rows], frozenset((meaning.id, meaning.cluster, "rec_id"))
    facts = {column: kind for column, kind in meaning.facts.items() if column not in meaning.fields}
    return Labelled(name, source, cleaned, person, facts, meaning.rules, rows, labels)


def _postcodes(meaning: Meaning, rows: Iterable[dict[str, str]]) -> Meaning:
    """Postcodes of another country are numbers like any other."""
    columns = meaning.fields.get("postcode", ())
    told = [row[c] for row in rows for c in columns if row[c]]
    if sum(bool(postcode(t)) for t in told) * 2 >= len(told):
        return meaning
    fields = {name: some for name, some in meaning.fields.items() if name != "postcode"}
    return replace(meaning, fields=fields, facts={**meaning.facts, **dict.fromkeys(columns, "number")})


def _as_written(meaning: Meaning, rows: Iterable[dict[str, str]]) -> Meaning:
    """Where slips have made dates that are none, dates are also compared as they are written."""
    columns = meaning.fields.get("birth_date", ())
    told = [row[c] for row in rows for c in columns if row[c]]
    if sum(_day(t) is None and _span(t) is None for t in told) <= UNREADABLE * len(told):
        return meaning
    fields = {name: some for name, some in meaning.fields.items() if name != "birth_date"}
    return replace(meaning, fields=fields, facts={**meaning.facts, **dict.fromkeys(columns, "number")})


def evidence(row: Mapping[str, str], meaning: Meaning) -> Evidence:
    """One row as evidence; what is empty is left out."""
    said = {name: [row[c] for c in columns if row[c]] for name, columns in meaning.fields.items()}
    made: dict[str, Any] = {name: " ".join(v) for name, v in said.items() if name in _PLAIN and v}
    made |= {name: tuple(v) for name, v in said.items() if name in _LISTS and v}
    if said.get("postcode") or said.get("address") or said.get("uprn"):
        first = (" ".join(said.get(name, ())) for name in ("postcode", "uprn"))
        made["addresses"] = (Address(tuple(said.get("address", ())), *first),)
    facts = tuple((column, row[column]) for column in meaning.facts if row[column])
    return Evidence(**made, **_birth(row, said, meaning), facts=facts)


_PLAIN = ("given_names", "family_name", "sex", "nhs_number", "upn", "pnc")


def _birth(row: Mapping[str, str], said: Mapping[str, list[str]], meaning: Meaning) -> dict[str, Any]:
    text = "".join(said.get("birth_date", ()))
    if not text and all(said.get(part) for part in _PARTS):
        text = "-".join(said[part][0].zfill(2) for part in _PARTS)
    if day := _day(text):
        return {"birth_date": day}
    span = _span(text)
    return {"born_from": span[0], "born_to": span[1]} if span else {}


_FORMS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"), (3, 2, 1)),
)


def _day(text: str) -> date | None:
    for form, order in _FORMS:
        if found := form.fullmatch(text):
            try:
                return date(*(int(found[part]) for part in order))
            except ValueError:
                return None
    return None


def _span(text: str) -> tuple[date, date] | None:
    """A year, or a month of one: somewhere between its first day and its last."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", text)
    if not found or not int(found[1]):
        return None
    year, month = int(found[1]), int(found[2] or 0)
    if month > 12:
        return None
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)
