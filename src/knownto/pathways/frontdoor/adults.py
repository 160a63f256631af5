"""A worry about an adult: does section 42 of the Care Act apply? Three limbs, what the adult wants, and a second look.

A "no" that one person makes alone is what audits found to be wrong, so another worker has to agree with it. Whatever
is decided, the adult is told as well as whoever raised it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Choice, NotYetKnown, Question
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.pathways.frontdoor import feedback
from knownto.policy import role

LIMBS: Mapping[str, str] = {
    "needs": "Does the adult have needs for care and support, whether or not they are met?",
    "risk": "Is the adult experiencing, or at risk of, abuse or neglect (self-neglect included)?",
    "protect": "Because of those needs, is the adult unable to protect themselves?",
}
SAYS: Mapping[str, str] = {"yes": "Yes", "no": "No", "unclear": "Not clear yet"}
ASKED: Mapping[str, str] = {"asked": "They were asked", "not-asked": "They were not asked"}
CAPACITY: Mapping[str, str] = {
    "has": "They have capacity for this decision",
    "lacks": "They lack capacity for this decision",
    "doubted": "It is in doubt, and is to be assessed",
    "not-considered": "It has not been considered",
}
ADVOCACY: Mapping[str, str] = {
    "not-needed": "Not needed: they can take part, or somebody suitable supports them",
    "arranged": "An independent advocate is arranged",
    "offered": "Offered, and declined",
    "needed": "Needed, and not yet arranged",
}
ALTERNATIVES: Mapping[str, str] = {
    "s2": "Section 2: prevent, reduce or delay needs",
    "s4": "Section 4: information and advice",
    "s9": "Section 9: assessment of needs",
    "s10": "Section 10: assessment of a carer",
    "s27": "Section 27: review of a care plan",
    "other": "Another service",
}
MET: Mapping[str, str] = {
    "fully": "Fully",
    "partly": "Partly",
    "not": "Not met",
    "none": "They wanted nothing in particular",
}
NO = frozenset({"advice", "no-further-action"})
POWERS = ("adults", "emergency-duty")


class DutyApplies(NotPossibleNow):
    """All three limbs are met: the council must enquire, and nobody may decide that it need not."""

    def __init__(self) -> None:
        super().__init__("duty-applies", "All three limbs are answered yes: section 42(2) requires an enquiry.")


class NeedsReason(ValueError):
    """An enquiry although a limb is not met is allowed, and needs its reason."""


class Unsaid(ValueError):
    """A limb without what it is answered from, or a question about the adult that was left open: `field` is which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class OwnProposal(NotPossibleNow):
    """The second look is another worker's."""

    def __init__(self) -> None:
        super().__init__("own-proposal", "You proposed this. Somebody else has to look at it.")


class NothingProposed(NotPossibleNow):
    """Somebody has agreed or disagreed already."""

    def __init__(self) -> None:
        super().__init__("nothing-proposed", "Somebody has looked at this already, or nothing was proposed.")


@dataclass(frozen=True)
class Limb:
    """`answer` is a code of SAYS; `evidence` what it is answered from, or what would make it clear."""

    answer: str
    evidence: str


@dataclass(frozen=True)
class Personal:
    """Making Safeguarding Personal: what the adult wants, or why nobody asked; capacity for one decision; advocacy."""

    asked: str
    wants: str = ""
    why_not: str = ""
    capacity: str = ""
    capacity_for: str = ""
    capacity_basis: str = ""
    advocacy: str = ""
    advocacy_words: str = ""


@dataclass(frozen=True)
class Wish:
    """What is to be decided: the move, why, the other duties considered (code -> what came of it), words to tell."""

    move: str
    rationale: str
    alternatives: Mapping[str, str] = field(default_factory=dict)
    why_anyway: str = ""
    words: str = ""
    met: str = ""  # at the end of an enquiry: were the outcomes that the adult wanted met?


def answer_limbs(*, by: Viewer, episode: UUID, limbs: Mapping[str, Limb], now: datetime) -> Statement:
    """Answer the three limbs, each from evidence. Answering them again follows the former answer, which stays.

    Raises Unsaid, a Refused.
    """
    for code in LIMBS:
        if code not in limbs or limbs[code].answer not in SAYS or not limbs[code].evidence.strip():
            raise Unsaid(code)
    said = {code: {"answer": limbs[code].answer, "evidence": limbs[code].evidence} for code in LIMBS}
    return _say(by, episode, "three-limbs", said, now)


def make_personal(*, by: Viewer, episode: UUID, personal: Personal, now: datetime) -> Statement:
    """Record what the adult wants, or why they were not asked, capacity and advocacy. Raises Unsaid, a Refused."""
    if missing := _unsaid(personal):
        raise Unsaid(missing)
    return _say(by, episode, "making-personal", dict(vars(personal)), now)


def _unsaid(said: Personal) -> str:
    needed = {"asked": said.asked, "capacity": said.capacity, "advocacy": said.advocacy}
    needed |= {"wants": said.wants} if said.asked == "asked" else {"why_not": said.why_not}
    if said.capacity != "not-considered":  # capacity is never capacity in general (Mental Capacity Act 2005)
        needed |= {"capacity_for": said.capacity_for, "capacity_basis": said.capacity_basis}
    return next((name for name, value in needed.items() if not value.strip()), "")


def _say(by: Viewer, episode: UUID, kind: str, plain: dict[str, Any], now: datetime) -> Statement:
    with entering(by, episode, Permission.DECIDE, powers=POWERS, kind=kind, now=now) as entered:
        last = Statement.objects.filter(episode=entered.episode, kind=kind).order_by("at").last()
        return acts.say(episode=entered.episode, kind=kind, plain=plain, by=by.actor, corrects=last, now=now)


