"""Put more under a protection that stands: a brother or sister, a new school, the next address."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.face import forms
from knownto.firewall import acts, reads
from knownto.firewall.pages.one import rows
from knownto.firewall.pages.setting import LEADS, Leads


class Widen(Leads):
    """Somebody who is protected too, or more that leads to somebody who is: the same names again."""

    groups = (forms.Group("Whose", ("given", "family", "born")), forms.Group("What would lead to them", LEADS))
    why = forms.Words(label="Why?", called="why", missing="Enter why", max_length=2000, rows=3)


@page(Permission.WHEREABOUTS)
def widen(request: HttpRequest, protection: UUID) -> HttpResponse:
    found = reads.one(request.viewer, protection, request.now)
    form, problem = Widen(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            why, more = form.cleaned_data["why"], form.subject()
            acts.protect_too(by=request.viewer, protection=protection, more=more, why=why, now=request.now)
            messages.success(request, "It is protected too, from now on, everywhere.")
            return redirect("firewall:protection", protection)
        except NotPossibleNow as error:
            problem = error.because
    values: dict[str, Any] = {"heading": "Protect somebody else too, or more of them", "form": form}
    values |= {"problem": problem, "found": found, "rows": rows(found), "button_text": "Protect it too"}
    values |= {"cancel": reverse("firewall:protection", args=[protection])}
    return render(request, "firewall/step.html", values)
