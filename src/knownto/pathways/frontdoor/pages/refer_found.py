"""Refer somebody whom a search of one's own found: what partners told us is copied, so that nobody types it again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.face import forms
from knownto.footprint import open_search
from knownto.pathways.frontdoor.pages.refer import usual
from knownto.pathways.frontdoor.prefilling import begin_from
from knownto.policy import Permission


class Copy(forms.Form):
    kind = forms.Choice(
        label="What is it about?",
        missing="Select what it is about",
        options=[
            forms.Option("child", "A worry about this child"),
            forms.Option("adult", "A worry about this adult, who has care and support needs"),
        ],
    )
    household = forms.Tick(
        label="Take along those they live with, as far as I have seen them",
        hint="Children as children of the family, adults as adults of the household. Take out whoever does not belong.",
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"kind": "child", "household": True})


@page(Permission.REFER)
def found(request: HttpRequest, search: UUID, place: int) -> HttpResponse:
    """A GET only asks: nothing is copied by following a link."""
    opened = open_search.own(request.viewer, search, request.now)
    opened.person_at(place)
    form = Copy(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data
        draft = begin_from(
            by=request.viewer,
            search=opened,
            place=place,
            kind=held["kind"],
            household=held["household"],
            once=usual(request),
            now=request.now,
        )
        return redirect("frontdoor:refer-overview", draft)
    back = reverse("footprint:footprint", args=[opened.id, place])
    values = {"form": form, "heading": "Refer this person", "button_text": "Begin the referral"}
    return render(request, "frontdoor/refer_found.html", values | {"back": back, "cancel": back, "why": opened.why.of})
