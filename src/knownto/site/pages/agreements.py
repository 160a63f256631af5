"""The sharing agreements, as the people who signed them would read them. Open to everybody who signs in."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime

from knownto.access.pages import page
from knownto.face.parts import Column, Link, Row, Table, Tag
from knownto.face.times import long_date
from knownto.partners import reads
from knownto.partners.agreement import Agreement
from knownto.policy import PURPOSES, Permission

HELD = {
    "full": ("Headline held", "That there was contact of this sort, how often, and when."),
    "limited": ("Limited", "That this agency is involved, since when, and whom to ring. Not why."),
    "ask": ("Ask them", "Nothing is sent here. The agency is rung, and decides."),
    "nothing": ("Nothing", "Nothing is sent or shown, not even that it exists."),
}


@dataclass(frozen=True)
class Standing:
    """An agreement and how it stands today."""

    agreement: Agreement
    in_force: bool
    overdue: bool

    @property
    def tag(self) -> Tag:
        if not self.in_force:
            return Tag("Not in force", "red")
        return Tag("In force, review overdue", "orange") if self.overdue else Tag("In force", "green")


def standings(request: HttpRequest) -> list[Standing]:
    return [Standing(*found) for found in reads.agreements_on(localtime(request.now).date())]


@page(Permission.AGREEMENTS)
def in_force(request: HttpRequest) -> HttpResponse:
    found = standings(request)
    names = reads.agency_names()
    columns = [Column(h) for h in ("Agreement", "Whose information", "Version", "Runs until", "Review by", "State")]
    nothing = "There is no agreement, so nothing may be shared."
    rows = [_line(standing, names) for standing in found]
    table = Table("Sharing agreements", columns, rows, hide_caption=True, empty=nothing)
    here = {"heading": "Sharing agreements", "table": table, "overdue": [s for s in found if s.overdue], "back": "/"}
    return render(request, "site/agreements.html", here)


def _line(standing: Standing, names: dict[str, str]) -> tuple:
    said = standing.agreement
    link = Link(said.title, reverse("agreement", args=[said.agency]))
    whose = names.get(said.agency, said.agency)
    return link, whose, said.version, long_date(said.ends), long_date(said.review), standing.tag


@page(Permission.AGREEMENTS)
def one(request: HttpRequest, agency: str) -> HttpResponse:
    found = next((s for s in standings(request) if s.agreement.agency == agency), None)
    if found is None:
        raise Http404
    here = {
        "heading": found.agreement.title,
        "facts": _facts(found),
        "categories": _categories(found.agreement),
        "purposes": [PURPOSES[code] for code in found.agreement.purposes],
        "back": "/agreements/",
    }
    return render(request, "site/agreement.html", here)


def _facts(found: Standing) -> list[Row]:
    said, names = found.agreement, reads.agency_names()
    return [
        Row("State", found.tag),
        Row("Whose information it is", names.get(said.agency, said.agency)),
        Row("Who may be shown it", ", ".join(names.get(p, p) for p in said.parties)),
        Row("Accountable", said.accountable),
        Row("In force", f"{long_date(said.starts)} to {long_date(said.ends)}"),
        Row("Review by", long_date(said.review)),
        Row("Version", said.version),
        Row("Checksum of the text (SHA-256)", said.checksum),
    ]


def _categories(agreement: Agreement) -> Table:
    rows = [(c.name, HELD[c.hold][0], HELD[c.hold][1]) for c in agreement.categories.values()]
    columns = [Column("Sort of contact"), Column("How much"), Column("What that means", wide=True)]
    return Table("What the tracker may hold", columns, rows)
