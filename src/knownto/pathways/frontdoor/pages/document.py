"""A referral, an outcome or minutes as one document: for reading and print, and as a PDF to keep."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Viewer
from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework.entering import Entered, entering
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.firewall import audiences
from knownto.pathways.frontdoor import copies, facts, laying_out, paper, sent_copies
from knownto.pathways.frontdoor.document import Document
from knownto.pathways.frontdoor.documenting import Wanted, document_of, purpose_of
from knownto.policy import Permission


class NotToBeTold(NotPossibleNow):
    """A court, or somebody's safety, says that this agency is not to have it."""

    def __init__(self, because: str) -> None:
        super().__init__("not-to-be-told", because)


@page(Permission.EPISODE)
@require_safe
def document(request: HttpRequest, episode: UUID, what: str) -> HttpResponse:
    made = _made(request, episode, what, "document-seen")
    values = laying_out.values_of(made) | {
        "title": laying_out.KINDS[what],
        "back": reverse("frontdoor:episode", args=[episode]),
        "pdf": reverse("frontdoor:document-pdf", args=[episode, what]) if paper.can_make() else "",
        "no_pdf": paper.MISSING,
    }
    return render(request, "frontdoor/document.html", values)


@page(Permission.EPISODE)
@fresh()
@require_safe
def pdf(request: HttpRequest, episode: UUID, what: str) -> HttpResponse:
    if not paper.can_make():
        messages.warning(request, paper.MISSING)
        return redirect("frontdoor:document", episode, what)
    made = _made(request, episode, what, "document-taken")
    headers = {"Content-Disposition": f'attachment; filename="{made.reference}.pdf"'}
    return HttpResponse(laying_out.pdf_of(made), content_type="application/pdf", headers=headers)


def _made(request: HttpRequest, episode: UUID, what: str, kind: str) -> Document:
    """That document for this viewer, its crossing recorded before it leaves. Raises Http404, NotYours, NotToBeTold."""
    if what not in copies.WHATS:
        raise Http404
    viewer, now = request.viewer, request.now
    with entering(viewer, episode, Permission.EPISODE, kind=kind, detail={"what": what}, now=now) as entered:
        if not sent_copies.may_have(entered, viewer, what):
            raise NotYours
        told = facts.may_be_told(entered.episode, f"agency:{viewer.agency}", now=now)
        if not told.may:
            raise NotToBeTold(told.because)
        made = document_of(entered.episode, Wanted(what, viewer.agency, now, now, told.how, audiences.on_paper(viewer)))
        _cross(entered, viewer, what, now)
    return made


def _cross(entered: Entered, viewer: Viewer, what: str, now: datetime) -> None:
    """On paper it leaves the product, to somebody of another agency than the one whose words they are."""
    row = entered.episode
    owner = row.from_agency_id if what == "referral" or not row.team else row.team.agency_id
    if viewer.agency != owner:
        crossing = Crossing(row.id, How.PRINT, owner, viewer.agency, purpose_of(row), worker=viewer.worker_id)
        cross(crossing, entry=entered.granted.entry, now=now)
