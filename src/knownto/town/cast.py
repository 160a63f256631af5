"""Agencies, teams and the people who sign in at a demonstration, as data (`data/cast.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache

from knownto.town import identifiers
from knownto.town.names import DATA
from knownto.town.places import words
from knownto.town.town import SIZES

SCHOOL_HOURS = "8:30am to 4pm on school days"
SCHOOL_CLOSED = "Ring the safeguarding hub in the holidays"


@dataclass(frozen=True, slots=True)
class Agency:
    """A partner; `connected` ones send a feed."""

    code: str
    name: str
    connected: bool
    order: int


@dataclass(frozen=True, slots=True)
class Team:
    """Whom to ring. `out_of_hours` says what to do when they are closed; "" where they never are."""

    agency: str
    code: str
    name: str
    phone: str
    email: str
    hours: str
    out_of_hours: str


@dataclass(frozen=True, slots=True)
class Persona:
    """A worker to sign in as. `team` is "" for those who work for the whole partnership."""

    sign_in: str
    name: str
    agency: str
    team: str
    roles: tuple[str, ...]
    does: str


@cache
def _tables() -> dict:
    return tomllib.loads((DATA / "cast.toml").read_text(encoding="utf-8"))


def agencies() -> tuple[Agency, ...]:
    """The four connected agencies first, then those that are registered and not connected."""
    return tuple(
        Agency(table["code"], table["name"], table.get("connected", False), place)
        for place, table in enumerate(_tables()["agency"])
    )


def teams(size: str = "small") -> tuple[Team, ...]:
    """Every team of every agency; the schools are as many as a town of that size has."""
    named = tuple(
        Team(table["code"], code, name, phone, f"{code}@{table['code']}.example.org", hours, closed)
        for table in _tables()["agency"]
        for code, name, phone, hours, closed in table["teams"]
    )
    return named + tuple(_school(number, SIZES[size].schools) for number in range(1, SIZES[size].schools + 1))


def personas() -> tuple[Persona, ...]:
    return tuple(Persona(**{**table, "roles": tuple(table["roles"])}) for table in _tables()["persona"])


def _school(number: int, schools: int) -> Team:
    code = f"school-{number:02d}"
    # There are fewer numbers for drama than schools in a region, so that far schools share one.
    phone = identifiers.LANDLINES[500 + number % 200]
    email, name = f"safeguarding@{code}.example.org", school_name(number, schools)
    return Team("school", code, name, phone, email, SCHOOL_HOURS, SCHOOL_CLOSED)


def school_name(number: int, schools: int) -> str:
    """A name of its own for each school: the first four in five are primaries."""
    first, last = words()["school_first"].split(), words()["school_last"].split()
    at = number - 1
    name = f"{first[at % len(first)]} {last[(at // len(first) + at) % len(last)]}"
    return f"{name} {'Primary School' if number <= schools * 4 // 5 else 'School'}"
