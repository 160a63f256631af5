"""What I sent: the receipt, where each stands, the outcome when it is told, and saying more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.casework.entering import Entered, entering
from knownto.face import forms, sheets
from knownto.face.parts import Column, Link, Row, Table
from knownto.firewall import audiences
from knownto.pathways.frontdoor import feedback, own_referrals, sending_more
from knownto.pathways.frontdoor.own_referrals import Mine
from knownto.pathways.frontdoor.pages.letters import blocks_for
from knownto.pathways.frontdoor.pages.refer import ring
from knownto.pathways.frontdoor.referring import referral_in
from knownto.policy import Permission

SAID = {"more": "Added", "correction": "Put right", "quality": "Your supervisor's note"}
OUTCOME = {"name": "Outcome", "words": "In the hub's words", "next": "What happens next"}
PAPERS = (("As a PDF", "frontdoor:document-pdf"), ("As a document to print", "frontdoor:document"))


class Say(forms.Form):
    """More, or something put right."""

    kind = forms.Choice(
        label="What is it?",
        missing="Select whether it is new, or puts something right",
        options=[
            forms.Option("more", "Something new", "You saw, heard or learnt more"),
            forms.Option("correction", "Something was wrong", "What you sent stays as it was, with this beside it"),
        ],
    )
    words = forms.Words(label="In your words", called="what you want to say", max_length=4000, rows=6)


def as_sheet(request: HttpRequest) -> bool:
    return request.GET.get("as") == "csv"


@page(Permission.REFER)
@fresh(when=as_sheet)
def sent(request: HttpRequest) -> HttpResponse:
    found = own_referrals.mine(request.viewer, request.now)
    if as_sheet(request):
        return sheets.download(_sheet(found), "my-referrals")
    values = {"heading": "What I have sent", "referrals": found, "now": request.now, "csv": "?as=csv"}
    return render(request, "frontdoor/sent.html", values)


def _sheet(found: list[Mine]) -> Table:
    """As a list to take away. No names: a file goes where nobody can follow it, and the reference finds it again."""
    columns = [Column(each) for each in ("Reference", "About", "Sent", "Where it stands", "Decision due")]
    return Table("My referrals", columns, [[m.reference, m.kind, m.sent_at, m.stands, m.due or ""] for m in found])


@contextmanager
def _mine(request: HttpRequest, episode: UUID, kind: str) -> Iterator[Entered]:
    """One referral of one's own, open. Raises NotYours for anybody else's."""
    with entering(request.viewer, episode, Permission.EPISODE, kind=kind, now=request.now) as entered:
        yield sending_more.own(entered)


@page(Permission.REFER)
def receipt(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Shown after it was stored, never before: this page reads it back."""
    with _mine(request, episode, "receipt-seen") as entered:
        [shown] = own_referrals.of_rows([entered.episode])
        with_night = entered.episode.state == "with-night"
    values = {"heading": "Referral sent", "referral": shown, "with_night": with_night}
    return render(request, "frontdoor/receipt.html", values | {"ring": ring(), "now": request.now})


@page(Permission.REFER)
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One of them: what was sent, where it stands, what was said since."""
    return _one(request, episode, Say())


def _one(request: HttpRequest, episode: UUID, form: Say) -> HttpResponse:
    with _mine(request, episode, "own-referral-seen") as entered:
        values = _values(entered, request)
    values |= {"form": form, "heading": "Your referral", "now": request.now, "back": reverse("frontdoor:sent")}
    return render(request, "frontdoor/sent_one.html", values)


def _values(entered: Entered, request: HttpRequest) -> dict[str, Any]:
    [shown] = own_referrals.of_rows([entered.episode])
    referral = referral_in(entered.episode)
    return {
        "referral": shown,
        "blocks": blocks_for(referral, audiences.on_page(request.viewer)) if referral else [],
        "since": [(SAID[each.kind], each) for each in own_referrals.said_since(entered)],
        "outcomes": _outcomes(entered, request) if shown.told else [],
        "papers": _papers(entered.episode.id),
    }


def _outcomes(entered: Entered, request: HttpRequest) -> list[dict[str, Any]]:
    """What was told, the newest first. Whoever it was sent to has read it by opening this page."""
    found = feedback.read_outcome(entered=entered, by=request.viewer, now=request.now)
    return [{"at": row.at, "rows": _said(plain)} for row, plain in found]


def _said(plain: dict[str, Any]) -> list[Row]:
    return [Row(says, plain[key]) for key, says in OUTCOME.items() if plain.get(key)]


def _papers(episode: UUID) -> list[Link]:
    """Where it can be had on paper, as far as that is there."""
    found = []
    for text, route in PAPERS:
        try:
            found.append(Link(text, reverse(route, args=[episode, "referral"])))
        except NoReverseMatch:
            continue
    return found


@page(Permission.REFER)
def say(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Say more, or put something right."""
    form = Say(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _one(request, episode, form)
    held = form.cleaned_data
    try:
        sending_more.add(by=request.viewer, episode=episode, kind=held["kind"], words=held["words"], now=request.now)
    except sending_more.AlreadyDecided as late:
        form.add_error("words", late.because)
        return _one(request, episode, form)
    messages.success(request, "Sent. Whoever has it has been told.")
    return redirect("frontdoor:sent-one", episode)
