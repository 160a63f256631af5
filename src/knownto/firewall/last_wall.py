"""The last wall: a page of work that is about to be shown to somebody from whom something is kept is read through once
more, words and all, and so is every file that anybody takes along.

People are cleared where they are shown; this is for what somebody wrote in a note, an answer or minutes. Not for the
tracker's own pages: what is shown there of what was typed would tell whoever typed it whether it was right.
"""

import html
import logging
import re
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from knownto.access.acts import record_refusal, rows_open
from knownto.access.viewer import Viewer
from knownto.firewall import audiences, checks, contents
from knownto.firewall.audiences import Audience
from knownto.firewall.models import Mark, Protection

log = logging.getLogger(__name__)
WORK = frozenset({"frontdoor", "casework"})
READ = ("text/html", "text/csv", "text/calendar", "application/json")
_NOT_SAID = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.S | re.I)


class LastWall:
    """Middleware, inside whatever says who is asking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        viewer: Viewer | None = getattr(request, "viewer", None)
        if viewer is None or response.streaming or not _is_read(response):
            return response
        try:
            reader = _reader(request, response, viewer)
            if reader:
                checks.must_not_leave([_said(response)], reader)
        except (checks.HoldsProtected, checks.CouldNotCheck) as error:
            return _not_shown(request, viewer, error.code)
        except Exception as error:  # noqa: BLE001 (fail closed)
            log.error("A page could not be read through: %s", type(error).__name__)  # noqa: TRY400
            return _not_shown(request, viewer, "could-not-check")
        return response


def _is_read(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(READ)


def _reader(request: HttpRequest, response: HttpResponse, viewer: Viewer) -> Audience | None:
    """As whom the page is read: whoever takes a file along, or somebody from whom something is kept; else nobody."""
    if "attachment" in response.get("Content-Disposition", ""):
        return audiences.on_paper(viewer)
    match = request.resolver_match
    if match is None or not WORK & set(match.namespaces) or not _kept_from(viewer):
        return None
    return audiences.on_page(viewer)


def _kept_from(viewer: Viewer) -> bool:
    token = contents.of_name(viewer.name)
    namesake = Q(marks__kind=Mark.Kind.NAMESAKE, marks__token=token) if token is not None else Q(pk__in=[])
    theirs = Q(agency=viewer.agency) | Q(team__worker=viewer.worker_id)
    with transaction.atomic(), rows_open("system:firewall", ""):
        return Protection.objects.filter(theirs | namesake, lifted_at=None).exists()


def _said(response: HttpResponse) -> str:
    text = response.content.decode(response.charset or "utf-8", "replace")
    if response["Content-Type"].startswith("text/html"):
        return html.unescape(_NOT_SAID.sub(" ", text))
    return text


def _not_shown(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The same words whatever it was."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    record_refusal(viewer, code=code, what=route, now=request.now)  # type: ignore[attr-defined]
    because = f"This cannot be shown here just now: {checks.ring()}."
    return render(request, "refused.html", {"because": because}, status=403)
