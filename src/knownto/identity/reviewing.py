"""What a reviewer does with a pair: say what they think, pass it by, ask for another's view, take their word back.

Who may is decided by policy for every act, and recorded with the ids of the records before anything is opened. What
comes in force goes through `identity.acts`, which refuses what two people have not agreed on where the class of data
needs two.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Viewer, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts as casework
from knownto.casework import reads, words
from knownto.casework.deciding import Choice, decide
from knownto.casework.models import Answer, Ask
from knownto.identity import acts, harm
from knownto.identity.agreeing import UNSURE, Next, Said, Step, step
from knownto.identity.entering import reviewing
from knownto.identity.models import Belief, Cleaned, Opinion, Review, RulingKind
from knownto.identity.pathway import PURPOSE, REVIEW
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team

SECOND = REVIEW.asks[0].code
PLAIN = "The evidence as it stands"
UNDO, KEEP, GONE = "undo", "keep", "gone"
NOT_THERE = frozenset({"no-such-record", "not-in-force"})
ANSWERS: dict[str, str] = {
    RulingKind.TOGETHER: "One person",
    RulingKind.APART: "Two people, for now",
    RulingKind.NEVER: "Two people, for certain",
    UNSURE: "Not sure: ask for a second opinion",
    UNDO: "Undo the decision",
    KEEP: "Keep the decision",
    GONE: "There is nothing left to decide",
}
SHORT: dict[str, str] = {
    "evidence": PLAIN,
    "number": "An identifying number is the same, or differs",
    "moved": "They moved, or changed their name",
    "slip": "A slip in one of the records",
    "siblings": "Twins, brothers or sisters",
    "generations": "Parent and child of one name",
    "namesakes": "Two people of one name",
    "agency": "An agency was asked and said so",
    "other": "Something else, as written below",
}


class Overtaken(NotPossibleNow):
    """Somebody else answered first."""

    def __init__(self) -> None:
        super().__init__("overtaken", "Somebody else has answered this pair in the meantime. Yours was not recorded.")


class NeedsReason(ValueError):
    """What is certain, or of a class of data that needs two people, is not said without a reason."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a reviewer says of a pair: a code of ANSWERS, a code of SHORT or "", and words. `seen` is how many decisions
    on it they had seen."""

    answer: str
    seen: int
    short: str = ""
    words: str = ""

    @property
    def reason(self) -> str:
        said = SHORT[self.short] if self.short else ""
        return ". ".join(filter(None, (said if self.short != "other" else "", self.words.strip()))) or said or PLAIN


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: in force, with somebody else, or with the lead."""

    next: Next
    answer: str
    episode: UUID


def answer(*, by: Viewer, episode: UUID, word: Word, now: datetime) -> Outcome:
    """Say what one thinks of a pair that waits. Raises Overtaken, NeedsReason, and a Refused."""
    with reviewing(by, episode, kind="review-answered", now=now) as row:
        if row.closed_at or row.episode.state != "waiting" or row.episode.decided != word.seen:
            raise Overtaken
        return said(row, by, word, now)


def settle(*, by: Viewer, episode: UUID, word: Word, now: datetime) -> Outcome:
    """The lead's word on what reviewers disagree on. Raises as `answer`."""
    with reviewing(by, episode, kind="review-settled", permission=Permission.REVIEW_LEAD, now=now) as row:
        if row.closed_at or row.episode.state != "lead" or row.episode.decided != word.seen:
            raise Overtaken
        return said(row, by, word, now, lead=True)


def second(*, by: Viewer, ask: UUID, word: Word, now: datetime) -> Outcome:
    """Another reviewer's word, given without knowing the first. Raises as `answer`."""
    with reviewing(by, episode_of(by, ask, now), kind="review-second", now=now) as row:
        asked = Ask.objects.get(pk=ask)
        if row.closed_at or asked.answered_at or row.episode.state != "second":
            raise Overtaken
        plain = {"answer": "Given on the pair itself."}
        casework.answer(ask=asked, answer=Answer.ANSWERED, plain=plain, by=by.actor, now=now)
        row.episode.refresh_from_db()
        return said(row, by, word, now)


def episode_of(viewer: Viewer, ask: UUID, now: datetime) -> UUID:
    """The review that a second opinion was asked on, of this viewer's team and not on their own word. Raises
    NotYours."""
    with transaction.atomic(), rows_open("system:review", viewer.agency):
        team = reads.team_of(viewer)
        row = Ask.objects.filter(pk=ask, kind=SECOND, to_team=team).first() if team else None
        own = row and Opinion.objects.filter(review__episode=row.episode_id, worker=viewer.worker_id, withdrawn_at=None)
        if row is None or (own and row.answered_at is None and own.exists()):
            raise NotYours
        return row.episode_id


def said(row: Review, by: Viewer, word: Word, now: datetime, *, lead: bool = False) -> Outcome:
    """One word on a review that its caller has open: what follows from it and from those before."""
    if word.answer == GONE and is_gone(row):
        return _gone(row, by, now)
    if word.answer not in offered(row):
        raise NotPossibleNow("not-an-answer", "That is no answer to this.")
    if needs_reason(row, word.answer) and not (word.short or word.words.strip()):
        raise NeedsReason
    _write(row, by, word, lead, now)
    found = step(opinions(row, last=by), two_people=row.two_people, two_agencies=row.two_agencies)
    if found.next is Next.IN_FORCE:
        _in_force(row, found, by, word, now)
    elif found.next is Next.ASK:
        _ask(row, by, now)
    else:
        move(row, "to-lead", by, "Reviewers do not agree.", now)
    _let_go(row)
    return Outcome(found.next, word.answer, row.episode_id)


