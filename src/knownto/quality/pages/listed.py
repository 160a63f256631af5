"""The records of which one thing is wrong: the partner's own ids, and what to do. Never a value."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Column, Pages, Table
from knownto.face.sheets import download
from knownto.policy import Permission
from knownto.quality import reads
from knownto.quality.kinds import DIFFERS, FOUND

A_PAGE = 50
LAST = 10_000
ALL = 500_000  # lines of a download


@page(Permission.FEEDS_OWN)
@require_safe
def listed(request: HttpRequest, code: str) -> HttpResponse:
    if code not in FOUND:
        raise Http404
    if "csv" in request.GET:
        found = reads.lines(request.viewer, code, count=ALL, export=True, now=request.now)
        return download(_sheet(found), f"records-{code}-{request.now:%Y-%m-%d}")
    number = _page(request)
    found = reads.lines(request.viewer, code, start=number * A_PAGE, count=A_PAGE + 1, now=request.now)
    here = {
        "heading": FOUND[code].says,
        "found": FOUND[code],
        "differs": code in DIFFERS,
        "table": _table(found[:A_PAGE]),
        "pages": _pages(number, len(found) > A_PAGE),
        "back": reverse("quality:overview"),
    }
    return render(request, "quality/listed.html", here)


def _page(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return min(int(said), LAST) if said.isascii() and said.isdecimal() else 0


def _pages(number: int, more: bool) -> Pages:
    return Pages(f"?page={number - 1}" if number else "", f"?page={number + 1}" if more else "", "Pages of records")


def _table(found: list[reads.Line]) -> Table:
    paired = any(line.other_id for line in found)
    columns = (Column("Your record"), *([Column("And your record")] if paired else []))
    rows = [(line.record_id, *([line.other_id] if paired else [])) for line in found]
    return Table("Records", columns, rows, hide_caption=True, dense=True, empty="None, or too few to say.")


def _sheet(found: list[reads.Line]) -> Table:
    columns = (Column("Your record"), Column("And your record"), Column("What is wrong"), Column("What to do"))
    rows = [(line.record_id, line.other_id, line.found.says, line.found.do) for line in found]
    return Table("Records", columns, rows)
