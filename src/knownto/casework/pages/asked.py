"""What I or my team asked of others, and still wait for; and from a piece of work to what was asked in it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.casework import answering, owing, presenting
from knownto.casework.owing import MOST
from knownto.casework.pages.asked_for import as_sheet, page_of, when_of
from knownto.casework.pages.work import sections
from knownto.face import sheets
from knownto.policy import Permission

COME_BACK = 20
EMPTY = "You wait for nobody: everything that you or your team asked of this kind has come back."


@page(Permission.WORK)
@fresh(when=as_sheet)
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    when = when_of(request)
    if as_sheet(request):
        everything = owing.waited_for(request.viewer, when, size=MOST, now=request.now)
        return sheets.download(presenting.asked_sheet(everything.items), "asked-of-others")
    page = page_of(request)
    found = owing.waited_for(request.viewer, when, page=page, now=request.now)
    back = owing.come_back(request.viewer, most=COME_BACK, now=request.now)
    values = {
        "heading": "What I asked of others",
        "sections": sections("asked"),
        "filters": presenting.filters(when),
        "table": presenting.asked_table(found.items, now=request.now, empty=EMPTY),
        "nothing": not found.items and page == 1,
        "late": found.late,
        "pages": presenting.pages(page, found.more, when=request.GET.get("when", "")),
        "sheet": f"?as=csv&when={when.value}",
        "come_back": presenting.back_table(back, now=request.now) if back else None,
    }
    return render(request, "casework/asked.html", values)


@page(Permission.WORK)
@require_safe
def of(request: HttpRequest, episode: UUID) -> HttpResponse:
    """To the last thing that was asked in that piece of work, where work is no more than a question."""
    return redirect("casework:ask", answering.last_of(request.viewer, episode))
