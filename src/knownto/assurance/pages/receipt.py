"""A receipt from a page or a printed pack: what was shown, to whom, and under which agreements."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from knownto.access.acts import Request, asking
from knownto.access.pages import page
from knownto.disclosure import reads as disclosure
from knownto.disclosure.models import Disclosure
from knownto.face import forms
from knownto.face.parts import Link, Row
from knownto.partners import reads as partners
from knownto.policy import PURPOSES, Permission
from knownto.witnessing.reads import receipt_proof


class Receipt(forms.Form):
    receipt = forms.Text(
        label="Receipt", hint="As it is printed on the page.", max_length=30, look=forms.Look(width=20)
    )


@page(Permission.WHO_LOOKED)
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    form = Receipt(request.POST or None)
    found = _found(request, form.cleaned_data["receipt"]) if request.method == "POST" and form.is_valid() else None
    here = {"heading": "Look up a receipt", "form": form, "button_text": "Look up", "back": reverse("assurance:start")}
    here |= {"rows": _rows(found) if found else [], "missing": form.is_bound and form.is_valid() and not found}
    return render(request, "assurance/receipt.html", here)


@page(Permission.WHO_LOOKED)
@require_safe
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """The file by which a court checks that receipt without us. Opaque ids only, but it says who looked at whom."""
    found = _found(request, code)
    data = receipt_proof(found) if found else None
    if found is None or data is None:
        raise Http404
    return as_file(found.receipt, data)


def as_file(receipt: str, data: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{receipt}.json"'
    return answer


def _found(request: HttpRequest, typed: str) -> Disclosure | None:
    detail = {"receipt": typed}
    with asking(request.viewer, Request(Permission.WHO_LOOKED), kind="who-looked", detail=detail, now=request.now):
        return disclosure.by_receipt(request.viewer, typed)


def _rows(found: Disclosure) -> list[Row]:
    agency = partners.agency_names().get(found.to_agency, found.to_agency)
    purpose = PURPOSES[found.purpose].name if found.purpose in PURPOSES else found.purpose
    entry = Link("The entry in the log", reverse("assurance:entry", args=[found.entry.event]))
    proof = Link("Download it", reverse("assurance:receipt-proof", args=[found.receipt]))
    return [
        Row("Receipt", found.receipt),
        Row("When", f"{found.at:%Y-%m-%d %H:%M:%S} UTC"),
        Row("How", found.get_how_display().capitalize()),
        Row("To", f"{partners.names([found.worker]).get(found.worker, 'Unknown')}, {agency}"),
        Row("Purpose", purpose),
        Row("Law", found.basis),
        Row("Agreements", "; ".join(found.agreements) or "None"),
        Row("Marking", found.marking),
        Row("Good until", f"{found.expires:%Y-%m-%d %H:%M} UTC"),
        Row("Entry", entry),
        Row("Proof, to be checked without us", proof),
        *_whom(found),
    ]


def _whom(found: Disclosure) -> list[Row]:
    if found.person is None:
        return []
    return [Row("The person", Link("Who else looked", reverse("assurance:person-one", args=[found.person])))]
