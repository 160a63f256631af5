"""Screening one contact: who was seen before, side by side, and everything that a screener does about it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts
from knownto.pathways.frontdoor import feedback, joining, screening, tracking
from knownto.pathways.frontdoor.pages import overtaken, screen_forms
from knownto.pathways.frontdoor.pages.screen_forms import Act
from knownto.pathways.frontdoor.pages.screen_shown import Shown, shown
from knownto.pathways.frontdoor.pages.sent import seen_by

DONE = {
    "take": "You have it in hand.",
    "rate": "Its urgency was recorded.",
    "note": "The note was written down.",
    "tracker": "The tracker was asked. What it said is on this page.",
    "give": "It was given on.",
    "put-up": "It waits for a decision.",
    "to-night": "It is with the emergency duty team.",
    "to-day": "It was left for the hub.",
    "route": "It was sent to the worker who has the case, and the referrer is told.",
    "join": "The two contacts are one piece of work now.",
}


@page(Permission.SCREEN)
@require_safe
def screen(request: HttpRequest, episode: UUID) -> HttpResponse:
    return _shown(request, shown(request.viewer, episode, request.now), {})


@page(Permission.SCREEN)
def act(request: HttpRequest, episode: UUID, act: str) -> HttpResponse:
    """One of the forms of the page was sent. What cannot be done comes back with the form filled in."""
    here = shown(request.viewer, episode, request.now)
    forms = _forms(here, request.POST if request.method == "POST" else None, act)
    if act not in forms:
        raise Http404
    form = forms[act]
    if request.method != "POST":
        return redirect("frontdoor:screen", episode)
    first, problem = None, ""
    if form.is_valid():
        try:
            return _done(request, here, act, form)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
            here = shown(request.viewer, episode, request.now)
        except NotPossibleNow as error:
            problem = error.because
    return _shown(request, here, {act: form}, first=first, problem=problem)


def _done(request: HttpRequest, here: Shown, act: str, form: Act) -> HttpResponse:
    _do(request, here, act, form.cleaned_data)
    messages.success(request, DONE[act])
    leaves = act in ("route", "join", "to-night", "to-day")
    return redirect("frontdoor:episode" if leaves else "frontdoor:screen", here.head.id)


def _do(request: HttpRequest, here: Shown, act: str, said: dict[str, str]) -> None:
    """Call the act that the form is of."""
    common = {"by": request.viewer, "episode": here.head.id, "now": request.now}
    seen = common | {"seen": seen_by(request)}
    if act == "take":
        screening.take(**seen)
    elif act == "rate":
        screening.rate(urgency=said["urgency"], why=said["why"], **seen)
    elif act == "note":
        screening.note(words=said["note"], **common)
    elif act == "tracker":
        tracking.look(child=UUID(said["child"]), **common)
    elif act == "give":
        screening.give(worker=UUID(said["worker"]) if said["worker"] else None, **common)
    elif act == "route":
        team, worker = here.case_worker(said["to"])
        screening.route(to=team, worker=worker, case=said["case"], why=said["why"], words=said["tell"], **seen)
    elif act == "join":
        joining.join(to=UUID(said["to"]), why=said["why"], **seen)
    else:
        {"put-up": screening.put_up, "to-night": screening.to_night, "to-day": screening.to_day}[act](
            why=said["why"], **seen
        )


def _forms(here: Shown, data=None, sent: str = "") -> dict[str, Act]:
    """The forms for what can be done from where it stands; `sent` is filled in with what came."""
    made = {
        "take": (screen_forms.Take, {}),
        "tracker": (screen_forms.Tracker, {"children": list(here.children)}),
        "rate": (screen_forms.Rate, {"initial": {"urgency": here.urgency}}),
        "note": (screen_forms.Note, {}),
        "put-up": (screen_forms.PutUp, {}),
        "give": (screen_forms.Give, {"colleagues": list(here.colleagues), "initial": {"worker": here.worker}}),
        "route": (screen_forms.Route, {"workers": list(here.workers), "initial": _told(here)}),
        "join": (screen_forms.Join, {"others": here.others()}),
        "to-night": (screen_forms.ToNight, {}),
        "to-day": (screen_forms.ToDay, {}),
    }
    return {
        code: kind(data if code == sent else None, prefix=code, **given)
        for code, (kind, given) in made.items()
        if code in here.can and here.has_what_it_needs(code)
    }


def _told(here: Shown) -> dict[str, str]:
    draft = feedback.draft_of("contact", "route")
    return {"tell": draft.words if draft else "", "to": here.likely()}


def _shown(
    request: HttpRequest, here: Shown, sent: dict[str, Act], *, first: overtaken.First | None = None, problem: str = ""
) -> HttpResponse:
    forms = _forms(here) | sent
    values = {
        "heading": "Screen this contact",
        "title": "Screen a contact",
        "here": here,
        "head": here.head,
        "acts": [{"code": code, "form": form, "open": code in sent} for code, form in forms.items()],
        "forms": list(forms.values()),
        "first": first,
        "problem": problem,
        "seen": first.number if first else here.seen,
        "now": request.now,
    }
    return render(request, "frontdoor/screen.html", values)


@page(Permission.SCREEN)
def take_apart(request: HttpRequest, episode: UUID) -> HttpResponse:
    """They were joined and should not have been."""
    here = shown(request.viewer, episode, request.now)
    form = screen_forms.TakeApart(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = joining.take_apart(by=request.viewer, episode=episode, why=form.cleaned_data["why"], now=request.now)
        messages.success(request, "They are two pieces of work again. This is the one that goes on.")
        return redirect("frontdoor:episode", made.id)
    values = {"heading": "Take two contacts apart", "form": form, "head": here.head, "button_text": "Take them apart"}
    return render(request, "frontdoor/screen_apart.html", values)
