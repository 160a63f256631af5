"""One meeting: for whoever runs it everything; for whoever is invited what they are asked, and what crossed to them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.casework.entering import entering
from knownto.casework.register import pathway
from knownto.face.parts import Column, Line, Phone, Table, Tag
from knownto.pathways.frontdoor import conferences, minutes, strategy
from knownto.pathways.frontdoor.gathering import Gathering, Place, gather
from knownto.pathways.frontdoor.seating import the_meeting
from knownto.policy import Permission

COLUMNS = (Column("For"), Column("Team", wide=True), Column("Ring"), Column("Answered"), Column("Information"))
CAME, WHY = Column("Came"), Column("Because", wide=True)


@page(Permission.EPISODE)
@require_safe
def meeting(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = seen(request, episode, meeting)
    values = {
        "heading": here.name, "title": here.name, "here": here, "now": request.now, "places": table(here),
        "state": standing(here), "moves": moves(here) if here.runs else [], "may_police": _may_police(request, here),
    }  # fmt: skip
    return render(request, "frontdoor/meeting.html", values)


def seen(request: HttpRequest, episode: UUID, meeting: UUID) -> Gathering:
    """That meeting, as far as the viewer takes part in it. Whoever opens it has had its minutes in front of them."""
    with entering(request.viewer, episode, Permission.EPISODE, kind="meeting-seen", now=request.now) as entered:
        row = the_meeting(entered.episode, meeting)
        here = gather(entered, row, request.viewer)
        if not here.runs and (here.own is None or "meetings" not in entered.sections):
            raise NotYours
        if here.versions:
            minutes.read(request.viewer, row, request.now)
        return here


def standing(here: Gathering) -> Tag:
    if here.cancelled_at:
        return Tag("Called off", "grey")
    if here.held_at is None:
        return Tag("To come")
    return Tag("Held, quorate", "green") if here.quorate else Tag("Held, not quorate", "red")


def table(here: Gathering) -> Table:
    """Who was asked, what they answered, and whether they came."""
    rows = [_row(here, each) for each in here.places]
    columns = (*COLUMNS, *((CAME,) if here.held_at else ()), *((WHY,) if here.runs else ()))
    title = "Who was needed, and who came" if here.held_at else "Who is needed"
    return Table(title, columns, rows, size="s", empty="Nobody is invited yet.")


def _row(here: Gathering, each: Place) -> Line:
    required = "" if each.required else " (welcome)"
    because = each.said.get("why_not") or each.said.get("because") or ""
    cells = (
        each.name + required, f"{each.team}, {each.agency}", Phone(each.phone), _answered(each),
        "Sent or told" if each.informed else "None yet", *((_came(each),) if here.held_at else ()),
        *((because,) if here.runs else ()),
    )  # fmt: skip
    return Line(cells, mark="late" if each in here.missing else "")


def _answered(each: Place) -> str:
    if not each.invited:
        return "Not invited"
    said = {None: "No answer yet", True: "Coming", False: "Not coming"}[each.accepted]
    return f"{said}: {each.said['substitute']} instead" if each.said.get("substitute") else said


def _came(each: Place) -> str:
    if not each.attended:
        return "Did not come"
    return f"{each.said['instead']} came instead" if each.said.get("instead") else "Came"


def moves(here: Gathering) -> list[Any]:
    """The decisions that may follow from this meeting as the work stands."""
    codes = strategy.AFTER if here.kind == "strategy" else conferences.DECIDES.get(here.kind, ())
    path = pathway("protection")
    return [path.move(code) for code in codes if here.held_at and here.state in path.move(code).sources]


def _may_police(request: HttpRequest, here: Gathering) -> bool:
    sources = pathway("protection").move("police-investigate").sources
    return request.viewer.agency == "police" and bool(here.held_at) and here.state in sources and here.own is not None
