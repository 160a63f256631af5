"""Health's part of a check: what each source holds, put together, what it means for the child, and who signs that.

A list of attendances is not information until somebody who can read it has said what it means. So a decision that
rests on health waits for an analysis that a named practitioner signed after the last of it came in. What is added
afterwards, and a correction, take the signature away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Viewer, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Episode, Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.pathways.frontdoor import asked_of, health_documents
from knownto.pathways.frontdoor.gate import NothingSaid
from knownto.pathways.frontdoor.known import CHECKS, HEALTH_CHECK, health_signed

SOURCE, ANALYSIS, DRAFT = "health-source", "health-analysis", "health-analysis-draft"
FOUND: Mapping[str, str] = {
    "known": "Something is held",
    "nothing-known": "Looked, and nothing is held",
    "could-not-look": "Could not look",
}
MUST_SAY = ("means", "significance", "gaps", "role")


class NotAsked(NotPossibleNow):
    """Health has not been asked on this work."""

    def __init__(self) -> None:
        super().__init__("health-not-asked", "Health has not been asked about this work.")


class NothingLookedAt(NotPossibleNow):
    """Nobody has said of any source what it holds."""

    def __init__(self) -> None:
        super().__init__("no-sources", "Say of at least one source what it holds before you sign.")


@dataclass(frozen=True)
class Source:
    """What one source holds. `found` is a code of FOUND; `summary` what, or why nobody could look."""

    code: str
    found: str
    summary: str
    who: str = ""  # whom it was learned from
    ask: str = ""  # the answer it was taken from
    document: tuple[str, bytes] | None = None  # its name, and what is in it

    def plain(self) -> dict[str, str]:
        named = {"source": self.code, "found": self.found, "summary": self.summary}
        return named | {"who": self.who, "ask": self.ask}


@dataclass(frozen=True)
class Analysis:
    """What it means for the child, how much it weighs, and what is not known; and who says so."""

    means: str
    significance: str
    gaps: str
    role: str
    registration: str = ""

    def plain(self) -> dict[str, str]:
        named = {"means": self.means, "significance": self.significance, "gaps": self.gaps}
        return named | {"role": self.role, "registration": self.registration}


def add_source(*, by: Viewer, episode: UUID, source: Source, now: datetime) -> Statement:
    """Say what a source holds; said again of the same one, it corrects. Raises NothingSaid, NotAsked, NotThatKind, a
    Refused."""
    with entering(by, episode, Permission.ANALYSE, kind=SOURCE, now=now) as entered:
        _must_be_asked(entered.episode)
        if source.code not in source_names() or source.found not in FOUND:
            raise NothingSaid("source")
        if source.found != "nothing-known" and not source.summary.strip():
            raise NothingSaid("summary")
        before = [row for row, plain in reads.statements(entered.episode, SOURCE) if plain["source"] == source.code]
        return acts.say(
            episode=entered.episode,
            kind=SOURCE,
            plain=source.plain() | _attached(entered.episode, source, by, now),
            by=by.actor,
            corrects=before[-1] if before and not source.ask else None,
            now=now,
        )


def _attached(work: Episode, source: Source, by: Viewer, now: datetime) -> dict[str, str]:
    """What the source's own statement says of its document: the rest is opened only when somebody asks for it."""
    if source.document is None:
        return {}
    name, data = source.document
    row = health_documents.attach(episode=work, name=name, data=data, by=by.actor, now=now)
    return {"document": str(row.id), "document_name": name[: health_documents.LONGEST_NAME]}


def save_draft(*, by: Viewer, episode: UUID, analysis: Analysis, now: datetime) -> Statement:
    """Keep what is written so far. It corrects a signed analysis: that is a draft again, and holds decisions up."""
    with entering(by, episode, Permission.ANALYSE, kind=DRAFT, now=now) as entered:
        _must_be_asked(entered.episode)
        last = _last(entered.episode)
        return acts.say(
            episode=entered.episode,
            kind=DRAFT,
            plain=analysis.plain(),
            by=by.actor,
            corrects=last[0] if last else None,
            now=now,
        )


def sign(*, by: Viewer, episode: UUID, analysis: Analysis, now: datetime) -> Statement:
    """Sign it by name: it answers every health check of the work that is still open, and crosses to who asked.

    Raises NothingSaid for a blank, NothingLookedAt, NotAsked, and a Refused.
    """
    with entering(by, episode, Permission.ANALYSE, kind=ANALYSIS, now=now) as entered:
        work = entered.episode
        _must_be_asked(work)
        for name in MUST_SAY:
            if not analysis.plain()[name].strip():
                raise NothingSaid(name)
        held = standing_sources(work)
        if not held:
            raise NothingLookedAt
        last = _last(work)
        signed = analysis.plain() | {"name": by.name, "signed_at": now.isoformat()}
        _answer(entered, by, analysis, held, now)
        return acts.say(
            episode=work, kind=ANALYSIS, plain=signed, by=by.actor, corrects=last[0] if last else None, now=now
        )


