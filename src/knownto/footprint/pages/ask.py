"""Ask them: one page, with the question already written as far as the search said why."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.access.viewer import Viewer
from knownto.casework import reads as casework
from knownto.face import forms, times
from knownto.face.parts import Phone, Row
from knownto.footprint import asking_them, open_search
from knownto.footprint.asking_them import ALWAYS, AlreadyAsked, Asking, Whom
from knownto.footprint.pages.search import said_why
from knownto.partners.models import Team
from knownto.policy import Permission

ASKED = "They have been asked. Their answer comes to your work, and you and your team are told."
DRAFT = (
    "{purpose} (our reference: {work}).\n\nDo you know this person? Is anything open now, who works with them, and is "
    "there anything that we should know today?"
)


class AskThem(forms.Form):
    """What is asked, what they are told to find the person by, and how soon."""

    question = forms.Words(
        label="What do you want to know?",
        called="what you want to know",
        hint="They read exactly this. Say why you ask, and no more than they need.",
        max_length=4000,
        rows=8,
    )
    tell = forms.Choices(
        label="What they are told to find the person by",
        called="what they are told",
        hint="The name always goes along.",
        required=False,
        look=forms.Look(small=True),
    )
    soon = forms.Choice(label="By when do you need the answer?", missing="Select by when you need the answer")

    def __init__(self, data: Any = None, *, who: Whom, initial: dict[str, Any], by: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        told = [fact for fact in who.facts if fact.code not in ALWAYS]
        self.fields["tell"].offer([(fact.code, f"{fact.label}: {fact.value}") for fact in told])
        if not told:
            del self.fields["tell"]
        self.fields["soon"].offer(
            [
                forms.Option("days", "Within two working days", hint=f"That is by {by['days']}."),
                forms.Option("today", "Today", hint=f"That is by {by['today']}. Ring them too if it cannot wait."),
            ]
        )


@page(Permission.ASK)
def ask(request: HttpRequest, search: UUID, place: int, team: int) -> HttpResponse:
    opened = open_search.own(request.viewer, search, request.now)
    to = _team(request.viewer, team)
    who = asking_them.whom(request.viewer, opened, place, request.now)
    form = _form(request, opened, who)
    if request.method == "POST" and form.is_valid():
        return _ask(request, form, opened, place, to)
    route = "footprint:footprint" if place else "footprint:answer"
    back = reverse(route, args=[opened.id, place] if place else [opened.id])
    values = {
        "form": form,
        "heading": f"Ask {to.name}",
        "back": back,
        "cancel": back,
        "button_text": "Ask them",
        "to": _reached(to),
        "name": next((fact.value for fact in who.facts if fact.code == "name"), ""),
        "why": said_why(opened.why),
        "closed": to.out_of_hours,
    }
    return render(request, "footprint/ask.html", values)


def _reached(to: Team) -> list[Row]:
    return [Row("Agency", to.agency.name), Row("Telephone", Phone(to.phone)), Row("Hours", to.hours)]


def _team(viewer: Viewer, team: int) -> Team:
    """The team that is asked. One's own is asked across the room."""
    found = Team.objects.select_related("agency").filter(pk=team).first()
    if found is None or found == casework.team_of(viewer):
        raise Http404
    return found


def _form(request: HttpRequest, opened: open_search.OpenSearch, who: Whom) -> AskThem:
    by = {code: _said(code == "today", request) for code in ("days", "today")}
    initial = {
        "question": DRAFT.format(purpose=opened.why.of.name, work=opened.why.work),
        "tell": [fact.code for fact in who.facts if fact.usual],
        "soon": "days",
    }
    return AskThem(request.POST if request.method == "POST" else None, who=who, initial=initial, by=by)


def _said(today: bool, request: HttpRequest) -> str:
    return times.clock(asking_them.due_by(today, request.now), request.now)


def _ask(request: HttpRequest, form: AskThem, opened: open_search.OpenSearch, place: int, to: Team) -> HttpResponse:
    said = form.cleaned_data
    asking = Asking(to, said["question"], said["soon"] == "today", frozenset(said.get("tell") or ()))
    try:
        row = asking_them.ask_them(by=request.viewer, search=opened, place=place, asking_=asking, now=request.now)
    except AlreadyAsked as before:
        messages.warning(request, before.because)
        return redirect("casework:ask", before.ask)
    messages.success(request, ASKED)
    return redirect("casework:ask", row.pk)
