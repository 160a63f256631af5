"""The last page before it goes: every answer, and what whoever decides would miss."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.pages import page
from knownto.face.parts import Row
from knownto.face.times import long_date
from knownto.partners import offices
from knownto.pathways.frontdoor import drafts, levels, quality, referring
from knownto.pathways.frontdoor.asking_form import cleaned
from knownto.pathways.frontdoor.drafts import Opened
from knownto.pathways.frontdoor.measuring import BELOW
from knownto.pathways.frontdoor.pages.refer import address
from knownto.pathways.frontdoor.quality import Missed
from knownto.pathways.frontdoor.questions import Question, Step, pages
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.writing import referral_of
from knownto.policy import Permission


@dataclass(frozen=True)
class Block:
    """The answers of one page."""

    title: str
    rows: list[Row]
    change: str


@dataclass(frozen=True)
class Miss:
    """A sentence, whom it is about, and where it is put right."""

    says: str
    who: str
    href: str


@page(Permission.REFER)
def check(request: HttpRequest, draft: UUID) -> HttpResponse:
    opened = drafts.own(request.viewer, draft)
    if opened.sent_as:
        return redirect("frontdoor:receipt", opened.sent_as)
    if request.method == "POST":
        try:
            sent = referring.send_draft(by=request.viewer, draft=draft, now=request.now)
            return redirect("frontdoor:receipt", sent.episode)
        except referring.TooBare:
            return _shown(request, opened, tried=True)
    return _shown(request, opened, tried=False)


def _shown(request: HttpRequest, opened: Opened, *, tried: bool) -> HttpResponse:
    referral = referral_of(opened.written, localdate(request.now))
    found = quality.missed(referral, opened.written.agency)
    values = {
        "heading": "Check and send",
        "blocks": list(_blocks(request, opened)),
        "needed": [_miss(opened, each) for each in found if each.rule.needed],
        "missed": [_miss(opened, each) for each in found if not each.rule.needed],
        "below": _below(request, referral),
        "has_errors": tried,
        "tried": tried,
        "draft": opened,
        "back": reverse("frontdoor:refer-overview", args=[opened.id]),
    }
    return render(request, "frontdoor/refer_check.html", values)


def _below(request: HttpRequest, referral: Referral) -> dict[str, Any] | None:
    """Said before it goes: at that level early help can be asked at once. It never stops anybody."""
    if referral.kind != "child" or referral.level_thought not in BELOW or referral.significant_harm:
        return None
    return {"level": levels.current(request.now)[referral.level_thought], "team": offices.team_of("early-help")}


def _miss(opened: Opened, missed: Missed) -> Miss:
    """The page where it is put right: the adult at risk has a page of their own, which is asked once."""
    where = pages()[missed.rule.page]
    number = missed.number if where.each else 0
    if where.each and not number:
        number = 1
    if opened.written.kind == "adult" and where.each == "adult":
        number = max(1, number - 1)
    return Miss(missed.rule.says, missed.who, f"{address(opened.id, Step(where, number))}?then=check")


def _blocks(request: HttpRequest, opened: Opened) -> Iterator[Block]:
    shown = tuple(levels.current(request.now).values())
    for step in opened.written.steps():
        held = cleaned(opened.written.asked(step), opened.written.typed(step), shown)
        asked = opened.written.asked(step)
        rows = [Row(each.label, _said(each, held[each.name])) for each in asked if each.name in held]
        title = step.page.title_for(opened.written.kind)
        if step.number and (who := opened.written.name_of(step)):
            title = f"{title.rstrip('?')}: {who}"
        if rows or not step.page.each:
            yield Block(title, rows, f"{address(opened.id, step)}?then=check")


def _said(question: Question, value: Any) -> str:
    if question.type == "tick":
        return "Yes"
    if question.type == "date":
        return long_date(value)
    if question.options == "levels":
        return f"Level {value}"
    if question.options:
        words = {option[0]: option[1] for option in question.options}
        return ", ".join(words[each] for each in (value if isinstance(value, list) else [value]))
    return str(value)
