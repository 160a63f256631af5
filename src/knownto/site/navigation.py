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
from knownto.glass import reads as glass
from knownto.policy import Permission
from knownto.site import drafts, sessions

# What belongs together on the start page, in the order of the menu; the site's own come last.
GROUPS: dict[str, tuple[str, ...]] = {
    "Your work": ("casework",),
    "Who is known to whom": ("footprint", "glass"),
    "The front door": ("pathways.frontdoor", "firewall"),
    "One person or two": ("identity",),
    "Sealed people": ("guarding",),
    "What partners send": ("feeds", "quality", "api"),
    "Oversight and accounts": ("assurance", "site"),
}
MOST = 7  # on every page; a manager's eighteen would fill a screen before the work begins
FOOTER = (
    ("A life depends on it", "glass:start", Permission.BREAK_GLASS),
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
    return [entry for modules in GROUPS.values() for name in modules for entry in _of(name)]


def _of(name: str) -> list[Entry]:
    module = f"knownto.{name}.addresses"
    if not (find_spec(f"knownto.{name}") and find_spec(module)):
        return []
    return [Entry(*said) for said in getattr(import_module(module), "NAVIGATION", [])]


def menu(viewer: Viewer) -> list[Entry]:
    """What this viewer may reach."""
    return [entry for entry in entries() if viewer.may(entry.permission)]


def grouped(viewer: Viewer) -> list[tuple[str, list[Entry]]]:
    """The same under headings, for the start page. A group of which the viewer may reach nothing is not there."""
    found = [
        (words, [entry for name in modules for entry in _of(name) if viewer.may(entry.permission)])
        for words, modules in GROUPS.items()
    ]
    return [(words, some) for words, some in found if some]


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
        "kept_form": drafts.put_back(request),
        "open_glass": _glass(viewer),
        "demo": settings.DEMO,
    }


def _links(request: HttpRequest, shown: list[Entry]) -> list[Link]:
    """The menu; the entry that this page is deepest under is the current one. What does not fit is on the start page,
    but the current one always fits."""
    over = [e.href for e in shown if request.path == e.href or request.path.startswith(e.href.rstrip("/") + "/")]
    here = max(over, key=len, default="")
    fitting = [e for at, e in enumerate(shown) if at < MOST or e.href == here]
    links = [Link(entry.words, entry.href, current=entry.href == here) for entry in fitting]
    return links if len(fitting) == len(shown) else [*links, Link("Everything", reverse("home") + "#everything")]


def _glass(viewer: Viewer) -> list[glass.OpenGlass]:
    """What this worker has open because a life depends on it: said on every page for as long as it is."""
    return list(glass.open_of(viewer.worker_id)) if viewer.may(Permission.BREAK_GLASS) else []


def _idle(request: HttpRequest) -> IdleLock:
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    told = {"still_here": reverse("still-here"), "keep": reverse("keep")}
    return IdleLock(settings.IDLE_LOCK_SECONDS, reverse("unlock") + back, **told)
