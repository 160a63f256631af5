"""One worry about an adult: what was written, what is known, and every step towards its decision."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Ask, Episode, Statement
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.pathways.frontdoor import adults, adults_told, feedback
from knownto.pathways.frontdoor.pages import adults_forms, overtaken, standing
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.people import words as letter
from knownto.pathways.frontdoor.pages.sent import seen_by

DECIDED_HERE = ("enquire", "advice", "no-further-action", "protect-tonight", "finish")


@page(Permission.EPISODE)
@require_safe
def adult(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One worry about an adult: what was written, what is known, and each step that is still to be done."""
    with entering(request.viewer, episode, Permission.EPISODE, kind="adult-seen", now=request.now) as entered:
        values = _values(entered, request)
    return render(request, "frontdoor/adult.html", values)


def _values(entered: Entered, request: HttpRequest) -> dict[str, Any]:
    row = _adult(entered)
    if "decisions" not in entered.sections:
        raise NotYours
    moves = {move.code: move.name for move in pathway("adult").moves_from(row.state)} if not row.closed_at else {}
    named = next((each.name for each in reads.people([row]).get(row.id, [])), "")
    return {
        "heading": named or "Worry about an adult",
        "title": "Worry about an adult",
        "back": reverse("frontdoor:adults") if request.viewer.may(Permission.HANDOVER) else "",
        "head": standing.head(entered, request.now),
        "letters": [letter(plain) for _, plain in reads.statements(row, "referral")],
        "moves": [(code, name) for code, name in moves.items() if code in DECIDED_HERE],
        "may": any(power in adults.POWERS for power in _powers(request.viewer)),
        "now": request.now,
        **_known(row, request.viewer),
    }


def _known(row: Episode, viewer: Viewer) -> dict[str, Any]:
    """The steps, as far as they are done."""
    second = Ask.objects.filter(episode=row, kind="second-check", answered_at=None).select_related("clock").first()
    proposal = reads.statements(row, "proposal")
    limbs, state = adults.latest(row, "three-limbs"), pathway("adult").state
    return {
        "limbs": [(text, adults.SAYS[limbs[code]["answer"]], limbs[code]["evidence"])
                  for code, text in adults.LIMBS.items()] if limbs else [],
        "personal": _personal(adults.latest(row, "making-personal")),
        "second": _second(second, proposal[-1], viewer) if second and proposal else None,
        "told": adults.latest(row, "told-adult"),
        "asked": [{"at": ask.asked_at, "words": plain["question"], "answer": plain.get("answer", ""),
                   "due": ask.clock.due_at, "open": ask.answered_at is None}
                  for ask, plain in reads.asks(row, "more-from-referrer")],
        "earlier": [{"reference": each.reference, "at": each.opened_at, "state": state(each.state).name}
                    for each in adults_told.earlier(row)],
    }  # fmt: skip


def _personal(said: dict[str, Any]) -> list[tuple[str, str]]:
    if not said:
        return []
    asked = said.get("wants") or f"They were not asked: {said.get('why_not', '')}"
    capacity = adults.CAPACITY.get(said.get("capacity", ""), "")
    if said.get("capacity_for"):
        capacity += f": {said['capacity_for']}. {said.get('capacity_basis', '')}"
    advocate = adults.ADVOCACY.get(said.get("advocacy", ""), "")
    return [("What they want", asked), ("Capacity", capacity),
            ("Advocate", ". ".join(filter(None, [advocate, said.get("advocacy_words", "")])))]  # fmt: skip


def _second(ask: Ask, proposal: tuple[Statement, dict[str, Any]], viewer: Viewer) -> dict[str, Any]:
    said, plain = proposal
    return {
        "due": ask.clock.due_at,
        "move": pathway("adult").move(plain["move"]).name,
        "rationale": plain["rationale"],
        "by": reads.names([said.worker]).get(said.worker, ""),
        "own": said.worker == viewer.worker_id,
    }


def _powers(viewer: Viewer) -> set[str]:
    return {power for power in adults.POWERS if adults.holds(viewer, power)}


def _adult(entered: Entered) -> Episode:
    if entered.episode.pathway != "adult":
        raise NotYours
    return entered.episode


Acted = Callable[[HttpRequest, UUID, Any], str]


def _step(request: HttpRequest, episode: UUID, form: forms.Form, act: Acted, values: dict[str, Any]) -> HttpResponse:
    """One step: the form, the act, and back to the adult. What could not be done keeps the form filled in."""
    first, problem = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(request, episode, form))
            return redirect("frontdoor:adult", episode)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            problem = error.because
        except (adults.NeedsReason, adults.Unsaid) as error:
            form.add_error(_field(form, error), "Enter this")
    shown = {"form": form, "first": first, "problem": problem, "now": request.now, "button_text": "Record it"}
    shown |= {"cancel": reverse("frontdoor:adult", args=[episode])} | values
    return render(request, "frontdoor/adults_step.html", shown | ({"seen": first.number} if first else {}))


