"""The search page: ask, and be sent to the answer. What was typed is never in an address."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from knownto.access.pages import page
from knownto.face.parts import Row
from knownto.footprint import acts
from knownto.footprint.pages.asking import Ask
from knownto.footprint.why import Why
from knownto.policy import PURPOSES, Permission
from knownto.policy.purposes import FAMILY_STANDING

KEPT = "why"  # in the session, which is sealed at rest
KEPT_FOR = timedelta(minutes=60)


@page(Permission.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _asked(request)
    kept = _kept(request)
    return _shown(request, _form(request, kept=kept, hide=kept is not None and "change" not in request.GET))


def _asked(request: HttpRequest) -> HttpResponse:
    form = _form(request, data=request.POST, hide="kept" in request.POST)
    if not form.is_valid():
        if form.hides_why and form.why_is_wrong():
            form = _form(request, data=request.POST)
        return _shown(request, form)
    made = acts.search(by=request.viewer, question=form.question, why=form.why, now=request.now)
    request.session[KEPT] = form.why.to_json() | {"at": made.at.isoformat()}
    return redirect("footprint:answer", made.id)


def _form(request: HttpRequest, *, data=None, kept: Why | None = None, hide: bool = False) -> Ask:
    return Ask(data, viewer=request.viewer, today=localdate(request.now), kept=kept, hide=hide)


def _shown(request: HttpRequest, form: Ask) -> HttpResponse:
    values = {"form": form, "heading": "Who is this person known to?", "title": "Search", "why": why_rows(form)}
    return render(request, "footprint/search.html", values)


def _kept(request: HttpRequest) -> Why | None:
    """The reason of the search before, while it is recent: an old reason must not be carried on by habit."""
    said = dict(request.session.get(KEPT) or {})
    at = said.pop("at", None)
    if at is None or request.now - datetime.fromisoformat(at) > KEPT_FOR:
        return None
    return Why.from_json(said)


def why_rows(form: Ask) -> list[Row]:
    """The kept reason in words, for a form that carries it along unseen."""
    return said_why(form.carried()) if form.hides_why else []


def said_why(why: Why) -> list[Row]:
    """A reason, in words: the purpose with its law, the work, and how the family stands."""
    purpose = PURPOSES.get(why.purpose)
    rows = [Row("Purpose", purpose.name if purpose else ""), Row("Piece of work", why.work)]
    if why.family:
        standing = FAMILY_STANDING.get(why.family, "")
        rows.append(Row("Family", f"{standing}: {why.family_reason}" if why.family_reason else standing))
    if purpose:
        rows.append(Row("Lawful basis", purpose.basis))
    return rows
