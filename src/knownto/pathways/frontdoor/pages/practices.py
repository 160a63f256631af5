"""What the health board and the designated doctor ask: GP practices' replies and health's analyses, month by month."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.face import sheets
from knownto.face.parts import Column, Table
from knownto.pathways.frontdoor import practices as counted
from knownto.pathways.frontdoor.known import GP_REQUEST, HEALTH_CHECK
from knownto.pathways.frontdoor.pages.returns import Chosen, chosen
from knownto.pathways.frontdoor.practices import Month
from knownto.policy import Permission

A_YEAR = timedelta(days=365)
KINDS = {
    "gp": (GP_REQUEST, "Requests to GP practices", "How it was used is recorded"),
    "health": (HEALTH_CHECK, "Health checks", "Analysed and signed after the answer"),
}


def _table(request: HttpRequest, which: str, period: Chosen) -> Table:
    kind, name, used = KINDS[which]
    found = counted.report(request.viewer, kind, period.since, period.until, request.now)
    headings = ("Sent", "Replied in time", "Replied late", "No reply, and late", "Still in time", "No longer asked")
    columns = [Column("Month", wide=True), *(Column(each, numeric=True) for each in (*headings, used))]
    return Table(name, columns, [_line(each) for each in found], dense=True, empty="None in this period.")


def _line(each: Month) -> tuple[str, ...]:
    counts = (each.sent, each.in_time, each.late, each.no_reply, each.waiting, each.withdrawn, each.used)
    return (f"{each.month:%B %Y}", *counts)


@page(Permission.INSPECT)
@require_http_methods(["GET", "HEAD"])
def practices(request: HttpRequest) -> HttpResponse:
    period = chosen(request, A_YEAR)
    tables = [
        (_table(request, which, period), f"{reverse('frontdoor:practices-csv', args=[which])}?{period.query}")
        for which in KINDS
    ]
    values = {
        "heading": "GP practices and health",
        "tables": tables,
        "form": period.form,
        "back": reverse("frontdoor:returns"),
        "hidden": counted.HIDDEN,
    }
    return render(request, "frontdoor/practices.html", values)


@page(Permission.INSPECT)
@require_http_methods(["GET", "HEAD"])
def practices_csv(request: HttpRequest, which: str) -> HttpResponse:
    period = chosen(request, A_YEAR)
    return sheets.download(_table(request, which if which in KINDS else "gp", period), f"{which}-{period.since}")
