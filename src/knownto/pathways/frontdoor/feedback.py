"""Telling the referrer: what was decided, in words they can use, with a receipt; and who has not been told yet.

A decision whose referrer was not told is a loop that nobody closed. So telling is part of deciding, reading it is owed
by a time, and what could not be told is a list that somebody works through.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Question
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.casework.words import opened
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import Disclosure, How
from knownto.firewall import audiences, checks
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.partners.models import Team, Worker
from knownto.pathways.frontdoor import copies, facts

PARTNERS_SAID = ("check", "health-check", "gp-request")
WRITTEN_FROM_THEM = ("health-analysis", "information", "gp-used", "check-used")
NO_ACCOUNT = "Whoever raised it has no account here. Ring or write to them."
NOT_READ = "It was sent, and nobody has read it in time. Ring them."
NOT_SENT = "Nothing was sent when it was decided."
DECIDES = frozenset({"hub", "allocated"})
RUN = 7  # so many words in a row are a quotation, not a coincidence


class SaysTooMuch(NotPossibleNow):
    """The words for the referrer hold what a partner said in a check."""

    def __init__(self) -> None:
        super().__init__(
            "says-too-much",
            "The words for the referrer repeat what a partner told the hub. Say what was decided and what happens "
            "next, without it.",
        )


class MayNotBeTold(NotPossibleNow):
    """They may not be told, or cannot be from here."""

    def __init__(self, because: str) -> None:
        super().__init__("may-not-be-told", because)


class NotToldHow(ValueError):
    """To tell somebody by telephone or letter is to say who was told, how, and when."""


@dataclass(frozen=True)
class Draft:
    """What a referrer is told of a kind of decision, before anybody changed it."""

    name: str
    words: str
    next: str


@cache
def drafts() -> Mapping[tuple[str, str], Draft]:
    """The words for each (pathway, decision) that is told."""
    table = tomllib.loads(files(__package__).joinpath("outcomes.toml").read_text(encoding="utf-8"))
    return {(path, move): Draft(**said) for path, moves in table.items() for move, said in moves.items()}


def draft_of(pathway: str, move: str) -> Draft | None:
    """What would be told of that decision; None where nobody outside is told of it."""
    return drafts().get((pathway, move))


def tell_outcome(*, episode: Episode, decision: Decision, words: str, by: Actor, entry: Entry, now: datetime) -> None:
    """Tell whoever raised it, and whoever raised what was joined to it. Call it in the decision's own open rows.

    Where they may not be told, or have no account, that is written down instead, and it stays on the list of those not
    told yet. Raises SaysTooMuch, and HoldsProtected where the words say where somebody protected can be found.
    """
    said = words.strip() or _usual(episode, decision)
    _must_not_quote(episode, said)
    checks.must_not_leave([said], audiences.to_agency(episode.from_agency_id))
    for each in [episode, *Episode.objects.filter(joined_to=episode).select_related("from_team")]:
        _tell_one(each, episode, decision, said, by, entry, now)


def _usual(episode: Episode, decision: Decision) -> str:
    draft = draft_of(episode.pathway, decision.kind)
    return draft.words if draft else ""


def _tell_one(
    episode: Episode, decided: Episode, decision: Decision, said: str, by: Actor, entry: Entry, now: datetime
) -> None:
    draft = draft_of(decided.pathway, decision.kind)
    outcome = {
        "words": said,
        "decision": str(decision.id),
        "kind": decision.kind,
        "name": draft.name if draft else decision.kind,
        "next": draft.next if draft else "",
        "level": decision.level,
        "at": decision.at.isoformat(),
    }
    acts.say(episode=episode, kind="outcome", plain=outcome, by=by, now=now)
    team, why_not = _to_whom(episode, now)
    if team is None:
        acts.say(episode=episode, kind="not-told", plain={"because": why_not}, by=by, now=now)
        _note_refusal(episode, by, entry, now)
        return
    _ask_to_read(episode, decision, team, said, by, now)
    if team.agency_id != by.agency:
        cross(_crossing(episode, How.OUTCOME, by), entry=entry, now=now)
    copies.put_copies(episode=episode, what="outcome", by=by, entry=entry, now=now)


def _to_whom(episode: Episode, now: datetime) -> tuple[Team | None, str]:
    """The team that is told, or None and why not."""
    team, told = _whom(episode), _may(episode, now)
    if team is None:
        return None, NO_ACCOUNT
    return (team, "") if told.may else (None, told.because)


def _whom(episode: Episode) -> Team | None:
    """The team that raised it, or that its writer works in now."""
    if episode.from_team:
        return episode.from_team
    writer = Worker.objects.select_related("team__agency").filter(pk=episode.from_worker, is_active=True).first()
    return writer.team if writer else None


def _may(episode: Episode, now: datetime) -> facts.Told:
    """The referrer, and their agency: both must be let."""
    told = facts.may_each_be_told(episode, ["referrer", f"agency:{episode.from_agency_id}"], now=now)
    return next((each for each in told.values() if not each.may), told["referrer"])


def _ask_to_read(episode: Episode, decision: Decision, team: Team, said: str, by: Actor, now: datetime) -> None:
    writer = Worker.objects.filter(pk=episode.from_worker, is_active=True, team=team).first()
    to = writer.pk if writer else None
    question = Question("outcome", team, "Read what was decided on what you sent.", to_worker=to)
    acts.ask(episode=episode, question=question, by=by, by_team=_team_of(by), now=now)
    sort = f"decided:{episode.id.hex}:{decision.number}"
    acts.tell("decided", episode=episode, team=team, worker=to, sort=sort, now=now)


def _team_of(by: Actor) -> Team | None:
    return Team.objects.filter(worker=by.worker).first() if by.worker else None


def _note_refusal(episode: Episode, by: Actor, entry: Entry, now: datetime) -> None:
    if episode.from_agency_id != by.agency:
        cross(_crossing(episode, How.NOT_SHARED, by), entry=entry, now=now)


def _crossing(episode: Episode, how: How, by: Actor) -> Crossing:
    purpose = copies.purpose_of(episode)
    return Crossing(episode.id, how, by.agency, episode.from_agency_id, purpose, worker=episode.from_worker)


def _must_not_quote(episode: Episode, said: str) -> None:
    theirs = [plain.get("answer", "") for _, plain in reads.asks(episode, *PARTNERS_SAID)]
    for _, plain in reads.statements(episode, *WRITTEN_FROM_THEM):
        theirs += [value for value in plain.values() if isinstance(value, str)]
    if _runs([said]) & _runs(theirs):
        raise SaysTooMuch


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Every run of RUN words in those texts."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        heard = re.findall(r"[\w']+", text.lower())
        found |= {tuple(heard[at : at + RUN]) for at in range(len(heard) - RUN + 1)}
    return found


def read_outcome(*, entered: Entered, by: Viewer, now: datetime) -> list[tuple[Statement, dict]]:
    """The outcomes of it, newest first, for whoever may see them. Whoever it was sent to has thereby read it;
    a supervisor or colleague who looks has not read it for them.
    """
    if "outcome" not in entered.sections:
        return []
    owed = Ask.objects.filter(episode=entered.episode, kind="outcome", answered_at=None, to_team=reads.team_of(by))
    for ask in owed.filter(Q(to_worker=by.worker_id) | Q(to_worker=None)):
        acts.seen(ask=ask, by=by.actor, now=now)
        acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": "Read"}, by=by.actor, now=now)
    said = list(reversed(reads.statements(entered.episode, "outcome")))
    return said if entered.parts & DECIDES else _sent(entered.episode, said, now)


def _sent(episode: Episode, said: list[tuple[Statement, dict]], now: datetime) -> list[tuple[Statement, dict]]:
    """What was sent, and may still be told: one that was written and not sent must not be read all the same."""
    if not _may(episode, now).may:
        return []
    sent = set(Ask.objects.filter(episode=episode, kind="outcome").values_list("asked_at", flat=True))
    return [(row, plain) for row, plain in said if row.at in sent]


def receipt_of(episode: Episode) -> str:
    """The receipt of what was last told across; "" where nothing crossed."""
    last = Disclosure.objects.filter(work=episode.id, how=How.OUTCOME).order_by("at").last()
    return last.receipt if last else ""


def told_otherwise(*, by: Viewer, episode: UUID, who: str, how: str, when: datetime, now: datetime) -> Statement:
    """They were told by telephone, letter or in person: who was, how, and when. Raises NotToldHow, a Refused."""
    if not who.strip() or not how.strip() or when > now:
        raise NotToldHow
    with entering(by, episode, Permission.SCREEN, kind="outcome-told", now=now) as entered:
        work = entered.episode
        said = {"who": who, "how": how, "when": when.isoformat()}
        row = acts.say(episode=work, kind="told", plain=said, by=by.actor, now=now)
        for ask in Ask.objects.filter(episode=work, kind="outcome", answered_at=None):
            acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": f"Told: {how}"}, by=by.actor, now=now)
        if work.from_agency_id != by.agency:
            cross(_crossing(work, How.OUTCOME, by.actor), entry=entered.granted.entry, now=now)
        return row


def tell_again(*, by: Viewer, episode: UUID, now: datetime) -> None:
    """Tell them now what was decided and could not be told then. Raises MayNotBeTold, a Refused."""
    with entering(by, episode, Permission.SCREEN, kind="outcome-sent", now=now) as entered:
        row = entered.episode
        decided = row.joined_to if row.joined_to_id else row
        decision = Decision.objects.filter(episode=decided, kind__in=_told_of(decided)).order_by("number").last()
        team, because = _to_whom(row, now)
        if decision is None or team is None:
            raise MayNotBeTold(because or NOT_SENT)
        said = reads.statements(decided, "outcome")
        words = said[-1][1]["words"] if said else _usual(decided, decision)
        _tell_one(row, decided, decision, words, by.actor, entered.granted.entry, now)


def _told_of(episode: Episode) -> list[str]:
    return [move for path, move in drafts() if path == episode.pathway]


@dataclass(frozen=True, slots=True)
class NotTold:
    """A worry that was decided on and whose referrer does not know. `sent` is when it was sent, if it was."""

    episode: Episode
    since: datetime
    because: str
    sent: datetime | None


def not_told(now: datetime, most: int = 200) -> list[NotTold]:
    """Those whose referrer has not been told, or has not read it in time; the longest wait first. In open rows."""
    rows = list(_decided().exclude(_done(now)).select_related("from_agency", "from_team").order_by("opened_at")[:most])
    sent = {ask.episode_id: ask.asked_at for ask in Ask.objects.filter(episode__in=rows, kind="outcome")}
    why = _why_not(rows)
    found = [
        NotTold(row, _since(row), NOT_READ if row.id in sent else why.get(row.id, NOT_SENT), sent.get(row.id))
        for row in rows
    ]
    return sorted(found, key=lambda each: each.since)


def _decided() -> QuerySet[Episode]:
    """Worries that came to a decision: closed, or an enquiry begun; one that was joined, with what it was joined to."""
    ended = Q(closed_at__isnull=False) & (~Q(state="joined") | Q(joined_to__closed_at__isnull=False))
    return Episode.objects.filter(ended | Q(state="enquiry"), pathway__in=("contact", "adult"))


def _done(now: datetime) -> Q:
    """Told by somebody, or sent and either read or with time left to read it."""
    sent = Ask.objects.filter(episode=OuterRef("pk"), kind="outcome")
    settled = Q(answered_at__isnull=False) | Q(clock__due_at__gt=now)
    told = Statement.objects.filter(episode=OuterRef("pk"), kind="told")
    return Exists(sent.filter(settled)) | Exists(told)


def _since(row: Episode) -> datetime:
    decided = row.joined_to if row.joined_to_id else row
    return max(decided.closed_at or row.opened_at, row.closed_at or row.opened_at)


def _why_not(rows: list[Episode]) -> dict[UUID, str]:
    said = list(Statement.objects.filter(episode__in=rows, kind="not-told").order_by("at"))
    return {row.episode_id: plain["because"] for row, plain in zip(said, opened(said), strict=True)}
