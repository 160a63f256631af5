"""The pair page: two records side by side, and one key for each answer. What is sent is answered with the next pair."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.identity import reviewing, showing, taking_back
from knownto.identity.pages.saying import NeedsReason, Overtaken, Say, tell, word_of
from knownto.identity.showing import Shown
from knownto.policy import Permission

REASON = "Say why: choose a reason, or write one"


@page(Permission.REVIEW)
def next_pair(request: HttpRequest) -> HttpResponse:
    """What was said of the pair before, if anything, and the next one."""
    if request.method != "POST":
        return _next(request)
    episode = _sent(request)
    if episode is None:
        return _next(request)
    if request.POST.get("answer") == "skip":
        reviewing.skip(by=request.viewer, episode=episode, now=request.now)
        return _next(request)
    if form := _said(request, lambda word: _answer(request, episode, word)):
        return _show(request, showing.open_pair(request.viewer, episode, request.now), form)
    return _next(request)


@page(Permission.REVIEW)
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One pair, reached from a list of work. The lead settles disagreements here."""
    form = None
    if request.method == "POST":
        form = _said(request, lambda word: _answer(request, episode, word))
    return _show(request, showing.open_pair(request.viewer, episode, request.now), form)


@page(Permission.REVIEW)
def second(request: HttpRequest, ask: UUID) -> HttpResponse:
    """A second opinion, given without knowing the first."""
    form = None
    if request.method == "POST":
        form = _said(request, lambda word: reviewing.second(by=request.viewer, ask=ask, word=word, now=request.now))
        if form is None:
            return redirect("identity:queue")
    return _show(request, showing.open_second(request.viewer, ask, request.now), form)


@page(Permission.REVIEW)
@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Take back the last thing one said, and have that pair again."""
    try:
        episode = taking_back.undo_last(by=request.viewer, now=request.now)
    except NotPossibleNow as refused:
        messages.warning(request, refused.because)
        return redirect("identity:next")
    messages.success(request, "Undone. Here is that pair again.")
    return redirect("identity:pair", episode)


def _sent(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("review", ""))
    except ValueError:
        return None


def _answer(request: HttpRequest, episode: UUID, word: reviewing.Word) -> reviewing.Outcome:
    settles = request.POST.get("settles") == "yes"
    act = reviewing.settle if settles else reviewing.answer
    return act(by=request.viewer, episode=episode, word=word, now=request.now)


def _said(request: HttpRequest, act: Callable[[reviewing.Word], reviewing.Outcome]) -> Say | None:
    """Do it and say what came of it; gives the form back where a reason is missing."""
    form = Say(request.POST)
    if not form.is_valid():
        return form
    try:
        tell(request, act(word_of(request, form)))
    except NeedsReason:
        form.add_error("short", REASON)
        return form
    except Overtaken as refused:
        messages.warning(request, refused.because)
    return None


def _next(request: HttpRequest) -> HttpResponse:
    shown = showing.next_pair(request.viewer, request.now)
    if shown is None:
        return render(request, "identity/nothing_waits.html", {"heading": "Nothing waits for you"})
    return _show(request, shown, None)


def _show(request: HttpRequest, shown: Shown, form: Say | None) -> HttpResponse:
    """The answer is sent to where the next pair comes from; a second opinion and the lead's word to their own page."""
    to = reverse("identity:next")
    if shown.ask:
        to = reverse("identity:second", args=[shown.ask])
    elif shown.state != "waiting":
        to = reverse("identity:pair", args=[shown.episode])
    values = {
        "heading": "Are these one person?",
        "shown": shown,
        "form": form or Say(),
        "faults": [form] if form else [],
        "to": to,
        "now": request.now,
        "may_skip": shown.answers and not shown.ask and shown.state == "waiting",
    }
    return render(request, "identity/pair.html", values)
