"""Call a discussion, a conference, a core group or a review; or write down a discussion held by telephone at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
from knownto.casework.entering import Entered, entering
from knownto.face import forms
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import conferences, strategy
from knownto.pathways.frontdoor.holding import Held
from knownto.pathways.frontdoor.invitations import Calling, case_of
from knownto.pathways.frontdoor.pages import meeting_forms, overtaken
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.pages.strategy_times import initial
from knownto.pathways.frontdoor.seating import RUNS
from knownto.pathways.frontdoor.seats import KINDS, Proposed, proposed
from knownto.policy import Permission

CALLED = "It is called, and everybody invited is told. Their calendar file is on its page."
WRITTEN = "The discussion was written down. Now decide what follows, and send the minutes out."
ON_THE_TELEPHONE = timedelta(minutes=30)


@dataclass(frozen=True)
class Here:
    """The work that it is about, and whom the rules propose."""

    id: UUID
    reference: str
    seen: int
    seats: list[Proposed]
    concerns: frozenset[str]


@dataclass(frozen=True)
class Words:
    """What a form is called, what its button says, and what is said when it was done."""

    heading: str
    button: str
    done: str


@page(Permission.MEET)
def call(request: HttpRequest, episode: UUID, kind: str) -> HttpResponse:
    """Whom the rules want there, when and where. One page, because it is done in a hurry."""
    here = _here(request, episode, kind, request.POST.getlist("concerns"))
    start = request.now + timedelta(hours=2)
    form = meeting_forms.Calling(
        request.POST or None, kind=kind, seats=here.seats, teams=partners.teams(),
        initial=initial(start) | {"concerns": sorted(here.concerns)},
    )  # fmt: skip
    words = Words(f"Call: {KINDS[kind].lower()}", "Call it and invite", CALLED)
    return _answered(request, here, form, _called, words)


@page(Permission.MEET)
def at_once(request: HttpRequest, episode: UUID) -> HttpResponse:
    """A child who cannot wait for a room: who was on the line, what each told, and then the decision."""
    here = _here(request, episode, "strategy", request.POST.getlist("concerns"))
    form = meeting_forms.AtOnce(request.POST or None, seats=here.seats, initial={"concerns": sorted(here.concerns)})
    words = Words("Discussion by telephone, now", "Write it down", WRITTEN)
    return _answered(request, here, form, _held, words)


def _answered(request: HttpRequest, here: Here, form: Any, act: Callable[..., Any], words: Words) -> HttpResponse:
    """Do it and go to the meeting; or show the form again, filled in, with what stands in the way."""
    first = None
    if request.method == "POST" and form.is_valid():
        try:
            row = act(request, here, form)
        except NotSaid as error:
            _complain(form, here, error)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, here.id, error, request.now)
        except NotPossibleNow as error:
            form.add_error(None, error.because)
        else:
            messages.success(request, words.done)
            return redirect("frontdoor:meeting", here.id, row.pk)
    return _shown(request, here, form, words.heading, words.button, first)


def _here(request: HttpRequest, episode: UUID, kind: str, concerns: list[str]) -> Here:
    """Whom the rules propose: for what somebody has just said is suspected, or else for what is written down."""
    if kind not in KINDS:
        raise NotYours
    with entering(request.viewer, episode, Permission.MEET, kind="meeting-prepared", now=request.now) as entered:
        row = entered.episode
        if not entered.parts & RUNS or kind not in _possible(entered):
            raise NotYours
        case = case_of(row, request.now, concerns or None)
        return Here(row.id, row.reference, row.decided, proposed(kind, case), case.concerns)


def _possible(entered: Entered) -> tuple[str, ...]:
    """What can be called now. A discussion that somebody else has just called still shows: its form says so."""
    row = entered.episode
    early = row.pathway == "protection" and row.state in ("strategy-due", "strategy-called", "discussed")
    return ("strategy",) if early else conferences.may_call(row) if row.pathway == "protection" else ()


def _called(request: HttpRequest, here: Here, form: meeting_forms.Calling) -> Any:
    said = form.cleaned_data
    calling = Calling(
        form.kind, form.when, form.ends, said["where"], said["agenda"], tuple(form.chosen()), form.concerns
    )
    if form.kind == "strategy":
        seen = seen_by(request)
        return strategy.call(by=request.viewer, episode=here.id, calling=calling, seen=seen, now=request.now)
    return conferences.call(by=request.viewer, episode=here.id, calling=calling, now=request.now)


def _held(request: HttpRequest, here: Here, form: meeting_forms.AtOnce) -> Any:
    said, now = form.cleaned_data, request.now
    table = form.table()
    seats = tuple(
        acts.Seat(seat.code, seat.team, seat.required, why_not="" if how.attended else how.why_not)
        for seat, how, _ in table.values()
        if seat.team and (seat.required or how.attended)
    )
    calling = Calling("strategy", now, now + ON_THE_TELEPHONE, "By telephone", said["agenda"], seats, form.concerned)
    held = Held(
        now, {}, discussed=said["discussed"], why_not_quorate=said["why_not_quorate"],
        investigation=said["investigation"], review_on=said.get("review_on"),
    )  # fmt: skip
    return strategy.at_once(
        by=request.viewer,
        episode=here.id,
        calling=calling,
        held=held,
        came={place: (how, told) for place, (_, how, told) in table.items()},
        seen=seen_by(request),
        now=now,
    )


def _complain(form: forms.Form, here: Here, error: NotSaid) -> None:
    """Each seat that lacks its reason is marked where it is asked about."""
    keys = {name: seat.key for seat in here.seats for name in (seat.name, seat.code)}
    for office in error.offices:
        if office == "quorum":
            form.add_error("why_not_quorate", "It was not quorate. Enter why it went ahead")
        elif office == "review-on":
            form.add_error("review_on", "Enter the day of the joint review")
        else:
            key = keys.get(office, "")
            field = next((name for name in (f"why_{key}", f"came_{key}") if name in form.fields), None)
            form.add_error(field, f"{office} is needed. Invite them, or enter why they are left out")


def _shown(
    request: HttpRequest, here: Here, form: forms.Form, heading: str, button: str, first: overtaken.First | None
) -> HttpResponse:
    back = reverse("frontdoor:episode", args=[here.id])
    values = {
        "form": form, "here": here, "heading": heading, "button_text": button, "back": back, "cancel": back,
        "first": first, "seen": first.number if first else here.seen, "now": request.now,
    }  # fmt: skip
    return render(request, "frontdoor/meeting_form.html", values)
