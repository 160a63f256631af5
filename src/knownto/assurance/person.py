"""Who looked at this person, or for them: also those who searched and found nothing.

A look is about a person's opaque id; a search is about the blind keys of what was typed. Keys are shared by people
with like names and years of birth, so what each such search asked for is opened and compared, and only those
that may have meant this person are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from knownto import linkage
from knownto.access.acts import Permission, Request, Viewer, asking, check
from knownto.assurance import opened, reads
from knownto.assurance.reads import Filter, Line
from knownto.footprint.question import Question
from knownto.identity import answers
from knownto.identity import reads as identity
from knownto.identity.scores import model
from knownto.ledger.models import Entry

MOST = 500


@dataclass(frozen=True)
class Meant:
    """Somebody whom partners know and who may be the one asked about, with why we think so. No name is shown."""

    id: UUID
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    looks: Sequence[Line]


@dataclass(frozen=True)
class Told:
    """Looks at each person who may be meant, and searches for somebody like them, whatever they found."""

    meant: Sequence[Meant]
    searches: Sequence[Line]
    too_common: bool = False


def who_looked(viewer: Viewer, question: Question, why: str, chosen: Filter, now: datetime) -> Told:
    """Recorded as a look of its own before anything is opened. Raises a Refused."""
    evidence = question.evidence(localdate(now))
    tokens = identity.searched_tokens(evidence)
    request = Request(Permission.WHO_LOOKED, work=why)
    detail = {"asked": question.to_json()}
    with asking(viewer, request, kind="who-looked", about=tokens, detail=detail, now=now):
        found = identity.find(evidence, now)
        people = getattr(found, "people", ())
        meant = [_meant(viewer, likeness, chosen) for likeness in people]
        searches = _searches(viewer, evidence, tokens, chosen, now)
    return Told(meant, searches, isinstance(found, answers.TooCommon))


def who_looked_at(viewer: Viewer, person: UUID, chosen: Filter, now: datetime) -> Sequence[Line]:
    """Looks at the person with that opaque id. Recorded. Raises a Refused."""
    with asking(viewer, Request(Permission.WHO_LOOKED), kind="who-looked", about=[str(person)], now=now):
        return _looks(viewer, person, chosen)


def _meant(viewer: Viewer, likeness: answers.Likeness, chosen: Filter) -> Meant:
    reasons = likeness.comparison.reasons
    return Meant(
        likeness.person,
        tuple(r.sentence for r in reasons if r.bits > 0),
        tuple(r.sentence for r in reasons if r.bits < 0),
        _looks(viewer, likeness.person, chosen),
    )


def _looks(viewer: Viewer, person: UUID, chosen: Filter) -> Sequence[Line]:
    return reads.listed(viewer, reads.about([str(person)]), chosen, most=MOST).lines


def _searches(
    viewer: Viewer, evidence: linkage.Evidence, tokens: Sequence[str], chosen: Filter, now: datetime
) -> Sequence[Line]:
    check(viewer, Request(Permission.WHO_LOOKED))
    shared = Entry.objects.filter(kind__in=("search", "who-looked"), about__subject__in=tokens).filter(chosen.where())
    rows = list(shared.distinct().order_by("-id").prefetch_related("about")[:MOST])
    sealed = opened.details(rows)
    this = linkage.clean(evidence)
    return reads.lines([row for row in rows if _may_be(this, sealed.get(row.event, {}), row)])


def _may_be(this: linkage.Cleaned, detail: dict, row: Entry) -> bool:
    """Might that search have been for this person? When what was asked has been destroyed, nobody can say no."""
    if "asked" not in detail:
        return True
    asked = Question.from_json(detail["asked"]).evidence(localdate(row.at))
    return linkage.compare(linkage.clean(asked), this, model()).bits >= model().possible
