"""The join of two identities: one's own key to it, writing it down, and reading it by two people together."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.face import forms
from knownto.face.parts import Row
from knownto.footprint.question import Question
from knownto.guarding import joins
from knownto.guarding.halves import NotTheKey
from knownto.guarding.pages.sealing import who
from knownto.linkage import Evidence
from knownto.policy import Permission

NARROW = forms.Look(width=10)
NOT_YOURS = "Enter your own key as it is on your paper: this one does not open it"


class Write(forms.Form):
    """Who they were."""

    say_optional = False
    given = forms.Text(label="Given names", required=False, max_length=100)
    family = forms.Text(label="Family name", missing="Enter their earlier family name", max_length=100)
    born = forms.Date(label="Date of birth", required=False)
    nhs_number = forms.Text(label="NHS number", required=False, max_length=20, look=NARROW)
    words = forms.Words(
        label="What else must those two know?",
        called="what else they must know",
        required=False,
        hint="Who holds the paper file, and what is dangerous to say.",
        rows=3,
        max_length=2000,
    )
    groups = (forms.Group("Who they were", ("given", "family", "born", "nhs_number")),)

    def old(self, today: date) -> Evidence:
        facts = ("given", "family", "born", "nhs_number")
        return Question(**{n: self.cleaned_data[n] for n in facts if self.cleaned_data[n]}).evidence(today)


class Open(forms.Form):
    """One's own key, and why."""

    paper = forms.Password(label="Your own key", missing="Enter your own key", autocomplete="off", max_length=60)
    reason = forms.Words(label="Why?", called="why", missing="Enter why", rows=3, max_length=2000)


@page(Permission.GUARD)
@fresh()
def key(request: HttpRequest) -> HttpResponse:
    """A guardian's own key: shown once, in answer to the button, and never again."""
    paper = joins.make_key(by=request.viewer, now=request.now) if request.method == "POST" else ""
    values = {"heading": "Your own key", "paper": paper, "back": reverse("guarding:seals")}
    held = bool(paper) or joins.holds_key(request.viewer, request.now)
    return render(request, "guarding/key.html", values | {"held": held, "button_text": "Make a key"})


@page(Permission.GUARD)
@fresh()
def write(request: HttpRequest, seal: UUID) -> HttpResponse:
    form = Write(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {"old": form.old(localdate(request.now)), "words": form.cleaned_data["words"]}
        try:
            joins.write(by=request.viewer, seal=seal, now=request.now, **said)
            messages.success(request, "Written. Only the two of you can read it, together.")
        except NotPossibleNow as refused:
            messages.warning(request, refused.because)
        return redirect("guarding:seal", seal)
    return _ask(request, seal, form, "Write down who they were", "Write it down")


@page(Permission.GUARD)
@fresh()
def half(request: HttpRequest, seal: UUID) -> HttpResponse:
    form = Open(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(request, seal, form, joins.give_half):
        messages.success(request, "Given. The other of you can read it once, within the hour.")
        return redirect("guarding:seal", seal)
    return _ask(request, seal, form, "Give your half", "Give my half")


@page(Permission.GUARD)
@fresh()
def read(request: HttpRequest, seal: UUID) -> HttpResponse:
    """What it says is in the answer to the two keys alone: nothing leads to it again."""
    form = Open(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (found := _done(request, seal, form, joins.read)):
        rows = [Row("Who they were", who(found.old)), Row("What else", found.words or "Nothing more was written")]
        values = {"heading": "Who they were", "rows": rows, "back": reverse("guarding:seal", args=[seal])}
        return render(request, "guarding/joined.html", values)
    return _ask(request, seal, form, "Read who they were", "Read it")


def _done(request: HttpRequest, seal: UUID, form: Open, act: Any) -> Any:
    """What the act gave, or True; None, with the form's error, when it could not be done."""
    try:
        return act(by=request.viewer, seal=seal, now=request.now, **form.cleaned_data) or True
    except NotTheKey:
        form.add_error("paper", NOT_YOURS)
    except NotPossibleNow as refused:
        form.add_error(None, refused.because)
    return None


def _ask(request: HttpRequest, seal: UUID, form: forms.Form, heading: str, button: str) -> HttpResponse:
    back = reverse("guarding:seal", args=[seal])
    values = {"heading": heading, "form": form, "button_text": button, "back": back, "cancel": back}
    return render(request, "guarding/decide.html", values)
