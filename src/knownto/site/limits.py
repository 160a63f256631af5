"""How often somebody may try to sign in, counted so that nobody can lock anybody else out.

Wrong passwords are counted by sign-in name *and* address together: a stranger who guesses at the duty officer's name
exhausts the stranger's own tries. A browser that has signed somebody in before carries a signed, nameless cookie and
is counted by itself, so that not even a colleague behind the same office address can use up its tries. A name has
no limit of its own, because that limit is the lock-out; the second factor and the ledger's record of every wrong try
stand behind it.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from knownto.keyring.acts import secret_digest

KNOWN_BROWSER = "__Host-knownto_browser" if settings.TLS else "knownto_browser"
SALT = "a browser that has signed this worker in"
A_YEAR = 365 * 24 * 60 * 60


def blind(key: str, prefix: str, version: int) -> str:
    """A cache key as it is stored: no name, address or id can be read from it."""
    return secret_digest(f"{prefix}:{version}:{key}")


def vouch(request: HttpRequest, response: HttpResponse, worker: UUID) -> None:
    """Let this browser be known again when that worker signs in. Overwrites whoever it was known for."""
    value = signing.dumps(str(worker), salt=SALT)
    response.set_cookie(
        KNOWN_BROWSER, value, max_age=A_YEAR, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def known_browser(request: HttpRequest, worker: UUID | None) -> str:
    """The browser's own mark when it has signed that worker in before, or nothing."""
    held = request.COOKIES.get(KNOWN_BROWSER, "")
    try:
        said = signing.loads(held, salt=SALT, max_age=A_YEAR)
    except signing.BadSignature:
        return ""
    return held if worker and said == str(worker) else ""