def _must_be_asked(work: Episode) -> None:
    if not Ask.objects.filter(episode=work, kind=HEALTH_CHECK).exclude(answer=Answer.WITHDRAWN).exists():
        raise NotAsked


def _last(work: Episode) -> tuple[Statement, dict[str, Any]] | None:
    said = reads.statements(work, ANALYSIS, DRAFT)
    return said[-1] if said else None


def standing_sources(work: Episode) -> list[tuple[Statement, dict[str, Any]]]:
    """What was said of each source, without what was put right since."""
    said = reads.statements(work, SOURCE)
    corrected = {row.corrects_id for row, _ in said}
    return [(row, plain) for row, plain in said if row.id not in corrected]


def _answer(
    entered: Entered,
    by: Viewer,
    analysis: Analysis,
    held: Sequence[tuple[Statement, dict[str, Any]]],
    now: datetime,
) -> None:
    """The signed analysis is the answer, captured once: 'nothing known' only where every source was looked at so."""
    nothing = all(plain["found"] == "nothing-known" for _, plain in held)
    how, plain = Answer.NOTHING_KNOWN if nothing else Answer.ANSWERED, {"answer": analysis.means}
    waiting = Ask.objects.filter(episode=entered.episode, kind=HEALTH_CHECK, answered_at=None, to_agency=by.agency)
    for row in waiting.select_related("episode", "to_team"):
        acts.answer(ask=row, answer=how, plain=plain, by=by.actor, now=now)
        if row.by_agency != by.agency:
            crossing = Crossing(entered.episode.id, How.ANSWER, by.agency, row.by_agency, row.purpose)
            cross(crossing, entry=entered.granted.entry, now=now)


def work_of(viewer: Viewer, ask: UUID) -> UUID:
    """The piece of work of a health check. Raises NotYours where there is none: going into it decides who may."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        found = Ask.objects.filter(pk=ask, kind=HEALTH_CHECK).values_list("episode", flat=True).first()
    if found is None:
        raise NotYours
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """What one source holds, as it was last said, and by whom."""

    name: str
    found: str
    summary: str
    who: str
    by: str
    at: datetime
    document: str = ""
    document_name: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Health's part of one piece of work. `wrong` is why a decision may not rest on it yet, "" when it may."""

    asked: bool
    held: tuple[Held, ...]
    not_looked: tuple[str, ...]
    analysis: Mapping[str, Any]
    signed: bool
    signed_at: datetime | None
    wrong: str

    @property
    def completeness(self) -> str:
        whole = len({each.name for each in self.held}) + len(self.not_looked)
        return f"{whole - len(self.not_looked)} of {whole} sources looked at"


def pack(episode: Episode) -> Pack:
    """Health's part. Call inside rows that are open."""
    said, last = standing_sources(episode), _last(episode)
    names = reads.names([row.worker for row, _ in said])
    held = tuple(_held(row, plain, names) for row, plain in said)
    looked = {each.name for each in held}
    return Pack(
        Ask.objects.filter(episode=episode, kind=HEALTH_CHECK).exclude(answer=Answer.WITHDRAWN).exists(),
        held,
        tuple(name for name in source_names().values() if name not in looked),
        last[1] if last else {},
        bool(last and last[0].kind == ANALYSIS),
        last[0].at if last and last[0].kind == ANALYSIS else None,
        health_signed(episode),
    )


def _held(row: Statement, plain: Mapping[str, str], names: Mapping[UUID, str]) -> Held:
    name = source_names().get(plain["source"], plain["source"])
    by = names.get(row.worker, "") if row.worker else ""
    document = (plain.get("document", ""), plain.get("document_name", ""))
    return Held(name, FOUND[plain["found"]], plain.get("summary", ""), plain.get("who", ""), by, row.at, *document)


def source_names() -> dict[str, str]:
    """Where health looks, by code."""
    return {code: name for code, name, _ in asked_of.health_sources()}


def answers_of_health(episode: Episode) -> Sequence[tuple[Ask, dict[str, Any]]]:
    """What other health services answered (a GP practice, mental health): theirs only, for the practitioner who puts
    health's part together; what police or a school said is not health's to read here.
    """
    ours = [code for code, sheet in asked_of.sheets().items() if sheet.health]
    found = reads.asks(episode, *(kind for kind in CHECKS if kind != HEALTH_CHECK))
    return [(ask, plain) for ask, plain in found if ask.to_agency in ours and ask.answer == Answer.ANSWERED]
