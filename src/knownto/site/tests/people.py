"""Workers for tests, made through acts, and signed in through the product's own beginning of a session."""

import time
from datetime import UTC, datetime

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from knownto.ledger.acts import Actor
from knownto.partners import acts
from knownto.partners.models import Agency, Team, Worker

BY = Actor(None, "", "system")
THEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "three words apart"


def agency(code: str = "childrens-social-care", name: str = "Children's social care") -> Agency:
    found = Agency.objects.filter(code=code).first()
    return found or acts.add_agency(by=BY, now=THEN, code=code, name=name, connected=True)


def team(code: str = "mash", of: str = "childrens-social-care") -> Team:
    agency(of)
    return acts.add_team(by=BY, now=THEN, agency=of, code=code, name=code, phone="01632 960100", hours="always")


def worker(role: str = "screener", *, of: str = "childrens-social-care", name: str = "", **more: object) -> Worker:
    """An open account that holds `role`. The sign-in name is `role.of` unless given."""
    agency(of)
    said = {"sign_in_name": f"{role}.{of}", "name": name or f"Test {role}", "password": PASSWORD} | more
    return acts.open_account(by=BY, now=THEN, agency=of, roles=[role] if role else [], **said)


def sign_in(client: Client, someone: Worker, *, second_factor: bool = True) -> Worker:
    """Give that client a session as `sessions.begin` leaves one."""
    from knownto.access import clock
    from knownto.access.fresh import PROVED
    from knownto.access.middleware import SECOND_FACTOR
    from knownto.site import sessions

    client.force_login(someone, backend=sessions.BACKEND)
    session = client.session
    now = clock.now().timestamp()
    session.update({SECOND_FACTOR: second_factor, sessions.BEGAN: now, sessions.LAST_SEEN: now})
    session[PROVED] = {"password": now, "code": now}
    session[sessions.SEAT] = str(sessions.take_seat(someone.pk))
    session.save()
    return someone


def code(secret: str, *, ago: int = 0) -> str:
    """What an authenticator app shows, or showed `ago` half minutes before. In tests it lasts 30 seconds more."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 - ago))


__all__ = ["BY", "PASSWORD", "THEN", "agency", "code", "sign_in", "team", "worker"]
