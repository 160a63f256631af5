"""Write down a meeting that was held: who came, what each agency told, what was agreed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts
from knownto.casework.acts import NotSaid
from knownto.casework.entering import entering
from knownto.pathways.frontdoor import conferences, strategy
from knownto.pathways.frontdoor.gathering import Gathering, gather
from knownto.pathways.frontdoor.holding import Held, NotHeldThen
from knownto.pathways.frontdoor.pages import meeting_forms, overtaken
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.pages.strategy_times import initial
from knownto.pathways.frontdoor.seating import the_meeting
from knownto.policy import Permission


@page(Permission.MEET)
def hold(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here, first = prepared(request, episode, meeting), None
    start = min(here.starts, request.now)
    form = meeting_forms.Holding(request.POST or None, kind=here.kind, places=here.places, initial=initial(start))
    if request.method == "POST" and form.is_valid():
        try:
            _held(request, here, form)
        except NotSaid as error:
            _complain(form, here, error)
        except NotHeldThen:
            form.add_error("at", "It cannot have been held later than now")
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            form.add_error(None, error.because)
        else:
            messages.success(request, "It was written down. The minutes are owed to everybody who was invited.")
            return redirect("frontdoor:meeting", episode, meeting)
    back = reverse("frontdoor:meeting", args=[episode, meeting])
    values = {
        "form": form, "here": here, "heading": f"Write down: {here.name.lower()}", "button_text": "Write it down",
        "back": back, "cancel": back, "first": first, "seen": first.number if first else here.seen, "now": request.now,
        "hint": "What an agency told is its own, and crosses to the other agencies that were invited.",
    }  # fmt: skip
    return render(request, "frontdoor/meeting_form.html", values)


def prepared(request: HttpRequest, episode: UUID, meeting: UUID) -> Gathering:
    """That meeting, for whoever runs it. Raises NotYours for anybody else."""
    with entering(request.viewer, episode, Permission.MEET, kind="meeting-prepared", now=request.now) as entered:
        here = gather(entered, the_meeting(entered.episode, meeting), request.viewer)
    if not here.runs:
        raise NotYours
    return here


def _held(request: HttpRequest, here: Gathering, form: meeting_forms.Holding) -> Any:
    said = form.cleaned_data
    came = {each.id: meeting_forms.came(form, str(each.id)) for each in here.places}
    held = Held(
        form.when,
        {identity: how for identity, (how, _) in came.items()},
        {identity: words for identity, (_, words) in came.items()},
        discussed=said["discussed"],
        why_not_quorate=said["why_not_quorate"],
        investigation=said.get("investigation") or "",
        review_on=said.get("review_on"),
    )
    act = strategy.hold if here.kind == "strategy" else conferences.hold
    return act(by=request.viewer, episode=here.episode, meeting=here.id, held=held, seen=seen_by(request),
               now=request.now)  # fmt: skip


def _complain(form: meeting_forms.Holding, here: Gathering, error: NotSaid) -> None:
    places = {each.office: str(each.id) for each in here.places}
    for office in error.offices:
        if office == "quorum":
            form.add_error("why_not_quorate", "It was not quorate. Enter why it went ahead")
        elif office == "review-on":
            form.add_error("review_on", "Enter the day of the joint review")
        else:
            form.add_error(f"came_{places[office]}", "Enter why nobody came")
