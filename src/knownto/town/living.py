"""The borough lived: its partners founded and its year of files handed in, only by what anybody else would do.

Everything goes through acts, on the town's own calendar: entries in the ledger say that they are simulated. Doing it
again picks up where it stopped, because the same file twice changes nothing.
"""

import csv
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from knownto.feeds import acts as feeds
from knownto.identity import acts as identity
from knownto.identity import queue
from knownto.ledger.acts import Actor
from knownto.ledger.sequence import sequence
from knownto.partners import acts as partners
from knownto.partners.models import Agency, Team
from knownto.town.cast import agencies, personas, teams

FOUNDER = Actor(None, "", "founding")
ARRIVES = time(5, 30, tzinfo=UTC)  # early morning, as a partner's nightly job would
Progress = Callable[[str, int, int], None]
# When each agency's files are expected, following its habits: the schools' comes on Fridays in term, so that in the
# holidays it is late, and the tracker says so.
EXPECTED: dict[str, dict[str, Any]] = {
    "police": {"every": "daily"},
    "childrens-social-care": {"every": "working_daily"},
    "hospital": {"every": "daily"},
    "school": {"every": "weekly", "weekday": 4, "days_after": 3},
}


@dataclass(frozen=True)
class Delivery:
    """One file, and the day on which it came."""

    agency: str
    path: Path
    day: date

    @property
    def mode(self) -> str:
        return self.path.name.split("_")[1]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.path.name.split("_")[2][:10])

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, ARRIVES)


def found(size: str, *, now: datetime) -> None:
    """Agencies, teams and the people to sign in as, those that are not there yet."""
    found_partners(size, now=now)
    _open_accounts({"by": FOUNDER, "now": now, "simulated": True})


def found_partners(size: str, *, now: datetime) -> None:
    """Agencies and teams, those that are not there yet."""
    at = {"by": FOUNDER, "now": now, "simulated": True}
    there = set(Agency.objects.values_list("code", flat=True))
    for agency in agencies():
        if agency.code not in there:
            partners.add_agency(
                code=agency.code, name=agency.name, connected=agency.connected, order=agency.order, **at
            )
    reached = set(Team.objects.values_list("agency_id", "code"))
    for team in teams(size):
        if (team.agency, team.code) not in reached:
            route = {"phone": team.phone, "email": team.email, "hours": team.hours, "out_of_hours": team.out_of_hours}
            partners.add_team(agency=team.agency, code=team.code, name=team.name, **route, **at)
    for agency, expected in EXPECTED.items():
        feeds.set_up(agency=agency, **expected, **at)


def _open_accounts(at: dict) -> None:
    """Personas are signed in with one click; the password that an account must have is known to nobody."""
    for persona in personas():
        try:
            partners.open_account(
                sign_in_name=persona.sign_in,
                name=persona.name,
                agency=persona.agency,
                team=persona.team,
                roles=persona.roles,
                password=secrets.token_urlsafe(24),
                **at,
            )
        except partners.NameTaken:
            continue


def live(folder: Path, *, progress: Progress) -> None:
    """Hand in every file in the order in which it came, then match and number what they brought."""
    coming = list(deliveries(folder))
    for number, delivery in enumerate(coming, 1):
        feeds.take_in(
            delivery.path,
            agency=delivery.agency,
            mode=delivery.mode,
            as_of=delivery.as_of,
            by=Actor(None, delivery.agency, "feed"),
            now=delivery.at,
            simulated=True,
        )
        progress("Handing in a year of files", number, len(coming))
    last = coming[-1].at
    feeds.purge(now=last)
    identity.catch_up(now=last, progress=lambda done, of: progress("Working out who is who", done, of))
    queue.keep_all(now=last)
    while sequence(last):
        pass


def deliveries(folder: Path) -> Iterator[Delivery]:
    with (folder / "truth" / "deliveries.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            path = folder / "feeds" / line["agency"] / line["file"]
            yield Delivery(line["agency"], path, date.fromisoformat(line["delivered_on"]))
