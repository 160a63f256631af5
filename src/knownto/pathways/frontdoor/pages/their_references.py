"""Saying what one's own system calls our contacts: one at a time, or a whole list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.face import forms
from knownto.face.parts import Column, Table
from knownto.pathways.frontdoor import their_references as theirs
from knownto.pathways.frontdoor.their_references import Fate, NotReadable, Pair
from knownto.policy import Permission

SYSTEMS = [("Mosaic", "Mosaic"), ("Connect", "Connect")]
SAID = {
    "not-yours": "No contact of your agency has this reference",
    "no-reference": "There is no reference of yours on this line",
    "too-long": f"The reference is longer than {theirs.LONGEST} characters",
}


class Say(forms.Form):
    """One pair, or a file of them."""

    system = forms.Choice(
        label="Which system?",
        missing="Select which system",
        options=[*SYSTEMS, forms.Option("other", "Another", reveals=("named",))],
    )
    named = forms.Text(label="Its name", called="the system's name", max_length=40, look=forms.Look(width=20))
    ours = forms.Text(
        label="Knownto reference",
        hint="For example, 7Q4F-2M9X-K",
        required=False,
        max_length=20,
        look=forms.Look(width=20),
    )
    theirs = forms.Text(
        label="Your system's reference", required=False, max_length=theirs.LONGEST, look=forms.Look(width=20)
    )
    file = forms.File(
        label="Or a list",
        hint="CSV whose first line is: Knownto reference, Their reference",
        required=False,
        accept=".csv",
    )
    groups = (
        forms.Group("Where it is from", ("system", "named")),
        forms.Group("One reference", ("ours", "theirs")),
        forms.Group("Many references", ("file",)),
    )
    say_optional = False

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("file"):
            self._read(said)
        elif not said.get("ours"):
            self.add_error("ours", "Enter a Knownto reference, or select a file")
        elif not said.get("theirs"):
            self.add_error("theirs", "Enter your system's reference")
        else:
            said["pairs"] = [Pair(said["ours"], said["theirs"].strip())]
        return said

    def _read(self, said: dict[str, Any]) -> None:
        try:
            said["pairs"] = theirs.read(said["file"].read())
        except NotReadable as error:
            self.add_error("file", str(error))

    @property
    def chosen(self) -> str:
        return self.cleaned_data["named"] if self.cleaned_data["system"] == "other" else self.cleaned_data["system"]


@page(Permission.COPIES)
@require_http_methods(["GET", "POST"])
def references(request: HttpRequest) -> HttpResponse:
    form = Say(request.POST, request.FILES) if request.method == "POST" else Say()
    left: list[Fate] = []
    if request.method == "POST" and form.is_valid():
        fates = theirs.record(by=request.viewer, system=form.chosen, pairs=form.cleaned_data["pairs"], now=request.now)
        left = [fate for fate in fates if fate.outcome in SAID]
        messages.success(request, _said(fates))
        if not left:
            return redirect("frontdoor:their-references")
    values = {
        "heading": "Your system's references",
        "form": form,
        "left": _table(left),
        "button_text": "Record",
        "back": reverse("frontdoor:exports"),
    }
    return render(request, "frontdoor/exports_references.html", values)


def _said(fates: list[Fate]) -> str:
    kept, same = (sum(fate.outcome == outcome for fate in fates) for outcome in ("kept", "same"))
    already = f" {same} had been said before." if same else ""
    return f"{kept} {'reference was' if kept == 1 else 'references were'} recorded.{already}"


def _table(left: list[Fate]) -> Table | None:
    columns = (Column("Line"), Column("Knownto reference"), Column("Why it was left out", wide=True))
    rows = [(fate.pair.line or "", fate.pair.ours, SAID[fate.outcome]) for fate in left]
    return Table("Not recorded", columns, rows) if rows else None
