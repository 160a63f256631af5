"""Add agencies and teams; open and close accounts; give roles. Each is a grant, and each is in the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor, record
from knownto.partners.models import Agency, Team, Worker, sign_in_token
from knownto.policy import ROLES


class NotAllowed(Exception):
    """The grant was refused. The text is for whoever asked, and holds nobody's data."""


class OwnAccount(NotAllowed):
    """Nobody gives themselves a role, or closes the account they are using."""


class NameTaken(NotAllowed):
    """Somebody has that sign-in name already."""


class NoSuchThing(NotAllowed):
    """An agency, team, role or account that does not exist."""


def add_agency(
    *, by: Actor, now: datetime, code: str, name: str, connected: bool = False, order: int = 0, simulated: bool = False
) -> Agency:
    """Register a partner. `connected` says that it sends a feed."""
    with transaction.atomic():
        agency = Agency.objects.create(code=code, name=name, connected=connected, order=order)
        _granted(by, now, "add-agency", [code], {"connected": connected}, simulated)
    return agency


def set_connected(*, by: Actor, now: datetime, agency: str, connected: bool, simulated: bool = False) -> None:
    """Say that an agency sends a feed, or no longer does."""
    with transaction.atomic():
        if not Agency.objects.filter(code=agency).update(connected=connected):
            raise NoSuchThing("There is no such agency.")
        _granted(by, now, "set-connected", [agency], {"connected": connected}, simulated)


def add_team(
    *,
    by: Actor,
    now: datetime,
    agency: str,
    code: str,
    name: str,
    phone: str,
    hours: str,
    email: str = "",
    out_of_hours: str = "",
    simulated: bool = False,
) -> Team:
    """Register a team and how to reach it. The route is the team's, never a person's."""
    with transaction.atomic():
        team = Team.objects.create(
            agency_id=agency, code=code, name=name, phone=phone, hours=hours, email=email, out_of_hours=out_of_hours
        )
        _granted(by, now, "add-team", [f"{agency}/{code}"], {"phone": phone}, simulated)
    return team


def set_route(
    *,
    by: Actor,
    now: datetime,
    agency: str,
    team: str,
    phone: str,
    hours: str,
    email: str = "",
    out_of_hours: str = "",
    simulated: bool = False,
) -> Team:
    """Change how a team is reached. Raises NoSuchThing."""
    with transaction.atomic():
        row = _team(agency, team)
        row.phone, row.hours, row.email, row.out_of_hours = phone, hours, email, out_of_hours
        row.save(update_fields=["phone", "hours", "email", "out_of_hours"])
        _granted(by, now, "set-route", [f"{agency}/{team}"], {"phone": phone}, simulated)
    return row


def rename(*, by: Actor, now: datetime, agency: str, team: str = "", name: str) -> None:
    """Call an agency, or a team of it, by another name. Raises NoSuchThing."""
    with transaction.atomic():
        row = _team(agency, team) if team else _agency(agency)
        row.name = name
        row.save(update_fields=["name"])
        _granted(by, now, "rename", [f"{agency}/{team}" if team else agency], {}, False)


def open_account(
    *,
    by: Actor,
    now: datetime,
    sign_in_name: str,
    name: str,
    agency: str,
    roles: Iterable[str],
    password: str,
    team: str = "",
    first_password: bool = False,
    simulated: bool = False,
) -> Worker:
    """Open an account. `first_password` means that it must be changed before anything else is done with it.

    Raises NameTaken or NoSuchThing.
    """
    held = _known(roles)
    with transaction.atomic():
        if Worker.objects.filter(sign_in=sign_in_token(sign_in_name)).exists():
            raise NameTaken("That sign-in name is taken.")
        worker = Worker(
            id=uuid4(),
            sign_in=sign_in_token(sign_in_name),
            agency=_agency(agency),
            team=_team(agency, team) if team else None,
            roles=held,
            first_password=first_password,
        )
        [key] = keyring.create()
        worker.seal_into({"name": name, "sign_in_name": sign_in_name}, key)
        worker.set_password(password)
        worker.save(force_insert=True)
        _granted(by, now, "open-account", [str(worker.id)], {"roles": held, "agency": agency}, simulated)
    return worker


def close_account(*, by: Actor, now: datetime, worker: UUID, simulated: bool = False) -> None:
    """Close an account: its sessions end with the next request. Raises OwnAccount or NoSuchThing."""
    with transaction.atomic():
        row = _somebody_else(by, worker)
        row.is_active, row.closed_at = False, now
        row.save(update_fields=["is_active", "closed_at"])
        _granted(by, now, "close-account", [str(worker)], {}, simulated)


def change_roles(*, by: Actor, now: datetime, worker: UUID, roles: Iterable[str], simulated: bool = False) -> None:
    """Give exactly these roles, from the next request on. Raises OwnAccount or NoSuchThing."""
    held = _known(roles)
    with transaction.atomic():
        row = _somebody_else(by, worker)
        before, row.roles = row.roles, held
        row.save(update_fields=["roles"])
        _granted(by, now, "change-roles", [str(worker)], {"before": before, "roles": held}, simulated)


def give_first_password(*, by: Actor, now: datetime, worker: UUID, password: str) -> None:
    """Let somebody who forgot theirs in again, once: they must then choose another. Raises OwnAccount."""
    with transaction.atomic():
        row = _somebody_else(by, worker)
        row.set_password(password)
        row.first_password = True
        row.save(update_fields=["password", "first_password"])
        _granted(by, now, "first-password", [str(worker)], {}, False)


def own_password_chosen(*, worker: Worker) -> None:
    """The worker has replaced the password that somebody else gave them."""
    Worker.objects.filter(pk=worker.pk, first_password=True).update(first_password=False)
    worker.first_password = False


def _granted(by: Actor, now: datetime, what: str, about: list[str], detail: dict, simulated: bool) -> None:
    record(kind="grant", by=by, about=about, because=what, detail=detail or None, now=now, simulated=simulated)


def _known(roles: Iterable[str]) -> list[str]:
    held = sorted(set(roles))
    if not held or not set(held) <= set(ROLES):
        raise NoSuchThing("Choose at least one role, and only roles that exist.")
    return held


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NoSuchThing("There is no such agency.")
    return agency


def _team(agency: str, code: str) -> Team:
    team = Team.objects.filter(agency=agency, code=code).first()
    if team is None:
        raise NoSuchThing("That agency has no such team.")
    return team


def _somebody_else(by: Actor, worker: UUID) -> Worker:
    if by.worker == worker:
        raise OwnAccount("Nobody may change their own account in this way.")
    row = Worker.objects.select_for_update().filter(pk=worker, is_active=True).first()
    if row is None:
        raise NoSuchThing("There is no such open account.")
    return row
