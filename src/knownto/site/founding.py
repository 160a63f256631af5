"""A partnership as a file: its agencies, their teams, and when their files are expected.

What differs from what is registered is said first, and then changed by the acts that anybody else would use, each of
them in the ledger. Nothing is taken away by leaving it out: what has happened names agencies and teams.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knownto.feeds import acts as feeds
from knownto.feeds.models import Feed
from knownto.ledger.acts import Actor
from knownto.partners import acts as partners
from knownto.partners import models
from knownto.worktime import Every

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class BadPartnership(Exception):
    """The file cannot be used. A sentence for each thing that is wrong."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Team(Part):
    """Whom to ring: the team's route, never a person's."""

    code: Code
    name: Name
    phone: Annotated[str, Field(min_length=1, max_length=30)]
    hours: Name
    email: Annotated[str, Field(pattern=r"^$|^[^@\s]+@[^@\s]+$", max_length=254)] = ""
    out_of_hours: Annotated[str, Field(max_length=120)] = ""

    @property
    def route(self) -> dict[str, str]:
        return self.model_dump(include={"phone", "hours", "email", "out_of_hours"})


class Expected(Part):
    """When the agency's file is expected: `at` (London) so many days after the day that it is about."""

    every: Every = Every.DAILY
    at: time = time(9)
    days_after: Annotated[int, Field(ge=0, le=31)] = 1
    weekday: Literal[DAYS] = "monday"  # type: ignore[valid-type]
    grace_minutes: Annotated[int, Field(ge=0, le=1440)] = 60

    @property
    def as_set_up(self) -> dict[str, object]:
        return self.model_dump() | {"every": self.every.value, "weekday": DAYS.index(self.weekday)}


class Agency(Part):
    """A partner. One without `feed` is shown as not connected, and never as 'not known'."""

    code: Code
    name: Name
    feed: Expected | None = None
    team: list[Team] = []

    @model_validator(mode="after")
    def _no_team_twice(self) -> "Agency":
        return _once(self, [team.code for team in self.team])


class Partnership(Part):
    agency: list[Agency]

    @model_validator(mode="after")
    def _no_agency_twice(self) -> "Partnership":
        return _once(self, [agency.code for agency in self.agency])


@dataclass(frozen=True)
class Change:
    """What would be done, in words, and the act that does it."""

    says: str
    act: Callable[..., object]
    with_what: dict[str, object]


def read(path: Path) -> Partnership:
    """What a file says. Raises BadPartnership."""
    try:
        return Partnership.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as wrong:
        raise BadPartnership("\n".join(_sentence(each) for each in wrong.errors())) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise BadPartnership(f"{path.name} cannot be read: {wrong}") from None


def changes(wanted: Partnership) -> list[Change]:
    """What must be done for the registered partnership to be as the file says, in the order in which it can be."""
    agencies = models.Agency.objects.in_bulk()
    teams = {(team.agency_id, team.code): team for team in models.Team.objects.all()}
    expected = Feed.objects.in_bulk()
    found: list[Change] = []
    for order, agency in enumerate(wanted.agency):
        found += _of_agency(agency, agencies.get(agency.code), order)
        found += _of_feed(agency, agencies.get(agency.code), expected.get(agency.code))
        for team in agency.team:
            found += _of_team(agency.code, team, teams.get((agency.code, team.code)))
    return found


def left_alone(wanted: Partnership) -> list[str]:
    """Agencies and teams that are registered and not in the file."""
    said = {agency.code for agency in wanted.agency}
    said |= {f"{agency.code}/{team.code}" for agency in wanted.agency for team in agency.team}
    there = set(models.Agency.objects.values_list("code", flat=True))
    there |= {f"{agency}/{code}" for agency, code in models.Team.objects.values_list("agency_id", "code")}
    return sorted(there - said)


def apply(planned: list[Change], *, by: Actor, now: datetime) -> None:
    """Do all of it or nothing."""
    with transaction.atomic():
        for change in planned:
            change.act(by=by, now=now, **change.with_what)


def as_file() -> str:
    """The registered partnership, as the file that would make it."""
    expected = Feed.objects.in_bulk()
    return "\n".join(
        line
        for agency in models.Agency.objects.prefetch_related("teams").order_by("order", "code")
        for line in _written(agency, expected.get(agency.code))
    )


def _of_agency(said: Agency, there: models.Agency | None, order: int) -> Iterator[Change]:
    if there is None:
        what = {"code": said.code, "name": said.name, "order": order}
        yield Change(f"add the agency {said.code}: {said.name}", partners.add_agency, what)
    elif there.name != said.name:
        yield Change(f"call {said.code}: {said.name}", partners.rename, {"agency": said.code, "name": said.name})


def _of_feed(said: Agency, there: models.Agency | None, expected: Feed | None) -> Iterator[Change]:
    connected = there is not None and there.connected
    if said.feed and (not expected or any(getattr(expected, k) != v for k, v in said.feed.as_set_up.items())):
        when = {"agency": said.code} | said.feed.as_set_up
        yield Change(f"expect the file of {said.code} {said.feed.every.value}", feeds.set_up, when)
    if connected != bool(said.feed):
        words = "sends a feed" if said.feed else "sends no feed any more"
        what = {"agency": said.code, "connected": bool(said.feed)}
        yield Change(f"{said.code} {words}", partners.set_connected, what)


def _of_team(agency: str, said: Team, there: models.Team | None) -> Iterator[Change]:
    if there is None:
        what = {"agency": agency, "code": said.code, "name": said.name} | said.route
        yield Change(f"add the team {agency}/{said.code}: {said.name}", partners.add_team, what)
        return
    if there.name != said.name:
        what = {"agency": agency, "team": said.code, "name": said.name}
        yield Change(f"call {agency}/{said.code}: {said.name}", partners.rename, what)
    if any(getattr(there, key) != value for key, value in said.route.items()):
        what = {"agency": agency, "team": said.code} | said.route
        yield Change(f"change how {agency}/{said.code} is reached", partners.set_route, what)


def _once[T](part: T, codes: list[str]) -> T:
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"there twice: {', '.join(twice)}")
    return part


def _sentence(wrong: dict) -> str:
    """`agency 2, team 1, phone: Field required`: counted as a person counts."""
    place = ""
    for part in wrong["loc"]:
        place += f" {part + 1}" if isinstance(part, int) else f", {part}"
    return f"{place.lstrip(', ') or 'the file'}: {wrong['msg']}"


def _written(agency: models.Agency, expected: Feed | None) -> Iterator[str]:
    yield "[[agency]]"
    yield from _values({"code": agency.code, "name": agency.name})
    if agency.connected and expected:
        yield "[agency.feed]"
        yield f"at = {expected.at:%H:%M:%S}"
        said = {"every": expected.every, "days_after": expected.days_after, "grace_minutes": expected.grace_minutes}
        yield from _values(said | {"weekday": DAYS[expected.weekday]})
    for team in sorted(agency.teams.all(), key=lambda each: each.code):  # type: ignore[attr-defined]
        yield "[[agency.team]]"
        yield from _values({field: getattr(team, field) for field in Team.model_fields})
    yield ""


def _values(said: dict[str, object]) -> Iterator[str]:
    """Strings and numbers are written in TOML as they are in JSON."""
    return (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items() if value != "")
