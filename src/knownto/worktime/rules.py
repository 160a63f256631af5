"""A time limit, written as data: how long, counted how, and on whose authority."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Unit(StrEnum):
    """What a limit is counted in.

    Days: the day on which it starts is not counted, whatever the hour, and it is due when the last one closes.
    Months end on the day of the same number, or on the month's last day if there is none.
    Hours pass day and night; working hours only between opening and closing on working days.
    """

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    BEFORE_NEXT_WORKING_DAY = "before_start_of_next_working_day"
    BEFORE_NEXT_SCHOOL_DAY = "before_start_of_next_school_day"


@dataclass(frozen=True, slots=True)
class Rule:
    """`amount` of `unit`; `authority` is the law, guidance or agreement that says so, as practitioners cite it.

    `statutory`: true for law and statutory guidance, false for a local setting. `at`: the London time of day at
    which it falls due, if that is not closing (days, months) or opening (before the next day starts) time.
    """

    amount: int
    unit: Unit
    authority: str
    statutory: bool = False
    at: time | None = None

    def __post_init__(self) -> None:
        if self.amount < (1 if self.unit in _BEFORE else 0):
            raise ValueError("a time limit cannot be negative, and the next day is at least one day on")
        if self.at is not None and (self.unit in _RUNNING or self.at.tzinfo is not None):
            raise ValueError("only a limit in days, months or openings has a time of day, and it is London's")
        if not self.authority:
            raise ValueError("a time limit needs its authority")


_BEFORE = {Unit.BEFORE_NEXT_WORKING_DAY: "working day", Unit.BEFORE_NEXT_SCHOOL_DAY: "school day"}
_RUNNING = {Unit.HOURS, Unit.WORKING_HOURS}


def describe(rule: Rule) -> str:
    """In plain English, with its authority: "Within 45 working days (statutory: Working Together 2023)"."""
    standing = "statutory" if rule.statutory else "local setting"
    at = f" by {rule.at:%H:%M}" if rule.at else ""
    return f"{_limit(rule)}{at} ({standing}: {rule.authority})"


def _limit(rule: Rule) -> str:
    if rule.unit in _BEFORE:
        which = "next" if rule.amount == 1 else f"{_ordinal(rule.amount)} following"
        return f"Before the start of the {which} {_BEFORE[rule.unit]}"
    if rule.amount == 0:
        return "At once" if rule.unit in _RUNNING else "The same day"
    unit = rule.unit.value.replace("_", " ")
    return f"Within {rule.amount} {unit.removesuffix('s') if rule.amount == 1 else unit}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
