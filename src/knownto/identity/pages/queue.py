"""The queue: how much waits, by harm of the link, and what is next. No names: they are opened one pair at a time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.casework.pages.asked_for import page_of
from knownto.casework.presenting import pages
from knownto.face import times
from knownto.face.parts import Column, Line, Link, Table, Tag
from knownto.identity import listing
from knownto.policy import Permission

BANDS = {"grave": "Grave harm, if the link is wrong or missed", "serious": "Serious harm", "usual": "Usual"}
SECTIONS = (
    ("queue", "The queue"),
    ("decisions", "What I said"),
    ("consequences", "Wrong links that were shown"),
    ("evaluation", "How right the matching is"),
)
STATES = {"waiting": "A reviewer", "second": "A second opinion", "lead": "The lead reviewer"}


def sections(current: str) -> list[Link]:
    """The pages that belong together."""
    return [Link(words, reverse(f"identity:{route}"), current=route == current) for route, words in SECTIONS]


@page(Permission.REVIEW)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    at = page_of(request)
    found = listing.queue(request.viewer, page=at, now=request.now)
    values = {
        "heading": "Who is who",
        "sections": sections("queue"),
        "counts": _counts(found.counts),
        "late": found.counts["late"],
        "table": _table(found.items, request),
        "pages": pages(at, found.more),
        "next_url": reverse("identity:next"),
        "waits": any(found.counts[band] for band in BANDS),
    }
    return render(request, "identity/queue.html", values)


def _counts(counts: dict[str, int]) -> Table:
    rows = [[words, counts[band]] for band, words in BANDS.items()]
    rows += [["Of these, wait for a second opinion", counts["second"]], ["Wait for the lead", counts["lead"]]]
    return Table("What waits", [Column("Harm of the link"), Column("Pairs", numeric=True)], rows, dense=True)


def _table(items: tuple[listing.Item, ...], request: HttpRequest) -> Table:
    headings = ("Pair", "Held by", "Why", "Waits for", "Due", "Who has it")
    rows = [Line(_cells(item, request), mark="late" if item.late else "") for item in items]
    return Table("What comes next", [Column(h) for h in headings], rows, dense=True, empty="Nothing waits.")


def _cells(item: listing.Item, request: HttpRequest) -> list[object]:
    due = times.due(item.due, request.now)
    two = format_html("<br>{}", Tag("Two people", "grey")) if item.two_people else ""
    pair = Link(item.reference, reverse("identity:pair", args=[item.episode]))
    late = format_html("{} ", Tag("Overdue", "red")) if item.late else ""
    return [
        format_html('<span class="kt-ref">{}</span>{}', pair, two),
        ", ".join(item.agencies),
        item.why,
        STATES.get(item.state, ""),
        format_html("{}{}, {}", late, due.said, due.distance),
        "You" if item.who == request.viewer.worker_id else "Another reviewer" if item.who else "Nobody",
    ]
