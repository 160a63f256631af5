"""What became of one's own agency's files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Pages
from knownto.face.sheets import download
from knownto.feeds import reads
from knownto.feeds.pages.presenter import file_table
from knownto.policy import Permission

A_PAGE = 30
LAST = 1000


@page(Permission.FEEDS_OWN)
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    if "csv" in request.GET:
        return download(file_table(reads.files(request.viewer)), f"files-{request.now:%Y-%m-%d}")
    number = _page(request)
    found = reads.files(request.viewer, start=number * A_PAGE, count=A_PAGE + 1)
    held = reads.files(request.viewer, held=True)
    here = {
        "heading": "Our files",
        "table": file_table(found[:A_PAGE]),
        "held": held,
        "held_table": file_table(held),
        "pages": _pages(number, len(found) > A_PAGE),
        "agency": request.viewer.agency,
    }
    return render(request, "feeds/own_files.html", here)


def _page(request: HttpRequest) -> int:
    """Which page is asked for, from 0; what is no number is the first."""
    said = request.GET.get("page", "")
    return min(int(said), LAST) if said.isascii() and said.isdecimal() else 0


def _pages(number: int, more: bool) -> Pages:
    return Pages(f"?page={number - 1}" if number else "", f"?page={number + 1}" if more else "", "Pages of files")
