"""The conflict register: what one declares of oneself and one's household, and nobody can read."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from knownto.access.pages import page
from knownto.face import forms
from knownto.footprint.question import Question
from knownto.guarding import staff
from knownto.linkage import Evidence
from knownto.partners.offices import NoSuchOffice
from knownto.policy import Permission

PEOPLE = ("You", "Somebody you live with, or are close to", "Another", "Another", "Another", "Another")
NARROW = forms.Look(width=10)


class Declare(forms.Form):
    """One home, and who lives there."""

    say_optional = False
    address = forms.Text(label="House number and street", required=False, max_length=200)
    postcode = forms.Text(label="Postcode", required=False, max_length=10, look=NARROW)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.groups = (forms.Group("Where you live", ("address", "postcode")), *map(self._person, range(len(PEOPLE))))

    def _person(self, at: int) -> forms.Group:
        names = tuple(f"{name}_{at}" for name in ("given", "family", "born", "phone"))
        self.fields[names[0]] = forms.Text(label="Given names", required=False, max_length=100)
        self.fields[names[1]] = forms.Text(label="Family name", required=False, max_length=100)
        self.fields[names[2]] = forms.Date(label="Date of birth", required=False)
        self.fields[names[3]] = forms.Phone(
            label="Phone number", required=False, max_length=30, look=forms.Look(width=20)
        )
        return forms.Group(PEOPLE[at], names)

    def people(self, today: date) -> list[Evidence]:
        home = {"address": self.cleaned_data["address"], "postcode": self.cleaned_data["postcode"]}
        said = [self._said(at) for at in range(len(PEOPLE))]
        return [Question(**(home | each)).evidence(today) for each in said if any(each.values())] or [
            Question(**home).evidence(today)
        ]

    def _said(self, at: int) -> dict[str, Any]:
        return {name: self.cleaned_data[f"{name}_{at}"] for name in ("given", "family", "born", "phone")}


@page(Permission.OWN_ACCOUNT)
def declare(request: HttpRequest) -> HttpResponse:
    form = Declare(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        messages.success(request, "Kept. Nobody can read it, and neither can you: say it all anew to change it.")
        return redirect("guarding:register")
    values = {
        "heading": "Your household and the conflict register",
        "form": form,
        "there": staff.declared(request.viewer),
        "back": "/account/",
        "button_text": "Keep this",
        "cancel": "/account/",
    }
    return render(request, "guarding/register.html", values)


def _kept(request: HttpRequest, form: Declare) -> bool:
    try:
        staff.declare(by=request.viewer, people=form.people(localdate(request.now)), now=request.now)
    except staff.TooMany:
        form.add_error(None, "Leave somebody out: this is more than one household")
    except NoSuchOffice:
        form.add_error(None, "Nobody keeps this register here yet: tell your data protection officer")
    return form.is_valid()