def offered(row: Review) -> tuple[str, ...]:
    """The answers that there are to this. To a record that cannot be read, or too many at once, there is none: it is
    gone when it was sent again, or when pairs of it were decided."""
    if row.higher is None:
        return ()
    if row.undoes_id:
        return UNDO, KEEP, UNSURE
    return RulingKind.TOGETHER, RulingKind.APART, RulingKind.NEVER, UNSURE


def needs_reason(row: Review, answer: str) -> bool:
    return answer in (RulingKind.NEVER, UNDO) or row.two_people and answer != UNSURE


def opinions(row: Review, last: Viewer) -> list[Said]:
    """What was said of it and not taken back, in order; what `last` has just said comes last, whatever the clock."""
    found = row.opinions.filter(withdrawn_at=None).order_by("at", "id")
    said = [Said(each.worker, each.agency, each.answer, each.lead) for each in found]
    return sorted(said, key=lambda each: each.worker == last.worker_id)


def _write(row: Review, by: Viewer, word: Word, lead: bool, now: datetime) -> None:
    """A lead who had said something as a reviewer says it anew: one word a person stands."""
    row.opinions.filter(worker=by.worker_id, withdrawn_at=None).update(withdrawn_at=now)
    believed = Belief.objects.filter(lower=row.lower, higher=row.higher).first()
    said = Opinion(
        review=row,
        worker=by.worker_id,
        agency=by.agency,
        lead=lead,
        answer=word.answer,
        short=word.short,
        bits=believed.bits if believed else row.bits,
        levels=believed.levels if believed else "",
        model=believed.model if believed else "",
        at=now,
    )
    words.sealed(said, {"reason": word.reason}, words.key_of(row.episode))


def _in_force(row: Review, found: Step, by: Viewer, word: Word, now: datetime) -> None:
    also = Actor(found.also.worker, found.also.agency, "") if found.also else None
    row.answer = found.answer
    try:
        _do(row, found, by, also, word, now)
    except NotPossibleNow as refused:
        if refused.code not in NOT_THERE:
            raise
        _gone(row, by, now)
    else:
        move(row, "decide", by, word.reason, now)
        close(row, now)


def is_gone(row: Review) -> bool:
    """A partner has taken a record back, or a decision is not in force any more, before this was decided."""
    both = (row.lower, row.higher)
    return row.higher is not None and Cleaned.objects.filter(pk__in=both).count() < len(both)


def _gone(row: Review, by: Viewer, now: datetime) -> Outcome:
    move(row, "gone", by, "There is nothing left to decide.", now)
    row.answer = ""
    close(row, now)
    _let_go(row)
    return Outcome(Next.IN_FORCE, GONE, row.episode_id)


def _do(row: Review, found: Step, by: Viewer, also: Actor | None, word: Word, now: datetime) -> None:
    if found.answer == UNDO and row.undoes_id:
        acts.undo(ruling=row.undoes_id, reason=word.reason, by=by.actor, agreed=also, now=now)
    elif found.answer != KEEP:
        row.ruling_id = _ruled(row, found.answer, by, also, word, now)


def _ruled(row: Review, kind: str, by: Viewer, also: Actor | None, word: Word, now: datetime) -> UUID | None:
    """What is decided so already stays as it was decided: to be asked again and say the same is an answer too."""
    act = {RulingKind.TOGETHER: acts.link, RulingKind.APART: acts.unlink, RulingKind.NEVER: acts.forbid}
    both = (row.lower, row.higher or row.lower)
    try:
        return act[RulingKind(kind)](records=both, reason=word.reason, by=by.actor, agreed=also, now=now)
    except NotPossibleNow as refused:
        if refused.code != "already-decided":
            raise
        return None


def close(row: Review, now: datetime) -> None:
    row.closed_at = now
    row.save(update_fields=["answer", "ruling", "closed_at"])


def _let_go(row: Review) -> None:
    row.claimed_by = row.claimed_until = None
    row.save(update_fields=["claimed_by", "claimed_until"])


def power(by: Viewer) -> str:
    return "review-lead" if by.may(Permission.REVIEW_LEAD) else "reviewer"


def move(row: Review, move: str, by: Viewer, why: str, now: datetime) -> None:
    """A reviewer's own power is enough for what a reviewer does, whoever does it."""
    path, held = REVIEW.move(move), power(by)
    choice = Choice(move, held if held in path.powers else "reviewer", why)
    decide(episode=row.episode, choice=choice, by=by.actor, seen=row.episode.decided, now=now)


def _ask(row: Review, by: Viewer, now: datetime) -> None:
    """Somebody else is asked, who is not told what was said."""
    move(row, "ask-second", by, "A second opinion is needed.", now)
    agencies = {each.agency for each in opinions(row, last=by)}
    question = casework.Question(
        SECOND,
        office_for(agencies),
        "Are these two records of one person? Say what you think before you learn what others do.",
        purpose=PURPOSE,
    )
    casework.ask(episode=row.episode, question=question, by=by.actor, by_team=reads.team_of(by), now=now)


def office_for(agencies: set[str]) -> Team:
    """The first office for second opinions of an agency that has not spoken, or else the first."""
    teams = [offices.team_of(office) for office in harm.setting()["office"]["second"]]
    return next((team for team in teams if team.agency_id not in agencies), teams[0])


def skip(*, by: Viewer, episode: UUID, now: datetime) -> None:
    """Not this one, not now: it goes back to the queue for somebody else. Raises a Refused."""
    with reviewing(by, episode, kind="review-skipped", now=now) as row:
        if row.closed_at is None and by.worker_id not in row.skipped_by:
            row.skipped_by = [*row.skipped_by, by.worker_id]
            row.save(update_fields=["skipped_by"])
        if row.claimed_by == by.worker_id:
            _let_go(row)
