"""One's own drafts: gone on with on any device, thrown away, or destroyed when nobody finishes them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.pathways.frontdoor import drafts as acts
from knownto.pathways.frontdoor.drafts import Opened
from knownto.policy import Permission


@page(Permission.REFER)
def drafts(request: HttpRequest) -> HttpResponse:
    values = {
        "heading": "Your drafts",
        "drafts": [_row(draft) for draft in acts.of(request.viewer)],
        "days": settings.DRAFT_DAYS,
        "now": request.now,
    }
    return render(request, "frontdoor/drafts.html", values)


def _row(draft: Opened) -> dict[str, Any]:
    steps = draft.written.steps()
    return {
        "id": draft.id,
        "kind": "A child" if draft.written.kind == "child" else "An adult",
        "who": ", ".join(_names(draft)) or "Nobody named yet",
        "saved": draft.saved_at,
        "until": draft.until,
        "done": sum(draft.written.started(step) for step in steps),
        "of": len(steps),
    }


def _names(draft: Opened) -> list[str]:
    people = draft.written.children if draft.written.kind == "child" else (draft.written.once,)
    return [name for each in people if (name := f"{each.get('given', '')} {each.get('family', '')}".strip())]


@page(Permission.REFER)
def throw_away(request: HttpRequest, draft: UUID) -> HttpResponse:
    opened = acts.own(request.viewer, draft)
    if opened.sent_as:
        return redirect("frontdoor:sent-one", opened.sent_as)
    if request.method == "POST":
        acts.throw_away(by=request.viewer, draft=draft, now=request.now)
        messages.success(request, "The draft has been destroyed.")
        return redirect("frontdoor:drafts")
    back = reverse("frontdoor:refer-overview", args=[draft])
    values = {"heading": "Throw this draft away?", "button_text": "Throw it away", "back": back, "cancel": back}
    return render(request, "frontdoor/draft_throw_away.html", values | {"who": _row(opened)["who"]})
