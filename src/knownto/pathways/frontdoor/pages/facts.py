"""Orders and facts about the people of a piece of work, and a page that says of everybody whether they may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework import reads
from knownto.casework.entering import Entered, entering
from knownto.face import forms
from knownto.face.times import long_date
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import facts
from knownto.pathways.frontdoor.orders import CHILDREN, SOURCES, Order, orders
from knownto.pathways.frontdoor.pages import people, standing
from knownto.pathways.frontdoor.pages.panels import Panel

AUDIENCES = (("referrer", "Whoever raised it"), ("school", "The school"), ("gp", "The GP practice"))


@dataclass(frozen=True)
class Shown:
    """A fact, as the page shows it."""

    id: UUID
    here: bool
    name: str
    about: str
    says: str
    authority: str
    from_until: str
    source: str
    note: str
    by: str
    at: datetime
    in_force: bool


@dataclass(frozen=True)
class Whether:
    """Of one person or audience: may they be told, and why."""

    who: str
    role: str
    may: bool
    because: str
    how: str = ""


class Record(forms.Form):
    """A fact to be recorded."""

    groups = (forms.Group("How long", ("since", "until")),)

    order = forms.Pick(label="What is it?", missing="Select what it is", called="what it is")
    about = forms.Choices(
        label="Whom is it about?",
        hint="For an order against somebody: them. For a care order: the child.",
        required=False,
    )
    children = forms.Choices(
        label="For which children?", hint="Leave empty where it is for all of them.", required=False
    )
    audiences = forms.Choices(
        label="Which agencies does it name?",
        hint="Only for 'do not tell', 'would warn a suspect' and 'may be told'.",
        required=False,
        look=forms.Look(small=True),
    )
    source = forms.Choice(label="How do you know?", options=list(SOURCES.items()), missing="Select how you know")
    since = forms.Date(label="In force from", called="the first day")
    until = forms.Date(label="Until (the last day)", called="the last day", required=False)
    note = forms.Words(
        label="Note",
        hint="Who decided or which court, its number, and what it says that matters here. For safe contact: how.",
        required=False,
        max_length=1000,
        rows=3,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        known: Sequence[reads.Known],
        agencies: dict[str, str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.roles = {str(each.id): each.role for each in known}
        self.fields["order"].offer((code, order.name) for code, order in orders().items())
        named = [(str(each.id), f"{each.name} ({_role(each.role)})") for each in known]
        self.fields["about"].offer(named)
        self.fields["children"].offer((str(each.id), each.name) for each in known if each.role in CHILDREN)
        self.fields["audiences"].offer(
            [*AUDIENCES, *((f"agency:{code}", name) for code, name in agencies.items() if code not in ("school", "gp"))]
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if not said.get("about") and not said.get("audiences"):
            self.add_error("about", "Select whom it is about")
        if (order := orders().get(said.get("order", ""))) and order.of != "anybody":
            self._must_fit(order, said.get("about") or [])
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", "The last day must not be before the first")
        return said

    def _must_fit(self, order: Order, about: list[str]) -> None:
        if about and not all(facts.fits(order, self.roles[who]) for who in about):
            whom = "the child or children" if order.of == "child" else "the adult whom it names, not the child"
            self.add_error("about", f"For this, select {whom}")
        elif not about and "about" not in self.errors:
            self.add_error("about", "Select whom it is about")

    def recording(self) -> facts.Recording:
        said = self.cleaned_data
        return facts.Recording(
            order=said["order"],
            about=tuple(UUID(each) for each in said["about"]),
            source=said["source"],
            since=said["since"],
            until=said["until"],
            children=tuple(UUID(each) for each in said["children"]),
            audiences=tuple(said["audiences"]),
            note=said["note"],
        )


class End(forms.Form):
    """Why a fact is at an end."""

    why = forms.Words(
        label="Why is it at an end, or wrong?",
        hint="Say who ended it, and what you have seen of that. The former record stays and can be read.",
        missing="Enter why it is at an end, or wrong",
        max_length=1000,
    )


def _role(code: str) -> str:
    return people.ROLES.get(code, code.replace("-", " ").capitalize()).lower()


@page(Permission.EPISODE)
@require_safe
def known(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Everything recorded, and of everybody whether they may be told, with the reason."""
    with entering(request.viewer, episode, Permission.EPISODE, kind="facts-seen", now=request.now) as entered:
        head = standing.head(entered, request.now)
        may_see = "facts" in entered.sections
        shown = _shown(entered, request.now) if may_see else []
        whether = _whether(entered, request.now) if may_see else []
    values = {"heading": "Who may be told", "head": head, "facts": shown, "whether": whether, "now": request.now}
    values |= {"may_record": may_see and request.viewer.may(Permission.KNOWN_FACTS), "may_see": may_see}
    return render(request, "frontdoor/facts.html", values)


def _shown(entered: Entered, now: datetime) -> list[Shown]:
    row = entered.episode
    here = reads.people([row]).get(row.id, [])
    found = facts.about_them(row)
    names = {each.id: each.name for each in here}
    workers = reads.names([each.statement.worker for each in found])
    today = localdate(now)
    made = [_one(each, row.id, names, workers, today) for each in found]
    return sorted(made, key=lambda each: (not each.in_force, -each.at.timestamp()))