def latest(episode: Episode, kind: str) -> dict[str, Any]:
    """The last statement of that kind, opened; {} where there is none."""
    said = reads.statements(episode, kind)
    return said[-1][1] if said else {}


def decide(*, by: Viewer, episode: UUID, wish: Wish, seen: int, now: datetime) -> Decision | Ask:
    """Decide it. A "no" becomes an ask for a second look (given back instead of a decision).

    Raises DutyApplies, NeedsReason, NotYetKnown, Unsaid, Overtaken, a Refused.
    """
    with entering(by, episode, Permission.DECIDE, powers=POWERS, kind="adult-decided", now=now) as entered:
        _must_know(entered.episode, wish)
        if wish.move in NO:
            return _propose(entered, by, wish, seen, now)
        return _decide(entered, by, wish, {}, seen, now)


def _must_know(episode: Episode, wish: Wish) -> None:
    if wish.move == "protect-tonight":  # protection does not wait for a form
        return
    if not wish.rationale.strip():
        raise Unsaid("rationale")
    if wish.move == "finish":
        if wish.met not in MET:
            raise Unsaid("met")
        return
    if not latest(episode, "making-personal"):
        raise NotYetKnown(["Record what the adult wants, or why nobody has asked them."])
    answers = [limb["answer"] for limb in latest(episode, "three-limbs").values()]
    if not answers:
        raise NotYetKnown(["The three limbs of section 42(1) have not been answered."])
    if wish.move in NO and all(answer == "yes" for answer in answers):
        raise DutyApplies
    if wish.move == "enquire" and any(answer != "yes" for answer in answers) and not wish.why_anyway.strip():
        raise NeedsReason


def _decide(entered: Entered, by: Viewer, wish: Wish, more: dict[str, Any], seen: int, now: datetime) -> Decision:
    known = {"alternatives": dict(wish.alternatives), "why_anyway": wish.why_anyway, "met": wish.met} | more
    choice = Choice(
        wish.move,
        entered.power(*POWERS),
        wish.rationale,
        override=bool(wish.why_anyway.strip()),
        facts={name: value for name, value in known.items() if value},
    )
    decision = acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)
    if feedback.draft_of("adult", wish.move):
        feedback.tell_outcome(
            episode=entered.episode,
            decision=decision,
            words=wish.words,
            by=by.actor,
            entry=entered.granted.entry,
            now=now,
        )
    return decision


def _propose(entered: Entered, by: Viewer, wish: Wish, seen: int, now: datetime) -> Ask:
    """Written down, and put to the team: whoever agrees makes the decision."""
    # Locked: of two who propose at once the second takes the first one's place, and one is open.
    entered.episode.refresh_from_db(from_queryset=Episode.objects.select_for_update(no_key=True))
    if seen != entered.episode.decided:
        raise acts.Overtaken(Decision.objects.get(episode=entered.episode, number=entered.episode.decided))
    for row in _open_checks(entered.episode):
        said = {"because": "Another proposal has taken its place."}
        acts.answer(ask=row, answer=Answer.WITHDRAWN, plain=said, by=by.actor, now=now)
    plain = {"move": wish.move, "rationale": wish.rationale, "alternatives": dict(wish.alternatives)}
    plain |= {"words": wish.words, "seen": seen}
    acts.say(episode=entered.episode, kind="proposal", plain=plain, by=by.actor, now=now)
    team = entered.episode.team
    question = Question("second-check", team, "Do you agree that section 42 does not apply? Look at what it rests on.")
    return acts.ask(episode=entered.episode, question=question, by=by.actor, by_team=reads.team_of(by), now=now)


def _open_checks(episode: Episode) -> list[Ask]:
    return list(Ask.objects.filter(episode=episode, kind="second-check", answered_at=None))


def agree(*, by: Viewer, episode: UUID, words: str, now: datetime) -> Decision:
    """Agree with the proposal of another worker, which makes it the decision.

    Raises OwnProposal, NothingProposed, DutyApplies, NotFromHere, Overtaken, a Refused.
    """
    with entering(by, episode, Permission.DECIDE, powers=POWERS, kind="adult-agreed", now=now) as entered:
        ask, proposal, plain = _proposed(entered.episode, by)
        wish = Wish(plain["move"], plain["rationale"], plain.get("alternatives", {}), words=plain.get("words", ""))
        _must_know(entered.episode, wish)
        more = {"proposed_by": str(proposal.worker), "agreed": words}
        said = {"answer": words.strip() or "Agreed"}
        acts.answer(ask=ask, answer=Answer.ANSWERED, plain=said, by=by.actor, now=now)
        return _decide(entered, by, wish, more, plain["seen"], now)


def disagree(*, by: Viewer, episode: UUID, because: str, now: datetime) -> Ask:
    """Do not agree: it stays open, and whoever proposed it is told. Raises NoAnswer and what `agree` raises."""
    with entering(by, episode, Permission.DECIDE, powers=POWERS, kind="adult-disagreed", now=now) as entered:
        ask, _, _ = _proposed(entered.episode, by)
        return acts.answer(ask=ask, answer=Answer.DECLINED, plain={"because": because}, by=by.actor, now=now)


def _proposed(episode: Episode, by: Viewer) -> tuple[Ask, Statement, dict[str, Any]]:
    found, said = _open_checks(episode), reads.statements(episode, "proposal")
    if not found or not said:
        raise NothingProposed
    row, plain = said[-1]
    if row.worker == by.worker_id:
        raise OwnProposal
    return found[-1], row, plain


def holds(viewer: Viewer, power: str) -> bool:
    """Does any role of theirs decide in that power?"""
    return any(power in role(code).powers for code in viewer.roles)