def _field(form: forms.Form, error: Exception) -> str | None:
    name = "why_anyway" if isinstance(error, adults.NeedsReason) else getattr(error, "field", "")
    return name if name in form.fields else None


def _head(request: HttpRequest, episode: UUID) -> tuple[standing.Head, dict[str, Any], int]:
    """The top of the page, what was said so far, and how many decisions there are."""
    powers = adults.POWERS
    with entering(
        request.viewer, episode, Permission.DECIDE, powers=powers, kind="adult-prepared", now=request.now
    ) as entered:
        row = _adult(entered)
        said = {kind: adults.latest(row, kind) for kind in ("three-limbs", "making-personal")}
        return standing.head(entered, request.now), said, row.decided


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@page(Permission.DECIDE)
def limbs(request: HttpRequest, episode: UUID) -> HttpResponse:
    head, said, _ = _head(request, episode)
    before = {code: limb["answer"] for code, limb in said["three-limbs"].items()}
    before |= {f"{code}_evidence": limb["evidence"] for code, limb in said["three-limbs"].items()}
    form = adults_forms.Limbs(_data(request), initial=before)

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        adults.answer_limbs(by=request.viewer, episode=episode, limbs=form.limbs(), now=request.now)
        return "The three limbs were answered."

    return _step(request, episode, form, act, {"heading": "The three limbs of section 42", "head": head})


@page(Permission.DECIDE)
def personal(request: HttpRequest, episode: UUID) -> HttpResponse:
    head, said, _ = _head(request, episode)
    form = adults_forms.Personal(_data(request), initial=said["making-personal"])

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        adults.make_personal(by=request.viewer, episode=episode, personal=form.personal(), now=request.now)
        return "What the adult wants was recorded."

    return _step(request, episode, form, act, {"heading": "What the adult wants", "head": head})


@page(Permission.DECIDE)
def decide(request: HttpRequest, episode: UUID, move: str) -> HttpResponse:
    """One decision. A "no" goes to somebody else for a second look."""
    if move not in DECIDED_HERE:
        raise NotYours
    head, said, seen = _head(request, episode)
    answers = [limb["answer"] for limb in said["three-limbs"].values()]
    clear = bool(answers) and all(answer == "yes" for answer in answers)
    draft = feedback.draft_of("adult", move)
    initial = {"words": draft.words if draft else ""}
    form = adults_forms.Deciding(_data(request), move=move, clear=clear, initial=initial)

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        wish = form.wish(move)
        made = adults.decide(by=request.viewer, episode=episode, wish=wish, seen=seen_by(request), now=request.now)
        if isinstance(made, Ask):
            return "Your proposal goes to somebody else for a second look. It is decided when they agree."
        return "The decision was recorded, and whoever raised it is told."

    values = {"heading": pathway("adult").move(move).name, "head": head, "seen": seen, "no": move in adults.NO}
    return _step(request, episode, form, act, values)


@page(Permission.DECIDE)
def second(request: HttpRequest, episode: UUID) -> HttpResponse:
    """The second look at a "no"."""
    head, _, _ = _head(request, episode)
    form = adults_forms.Second(_data(request))

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        said = form.cleaned_data
        if said["agree"] == "yes":
            adults.agree(by=request.viewer, episode=episode, words=said["words"], now=request.now)
            return "You agreed, and it is decided. Whoever raised it is told; now tell the adult."
        adults.disagree(by=request.viewer, episode=episode, because=said["words"], now=request.now)
        return "You did not agree. It stays open, and whoever proposed it is told."

    return _step(request, episode, form, act, {"heading": "A second look", "head": head})


@page(Permission.DECIDE)
def told(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Telling the adult."""
    head, _, _ = _head(request, episode)
    form = adults_forms.Told(_data(request))

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        adults_told.tell_adult(by=request.viewer, episode=episode, told=form.as_told(), now=request.now)
        return "It was recorded."

    return _step(request, episode, form, act, {"heading": "Telling the adult", "head": head})


@page(Permission.DECIDE)
def back(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Back to whoever raised it, for what is missing."""
    head, _, _ = _head(request, episode)
    form = adults_forms.Back(_data(request))

    def act(request: HttpRequest, episode: UUID, form: Any) -> str:
        question = form.cleaned_data["question"]
        adults_told.ask_referrer(by=request.viewer, episode=episode, question=question, now=request.now)
        return "It was asked. Their answer comes back here."

    values = {"heading": "Go back to whoever raised it", "head": head, "button_text": "Ask"}
    return _step(request, episode, form, act, values)


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """The way to an adult's own page."""
    if entered.episode.pathway != "adult" or "decisions" not in entered.sections:
        return None
    return Panel(12, "Deciding on section 42", "frontdoor/adults_panel.html", {"episode": entered.episode.id})
