"""What each level of need means: for everybody who refers or decides to read, and for the hub's manager to change."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.face import forms
from knownto.pathways.frontdoor import levels as acts

CHANGED = "The words were changed. What was decided before was decided by the words of its day."


class Change(forms.Form):
    """The words for one level."""

    name = forms.Text(label="Name of the level", called="the name", missing="Enter the name", max_length=80)
    words = forms.Words(
        label="What it means",
        called="what it means",
        hint="Whoever refers, screens or decides reads this beside the question. Start a new line for each thought.",
        missing="Enter what it means",
        max_length=4000,
        rows=10,
        look=forms.Look(count=True),
    )


@page(Permission.REFER)
@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    values = {
        "heading": "Levels of need",
        "levels": list(acts.current(request.now).values()),
        "may_change": request.viewer.may(Permission.DESCRIPTORS),
    }
    return render(request, "frontdoor/levels.html", values)


@page(Permission.DESCRIPTORS)
def change(request: HttpRequest, level: int) -> HttpResponse:
    """Write, look at it as others will, then put it in force: nobody should find a mistake in a decision."""
    if level not in acts.LEVELS:
        raise Http404
    now = acts.current(request.now)[level]
    data = request.POST if request.method == "POST" else None
    form = Change(data, initial={"name": now.name, "words": now.words})
    preview = None
    if request.method == "POST" and form.is_valid():
        if "change" in request.POST:
            acts.change(by=request.viewer, level=level, now=request.now, **form.cleaned_data)
            messages.success(request, CHANGED)
            return redirect("frontdoor:levels")
        preview = acts.Level(level, **form.cleaned_data)
    return _shown(request, level, form, preview)


def _shown(request: HttpRequest, level: int, form: Change, preview: acts.Level | None) -> HttpResponse:
    values: dict[str, Any] = {
        "heading": f"Change the words for level {level}",
        "form": form,
        "preview": preview,
        "history": acts.history(level),
        "back": reverse("frontdoor:levels"),
        "now": request.now,
    }
    return render(request, "frontdoor/levels_change.html", values)
