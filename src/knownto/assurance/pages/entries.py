"""Lists of entries, and one entry."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Request, asking
from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.assurance import reads
from knownto.assurance.pages.presenter import Narrow, as_sheet, sheet, table
from knownto.assurance.words import LISTS
from knownto.face.parts import Pages, Row
from knownto.face.sheets import download
from knownto.policy import Permission

LOOK = Request(Permission.WHO_LOOKED)


@page(Permission.WHO_LOOKED)
@fresh(when=as_sheet)
@require_safe
def listed(request: HttpRequest, code: str) -> HttpResponse:
    chosen = LISTS.get(code)
    if chosen is None:
        raise Http404
    form = Narrow(request.GET)
    taken = as_sheet(request)
    kind, detail = ("export" if taken else "who-looked"), {"list": code}
    with asking(request.viewer, LOOK, kind=kind, detail=detail, now=request.now):
        most = reads.MOST_DOWNLOADED if taken else reads.PAGE
        found = reads.listed(request.viewer, chosen.which, form.chosen, before=cursor(request), most=most)
    if taken:
        return download(sheet(found.lines, chosen.heading), f"{code}-{request.now:%Y-%m-%d}")
    here = {"heading": chosen.heading, "hint": chosen.hint, "form": form, "table": table(found.lines, chosen.heading)}
    return render(request, "assurance/entries.html", here | {"pages": after(request, found.next), "csv": csv(request)})


@page(Permission.WHO_LOOKED)
@require_safe
def one(request: HttpRequest, event: UUID) -> HttpResponse:
    with asking(request.viewer, LOOK, kind="who-looked", about=[f"entry:{event}"], now=request.now):
        found = reads.entry(request.viewer, event)
    if found is None:
        raise Http404
    row, line = found
    leaf = getattr(row, "leaf", None)
    facts = (
        ("When", f"{line.at:%Y-%m-%d %H:%M:%S.%f} UTC"), ("Who", line.who),
        ("Agency", line.agency), ("Role", line.role),
        ("What", line.what), ("Purpose", line.purpose), ("Work", line.work), ("Asked for", line.asked),
        ("Rule", line.because), ("Agreement", row.agreement), ("Event", str(line.event)),
        ("Place in the log", str(leaf.index) if leaf else "Waiting to be numbered"),
        ("SHA-256 of what is sealed", bytes(row.commitment).hex()),
    )  # fmt: skip
    here = {
        "heading": "One entry",
        "rows": [Row(key, value) for key, value in facts if value],
        "people": [subject for subject in line.about if _is_person(subject, line.kind)],
        "other": [subject for subject in line.about if not _is_person(subject, line.kind)],
        "simulated": line.simulated,
        "back": reverse("assurance:start"),
    }
    return render(request, "assurance/entry.html", here)


def after(request: HttpRequest, following: int) -> Pages:
    """The way to the next page, keeping the days and the agency."""
    asked = request.GET.copy()
    asked["before"] = str(following)
    return Pages(next=f"?{asked.urlencode()}" if following else "")


def csv(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked["csv"] = "1"
    return f"?{asked.urlencode()}"


def cursor(request: HttpRequest) -> int:
    said = request.GET.get("before", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _is_person(subject: str, kind: str) -> bool:
    """Ids of people have no prefix, and neither have those of workers in entries about accounts."""
    try:
        UUID(subject)
    except ValueError:
        return False
    return kind in ("answer", "view", "household", "print", "query", "who-looked")
