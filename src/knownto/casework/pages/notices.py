"""What I and my team are to be told: read here, and not new any more."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.casework import notices as told
from knownto.casework import presenting
from knownto.casework.pages.asked_for import page_of
from knownto.face.parts import Link
from knownto.policy import Permission


@page(Permission.WORK)
def notices(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        ids = [int(each) for each in request.POST.getlist("notice") if each.isascii() and each.isdigit()]
        told.read(by=request.viewer, notices=ids[: told.A_PAGE], now=request.now)
        return redirect("casework:notices")
    seen, page = request.GET.get("read") == "yes", page_of(request)
    found = told.notices(request.viewer, seen=seen, page=page, now=request.now)
    values = {
        "heading": "Notices",
        "sections": [Link("New", "?", current=not seen), Link("Read", "?read=yes", current=seen)],
        "notices": found.told,
        "seen": seen,
        "now": request.now,
        "pages": presenting.pages(page, found.more, read="yes" if seen else ""),
    }
    return render(request, "casework/notices.html", values)


@page(Permission.WORK)
@require_safe
def follow(request: HttpRequest, notice: int) -> HttpResponse:
    """To what the notice is about, and it is no longer new."""
    found = told.follow(by=request.viewer, notice=notice, now=request.now)
    if found is None:
        raise Http404
    return redirect(presenting.address(found.page, found.page_of) or "casework:notices")
