"""Whose whereabouts are kept from whom: what somebody must look at first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.firewall import reads


@page(Permission.WHEREABOUTS)
@require_safe
def protections(request: HttpRequest) -> HttpResponse:
    found, today = reads.standing(request.viewer, request.now), localdate(request.now)
    values = {
        "heading": "Protected addresses",
        "look": [each for each in found if each.to_look_at(today)],
        "standing": [each for each in found if not each.to_look_at(today)],
        "today": today,
        "now": request.now,
    }
    return render(request, "firewall/protections.html", values)
