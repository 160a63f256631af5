"""The printed pack: the same footprint, with where each part of it came from."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.disclosure.models import How
from knownto.face.parts import Row
from knownto.face.times import clock, long_date
from knownto.footprint import open_search
from knownto.footprint.pages.footprint import shown
from knownto.footprint.pages.looked import SAID
from knownto.footprint.reads import Footprint
from knownto.policy import Permission

GENERIC = "This pack says which agencies' feeds hold a headline contact. It is not a case file and not an assessment."


@page(Permission.PACK)
@fresh()
def pack(request: HttpRequest, search: UUID, place: int) -> HttpResponse:
    opened = open_search.own(request.viewer, search, request.now)
    values = shown(request, opened, place, How.PRINT)
    found: Footprint = values["shown"].found
    values |= {
        "back": reverse("footprint:footprint", args=[opened.id, place]),
        "marking": found.receipt.marking,
        "provenance": _asked(request, values) + _sources(found),
        "generic": GENERIC,
    }
    return render(request, "footprint/pack.html", values)


def _asked(request: HttpRequest, values: dict) -> list[Row]:
    """Who asked, why, when, and the receipt."""
    receipt, now = values["receipt"], request.now
    who = f"{request.viewer.name}, {request.viewer.agency_name} ({request.viewer.role_names})"
    return [
        Row("Receipt", receipt.receipt),
        Row("Asked by", who),
        *values["why"],
        Row("Printed", clock(now, now).replace(" today", f" on {long_date(now.date())}")),
    ]


def _sources(found: Footprint) -> list[Row]:
    """How far each feed went, and the agreement that each was shown under."""
    stamps = {stamp.split()[0]: stamp for stamp in found.receipt.agreements}
    return [Row(each.name, _source(each, stamps.get(each.agency))) for each in found.coverage.agencies]


def _source(each, stamp: str | None) -> str:
    up_to = f", up to {long_date(each.up_to)}" if each.up_to else ""
    agreed = f". Agreement {stamp}" if stamp else ""
    return f"{SAID[each.looked][0]}{up_to}{agreed}"
