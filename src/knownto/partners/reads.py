"""Who there is: agencies, teams, workers. Names are opened here and go no further than the page that asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from knownto.keyring import acts as keyring
from knownto.partners.agreement import Agreement, agreements
from knownto.partners.models import Agency, Team, Worker, sign_in_token


@dataclass(frozen=True)
class Account:
    """A worker's account as the administrator sees it. `id` is opaque; `name` and `sign_in_name` were sealed."""

    id: UUID
    name: str
    sign_in_name: str
    agency: str
    agency_name: str
    team: str
    roles: tuple[str, ...]
    open: bool


def agencies() -> list[Agency]:
    """Every agency, in the order in which they are shown."""
    return list(Agency.objects.order_by("order", "code"))


def agency_names() -> dict[str, str]:
    return {a.code: a.name for a in agencies()}


def teams(agency: str = "") -> list[Team]:
    """Every team, or one agency's."""
    found = Team.objects.select_related("agency").order_by("agency__order", "code")
    return list(found.filter(agency=agency) if agency else found)


def accounts() -> list[Account]:
    """Every account, sorted by name: after opening, because no index may hold a name."""
    rows = list(Worker.objects.select_related("agency", "team"))
    found = [_account(row, plain) for row, plain in zip(rows, keyring.open_rows(rows), strict=True)]
    return sorted(found, key=lambda a: (not a.open, a.name.casefold()))


def account(worker: UUID) -> Account | None:
    row = Worker.objects.select_related("agency", "team").filter(pk=worker).first()
    return _account(row, row.plain) if row else None


def names(workers: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of those workers, by id."""
    rows = list(Worker.objects.filter(pk__in={w for w in workers if w}))
    return {row.pk: plain["name"] for row, plain in zip(rows, keyring.open_rows(rows), strict=True)}


def by_sign_in_name(name: str) -> Worker | None:
    return Worker.objects.select_related("agency", "team").filter(sign_in=sign_in_token(name)).first()


def agreements_on(day: date) -> list[tuple[Agreement, bool, bool]]:
    """Every agreement, with whether it is in force that day and whether its review is overdue."""
    return [(a, a.in_force(day), a.review < day) for a in agreements().values()]


def _account(row: Worker, plain: dict) -> Account:
    return Account(
        row.pk,
        plain["name"],
        plain.get("sign_in_name", ""),
        row.agency_id,
        row.agency.name,
        row.team.name if row.team else "",
        tuple(row.roles),
        row.is_active,
    )
