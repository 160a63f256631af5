"""Health's part: what each source holds, what it means for the child, and a signature by name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.acts import Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import reads
from knownto.casework.entering import Entered, entering
from knownto.face import forms
from knownto.face.parts import Row
from knownto.firewall import audiences
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import asked_of, health, health_documents
from knownto.pathways.frontdoor.gate import NothingSaid
from knownto.pathways.frontdoor.kept_back import known_for
from knownto.pathways.frontdoor.known import HEALTH_CHECK
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.people import person
from knownto.policy import Permission

SIGNED, KEPT = "It is signed in your name, and sent.", "The draft is kept. It is not signed."


class Source(forms.Form):
    """What one source holds."""

    source = forms.Choice(label="Which source?", missing="Select which source", look=forms.Look(small=True))
    found = forms.Choice(
        label="What did you find?",
        missing="Select what you found",
        options=[
            forms.Option("known", health.FOUND["known"], reveals=("summary",)),
            forms.Option("nothing-known", health.FOUND["nothing-known"], hint="Of this source alone."),
            forms.Option("could-not-look", health.FOUND["could-not-look"], reveals=("why_not",)),
        ],
    )
    summary = forms.Words(
        label="What does it hold that bears on this child?",
        called="what it holds",
        hint="Dates, who saw the child, injuries, appointments missed, growth. Leave out what concerns others.",
        max_length=3000,
        rows=6,
        look=forms.Look(count=True),
    )
    why_not = forms.Words(
        label="Why could nobody look?",
        called="why nobody could look",
        hint="No access, records elsewhere, nobody on duty. It is shown as a gap.",
        max_length=500,
        rows=2,
    )
    who = forms.Text(
        label="Whom was it learned from?",
        called="whom it was learned from",
        hint="Name and role, or the record that you read.",
        max_length=150,
        required=False,
    )

    document = forms.File(
        label="A document to put with it (if there is one)",
        called="the document",
        hint="A PDF, a photograph of paper notes or plain text: 2 MB at most. Each opening is recorded.",
        accept=".pdf,.png,.jpg,.jpeg,.txt",
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, files, initial=initial)
        self.fields["source"].offer(forms.Option(*each) for each in asked_of.health_sources())

    def source_said(self, ask: str) -> health.Source:
        said = self.cleaned_data
        summary = said.get("summary") or said.get("why_not") or ""
        document = (said["document"].name, said["document"].read()) if said.get("document") else None
        return health.Source(said["source"], said["found"], summary, said["who"], ask, document)


class Analysis(forms.Form):
    """What it means, and who says so. A draft may leave blanks; a signature may not."""

    groups = (
        forms.Group("Your analysis", ("means", "significance", "gaps")),
        forms.Group("Your signature", ("role", "registration", "signed"), hint="Your name is put to it."),
    )
    say_optional = False

    means = forms.Words(
        label="What does it mean for this child?",
        called="what it means for this child",
        hint="Not what was recorded, but what it tells of the child's health, development and care day by day.",
        max_length=4000,
        required=False,
        rows=6,
        look=forms.Look(count=True),
    )
    significance = forms.Words(
        label="How much does it weigh, and why?",
        called="how much it weighs",
        hint="Is it out of the ordinary? Does it fit what was told? Does it point to harm, or to care that is good?",
        max_length=2000,
        required=False,
        rows=4,
    )
    gaps = forms.Words(
        label="What is not known?",
        called="what is not known",
        hint="Sources nobody could look at, appointments missed, a child nobody has seen. 'Nothing' is an answer.",
        max_length=2000,
        required=False,
        rows=3,
    )
    role = forms.Text(label="Your role", called="your role", max_length=100, required=False)
    registration = forms.Text(
        label="Registration number (if you want it shown)", max_length=30, required=False, look=forms.Look(width=10)
    )
    signed = forms.Tick(label="I have read what is put together here, and this is my analysis", required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.data.get("act") == "sign":
            for name in health.MUST_SAY:
                if not (self.cleaned_data.get(name) or "").strip():
                    self.add_error(name, f"Enter {self.fields[name].called} before you sign")
            if not self.cleaned_data.get("signed"):
                self.add_error("signed", "Confirm that this is your analysis before you sign")
        return self.cleaned_data

    @property
    def analysis(self) -> health.Analysis:
        return health.Analysis(*(self.cleaned_data[name] for name in (*health.MUST_SAY, "registration")))


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """Health's part on the page of the work."""
    if "health" not in entered.sections:
        return None
    pack = health.pack(entered.episode)
    if not (pack.asked or pack.held):
        return None
    of_it = _ask_of(entered)
    asked = of_it if viewer.may(Permission.ANALYSE) else None
    values = {"pack": pack, "ask": asked, "any_ask": of_it, "now": now}
    return Panel(45, "Health", "frontdoor/health_panel.html", values)


def _ask_of(entered: Entered) -> UUID | None:
    found = reads.asks(entered.episode, HEALTH_CHECK)
    return found[-1][0].id if found else None


@page(Permission.EPISODE)
@require_http_methods(["GET", "HEAD"])
def pack(request: HttpRequest, ask: UUID) -> HttpResponse:
    """The page on which a health check is answered: for the practitioner who signs; others of the team see the ask."""
    work, viewer = health.work_of(request.viewer, ask), request.viewer
    with entering(viewer, work, Permission.EPISODE, kind="health-seen", now=request.now) as entered:
        whole = "health" in entered.sections
        if not whole and "asks" not in entered.sections:
            raise NotYours
        values = _whole(entered, request) if whole else {}
        values |= _asked(entered, ask)
    values |= {"heading": "Health check", "may_sign": viewer.may(Permission.ANALYSE), "now": request.now}
    return render(request, "frontdoor/health.html", values | {"ask": ask, "whole": whole})


