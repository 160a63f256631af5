"""Who looked at this person? Asked with the same facts that a worker would have searched with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from knownto.access.acts import Request, asking
from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.assurance import person as people
from knownto.assurance.pages.presenter import Narrow, sheet, table
from knownto.face import forms
from knownto.face.sheets import download
from knownto.footprint.question import Question
from knownto.policy import Permission

NARROW, MIDDLE = forms.Look(width=10), forms.Look(width=20)
FACTS = ("given", "family", "born", "address", "postcode", "nhs_number", "phone")
TOO_LITTLE = "Enter two things about the person, or one that identifies by itself."


class Ask(Narrow):
    """The person's facts, what the look is for, and the days it is about."""

    say_optional = False
    groups = (
        forms.Group("The person", FACTS),
        forms.Group("When", ("since", "until", "agency")),
    )

    why = forms.Text(
        label="What is this for?",
        called="what this is for",
        hint="Your own reference: of a subject access request, a complaint, an audit.",
        max_length=60,
        look=MIDDLE,
    )
    given = forms.Text(label="Given names", required=False, max_length=100, look=MIDDLE)
    family = forms.Text(label="Family name", required=False, max_length=100, look=MIDDLE)
    born = forms.Date(label="Date of birth", required=False)
    address = forms.Text(label="House number and street", required=False, max_length=200)
    postcode = forms.Text(label="Postcode", required=False, max_length=10, look=NARROW)
    nhs_number = forms.Text(label="NHS number", required=False, max_length=20, look=NARROW)
    phone = forms.Phone(label="Phone number", required=False, max_length=30, look=MIDDLE)
    field_order = ("why", *FACTS, "since", "until", "agency")

    def clean(self) -> dict:
        super().clean()
        if not self.errors and self.question.too_little():
            self.add_error("family", TOO_LITTLE)
        return self.cleaned_data

    @property
    def question(self) -> Question:
        return Question(**{name: self.cleaned_data.get(name) for name in FACTS})


def as_sheet(request: HttpRequest) -> bool:
    """Is it to be taken away? What was asked of a person is sent, so that it is in no address."""
    return "csv" in request.POST


@page(Permission.WHO_LOOKED)
@fresh(when=as_sheet)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = Ask(request.POST or None)
    here = {"heading": "Who looked at this person?", "form": form, "back": reverse("assurance:start")}
    if request.method != "POST" or not form.is_valid():
        return render(request, "assurance/person_ask.html", here)
    told = people.who_looked(request.viewer, form.question, form.cleaned_data["why"], form.chosen, request.now)
    if as_sheet(request):
        return _download(request, told)
    here |= {
        "told": told,
        "people": [(meant, table(meant.looks, "Looks at this person", "Nobody has looked.")) for meant in told.meant],
        "searches": table(told.searches, "Searches for somebody like this", "Nobody has searched."),
        "sent": [(key, value) for key, values in request.POST.lists() for value in values if key in _names()],
    }
    return render(request, "assurance/person_told.html", here)


def _names() -> set[str]:
    """What the form asks, as it is sent: the download asks the same again."""
    days = {f"{name}_{piece}" for name in ("born", "since", "until") for piece in ("day", "month", "year")}
    return {"why", "agency", *FACTS} | days


def _download(request: HttpRequest, told: people.Told) -> HttpResponse:
    looks = [line for meant in told.meant for line in meant.looks]
    with asking(
        request.viewer, Request(Permission.WHO_LOOKED), kind="export", detail={"list": "person"}, now=request.now
    ):
        return download(sheet([*looks, *told.searches], "Who looked"), f"who-looked-{request.now:%Y-%m-%d}")


@page(Permission.WHO_LOOKED)
@require_safe
def one(request: HttpRequest, person: UUID) -> HttpResponse:
    form = Narrow(request.GET)
    lines = people.who_looked_at(request.viewer, person, form.chosen, request.now)
    here = {
        "heading": "Who looked at this person",
        "form": form,
        "table": table(lines, "Looks at this person", "Nobody has looked."),
        "hint": "The person is known here by an opaque number only.",
    }
    return render(request, "assurance/entries.html", here)
