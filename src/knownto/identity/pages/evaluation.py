"""How right the matching was measured to be, by partner and by naming tradition, and how often reviewers agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.acts import Request, asking
from knownto.access.pages import page
from knownto.face.parts import Column, Row, Table, Tag
from knownto.identity import reads
from knownto.identity.pages.queue import sections
from knownto.identity.pathway import PURPOSE
from knownto.identity.scores import model
from knownto.linkage.evaluation import Evaluation, Group, Reliability, latest
from knownto.policy import Permission

OWN = "evaluation.json"  # in the hub's own folder, where it has measured on its own records
GAPS = str.maketrans("_-", "  ")  # of codes: punjabi_sikh, childrens-social-care
SIDE = 300  # of the drawing, in its own units
GROUP = (
    "True pairs",
    "Linked without anybody",
    "Linked wrongly",
    "Before a reviewer",
    "Found",
    "Right, of those linked",
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the curve, in the drawing's own units from its top left."""

    x: float
    y: float


@page(Permission.REVIEW)
@require_safe
def evaluation(request: HttpRequest) -> HttpResponse:
    with asking(request.viewer, Request(Permission.REVIEW, purpose=PURPOSE), kind="evaluation-seen", now=request.now):
        agreed = reads.agreement()
    found = latest(Path(settings.VAR) / OWN)
    values = {
        "heading": "How right the matching is",
        "sections": sections("evaluation"),
        "agreement": agreed,
        "agree": _share(agreed.rate) if agreed.rate is not None else "",
        "found": found,
        "now_used": model(),
    }
    return render(request, "identity/evaluation.html", values | (_figures(found) if found else {}))


def _figures(found: Evaluation) -> dict[str, object]:
    return {
        "same_model": found.checksum == model().checksum,
        "facts": _facts(found),
        "targets": _targets(found),
        "partners": _groups("By pair of partners", "Partners", found.partners, str.capitalize),
        "traditions": _groups("By naming tradition", "Tradition", found.traditions, str.title),
        "reliability": _reliability(found.reliability),
        "thresholds": _thresholds(found),
        "sets": _sets(found),
        "dots": [Dot(SIDE * r.believed, SIDE * (1 - r.observed)) for r in found.reliability if r.pairs],
        "side": SIDE,
    }


def _share(of: float) -> str:
    """As people say it, with enough figures to tell 99.99% from all."""
    return f"{100 * of:.2f}%"


def _facts(found: Evaluation) -> list[Row]:
    signed = found.signed_off
    return [
        Row("Model", found.model),
        Row("Checksum", found.checksum[:16]),
        Row("Trained with", found.trained_with),
        Row("Signed off by", f"{signed.name}, {signed.role}, on {signed.on}" if signed else "Nobody yet"),
        Row("Measured on", f"{found.measured_on}: {found.data}"),
        Row("Records and true pairs", f"{found.records:,} and {found.true_pairs:,}"),
        Row("Linked without anybody, of the true pairs", _share(found.whole.recall)),
        Row("Linked or put before a reviewer", _share(found.whole.found)),
        Row("Right, of those linked without anybody", f"{100 * found.whole.precision:.4f}%"),
        Row("Calibration error", f"{100 * found.calibration_error:.2f} points"),
        Row("True pairs that candidates reach", _share(found.candidate_recall)),
        Row("Wrong links expected", f"{found.false_links_a_month:g} a month, of {found.records_a_month:,} records"),
    ]


def _targets(found: Evaluation) -> Table:
    rows = [
        [t.what, t.wanted, t.figure, Tag("Met", "green") if t.met else Tag("Not met", "red")] for t in found.targets
    ]
    return Table(
        "What was set, and what was measured",
        [Column(h) for h in ("What", "Set", "Measured", "Met?")],
        rows,
        scroll=True,
    )


def _groups(caption: str, heading: str, groups: Sequence[Group], say: Callable[[str], str]) -> Table:
    """A row a group; `say` writes its code's words as people do."""
    rows = [
        [
            say(g.name.translate(GAPS)),
            f"{g.true:,}",
            f"{g.linked:,}",
            g.wrong,
            f"{g.in_review:,}",
            _share(g.found),
            _share(g.precision),
        ]
        for g in groups
    ]
    return Table(caption, [Column(heading), *(Column(h, numeric=True) for h in GROUP)], rows, dense=True, scroll=True)


def _reliability(found: Sequence[Reliability]) -> Table:
    headings = ("Believed between", "Pairs", "Believed", "Were one person")
    rows = [
        [f"{_share(r.low)} and {_share(r.high)}", f"{r.pairs:,}", _share(r.believed), _share(r.observed)] for r in found
    ]
    return Table(
        "Is what is believed so?",
        [Column(h, numeric=at > 0) for at, h in enumerate(headings)],
        rows,
        dense=True,
        scroll=True,
    )


def _thresholds(found: Evaluation) -> Table:
    headings = ("Linking from, in bits", "Right", "Of the true pairs", "Wrong links a month")
    rows = [
        [f"{t.bits:g}", f"{100 * t.precision:.4f}%", _share(t.recall), f"{t.false_a_month:g}"] for t in found.thresholds
    ]
    return Table(
        "What another threshold would do", [Column(h, numeric=True) for h in headings], rows, dense=True, scroll=True
    )


def _sets(found: Evaluation) -> Table:
    rows = [
        [
            s.name,
            f"{s.records:,}",
            f"{s.ours.pairs.f1:.4f}",
            ", ".join(f"{p.name} {p.pairs.f1:.4f}" for p in s.peers),
            Tag("Better", "green") if s.beaten else Tag("Not better", "red"),
        ]
        for s in found.sets
    ]
    columns = [
        Column("Set"),
        Column("Records", numeric=True),
        Column("Ours, F1", numeric=True),
        Column("Peers"),
        Column("Better?"),
    ]
    return Table("Published labelled sets, beside peers in the same run", columns, rows, scroll=True)
