"""Proposing that somebody be sealed: who they are, in which way, and why. Nothing is hidden before a second person."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.face import forms
from knownto.face.forms import Option
from knownto.footprint.question import Question
from knownto.guarding import acts
from knownto.guarding.sorts import sorts
from knownto.linkage import Evidence
from knownto.policy import Permission

TOO_LITTLE = "Enter enough to know them by: a full name and a date of birth, or an NHS number"
NARROW = forms.Look(width=10)


class Propose(forms.Form):
    """Who, how and why."""

    sort = forms.Choice(label="In which way?", missing="Select in which way", look=forms.Look(small=True))
    called = forms.Text(
        label="What the desk calls them",
        called="what the desk calls them",
        missing="Enter what the desk calls them",
        hint="A word that tells nobody who it is, such as Heron. It is shown to the whole desk.",
        max_length=40,
        look=forms.Look(width=20),
    )
    given = forms.Text(label="Given names", required=False, max_length=100)
    family = forms.Text(label="Family name", required=False, max_length=100)
    born = forms.Date(label="Date of birth", required=False)
    sex = forms.Choice(
        label="Sex",
        options=(("", "Not known"), ("F", "Female"), ("M", "Male")),
        required=False,
        look=forms.Look(inline=True, small=True),
    )
    nhs_number = forms.Text(label="NHS number", required=False, max_length=20, look=NARROW)
    address = forms.Text(label="House number and street", required=False, max_length=200)
    postcode = forms.Text(label="Postcode", required=False, max_length=10, look=NARROW)
    phone = forms.Phone(label="Phone number", required=False, max_length=30, look=forms.Look(width=20))
    do = forms.Words(
        label="What must the desk do when somebody looks?",
        called="what the desk must do",
        missing="Enter what the desk must do",
        hint="Whom to ring, what may be said and what never. The whole desk reads this.",
        rows=3,
        max_length=1000,
    )
    reason = forms.Words(
        label="Why must nobody find them?",
        called="why nobody must find them",
        missing="Enter why nobody must find them",
        hint="The order, the threat, who decided. Only those named on the seal read this.",
        rows=3,
        max_length=2000,
    )
    groups = (
        forms.Group("Who they are", ("given", "family", "born", "sex", "nhs_number", "address", "postcode", "phone")),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["sort"].offer(Option(sort.code, sort.name, hint=sort.says) for sort in sorts().values())

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        named = said.get("given") and said.get("family") and said.get("born")
        if not self.errors and not (named or said.get("nhs_number")):
            self.add_error(None, TOO_LITTLE)
        return said

    def evidence(self, today: date) -> Evidence:
        facts = ("given", "family", "born", "sex", "nhs_number", "address", "postcode", "phone")
        asked = Question(**{name: self.cleaned_data[name] for name in facts if self.cleaned_data[name]})
        return asked.evidence(today)


@page(Permission.GUARD)
@fresh()
def propose(request: HttpRequest) -> HttpResponse:
    form = Propose(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("sort", "called", "do", "reason")}
        seal = acts.propose(by=request.viewer, evidence=form.evidence(localdate(request.now)), now=request.now, **said)
        messages.success(
            request, "Proposed. Nothing is hidden until a guardian of another agency agrees: they are told."
        )
        return redirect("guarding:seal", seal)
    values = {"heading": "Propose a seal", "form": form, "button_text": "Propose", "back": reverse("guarding:seals")}
    return render(request, "guarding/propose.html", values | {"cancel": reverse("guarding:seals")})
