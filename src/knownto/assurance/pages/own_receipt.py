"""The proof of a receipt of one's own: for whoever was shown something, and must show one day that it was recorded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.acts import Request, asking
from knownto.access.pages import page
from knownto.assurance.pages.receipt import Receipt, as_file
from knownto.disclosure import reads as disclosure
from knownto.disclosure.models import Disclosure
from knownto.policy import Permission
from knownto.witnessing.reads import receipt_proof


@page(Permission.AGREEMENTS)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """A receipt of somebody else's and one that there is not look the same."""
    form = Receipt(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    found = _found(request, form.cleaned_data["receipt"]) if asked else None
    data = receipt_proof(found) if found else None
    if found and data:
        return as_file(found.receipt, data)
    here = {"heading": "Prove a receipt of yours", "form": form, "button_text": "Download its proof"}
    here |= {"back": reverse("home"), "missing": asked and not found, "waiting": bool(found)}
    return render(request, "assurance/own_receipt.html", here)


def _found(request: HttpRequest, typed: str) -> Disclosure | None:
    detail = {"receipt": typed}
    with asking(request.viewer, Request(Permission.AGREEMENTS), kind="own-receipt", detail=detail, now=request.now):
        return disclosure.own_by_receipt(request.viewer, typed)
