"""What came of it: owed by whoever broke the glass."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.casework.acts import AlreadyAnswered
from knownto.face import times
from knownto.glass import accounting, closing
from knownto.glass.pages.forms import Outcome
from knownto.policy import LIFE_REASONS, Permission


@page(Permission.ANSWER)
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, ask: UUID) -> HttpResponse:
    owed = accounting.owed(request.viewer, ask, request.now)
    form = Outcome(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not owed.given_at and form.is_valid():
        try:
            closing.give_outcome(by=request.viewer, ask=ask, now=request.now, **form.cleaned_data)
            messages.success(request, "Recorded. Thank you: your supervisor and the privacy officer read it next.")
        except AlreadyAnswered as refused:
            messages.warning(request, refused.because)
        return redirect("casework:work")
    values = {
        "heading": "What came of it?",
        "owed": owed,
        "reason": LIFE_REASONS[owed.reason].name,
        "opened_at": times.happened(owed.at, request.now),
        "due": times.due(owed.due, request.now),
        "form": None if owed.given_at else form,
        "back": reverse("casework:work"),
    }
    return render(request, "glass/outcome.html", values)
