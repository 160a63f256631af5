"""What became of one's own agency's files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.sheets import download
from knownto.feeds import reads
from knownto.feeds.models import State
from knownto.feeds.pages.presenter import file_table
from knownto.policy import Permission


@page(Permission.FEEDS_OWN)
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    found = reads.files(request.viewer)
    table = file_table(found)
    if "csv" in request.GET:
        return download(table, f"files-{request.now:%Y-%m-%d}")
    held = [file for file in found if file.state == State.HELD]
    here = {"heading": "Our files", "table": table, "held": held, "agency": request.viewer.agency}
    return render(request, "feeds/own_files.html", here)
