"""Which team is which office: what a pathway calls "the hub" or "health" is, here and today, that team.

A local setting (`offices.toml`, or the file that KNOWNTO_OFFICES names).
"""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.partners.models import Team


class NoSuchOffice(LookupError):
    """The setting names no team for that office, or the team is not registered: work would have no owner."""


@cache
def _table() -> dict[str, dict]:
    return tomllib.loads(Path(settings.OFFICES_FILE).read_text(encoding="utf-8"))


def team_of(office: str) -> Team:
    """The team that is that office. Raises NoSuchOffice."""
    return _team(*_table()["office"].get(office, ("", "")), office)


def front_door_of(agency: str) -> Team:
    """The team that answers for that agency. Raises NoSuchOffice (schools have none: each school is one)."""
    return _team(agency, front_door_code(agency), agency)


def front_door_code(agency: str) -> str:
    """The code of that team, "" where the setting names none."""
    return _table()["front-door"].get(agency, "")


def offices_of(team: Team) -> frozenset[str]:
    """The offices that this team is."""
    here = [team.agency_id, team.code]
    return frozenset(office for office, there in _table()["office"].items() if there == here)


def without_a_team() -> list[tuple[str, str]]:
    """Offices and front doors whose team is not registered, with that team: work for them would have no owner."""
    there = set(Team.objects.values_list("agency_id", "code"))
    meant = {office: tuple(team) for office, team in _table()["office"].items()}
    meant |= {f"front door of {agency}": (agency, code) for agency, code in _table()["front-door"].items()}
    return [(office, "/".join(team)) for office, team in meant.items() if team not in there]


def _team(agency: str, code: str, asked: str) -> Team:
    found = Team.objects.select_related("agency").filter(agency=agency, code=code).first()
    if found is None:
        raise NoSuchOffice(asked)
    return found
