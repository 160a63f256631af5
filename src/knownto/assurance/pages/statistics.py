"""Counts of use for the scrutineer: no worker, no person, and no number small enough to point at one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.acts import Request, asking
from knownto.access.pages import page
from knownto.assurance import statistics
from knownto.assurance.statistics import BY, COUNTED, Use
from knownto.face.parts import Column, Link, Table
from knownto.face.sheets import download
from knownto.policy import Permission

HELD_BACK = "held back"


@page(Permission.STATISTICS)
@require_safe
def use(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("count", "searches")
    code = code if code in COUNTED else "searches"
    found = statistics.use(request.viewer, code, request.now)
    if request.GET.get("csv") in BY:
        by = request.GET["csv"]
        with asking(
            request.viewer, Request(Permission.STATISTICS), kind="export", detail={"list": code}, now=request.now
        ):
            return download(_table(found, by), f"{code}-by-{by}-{request.now:%Y-%m}")
    here = {
        "heading": "Use of the tracker",
        "counted": COUNTED[code][0],
        "sections": [Link(words, f"?count={key}", current=key == code) for key, (words, _) in COUNTED.items()],
        "tables": [(_table(found, by), f"?count={code}&csv={by}") for by in BY],
    }
    return render(request, "assurance/statistics.html", here)


def _table(found: Use, by: str) -> Table:
    place = list(BY).index(by)
    columns = [Column(BY[by].removeprefix("By ").capitalize())] + [
        Column(f"{m:%b %Y}", numeric=True) for m in found.months
    ]
    rows = [[label, *(_said(month.tables[place][label]) for month in found.safe)] for label in found.labels[by]]
    total = ["All", *(_said(month.total) for month in found.safe)]
    return Table(BY[by], columns, [*rows, total], dense=True, scroll=True)


def _said(n: int | None) -> str:
    return HELD_BACK if n is None else f"{n:,}"