def _asked(entered: Entered, ask: UUID) -> dict[str, Any]:
    row, plain = next((row, plain) for row, plain in reads.asks(entered.episode, HEALTH_CHECK) if row.id == ask)
    names = partners.agency_names()
    return {
        "reference": row.reference,
        "question": plain.get("question", ""),
        "basis": row.basis,
        "due": row.clock.due_at,
        "open": row.answered_at is None,
        "from": names.get(row.by_agency, row.by_agency),
    }


def _whole(entered: Entered, request: HttpRequest) -> dict[str, Any]:
    names = partners.agency_names()
    answers = [
        {
            "id": row.id,
            "agency": names[row.to_agency],
            "at": row.answered_at,
            "answer": plain.get("answer", ""),
            "parts": [(each["label"], plain.get("answers", {}).get(each["code"])) for each in plain.get("fields", ())],
        }
        for row, plain in health.answers_of_health(entered.episode)
    ]
    made = health.pack(entered.episode)
    return {"pack": made, "answers": answers, "sources": _rows(made), "episode": entered.episode.id}


def _rows(pack: health.Pack) -> list[Row]:
    return [Row(each.name, _said(each)) for each in pack.held] + [
        Row(name, "Nobody has said yet") for name in pack.not_looked
    ]


def _said(held: health.Held) -> str:
    who = f" (from {held.who})" if held.who else ""
    return f"{held.found}{who}. {held.summary}".strip()


@page(Permission.ANALYSE)
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, ask: UUID) -> HttpResponse:
    work = health.work_of(request.viewer, ask)
    taken = _answer_of(request, work)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = Source(*sent, initial=taken)
    if request.method == "POST" and form.is_valid():
        said = form.source_said(request.POST.get("taken", ""))
        try:
            health.add_source(by=request.viewer, episode=work, source=said, now=request.now)
        except health_documents.NotThatKind as refused:
            form.add_error("document", refused.because)
        except (NotPossibleNow, NothingSaid) as refused:
            form.add_error(None, getattr(refused, "because", "Enter what is missing"))
        else:
            messages.success(request, "It is put to health's part.")
            return redirect("frontdoor:health", ask)
    values = {"form": form, "heading": "Say what a source holds", "button_text": "Add", "taken": taken.get("ask", "")}
    back = reverse("frontdoor:health", args=[ask])
    return render(request, "frontdoor/health_source.html", values | {"back": back, "cancel": back})


@page(Permission.EPISODE)
@require_http_methods(["GET", "HEAD"])
def document(request: HttpRequest, ask: UUID, document: UUID) -> HttpResponse:
    """The document itself, to keep: a browser is told never to run or to guess at it."""
    work = health.work_of(request.viewer, ask)
    found = health_documents.opened(by=request.viewer, episode=work, document=document, now=request.now)
    return HttpResponse(
        found.data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="health-document.{found.ending}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


SOURCE_OF = {"gp": "gp", "mental-health": "camhs", "hospital": "hospital"}


def _answer_of(request: HttpRequest, work: UUID) -> dict[str, str]:
    """The answer of another health service, to begin from; nothing where none was chosen."""
    chosen = request.GET.get("from", "")
    with entering(request.viewer, work, Permission.ANALYSE, kind="health-seen", now=request.now) as entered:
        for row, plain in health.answers_of_health(entered.episode):
            if str(row.id) == chosen:
                said = [plain.get("answer", ""), *plain.get("answers", {}).values()]
                start = {"source": SOURCE_OF.get(row.to_agency, ""), "found": "known", "ask": chosen}
                return start | {"summary": "\n".join(filter(None, said)), "who": row.to_team.name}
    return {}


@page(Permission.ANALYSE)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, ask: UUID) -> HttpResponse:
    work = health.work_of(request.viewer, ask)
    with entering(request.viewer, work, Permission.ANALYSE, kind="health-seen", now=request.now) as entered:
        made = health.pack(entered.episode)
        kept = known_for(reads.people([entered.episode])[work], audiences.on_page(request.viewer))
        who = [person(each, "", "", request.now.date()) for each in kept]
    form = Analysis(request.POST if request.method == "POST" else None, initial=dict(made.analysis))
    if request.method == "POST" and form.is_valid() and _kept(request, work, form):
        return redirect("frontdoor:health", ask)
    back = reverse("frontdoor:health", args=[ask])
    values = {"form": form, "heading": "What health's information means", "pack": made, "back": back, "people": who}
    return render(request, "frontdoor/health_sign.html", values | {"sources": _rows(made)})


def _kept(request: HttpRequest, work: UUID, form: Analysis) -> bool:
    signing = request.POST.get("act") == "sign"
    act = health.sign if signing else health.save_draft
    try:
        act(by=request.viewer, episode=work, analysis=form.analysis, now=request.now)
    except (NotPossibleNow, NothingSaid) as refused:
        form.add_error(None, getattr(refused, "because", "Enter what is missing"))
        return False
    messages.success(
        request, "It is signed in your name, and sent." if signing else "The draft is kept. It is not signed."
    )
    return True
