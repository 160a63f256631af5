"""How the log stands, and whether anything in it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from knownto.access.acts import Request, asking
from knownto.access.pages import page
from knownto.face.parts import Row
from knownto.ledger import reads as ledger
from knownto.policy import Permission
from knownto.witnessing import reads as witnessing

MOST_AT_ONCE = 100_000  # entries that a page can check while somebody waits; more is for the command line


@page(Permission.WHO_LOOKED)
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    standing = ledger.standing()
    here = {
        "heading": "The log itself",
        "rows": _rows(standing),
        "head": standing.head,
        "can_check": standing.numbered <= MOST_AT_ONCE,
        "back": reverse("assurance:start"),
    }
    if request.method == "POST" and here["can_check"]:
        with asking(
            request.viewer,
            Request(Permission.WHO_LOOKED),
            kind="who-looked",
            detail={"list": "verify"},
            now=request.now,
        ):
            here |= {"checked": True, "findings": ledger.verify() + witnessing.verify()}
    return render(request, "assurance/ledger.html", here)


def _rows(standing: ledger.Standing) -> list[Row]:
    signed = f"{standing.signed_at:%Y-%m-%d %H:%M:%S} UTC" if standing.signed_at else "Not yet"
    return [
        Row("Entries under a signed head", f"{standing.numbered:,}"),
        Row("Waiting to be numbered", f"{standing.waiting:,}"),
        Row("Head last signed", signed),
    ]
