"""Everything that a worker looked at."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Request, asking
from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.assurance import reads
from knownto.assurance.pages.entries import after, csv, cursor
from knownto.assurance.pages.presenter import Narrow, as_sheet, sheet, table
from knownto.face.parts import Column, Link, Table
from knownto.face.sheets import download
from knownto.partners import reads as partners
from knownto.policy import ROLES, Permission


@page(Permission.WHO_LOOKED)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    rows = [
        (
            Link(a.name, reverse("assurance:worker", args=[a.id])),
            a.agency_name,
            ", ".join(ROLES[r].name for r in a.roles),
        )
        for a in partners.accounts()
    ]
    columns = [Column("Name"), Column("Agency"), Column("Roles", wide=True)]
    found = Table("Workers", columns, rows, hide_caption=True, empty="There are no workers.")
    here = {"heading": "What a worker looked at", "table": found, "back": reverse("assurance:start")}
    return render(request, "assurance/workers.html", here)


@page(Permission.WHO_LOOKED)
@fresh(when=as_sheet)
@require_safe
def one(request: HttpRequest, worker: UUID) -> HttpResponse:
    account = partners.account(worker)
    if account is None:
        raise Http404
    form, taken = Narrow(request.GET), as_sheet(request)
    kind, look = ("export" if taken else "who-looked"), Request(Permission.WHO_LOOKED)
    with asking(request.viewer, look, kind=kind, about=[f"worker:{worker}"], now=request.now):
        most = reads.MOST_DOWNLOADED if taken else reads.PAGE
        found = reads.listed(request.viewer, Q(worker=worker), form.chosen, before=cursor(request), most=most)
    if taken:
        return download(sheet(found.lines, "What a worker did"), f"worker-{request.now:%Y-%m-%d}")
    here = {"heading": "What a worker looked at", "account": account, "form": form}
    here |= {"table": table(found.lines, "What they did"), "pages": after(request, found.next), "csv": csv(request)}
    return render(request, "assurance/entries.html", here)