def _one(each: facts.Recorded, here: UUID, names: dict[UUID, str], workers: dict[UUID, str], today: Any) -> Shown:
    plain, order = each.plain, orders()[each.plain["order"]]
    about = [names.get(UUID(who), "") for who in plain.get("about", ())]
    about += [f"for {names[UUID(who)]}" for who in plain.get("children", ()) if UUID(who) in names]
    days = [long_date(datetime.fromisoformat(plain[end]).date()) if plain.get(end) else "" for end in ("from", "until")]
    return Shown(
        id=each.statement.pk,
        here=each.statement.episode_id == here,
        name=order.name,
        about=", ".join(filter(None, [*about, *plain.get("audiences", ())])) or "Recorded in other work about them",
        says=order.says,
        authority=order.authority,
        from_until=f"From {days[0]}" + (f" until {days[1]}" if days[1] else ""),
        source=SOURCES[plain["source"]],
        note=plain.get("note", ""),
        by=workers.get(each.statement.worker, ""),
        at=each.statement.at,
        in_force=each.in_force(today),
    )


def _whether(entered: Entered, now: datetime) -> list[Whether]:
    row, names = entered.episode, partners.agency_names()
    adults = [each for each in reads.people([row]).get(row.id, []) if each.role not in CHILDREN]
    whom: dict[str, tuple[str, str]] = {_audience(each): (each.name, _role(each.role).capitalize()) for each in adults}
    whom |= {code: (name, "") for code, name in AUDIENCES}
    whom |= {f"agency:{code}": (name, "Agency") for code, name in names.items() if code not in ("school", "gp")}
    whom["referrer"] = (whom["referrer"][0], names.get(row.from_agency_id, ""))
    told = facts.may_each_be_told(row, list(whom), now=now)
    says = {_audience(each): _says(each) for each in adults}
    return [
        Whether(*whom[code], each.may, each.because + ("" if each.may else says.get(code, "")), each.how)
        for code, each in told.items()
    ]


def _audience(each: reads.Known) -> str:
    return f"{'adult' if each.role == 'adult-at-risk' else 'parent'}:{each.id}"


def _says(each: reads.Known) -> str:
    """What the referrer says of them is shown, and is not a fact."""
    if each.more.get("parental_responsibility") != "yes":
        return ""
    return " The referrer says that they have parental responsibility: nobody has checked it."


@page(Permission.KNOWN_FACTS)
def record(request: HttpRequest, episode: UUID, instead: UUID | None = None) -> HttpResponse:
    """Record a fact, or (with `instead`) put one right."""
    with entering(request.viewer, episode, Permission.KNOWN_FACTS, kind="fact-prepared", now=request.now) as entered:
        head = standing.head(entered, request.now)
        here = reads.people([entered.episode]).get(episode, [])
        initial = _former(entered, instead) if instead else {"since": localdate(request.now)}
    data = request.POST if request.method == "POST" else None
    form, problem = Record(data, known=here, agencies=partners.agency_names(), initial=initial), ""
    if request.method == "POST" and form.is_valid():
        try:
            fact = form.recording()
            facts.record(by=request.viewer, episode=episode, fact=fact, corrects=instead, now=request.now)
            messages.success(request, "It was recorded. Look at who may be told now.")
            return redirect("frontdoor:facts", episode)
        except NotPossibleNow as error:
            problem = error.because
    heading = "Put a fact right" if instead else "Record an order or fact"
    values = {"heading": heading, "form": form, "head": head, "problem": problem, "orders": orders().values()}
    values |= {"button_text": "Record it", "cancel": reverse("frontdoor:facts", args=[episode])}
    return render(request, "frontdoor/facts_record.html", values)


def _former(entered: Entered, instead: UUID) -> dict[str, Any]:
    found = [each for each in facts.recorded([entered.episode.id]) if each.statement.pk == instead]
    if not found:
        return {}
    plain = dict(found[0].plain)
    days = {"since": plain.get("from"), "until": plain.get("until")}
    return plain | {name: datetime.fromisoformat(day).date() for name, day in days.items() if day}


@page(Permission.KNOWN_FACTS)
def end(request: HttpRequest, episode: UUID, fact: UUID) -> HttpResponse:
    """Say that it is at an end, or was wrong, and why."""
    with entering(request.viewer, episode, Permission.KNOWN_FACTS, kind="fact-ending", now=request.now) as entered:
        head = standing.head(entered, request.now)
    form, problem = End(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            why = form.cleaned_data["why"]
            facts.withdraw(by=request.viewer, episode=episode, statement=fact, why=why, now=request.now)
            messages.success(request, "It was recorded that it is at an end.")
            return redirect("frontdoor:facts", episode)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": "It is at an end, or was wrong", "form": form, "head": head, "problem": problem}
    values |= {"button_text": "Record it", "cancel": reverse("frontdoor:facts", args=[episode])}
    return render(request, "frontdoor/facts_end.html", values)


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What is in force, and who of the family may not be told."""
    if "facts" not in entered.sections or entered.episode.pathway in ("challenge", "considered"):
        return None
    shown = [each for each in _shown(entered, now) if each.in_force]
    values = {"facts": shown, "episode": entered.episode.id, "may_record": viewer.may(Permission.KNOWN_FACTS)}
    return Panel(20, "Orders, and who may be told", "frontdoor/facts_panel.html", values)
