"""The start page: what you can do here, and what you should know before you rely on an answer."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from knownto.access.pages import page
from knownto.access.viewer import Viewer
from knownto.partners import reads as partners
from knownto.policy import Permission, role
from knownto.site.navigation import grouped

ABOUT_FEEDS = {Permission.SEARCH, Permission.FEEDS_STATE}


@dataclass(frozen=True)
class Notice:
    """A feed that cannot be relied on today. Said before a search, so that an answer is not misread."""

    agency: str
    said: str


@page(Permission.OWN_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    viewer: Viewer = request.viewer
    if not viewer.second_factor:
        return redirect("mfa_index")
    here = {
        "heading": f"{greeting(request.now)}, {viewer.name}",
        "title": "Start",
        "groups": grouped(viewer),
        "held": [role(code) for code in sorted(viewer.roles)],
        "notices": notices(viewer, request.now),
    }
    return render(request, "site/home.html", here)


def greeting(now: datetime) -> str:
    hour = localtime(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def notices(viewer: Viewer, now: datetime) -> list[Notice]:
    """Which feeds are late, for those who search or watch over feeds. None where nothing is fed yet."""
    if not any(viewer.may(p) for p in ABOUT_FEEDS) or not _fed():
        return []
    names = partners.agency_names()
    fresh = import_module("knownto.feeds.reads").freshness(now)
    return [Notice(names.get(code, code), _said(state)) for code, state in fresh.items() if _late(state)]


def _fed() -> bool:
    return bool(find_spec("knownto.feeds") and find_spec("knownto.feeds.reads"))


def _late(state: object) -> bool:
    return state.connected and (state.stale or getattr(state, "still_matching", False))


def _said(state: object) -> str:
    if not state.stale:
        return "The newest file is still being matched: some of it cannot be found yet."
    if state.last_as_of is None:
        return "No file has come yet, so nothing can be said about them."
    return f"The newest file is of {state.last_as_of:%d/%m/%Y}. What happened since then is not known here."
