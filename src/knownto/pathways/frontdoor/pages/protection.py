"""Police protection, emergency protection orders, section 20: what is in force, using a power, and its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.clocks import times
from knownto.casework.entering import Entered, entering
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.pathways.frontdoor import emergency
from knownto.pathways.frontdoor.emergency import InForce, NotUsedThen, Use
from knownto.pathways.frontdoor.pages import overtaken
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.pages.strategy_times import When, initial
from knownto.pathways.frontdoor.removal import POWERS, Power
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission

SHORT, MOST = 200, 4000
# What else is recorded with each power: (name, question, hint).
ASKED = {
    "police-protection": (
        ("designated", "Designated officer", "The officer of the rank of inspector or above who looks into the case"),
        ("place", "Where is the child now?", "Who has them. Police stations are not suitable accommodation"),
        ("told", "Who has been told?", "The council, the child, those with parental responsibility; or why not yet"),
    ),
    "emergency-order": (
        ("court", "Which court, and its reference", ""),
        ("place", "Where is the child now?", ""),
        ("told", "Who has been told?", ""),
    ),
    "section-20": (
        ("agreed", "Who agreed, and how", "Who has parental responsibility, that they understood and can end it"),
        ("place", "Where is the child now?", ""),
    ),
}


@dataclass(frozen=True)
class Standing:
    """A power in force, as the page shows it."""

    power: Power
    children: tuple[tuple[str, str], ...]
    since: datetime
    due: datetime
    why: str
    said: tuple[tuple[str, str], ...]
    by: str
    may_end: bool


@dataclass(frozen=True)
class Here:
    """The work: its children, what is in force, and what this viewer may use."""

    id: UUID
    reference: str
    children: tuple[tuple[str, str], ...]
    standing: tuple[Standing, ...]
    may_use: tuple[Power, ...]
    seen: int


@page(Permission.DECIDE)
@require_safe
def protection(request: HttpRequest, episode: UUID) -> HttpResponse:
    here = _here(request, episode)
    back = reverse("frontdoor:episode", args=[episode])
    values = {"heading": "Emergency powers", "here": here, "now": request.now, "back": back}
    return render(request, "frontdoor/protection.html", values)


class Using(When):
    """Since when, of which children, why."""

    say_optional = False
    field_order = ("children", "day", "at")

    children = forms.Choices(label="Which children?", called="children", missing="Select at least one child")
    why = forms.Words(label="Why?", called="why", hint="What significant harm was likely otherwise, and what else was "
                      "considered.", rows=5, max_length=MOST, missing="Enter why")  # fmt: skip

    def __init__(self, *args: Any, children: Any, asked: Any = (), why: str = "", **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["children"].offer(children)
        if why:
            self.fields["why"].label, self.fields["why"].hint = why, ""
        for name, question, hint in asked:
            self.fields[name] = forms.Words(label=question, called=question, hint=hint, rows=2, max_length=SHORT,
                                            missing=f"Answer: {question}")  # fmt: skip

    @property
    def chosen(self) -> tuple[UUID, ...]:
        return tuple(UUID(each) for each in self.cleaned_data["children"])


@page(Permission.DECIDE)
def use(request: HttpRequest, episode: UUID, power: str) -> HttpResponse:
    here = _here(request, episode)
    which = _power(power, here.may_use)
    form = Using(request.POST or None, children=here.children, asked=ASKED[power], initial=initial(request.now))

    def act() -> None:
        facts = {name: form.cleaned_data[name] for name, _, _ in ASKED[power]}
        used = Use(power, form.chosen, form.when, form.cleaned_data["why"], facts)
        emergency.use(by=request.viewer, episode=episode, use=used, seen=seen_by(request), now=request.now)

    hint = f"{which.law} The time counts from when it was used, not from when you write it down."
    return _answered(request, here, form, act, f"Record: {which.name.lower()}", hint)


@page(Permission.DECIDE)
def end(request: HttpRequest, episode: UUID, power: str) -> HttpResponse:
    here = _here(request, episode)
    which = _power(power, [each.power for each in here.standing if each.may_end])
    children = dict(child for each in here.standing if each.power == which for child in each.children)
    form = Using(request.POST or None, children=list(children.items()), why="Why did it end, and where is the child?",
                 initial=initial(request.now) | {"children": list(children)})  # fmt: skip

    def act() -> None:
        emergency.end(by=request.viewer, episode=episode, power=power, children=form.chosen, at=form.when,
                      why=form.cleaned_data["why"], seen=seen_by(request), now=request.now)  # fmt: skip

    return _answered(request, here, form, act, which.ended, "")


def _answered(request: HttpRequest, here: Here, form: Using, act: Any, heading: str, hint: str) -> HttpResponse:
    first = None
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotUsedThen:
            form.add_error("at", "It cannot be in the future, nor end before it began")
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, here.id, error, request.now)
        except NotPossibleNow as error:
            form.add_error(None, error.because)
        else:
            messages.success(request, f"Recorded. {heading}.")
            return redirect("frontdoor:protection", here.id)
    back = reverse("frontdoor:protection", args=[here.id])
    values = {
        "form": form, "here": here, "heading": heading, "button_text": "Record it", "back": back, "cancel": back,
        "hint": hint, "first": first, "seen": first.number if first else here.seen, "now": request.now,
    }  # fmt: skip
    return render(request, "frontdoor/meeting_form.html", values)


def _power(code: str, may: Any) -> Power:
    found = next((each for each in may if each.code == code), None)
    if found is None:
        raise NotYours
    return found


def _here(request: HttpRequest, episode: UUID) -> Here:
    """Raises NotYours for whoever holds none of the powers here: they have nothing to do on these pages."""
    every = tuple(dict.fromkeys(code for power in POWERS.values() for code in (*power.by, *power.ends_by)))
    with entering(
        request.viewer, episode, Permission.DECIDE, powers=every, kind="powers-seen", now=request.now
    ) as entered:
        row = entered.episode
        if row.pathway not in ("contact", "protection"):
            raise NotYours
        known = reads.people([row]).get(row.id, [])
        names = {each.id: each.name for each in known}
        return Here(
            row.id,
            row.reference,
            tuple((str(each.id), each.name) for each in known if each.role in ("subject", "sibling")),
            tuple(standing_of(entered, request.viewer, names)),
            tuple(power for power in POWERS.values() if not row.closed_at and holds(entered, request.viewer, power)),
            row.decided,
        )


def standing_of(entered: Entered, viewer: Viewer, names: dict[UUID, str]) -> list[Standing]:
    """What is in force, with whether this viewer may end it."""
    found = [each for each in emergency.in_force(entered.episode) if not entered.episode.closed_at]
    by = reads.names([each.worker for each in found])
    return [_standing(entered, viewer, each, names, by) for each in found]


def _standing(
    entered: Entered, viewer: Viewer, each: InForce, names: dict[UUID, str], by: dict[UUID, str]
) -> Standing:
    limit = pathway(entered.episode.pathway).limit(each.power.code)
    said = tuple((question, each.facts.get(name, "")) for name, question, _ in ASKED[each.power.code])
    children = tuple((str(child), names.get(child, "")) for child in each.children)
    return Standing(
        each.power, children, each.since, times(limit, each.since, ())[1], each.why, said,
        by.get(each.worker, "") if each.worker else "", holds(entered, viewer, each.power, ends=True),
    )  # fmt: skip


def holds(entered: Entered, viewer: Viewer, power: Power, *, ends: bool = False) -> bool:
    """Does the viewer hold that power here (or the power to end it)?"""
    move = pathway(entered.episode.pathway).move(power.ends if ends else power.code)
    try:
        power_here(entered, viewer, move)
    except NotYours:
        return False
    return True
