"""What was half written when a screen locked: kept in the session, which is sealed at rest, and put back once.

Only the worker who unlocks that session sees it again; signing out, or the end of the day, destroys it.
"""

import json
from typing import Any

from django.http import HttpRequest

from knownto.access import clock
from knownto.site import sessions

DRAFTS = "half_written"
MOST, LONGEST, MOST_FIELDS = 3, 50_000, 300  # forms, characters of each, answers of each
# Windows lock within seconds of each other; what comes later does not come from the worker who was there.
SECONDS_AFTER = 60
Fields = list[tuple[int, str, str]]


def keep(request: HttpRequest) -> bool:
    """Keep what a page that locks sends: its path, and [form, question, answer] of each; was it kept?"""
    locked = request.session.get(sessions.LOCKED)
    if locked and clock.now().timestamp() - float(locked) > SECONDS_AFTER:
        return False
    path, fields = request.POST.get("path", ""), _read(request.POST.get("fields", ""))
    if not path.startswith("/") or not fields:
        return False
    held = {key: value for key, value in request.session.get(DRAFTS, {}).items() if key != path}
    latest = [*held.items(), (path, fields)][-MOST:]
    request.session[DRAFTS] = dict(latest)
    return True


def _read(sent: str) -> Fields:
    if len(sent) > LONGEST:
        return []
    try:
        found = json.loads(sent)
    except ValueError:
        return []
    return found if isinstance(found, list) and len(found) <= MOST_FIELDS and all(map(_is_field, found)) else []


def _is_field(each: Any) -> bool:
    return isinstance(each, list) and [type(part) for part in each] == [int, str, str]


def put_back(request: HttpRequest) -> Fields:
    """What was half written on this page, once; [] for none. A page that is shown with errors has its own answers."""
    held = request.session.get(DRAFTS) or {}
    if request.method != "GET" or request.headers.get("HX-Request") or request.path not in held:
        return getattr(request, "put_back", [])
    fields = held.pop(request.path)
    request.session[DRAFTS] = held
    request.put_back = fields  # type: ignore[attr-defined]
    return fields


__all__ = ["DRAFTS", "SECONDS_AFTER", "keep", "put_back"]
