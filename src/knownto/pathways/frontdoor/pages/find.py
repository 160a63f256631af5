"""Find a piece of work: anybody by its reference, the hub by who the child is. No address holds what was typed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.face import forms
from knownto.footprint.question import Question
from knownto.identity import reads as identity
from knownto.pathways.frontdoor import finding

NONE = "There is nothing with that reference that you take part in. Check it, or ask whoever sent it to you"
TOO_LITTLE = "Enter two things you know, such as a family name and a date of birth, or an NHS number"
WILDCARDS = "Write it out: it cannot have * ? % or _ in it"


class ByReference(forms.Form):
    reference = forms.Text(
        label="Its reference", called="the reference", missing="Enter the reference", max_length=20,
        hint="As it is in a notice, a mail or a letter.", look=forms.Look(width=20),
    )  # fmt: skip


class ByChild(forms.Form):
    """Whatever is known of the child."""

    say_optional = False
    given = forms.Text(label="Given names", required=False, max_length=100, look=forms.Look(width=30))
    family = forms.Text(label="Family name", required=False, max_length=100, look=forms.Look(width=30))
    born = forms.Date(label="Date of birth", required=False)
    postcode = forms.Text(label="Postcode", required=False, max_length=10, look=forms.Look(width=10))
    nhs_number = forms.Text(label="NHS number", required=False, max_length=20, look=forms.Look(width=20))

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in ("given", "family"):
            if finding_wildcards(self.cleaned_data.get(name, "")):
                self.add_error(name, WILDCARDS)
        if not self.errors and self.question.too_little():
            raise ValidationError(TOO_LITTLE, code="too-little")
        return self.cleaned_data

    @property
    def question(self) -> Question:
        held = self.cleaned_data
        return Question(**{name: held.get(name) or ("" if name != "born" else None) for name in self.fields})


def finding_wildcards(said: str) -> bool:
    """Does it ask for anybody, rather than somebody?"""
    return any(mark in said for mark in "*?%_")


@page(Permission.WORK)
def find(request: HttpRequest) -> HttpResponse:
    in_hub = request.viewer.may(Permission.BOARD)
    sent = request.POST.get("by") if request.method == "POST" else None
    reference = ByReference(request.POST if sent == "reference" else None)
    child = ByChild(request.POST if sent == "child" else None)
    found = None
    if sent == "reference" and reference.is_valid():
        there = finding.by_reference(request.viewer, reference.cleaned_data["reference"])
        if there:
            return redirect("frontdoor:episode", there)
        reference.add_error("reference", NONE)
    if sent == "child" and in_hub and child.is_valid():
        found = _by_child(request, child.question)
    values = {
        "heading": "Find a piece of work",
        "reference": reference,
        "child": child if in_hub else None,
        "forms": [reference, child],
        "found": found,
        "now": request.now,
    }
    return render(request, "frontdoor/find.html", values)


def _by_child(request: HttpRequest, question: Question) -> list[finding.Found]:
    evidence = question.evidence(localdate(request.now))
    about = identity.searched_tokens(evidence)
    return finding.by_child(request.viewer, evidence, about=about, asked=question.to_json(), now=request.now)
