"""Hand in a file by hand. It is sealed as it arrives: the plain file never lies on this machine's disk."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.face import forms
from knownto.feeds import acts, dropping, jobs
from knownto.feeds.arriving import Arriving, InMemory, Sealed
from knownto.feeds.receiving import BadManifest, Label, read_manifest
from knownto.policy import Permission


class Send(forms.Form):
    """A file, and what it is about. What its name says need not be said again."""

    file = forms.File(label="The file", accept=".csv,.xlsx", hint="A CSV file or an Excel workbook (.xlsx).")
    mode = forms.Choice(
        label="What is in it?",
        missing="Select what is in the file",
        required=False,
        options=[
            forms.Option("delta", "Changes since the file before"),
            forms.Option("snapshot", "Everything that you hold now", hint="What it does not name is dropped."),
        ],
        hint="Leave this empty when the file's name says it, such as police_delta_2026-11-21.csv.",
    )
    as_of = forms.Date(label="Which day is it about?", required=False, hint="Leave this empty when its name says it.")
    manifest = forms.File(label="Manifest", accept=".json", required=False, hint="A small JSON file: rows and sha256.")
    check_only = forms.Tick(label="Check it only, and take nothing in", required=False)

    agency = ""

    def clean(self) -> dict:
        said = super().clean()
        self._from_name(said)
        self._manifest(said)
        return said

    def _from_name(self, said: dict) -> None:
        file = said.get("file")
        named = dropping.named(file.name) if file else None
        whose, mode, day = named or (self.agency, "", None)
        if file and whose != self.agency:
            self.add_error("file", "The file's name says that it is another agency's")
        said["mode"] = said.get("mode") or mode
        said["as_of"] = said.get("as_of") or day
        if file and not said["mode"]:
            self.add_error("mode", "Select what is in the file")
        if file and not said["as_of"] and "as_of" not in self.errors:
            self.add_error("as_of", "Enter the day that the file is about")

    def _manifest(self, said: dict) -> None:
        given = said.get("manifest")
        try:
            said["manifest"] = read_manifest(given.read(4096)) if given else None
        except BadManifest:
            self.add_error("manifest", "The manifest must be a JSON file with rows and sha256")


@page(Permission.SEND_FEED)
@csrf_exempt  # only so that the sealing is in place before the form is read: `_send` does the check
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    arriving = Arriving(request, "file")
    if request.method == "POST":
        request.upload_handlers = [arriving, InMemory(request)]
    return _send(request, arriving)


@csrf_protect
def _send(request: HttpRequest, arriving: Arriving) -> HttpResponse:
    form = Send(request.POST, request.FILES) if request.method == "POST" else Send()
    form.agency = request.viewer.agency
    if arriving.refused:
        form.add_error("file", arriving.refused.reason)
    if request.method == "POST" and form.is_valid():
        return _handed_in(request, form.cleaned_data)
    _forget(request)
    here = {"heading": "Send a file", "form": form, "button_text": "Send the file", "agency": request.viewer.agency}
    return render(request, "feeds/send.html", here, status=422 if form.errors else 200)


def _handed_in(request: HttpRequest, said: dict) -> HttpResponse:
    sealed: Sealed = said["file"]
    label = Label(
        request.viewer.agency,
        said["mode"],
        said["as_of"],
        sealed.name or "",
        said["manifest"],
        check_only=said["check_only"],
    )
    file = acts.hand_in_sealed(
        viewer=request.viewer, label=label, copy=sealed.copy, arrived=sealed.arrived, now=request.now
    )
    jobs.soon(file)
    return redirect("feeds:file", file=file.id)


def _forget(request: HttpRequest) -> None:
    """The form had a fault: what was sealed with it is not kept."""
    for file in request.FILES.values():
        if isinstance(file, Sealed):
            file.copy.destroy()
