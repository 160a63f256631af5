"""My work, and my team's: everything owed, the next due first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.casework import notices, owing, presenting
from knownto.casework.owing import MOST, Whose
from knownto.casework.pages.asked_for import as_sheet, page_of, when_of
from knownto.face import sheets
from knownto.face.parts import Link
from knownto.policy import Permission

UNTAKEN = 10
LISTS = (
    ("mine", "My work", "work"),
    ("team", "My team's work", "team"),
    ("asked", "What I asked of others", "asked"),
)
EMPTY = {
    Whose.MINE: "Nothing has your name on it. What nobody has taken is below; everything is in your team's work.",
    Whose.TEAM: "Your team owes nobody anything of this kind.",
}


@page(Permission.WORK)
@fresh(when=as_sheet)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _listed(request, Whose.MINE)


@page(Permission.WORK)
@fresh(when=as_sheet)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    return _listed(request, Whose.TEAM)


def _listed(request: HttpRequest, whose: Whose) -> HttpResponse:
    viewer, when, now = request.viewer, when_of(request), request.now
    if as_sheet(request):
        everything = owing.owed(viewer, whose, when, size=MOST, now=now)
        return sheets.download(presenting.work_sheet(everything.items, me=viewer.worker_id), f"work-{whose.value}")
    page = page_of(request)
    found = owing.owed(viewer, whose, when, page=page, now=now)
    shown = {"me": viewer.worker_id, "now": now}
    values = {
        "heading": "My work" if whose is Whose.MINE else "My team's work",
        "sections": sections(whose.value),
        "filters": presenting.filters(when),
        "table": presenting.work_table(found.items, caption="Work", empty=EMPTY[whose], **shown),
        "nothing": not found.items and page == 1,
        "late": found.late,
        "pages": presenting.pages(page, found.more, when=request.GET.get("when", "")),
        "sheet": f"?as=csv&when={when.value}",
        "new_notices": notices.new(viewer),
    }
    if whose is Whose.MINE:
        untaken = owing.owed(viewer, Whose.NOBODY, owing.When.ALL, size=UNTAKEN, now=now)
        if untaken.items:
            values["untaken"] = presenting.work_table(untaken.items, caption="Nobody has taken", empty="", **shown)
            values["more_untaken"] = untaken.more
    return render(request, "casework/work.html", values)


def sections(current: str) -> list[Link]:
    """The three lists that belong together."""
    return [Link(said, reverse(f"casework:{route}"), current=code == current) for code, said, route in LISTS]
