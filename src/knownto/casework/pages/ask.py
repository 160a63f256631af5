"""One ask: read and answered by the team that owes it, watched by whoever waits for it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, answering, asked_of, presenting
from knownto.casework import notices as told
from knownto.casework.asked_of import Asked, Party
from knownto.casework.models import Answer
from knownto.casework.pages.answer_form import Because, PassOn, Reply
from knownto.face.parts import Phone, Row
from knownto.partners import reads as partners
from knownto.policy import Permission

SENT = "Your answer has been sent. Whoever asked has been told."
MEANWHILE = "It was answered in the meantime, so yours was not sent. What you wrote is still below."


@page(Permission.WORK)
def ask(request: HttpRequest, ask: UUID) -> HttpResponse:
    shown = _look(request, ask)
    if request.method != "POST":
        return _show(request, shown, _blank(shown))
    form = Reply(request.POST, asked=shown)
    if not form.is_valid():
        return _show(request, shown, form)
    try:
        answering.reply(
            by=request.viewer,
            ask=ask,
            answer=Answer(form.cleaned_data["answer"]),
            words=form.words,
            fields=form.said,
            now=request.now,
        )
    except acts.AlreadyAnswered:
        form.add_error(None, MEANWHILE)
        return _show(request, _look(request, ask), form)
    messages.success(request, SENT)
    return redirect("casework:team")


def _look(request: HttpRequest, ask: UUID) -> Asked:
    with answering.looking(request.viewer, ask, now=request.now) as here:
        told.read_of_ask(request.viewer, ask, request.now)
        return asked_of.read(here, request.now)


def _blank(shown: Asked) -> Reply | None:
    return Reply(asked=shown) if shown.owes and not shown.answered_at and not shown.own_page else None


def _show(request: HttpRequest, shown: Asked, form: Reply | None) -> HttpResponse:
    to_do = shown.owes and not shown.answered_at
    values = {
        "heading": shown.kind,
        "form": form,
        "ask": shown,
        "mine": shown.taken_by == request.viewer.worker_id,
        "who": [Row(what, value) for what, value in shown.about],
        "asker": _rows(shown.asker),
        "asked": _rows(shown.asked),
        "purpose": presenting.purpose_words(shown.purpose),
        "own_page": presenting.address(shown.own_page, shown.own_page_of) if to_do else "",
        "work": presenting.address(shown.work_page, shown.work) if shown.work_page != "casework:of" else "",
        "back": reverse("casework:team" if shown.owes else "casework:asked"),
        "now": request.now,
    }
    return render(request, "casework/ask.html", values)


def _rows(party: Party) -> list[Row]:
    rows = [Row("Agency", party.agency), Row("Team", party.team), Row("Worker", party.name)]
    if party.phone:
        rows += [Row("Telephone", Phone(party.phone)), Row("Hours", party.hours)]
    return [row for row in rows if row.value]


@page(Permission.ANSWER)
@require_POST
def take(request: HttpRequest, ask: UUID) -> HttpResponse:
    return _done(request, ask, answering.take, "It has your name on it now. The rest of your team can still answer it.")


@page(Permission.ANSWER)
@require_POST
def give_back(request: HttpRequest, ask: UUID) -> HttpResponse:
    return _done(request, ask, answering.give_back, "It is your whole team's again.")


@page(Permission.EPISODE)
@require_POST
def remind(request: HttpRequest, ask: UUID) -> HttpResponse:
    return _done(request, ask, answering.remind, "They have been reminded.")


def _done(request: HttpRequest, ask: UUID, act: object, said: str) -> HttpResponse:
    try:
        act(by=request.viewer, ask=ask, now=request.now)
        messages.success(request, said)
    except NotPossibleNow as refused:
        messages.warning(request, refused.because)
    return redirect("casework:ask", ask)


@page(Permission.ANSWER)
def pass_on(request: HttpRequest, ask: UUID) -> HttpResponse:
    with answering.owing(request.viewer, ask, kind="ask-opened", now=request.now) as here:
        others = [team for team in partners.teams(request.viewer.agency) if team.pk != here.ask.to_team_id]
    form = PassOn(request.POST if request.method == "POST" else None, teams=others)
    if request.method == "POST" and form.is_valid():
        to = next(team for team in others if str(team.pk) == form.cleaned_data["team"])
        try:
            because = form.cleaned_data["because"]
            answering.pass_on(by=request.viewer, ask=ask, to=to, because=because, now=request.now)
        except NotPossibleNow as refused:
            messages.warning(request, refused.because)
            return redirect("casework:ask", ask)
        messages.success(request, "It has been passed on, and they have been told. The time limit stays as it was.")
        return redirect("casework:team")
    return _one_thing(request, ask, form, "Pass this on", "Pass it on")


@page(Permission.EPISODE)
def withdraw(request: HttpRequest, ask: UUID) -> HttpResponse:
    with answering.awaiting(request.viewer, ask, kind="ask-opened", now=request.now) as here:
        answered = here.ask.answered_at is not None
    form = Because(request.POST if request.method == "POST" else None)
    if answered or (request.method == "POST" and form.is_valid()):
        return _withdrawn(request, ask, "" if answered else form.cleaned_data["because"])
    return _one_thing(request, ask, form, "Take this back", "Take it back")


def _withdrawn(request: HttpRequest, ask: UUID, because: str) -> HttpResponse:
    try:
        answering.withdraw(by=request.viewer, ask=ask, because=because, now=request.now)
        messages.success(request, "It has been taken back. Whoever was asked has been told.")
    except NotPossibleNow as refused:
        messages.warning(request, refused.because)
        return redirect("casework:ask", ask)
    return redirect("casework:asked")


def _one_thing(request: HttpRequest, ask: UUID, form: object, heading: str, button: str) -> HttpResponse:
    back = reverse("casework:ask", args=[ask])
    values = {"form": form, "heading": heading, "button_text": button, "back": back, "cancel": back}
    return render(request, "face/one_thing.html", values)
