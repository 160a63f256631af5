"""For a partner's data manager: which of its records somebody says are wrong. Record ids only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from knownto.access.pages import page
from knownto.face.parts import Column, Table
from knownto.face.times import happened
from knownto.footprint import reads
from knownto.partners import reads as partners
from knownto.policy import Permission


@page(Permission.FEEDS_OWN)
def queries(request: HttpRequest) -> HttpResponse:
    names, now = partners.agency_names(), request.now
    rows = [
        (record_id, query.get_wrong_display(), names.get(query.from_agency, ""), happened(query.at, now).said)
        for query, record_id in reads.queries(request.viewer, now)
    ]
    columns = (Column("Your record"), Column("What is said to be wrong", wide=True), Column("Said by"), Column("When"))
    table = Table("Records to look at", columns, rows, empty="Nobody has said that a record of yours is wrong.")
    return render(request, "footprint/queries.html", {"heading": "Said to be wrong", "table": table})
