"""Considered, and not referred: written down by whoever decided so, looked at by a supervisor."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.casework.deciding import NoRationale, NotFromHere, Overtaken
from knownto.face import forms
from knownto.linkage import Evidence
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import considering
from knownto.pathways.frontdoor.considering import NOT_DONE, Considered
from knownto.pathways.frontdoor.pages.shown import born
from knownto.policy import Permission

STATES = {"considered": "A supervisor is to look at it", "agreed": "A supervisor agreed", "referred": "Referred"}


class Write(forms.Form):
    """Whom, what and why."""

    not_done = forms.Choice(label="What did you decide?", options=NOT_DONE.items(), missing="Select what you decided")
    given = forms.Text(label="Given names", required=False, max_length=100)
    family = forms.Text(label="Family name", missing="Enter whom you considered", max_length=100)
    born = forms.Date(label="Date of birth", required=False)
    what = forms.Words(label="What did you consider?", called="what you considered", max_length=4000)
    why = forms.Words(
        label="Why did you decide so?",
        called="why you decided so",
        hint="What you weighed, whom you asked, and why sharing would do more harm than good, if that is the reason.",
        max_length=4000,
    )
    instead = forms.Words(label="What happens instead?", required=False, rows=2, max_length=2000)
    towards = forms.Pick(label="Who is not told?", required=False, blank="The safeguarding hub")

    def __init__(self, data: Any = None, *, own: str) -> None:
        super().__init__(data)
        others = [pair for pair in partners.agency_names().items() if pair[0] not in (own, considering.HUB)]
        self.fields["towards"].offer(others)

    @property
    def considered(self) -> Considered:
        held = self.cleaned_data
        who = Evidence(family_name=held["family"], given_names=held["given"], birth_date=held["born"])
        towards = held["towards"] or considering.HUB
        return Considered(who, held["not_done"], held["what"], held["why"], held["instead"], towards)


class Judge(forms.Form):
    """What a supervisor thinks of it."""

    view = forms.Choice(
        label="Do you agree?",
        missing="Select whether you agree",
        options=[
            forms.Option("agree", "I agree"),
            forms.Option("refer", "It should be referred", "It stays open until it is. A draft is begun with it."),
        ],
    )
    words = forms.Words(label="Why?", called="why", max_length=2000, rows=3)


@page(Permission.REFER)
def considered(request: HttpRequest) -> HttpResponse:
    form = Write(request.POST if request.method == "POST" else None, own=request.viewer.agency)
    if request.method == "POST" and form.is_valid():
        made = considering.record(by=request.viewer, considered=form.considered, now=request.now)
        messages.success(request, f"Recorded as {made.reference}. A supervisor of your agency looks at it.")
        return redirect("frontdoor:considered")
    values = {
        "heading": "Considered, and not referred or shared",
        "form": form,
        "mine": considering.of_mine(request.viewer, request.now),
        "states": STATES,
        "now": request.now,
        "back": reverse("frontdoor:refer"),
        "button_text": "Record it",
    }
    return render(request, "frontdoor/considered.html", values)


@page(Permission.REFER)
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One of them, with what may be done about it by whoever looks."""
    return _shown(request, episode, Judge())


def _shown(request: HttpRequest, episode: UUID, form: Judge, late: str = "") -> HttpResponse:
    found = considering.own(request.viewer, episode, request.now)
    supervises = request.viewer.may(Permission.SUPERVISE)
    values = {
        "heading": "Considered, and not done",
        "one": found,
        "born": born(found.evidence),
        "not_done": NOT_DONE[found.plain["not_done"]],
        "state": STATES[found.state],
        "form": form,
        "judges": supervises and found.open,
        "late": late,
        "now": request.now,
        "back": reverse("frontdoor:supervise-considered" if supervises else "frontdoor:considered"),
    }
    return render(request, "frontdoor/considered_one.html", values)


@page(Permission.SUPERVISE)
def judge(request: HttpRequest, episode: UUID) -> HttpResponse:
    """A supervisor agrees, or says that it should be referred."""
    form = Judge(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, episode, form)
    words = form.cleaned_data["words"]
    try:
        if form.cleaned_data["view"] == "agree":
            seen = int(request.POST.get("seen") or 0)
            considering.agree(by=request.viewer, episode=episode, words=words, seen=seen, now=request.now)
            messages.success(request, "You agreed. Its writer can see what you wrote.")
            return redirect("frontdoor:supervise-considered")
        draft = considering.should_be_referred(by=request.viewer, episode=episode, words=words, now=request.now)
        return redirect("frontdoor:refer-overview", draft)
    except (Overtaken, NotFromHere) as error:
        return _shown(request, episode, form, late=error.because)
    except (NoRationale, ValueError):
        form.add_error("words", "Enter why")
        return _shown(request, episode, form)


@page(Permission.REFER)
def refer(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Its writer refers after all. A GET only asks: nothing is begun by following a link."""
    if request.method == "POST":
        return redirect("frontdoor:refer-overview", considering.refer_after_all(
            by=request.viewer, episode=episode, now=request.now))  # fmt: skip
    return _shown(request, episode, Judge())
