"""Whom to ring: the team that has it, or the one that answers for the agency where nobody has."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from knownto.partners import offices
from knownto.partners import reads as partners
from knownto.partners.models import Team


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach a team. `closed` says what to do when they are not there; "" when they always are."""

    team: str
    phone: str
    hours: str
    closed: str
    id: int = 0  # the team's, to ask it


class Routes:
    """The routes of every team, read once for a page."""

    def __init__(self) -> None:
        self._teams = sorted(partners.teams(), key=lambda team: team.pk)
        self._by_code = {(team.agency_id, team.code): team for team in self._teams}

    def to(self, agency: str, codes: Iterable[str]) -> tuple[Route, ...]:
        """The routes to those teams of that agency, in that order; a team that is gone leads to the front
        door.
        """
        found = tuple(_route(self._by_code[agency, code]) for code in codes if (agency, code) in self._by_code)
        return found or self.front_door(agency)

    def front_door(self, agency: str) -> tuple[Route, ...]:
        """The team that the partnership says answers for the agency, or its only one. Schools have none."""
        teams = [team for team in self._teams if team.agency_id == agency]
        team = self._named(agency) or (teams[0] if len(teams) == 1 else None)
        return (_route(team),) if team else ()

    def instead(self, agency: str) -> tuple[Route, ...]:
        """Where no team of theirs may be told: the one that answers for the agency, or else the safeguarding hub. Never
        an agency's only team, which can be the very school.
        """
        with suppress(offices.NoSuchOffice):
            return (_route(self._named(agency) or offices.team_of("hub")),)
        return ()

    def _named(self, agency: str) -> Team | None:
        return self._by_code.get((agency, offices.front_door_code(agency)))


def _route(team: Team) -> Route:
    return Route(team.name, team.phone, team.hours, team.out_of_hours, team.pk)
