"""What is right or wrong with one row: first its shape (`contract`), then what depends on the day and the agency.

`judge` is where a row is accepted, put aside with its faults, or kept out by the agreement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from knownto.feeds.contract import Removal, Row, read_day, tidy
from knownto.feeds.dates import months_before, years_before
from knownto.feeds.faults import Fault
from knownto.feeds.limits import limits
from knownto.feeds.reading.sheets import BROKEN, ROUNDED

PREGNANCY = timedelta(days=310)
NOT_HELD = {"ask": "only-on-request", "nothing": "not-shared"}
SHAPES = {"missing": "missing", "string_too_long": "too-long", "extra_forbidden": "not-one-of"}
DATES = ("date_of_birth", "started_on", "last_contact_on", "ended_on")


@dataclass(frozen=True)
class Context:
    """What a row is judged against: the file's day and mode, the agreement's levels by category, the teams."""

    agency: str
    mode: str
    as_of: date
    holds: dict[str, str]
    teams: frozenset[str]

    @cached_property
    def bulk_codes(self) -> str:
        return ", ".join(sorted(code for code, level in self.holds.items() if level not in NOT_HELD))

    @cached_property
    def oldest_kept(self) -> date:
        return months_before(self.as_of, limits().months_held)

    @cached_property
    def oldest_birth(self) -> date:
        return years_before(self.as_of, 121)


@dataclass(slots=True)
class Verdict:
    """One row's fate. With `faults` it is put aside; with `kept_out` the agreement keeps it out; else it goes on."""

    row: Row | Removal | None = None
    faults: list[Fault] = field(default_factory=list)
    kept_out: Fault | None = None
    notices: list[str] = field(default_factory=list)
    ids: tuple[str, str] = ("", "")


def judge(cells: Sequence[str], columns: Sequence[str], context: Context) -> Verdict:
    """The fate of one row of a file."""
    values = {column: text for column, cell in zip(columns, cells, strict=False) if (text := tidy(cell))}
    verdict = Verdict(ids=(values.get("record_id", "")[:64], values.get("contact_id", "")[:64]))
    if len(cells) != len(columns):
        verdict.faults.append(Fault("", "other-columns", f"{len(cells)} cells and not {len(columns)}"))
        return verdict
    level = context.holds.get(values.get("category", "").lower())
    if level in NOT_HELD and values.get("change", "").lower() != "remove":
        verdict.kept_out = Fault("category", NOT_HELD[level])
        return verdict
    verdict.faults += _spreadsheet_faults(values)
    if not verdict.faults:
        _judge(values, context, verdict)
    return verdict


def _spreadsheet_faults(values: dict[str, str]) -> Iterator[Fault]:
    for column, text in values.items():
        if text == ROUNDED:
            yield Fault(column, "inexact-number")
        elif text == BROKEN:
            yield Fault(column, "spreadsheet-error")
        elif len(text) > limits().cell:
            yield Fault(column, "too-long", str(limits().cell), text[:100])


def _judge(values: dict[str, str], context: Context, verdict: Verdict) -> None:
    removal = values.get("change", "").lower() == "remove"
    try:
        verdict.row = Removal.model_validate(values) if removal else Row.model_validate(values)
    except ValidationError as error:
        verdict.faults += [_shape_fault(found, values) for found in error.errors(include_url=False)]
        return
    if removal:
        if context.mode == "snapshot":
            verdict.faults.append(Fault("change", "change-in-snapshot"))
        return
    _judge_row(verdict.row, values, context, verdict)


def _shape_fault(found: Any, values: dict[str, str]) -> Fault:
    column = str(found["loc"][0]) if found["loc"] else ""
    what = found.get("ctx", {})
    code = SHAPES.get(found["type"], found["type"])
    return Fault(column, code, str(what.get("max_length", what.get("what", ""))), values.get(column, ""))


def _judge_row(row: Row, values: dict[str, str], context: Context, verdict: Verdict) -> None:
    for rule in RULES:
        verdict.faults += [Fault(f.field, f.code, f.what, values.get(f.field, "")) for f in rule(row, context)]
    if verdict.faults:
        return
    if any(_is_placeholder(values.get(name)) for name in DATES):
        verdict.notices.append("placeholder-date")
    if row.date_of_birth and row.date_of_birth > row.started_on:
        verdict.notices.append("before-birth")
    if row.status == "closed" and last_day(row) < context.oldest_kept:
        verdict.notices.append("not-kept")
    if context.holds[row.category.lower()] == "limited":
        verdict.notices.append("limited")


def last_day(row: Row) -> date:
    """The last day on which there was contact, as far as the row says."""
    return max(day for day in (row.started_on, row.last_contact_on, row.ended_on) if day)


def _is_placeholder(text: str | None) -> bool:
    return text is not None and ("19" in text) and read_day(text) is None


def agreed_codes(row: Row, context: Context) -> Iterator[Fault]:
    """Categories and teams are codes that both sides agreed on."""
    if row.category.lower() not in context.holds:
        yield Fault("category", "not-agreed-code", context.bulk_codes)
    if row.team.lower() not in context.teams:
        yield Fault("team", "not-a-team")


def somebody(row: Row, context: Context) -> Iterator[Fault]:
    """A contact of nobody in particular cannot be found by anybody, or worse, by the wrong question."""
    if not any((row.family_name, row.given_names, row.other_names, row.nhs_number, row.upn, row.pnc)):
        yield Fault("family_name", "nobody")


def not_after_the_day(row: Row, context: Context) -> Iterator[Fault]:
    for name in DATES:
        day = getattr(row, name)
        if day is not None and day > context.as_of:
            yield Fault(name, "future")


def in_order(row: Row, context: Context) -> Iterator[Fault]:
    for name in ("last_contact_on", "ended_on"):
        day = getattr(row, name)
        if day is not None and day < row.started_on:
            yield Fault(name, "before-start")
    if row.status == "open" and row.ended_on:
        yield Fault("ended_on", "open-but-ended")


def born_in_time(row: Row, context: Context) -> Iterator[Fault]:
    """Work can begin with an unborn child; but nobody was in contact long before they were born."""
    born, expected = row.date_of_birth, row.expected_birth_date
    if born and born < context.oldest_birth:
        yield Fault("date_of_birth", "too-old")
    if born and born - row.started_on > PREGNANCY:
        yield Fault("started_on", "born-after")
    if expected and not born and abs(expected - context.as_of) > PREGNANCY:
        yield Fault("expected_birth_date", "birth-not-expected")


RULES = (agreed_codes, somebody, not_after_the_day, in_order, born_in_time)

__all__ = ["RULES", "Context", "Verdict", "judge", "last_day"]
