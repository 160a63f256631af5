"""Considered, and not referred or shared, because...: a record too, which a supervisor looks at by a time.

It is the writer's own agency's: nobody else sees it. That nothing crossed is itself recorded as a Disclosure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering, listing
from knownto.casework.models import Decision, Episode
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.ledger.models import Entry
from knownto.linkage import Evidence
from knownto.partners.models import Team
from knownto.pathways.frontdoor import drafts
from knownto.pathways.frontdoor.referring import usual_team
from knownto.pathways.frontdoor.writing import Written

NOT_DONE: Mapping[str, str] = {"refer": "I did not refer", "share": "I did not share what I was asked for"}
HUB = "childrens-social-care"
MOST = 300


class NoWords(ValueError):
    """Whom, what and why must be said. `fields` are those that were not."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NoTeam(NotYours):
    """Somebody without a team has nobody to look at it."""


@dataclass(frozen=True)
class Considered:
    """What was thought about. `not_done` is a code of NOT_DONE; `towards` the agency that is not told."""

    evidence: Evidence
    not_done: str
    what: str
    why: str
    instead: str = ""
    towards: str = HUB

    def to_json(self) -> dict[str, Any]:
        return {"not_done": self.not_done, "what": self.what, "why": self.why, "instead": self.instead}

    def lacking(self) -> list[str]:
        there = {"who": self.evidence != Evidence(), "what": self.what.strip(), "why": self.why.strip()}
        return [name for name, said in there.items() if not said]


def record(*, by: Viewer, considered: Considered, now: datetime) -> Episode:
    """Write it down. Raises NoWords, KeyError for a kind there is not, and a Refused."""
    NOT_DONE[considered.not_done]
    if lacking := considered.lacking():
        raise NoWords(lacking)
    request = Request(Permission.REFER, purpose="child-concern")
    with asking(by, request, kind="considered", now=now) as granted:
        team = reads.team_of(by) or usual_team(by.agency)
        if team is None:
            raise NoTeam
        episode = _open(by, considered, team, now)
        _not_shared(episode, by, considered, granted.entry, now)
        return episode


def _open(by: Viewer, considered: Considered, team: Team, now: datetime) -> Episode:
    episode = acts.open_episode(
        by=by.actor,
        pathway_code="considered",
        origin=acts.Origin(by.agency, team, by.worker_id),
        about=[acts.Somebody("subject", considered.evidence)],
        team=team,
        now=now,
    )
    acts.say(episode=episode, kind="considered", plain=considered.to_json(), by=by.actor, now=now)
    return episode


def _not_shared(episode: Episode, by: Viewer, considered: Considered, entry: Entry, now: datetime) -> None:
    if considered.towards != by.agency:
        crossing = Crossing(episode.id, How.NOT_SHARED, by.agency, considered.towards, "child-concern")
        cross(crossing, entry=entry, now=now)


@dataclass(frozen=True)
class Shown:
    """One of them, opened."""

    id: UUID
    reference: str
    who: str
    evidence: Evidence
    plain: dict[str, Any]
    at: datetime
    by: str
    state: str
    open: bool
    due: datetime | None
    seen: int
    notes: tuple[str, ...] = ()


def of_mine(viewer: Viewer, now: datetime) -> list[Shown]:
    """What this worker considered. Raises a Refused."""
    with listing(viewer, Permission.REFER, kind="own-considered", now=now):
        return _shown(Episode.objects.filter(from_worker=viewer.worker_id, pathway="considered"))


def of_agency(viewer: Viewer, now: datetime) -> list[Shown]:
    """What anybody of the supervisor's agency considered. Raises a Refused."""
    with listing(viewer, Permission.SUPERVISE, kind="supervise-considered", now=now):
        return _shown(Episode.objects.filter(from_agency=viewer.agency, pathway="considered"))


def _shown(rows: QuerySet[Episode]) -> list[Shown]:
    """Those that still wait first."""
    found = list(rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[:MOST])
    people, names = reads.people(found), reads.names([row.from_worker for row in found])
    return [_one(row, people[row.id][0], names.get(row.from_worker, "")) for row in found]


def _one(row: Episode, known: reads.Known, name: str) -> Shown:
    said = reads.statements(row, "considered")
    notes = tuple(plain["words"] for _, plain in reads.statements(row, "note"))
    notes += tuple(plain["rationale"] for _, plain in reads.decisions(row))
    return Shown(
        row.id, row.reference, known.name, known.evidence, said[0][1], row.opened_at, name, row.state,
        row.closed_at is None, row.next_due, row.decided, notes,
    )  # fmt: skip


def own(viewer: Viewer, episode: UUID, now: datetime) -> Shown:
    """One, for its writer or a supervisor of the agency. Raises NotYours."""
    with entering(viewer, episode, Permission.EPISODE, kind="considered-seen", now=now) as entered:
        if not entered.parts & {"referrer", "supervisor"}:
            raise NotYours
        return _entered(entered)


def _entered(entered: Entered) -> Shown:
    row = entered.episode
    if row.pathway != "considered":
        raise NotYours
    [known] = reads.people([row])[row.id]
    return _one(row, known, reads.names([row.from_worker]).get(row.from_worker, ""))


def agree(*, by: Viewer, episode: UUID, words: str, seen: int, now: datetime) -> Decision:
    """A supervisor agrees. Raises NoRationale, Overtaken, and a Refused."""
    with entering(by, episode, Permission.SUPERVISE, kind="considered-agreed", now=now) as entered:
        _entered(entered)
        choice = acts.Choice("agree", "referrer", words)
        return acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)


def should_be_referred(*, by: Viewer, episode: UUID, words: str, now: datetime) -> UUID:
    """A supervisor says: refer. It stays open, and its clock runs, until somebody has: then the referral ends it.

    Gives the draft, filled in with what was written; the writer is told as well. Raises NoWords, and a Refused.
    """
    if not words.strip():
        raise NoWords(["why"])
    with entering(by, episode, Permission.SUPERVISE, kind="considered-refer", now=now) as entered:
        shown, row = _entered(entered), entered.episode
        if not shown.open:
            raise NotYours
        acts.say(episode=row, kind="note", plain={"words": words}, by=by.actor, now=now)
        if row.from_worker and row.from_worker != by.worker_id:
            sort = f"refer:{row.pk}:{now:%s}"
            acts.tell("allocated", episode=row, worker=row.from_worker, sort=sort, now=now)
        return drafts.begin(by=by, written=written_from(shown, by.agency), now=now)


def refer_after_all(*, by: Viewer, episode: UUID, now: datetime) -> UUID:
    """Its writer refers after all: a draft, filled in. Raises NotYours."""
    with transaction.atomic():
        shown = own(by, episode, now)
        if not shown.open:
            raise NotYours
        return drafts.begin(by=by, written=written_from(shown, by.agency), now=now)


def written_from(shown: Shown, agency: str) -> Written:
    """A draft with what was said before: the words are the writer's to change."""
    evidence = shown.evidence
    child = {"given": evidence.given_names, "family": evidence.family_name}
    if evidence.birth_date:
        day = evidence.birth_date
        child |= {"born_day": str(day.day), "born_month": str(day.month), "born_year": str(day.year)}
    once = {"what_happened": shown.plain["what"]}
    return Written("child", agency, once=once, children=(child,), before=str(shown.id))
