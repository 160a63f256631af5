"""'This is wrong': said of what one agency told us of this person, and sent to whoever keeps its feed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.face import forms
from knownto.footprint import acts, open_search
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.models import Wrong
from knownto.partners import reads as partners
from knownto.policy import Permission

SENT = "It has been sent to the agency's data manager. If it matters today, ring the agency too."


class Say(forms.Form):
    """What is wrong, and whose."""

    agency = forms.Choice(label="Whose information is wrong?", missing="Select whose information is wrong")
    wrong = forms.Choice(label="What is wrong?", options=Wrong.choices, missing="Select what is wrong")
    words = forms.Words(
        label="What should it say?",
        called="what it should say",
        hint="Keep to what is needed to put it right. It is sealed. The agency is told which record and what sort of "
        "thing, not your words.",
        max_length=500,
        look=forms.Look(count=True),
    )

    def __init__(self, data: Any = None, *, agencies: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["agency"].offer(agencies)


@page(Permission.QUERY_RECORD)
def wrong(request: HttpRequest, search: UUID, place: int) -> HttpResponse:
    opened = open_search.own(request.viewer, search, request.now)
    opened.person_at(place)
    form = _form(request, opened)
    if request.method == "POST" and form.is_valid() and _said(request, form, opened, place):
        messages.success(request, SENT)
        return redirect("footprint:footprint", opened.id, place)
    back = reverse("footprint:footprint", args=[opened.id, place])
    values = {"form": form, "heading": "Say what is wrong", "button_text": "Send", "back": back, "cancel": back}
    return render(request, "footprint/wrong.html", values)


def _form(request: HttpRequest, opened: open_search.OpenSearch) -> Say:
    names = partners.agency_names()
    shown = agreements_shown(coverage(request.viewer, opened.why.purpose, request.now))
    agencies = [(code, name) for code, name in names.items() if code in shown]
    data = request.POST if request.method == "POST" else None
    return Say(data, agencies=agencies, initial={"agency": request.GET.get("agency")})


def _said(request: HttpRequest, form: Say, opened: open_search.OpenSearch, place: int) -> bool:
    try:
        acts.say_wrong(
            by=request.viewer,
            search=opened,
            place=place,
            agency=form.cleaned_data["agency"],
            wrong=Wrong(form.cleaned_data["wrong"]),
            words=form.cleaned_data["words"],
            now=request.now,
        )
    except acts.NothingHeld:
        form.add_error("agency", "That agency holds nothing of this person here. Ring it instead")
        return False
    return True
