"""What each partner is asked, how far back, and about whom: read from `checks.toml` (or the file that KNOWNTO_CHECKS
names). A partner that the file does not name is not asked.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from knownto.partners import offices
from knownto.partners.models import Team


@dataclass(frozen=True, slots=True)
class Wanted:
    """One question of a sheet, and for which matters it is asked."""

    code: str
    label: str
    hint: str
    matters: frozenset[str]

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "label": self.label, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One partner's sheet. `office` answers; "" where the team is chosen. `about` are roles of participations."""

    agency: str
    kind: str
    office: str
    health: bool
    about: frozenset[str]
    months: dict[str, int]
    wanted: tuple[Wanted, ...]

    @property
    def chosen(self) -> bool:
        """Is its team chosen each time (a school, a practice)?"""
        return not self.office

    def fields(self, matter: str) -> tuple[Wanted, ...]:
        return tuple(each for each in self.wanted if matter in each.matters)

    def since(self, matter: str, today: date) -> date | None:
        """From which day on it looks; None for the whole of a life."""
        months = self.months[matter]
        return months_before(today, months) if months else None

    @property
    def can_be_asked(self) -> bool:
        """Has it a team that answers, here and today?"""
        try:
            return self.chosen or bool(self.team())
        except offices.NoSuchOffice:
            return False

    def team(self) -> Team:
        """The team that answers. Raises NoSuchOffice."""
        return offices.team_of(self.office)


@dataclass(frozen=True, slots=True)
class Stands:
    """One way in which a family, or an adult, can stand to partners being asked."""

    code: str
    label: str
    hint: str
    opens: bool
    needs_why: bool


def months_before(day: date, months: int) -> date:
    """The first of the month, so many months before: nobody needs a period to the day."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(settings.CHECKS_FILE).read_text(encoding="utf-8"))


@cache
def sheets() -> dict[str, Sheet]:
    """Every partner's sheet by its code. Raises KeyError for a file that leaves out what one must say."""
    return {code: _sheet(code, said) for code, said in _table()["agency"].items()}


def _sheet(code: str, said: dict[str, Any]) -> Sheet:
    wanted = tuple(Wanted(c, label, hint, frozenset(matters.split())) for c, label, hint, matters in said["fields"])
    office = "" if said.get("choose") else said["office"]
    health, about = said.get("health", False), frozenset(said["about"])
    return Sheet(code, said["kind"], office, health, about, said["months"], wanted)


def matter(purpose: str) -> str:
    """Which of a sheet's matters a purpose belongs to. Raises KeyError: nothing is asked for a purpose not listed."""
    return _table()["matters"][purpose]


def purposes(pathway: str) -> tuple[str, ...]:
    """For which purposes partners may be asked on that pathway, the usual one first; none where nobody is asked."""
    return tuple(_table()["purposes"].get(pathway, ()))


def minimum(matter: str) -> str:
    """What a partner is told to leave out."""
    return _table()["minimum"][matter]


def stands(pathway: str) -> dict[str, Stands]:
    """How a family, or an adult, can stand."""
    table = _table()["standing"]["adult" if pathway == "adult" else "child"]
    return {
        code: Stands(code, said["label"], said["hint"], said["opens"], said.get("needs_why", False))
        for code, said in table.items()
    }


def health_sources() -> tuple[tuple[str, str, str], ...]:
    """Where health looks: (code, name, what is there)."""
    return tuple(tuple(each) for each in _table()["health"]["sources"])


def suppress_to() -> int:
    """Counts of people from 1 to this are not shown."""
    return _table()["report"]["suppress_to"]
