"""The one place where a session begins, and where it ends. Every way of signing in comes through `begin`."""

from uuid import UUID, uuid4

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.http import HttpRequest

from knownto.access import clock
from knownto.access.fresh import PROVED
from knownto.access.middleware import SECOND_FACTOR
from knownto.ledger.acts import Actor, record
from knownto.partners.models import Worker
from knownto.site.models import Seat

BACKEND = "knownto.site.sign_in.BySealedName"
BEGAN, LAST_SEEN, LOCKED, SEAT, SHARED = "began", "last_seen", "locked", "seat", "shared"


def begin(request: HttpRequest, worker: Worker, *, how: str, second_factor: bool, shared: bool = False) -> None:
    """Open a session under a new key. `shared` is for the demonstration's personas, which several people may use.

    Anybody else's earlier session ends: a worker has one seat.
    """
    now = clock.now()
    open_session(request, worker, backend=BACKEND)
    request.session.update(
        {SECOND_FACTOR: second_factor, BEGAN: now.timestamp(), LAST_SEEN: now.timestamp(), SHARED: shared}
    )
    request.session.pop(LOCKED, None)
    if not shared:
        request.session[SEAT] = str(take_seat(worker.pk))
        ways = ("password", "code") if second_factor else ("password",)
        request.session[PROVED] = dict.fromkeys(ways, now.timestamp())
    request.began_for = worker.pk  # type: ignore[attr-defined]
    record(kind="sign-in", by=actor(worker), because=how, now=now)


def take_seat(worker: UUID) -> UUID:
    number = uuid4()
    Seat.objects.update_or_create(worker=worker, defaults={"number": number})
    return number


def has_seat(request: HttpRequest) -> bool:
    """Is this still the session that the worker signed in with last?"""
    if request.session.get(SHARED):
        return True
    return Seat.objects.filter(worker=request.user.pk, number=request.session.get(SEAT)).exists()


def second_factor_given(request: HttpRequest) -> None:
    """The worker has just proved that they hold the second factor: the rest of the product opens."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = True
    record_authentication(request, request.user, "mfa", type="totp")
    record(kind="second-factor", by=actor(request.user), because="set-up", now=clock.now())


def second_factor_removed(request: HttpRequest) -> None:
    """Until another is set up, only the worker's own account can be reached."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = False
    record(kind="second-factor", by=actor(request.user), because="removed", now=clock.now())


def end(request: HttpRequest, *, why: str) -> None:
    """Close the session, record why, and have the browser forget what it showed."""
    if request.user.is_authenticated:
        record(kind="sign-out", by=actor(request.user), because=why, now=clock.now())
    close_session(request)
    request.forget = True  # type: ignore[attr-defined]


def actor(worker: Worker) -> Actor:
    return Actor(worker.pk, worker.agency_id, ",".join(sorted(worker.roles)))
