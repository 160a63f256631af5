"""What is on every page: the menu, who is signed in, and when the screen locks.

Each module says in its `addresses.NAVIGATION` what belongs in the menu: (words, route, permission). The menu shows what
the viewer's roles include, and nothing else.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from knownto.access.viewer import Viewer
from knownto.face.parts import IdleLock, Link, SignedIn
from knownto.policy import Permission
from knownto.site import sessions

# In the order of the menu; the site's own come last.
MODULES = ("casework", "pathways.frontdoor", "footprint", "identity", "feeds", "quality", "assurance", "api")
FOOTER = (
    ("Sharing agreements", "agreements", Permission.AGREEMENTS),
    ("What each role may do", "roles", Permission.AGREEMENTS),
    ("Your account", "mfa_index", Permission.OWN_ACCOUNT),
    ("Lock this screen", "unlock", Permission.OWN_ACCOUNT),
)


@dataclass(frozen=True)
class Entry:
    """A place in the menu, with a line that says what it is for (on the home page)."""

    words: str
    route: str
    permission: Permission
    hint: str = ""

    @property
    def href(self) -> str:
        return reverse(self.route)


def entries() -> list[Entry]:
    """Everything that any module puts in the menu."""
    found: list[Entry] = []
    for name in (*MODULES, "site"):
        module = f"knownto.{name}.addresses"
        if find_spec(f"knownto.{name}") and find_spec(module):
            found += [Entry(*said) for said in getattr(import_module(module), "NAVIGATION", [])]
    return found


def menu(viewer: Viewer) -> list[Entry]:
    """What this viewer may reach."""
    return [entry for entry in entries() if viewer.may(entry.permission)]


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the page frame shows."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or request.session.get(sessions.LOCKED):
        return {"footer_links": [], "demo": settings.DEMO}
    return {
        "navigation": _links(request, menu(viewer)) if viewer.second_factor else [],
        "signed_in": SignedIn(viewer.name, viewer.agency_name, reverse("account_logout"), viewer.role_names),
        "footer_links": [Link(words, reverse(route)) for words, route, needed in FOOTER if viewer.may(needed)],
        "idle_lock": _idle(request),
        "demo": settings.DEMO,
    }


def _links(request: HttpRequest, shown: list[Entry]) -> list[Link]:
    """The menu; the entry that this page is deepest under is the current one."""
    over = [e.href for e in shown if request.path == e.href or request.path.startswith(e.href.rstrip("/") + "/")]
    here = max(over, key=len, default="")
    return [Link(entry.words, entry.href, current=entry.href == here) for entry in shown]


def _idle(request: HttpRequest) -> IdleLock:
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return IdleLock(settings.IDLE_LOCK_SECONDS, reverse("unlock") + back, still_here=reverse("still-here"))
