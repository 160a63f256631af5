"""What came of one file: what was taken, what was put aside and why, and how far it is while it loads."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Table
from knownto.face.sheets import download
from knownto.feeds import reads
from knownto.feeds.pages.presenter import progress_bar
from knownto.feeds.pages.reporting import COLUMNS, Decision, shown
from knownto.policy import Permission


@page(Permission.FEEDS_OWN)
@require_safe
def report(request: HttpRequest, file: UUID) -> HttpResponse:
    found = reads.one(request.viewer, file)
    if found.on_the_way:
        return render(request, "feeds/on_the_way.html", _loading(found))
    return shown(request, file, Decision())


def _loading(found: reads.Listed) -> dict:
    again = reverse("feeds:progress", args=[found.id])
    return {"heading": "Your file is on its way", "progress": progress_bar(found), "again": again, "file": found}


@page(Permission.FEEDS_OWN)
@require_safe
def progress(request: HttpRequest, file: UUID) -> HttpResponse:
    """The bar alone, asked for every second or two; when the file is done, the browser is sent to its report."""
    found = reads.one(request.viewer, file)
    answer = render(request, "feeds/bar.html", _loading(found))
    if not found.on_the_way:
        answer["HX-Redirect"] = reverse("feeds:file", args=[file])
    return answer


@page(Permission.FEEDS_OWN)
@require_safe
def rows(request: HttpRequest, file: UUID) -> HttpResponse:
    """All that was put aside, to correct it by. What the cells held is in the sender's own file."""
    found, cells = reads.bad_rows(request.viewer, file, now=request.now)
    table = Table("Rows put aside", COLUMNS, [(cell.line, cell.field, cell.reason) for cell in cells])
    return download(table, f"rows-put-aside-{found.as_of}")
