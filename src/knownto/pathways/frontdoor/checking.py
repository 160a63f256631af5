"""Partner checks: asked through the gate, targeted, each with its clock and receipt; not waited for; used.

Reminding and withdrawing are those of any ask (`casework.answering`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NoLawfulReason, NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.casework.reads import Known
from knownto.casework.register import pathway
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.face.times import long_date
from knownto.firewall import audiences
from knownto.partners.models import Team
from knownto.pathways.frontdoor import asked_of, facts
from knownto.pathways.frontdoor.asked_of import Sheet
from knownto.pathways.frontdoor.gate import ASKS, Footing, NothingSaid, footing, must_be_open
from knownto.pathways.frontdoor.kept_back import known_for
from knownto.pathways.frontdoor.known import CHECKS, GP_REQUEST, NOT_WAITED_FOR, checks_back
from knownto.pathways.frontdoor.targeting import Ground, Shown
from knownto.policy import PURPOSES, role

TO_CHECKS, DONE = "ask-partners", "checks-done"
GROUNDS, CHECK_USED, GP_USED = "check-grounds", "check-used", "gp-used"
# What the partner is told of how the family stands: whether it may speak of having been asked depends on it.
TELLS_PARTNER = {
    "agreed": "They agree to your being asked.",
    "told": "They have been told that you are asked.",
    "dispensed": "They have not been told. Do not let them know that you were asked.",
}
AT_47 = "This is asked under section 47: their agreement is not needed. Do not let them know that you were asked."


class AlreadyAsked(NotPossibleNow):
    """Everybody chosen has been asked and has not answered yet."""

    def __init__(self) -> None:
        super().__init__("already-asked", "They have been asked already, and their answer is still awaited.")


class MayNotBeTold(NoLawfulReason):
    """A fact about the people (an order, a confidentiality) keeps this from that agency."""

    def __init__(self, agency: str, because: str) -> None:
        super().__init__("may-not-be-told", because)
        self.agency = agency


@dataclass(frozen=True)
class Pick:
    """One partner's team that is asked. `reason`: why, where no footprint says so."""

    team: Team
    reason: str = ""

    @property
    def agency(self) -> str:
        return self.team.agency_id


@dataclass(frozen=True)
class Round:
    """What is asked at one time: of whom, about whom (ids of participations), for what purpose, and how soon.

    `urgency` "" is the work's own. `worry` is what partners are told of why.
    """

    purpose: str
    picks: tuple[Pick, ...]
    about: frozenset[UUID]
    worry: str
    urgency: str = ""
    shown: Shown = field(default_factory=Shown)


def ask_partners(*, by: Viewer, episode: UUID, round: Round, seen: int, now: datetime) -> list[Ask]:
    """Ask them all in one act, each with its clock and its receipt, and move a contact to its checks.

    A team that is asked already is not asked twice. Raises NoLawfulReason (the gate), MayNotBeTold, NothingSaid (a
    partner without grounds), AlreadyAsked, Overtaken, and other Refused: nobody has been asked then.
    """
    with entering(
        by, episode, Permission.DECIDE, powers=ASKS, kind="checks-asked", purpose=round.purpose, now=now
    ) as entered:
        work = Episode.objects.select_for_update(of=("self",)).select_related("parent").get(pk=entered.episode.pk)
        here = footing(work)
        _must_be_lawful(by, work, here, round)
        picks = _not_asked_yet(work, round.picks)
        careful = _how_told(work, picks, now)
        telling = Telling(entered, by, here, round, reads.people([work]).get(work.id, []), careful, now)
        _say_grounds(work, by, here, round, picks, now)
        _move_to_checks(entered, work, by, round, picks, seen, now)
        return [telling.ask(work, pick) for pick in picks]


def _must_be_lawful(by: Viewer, work: Episode, here: Footing, round: Round) -> None:
    if work.closed_at:
        raise acts.NotFromHere
    if round.purpose not in purposes_of(by):
        raise NoLawfulReason("no-lawful-purpose", "Choose a purpose that your role may ask for.")
    must_be_open(here, round.purpose)
    if not round.worry.strip():
        raise NothingSaid("worry")
    for pick in round.picks:
        if round.shown.ground(pick.agency) is Ground.REASON and not pick.reason.strip():
            raise NothingSaid(f"why_{pick.agency}")


def _how_told(work: Episode, picks: Sequence[Pick], now: datetime) -> dict[str, str]:
    """What each must be told with care (an address that is protected), by agency. Raises MayNotBeTold: whatever cannot
    be found out about who may be told is a no, and then nobody is asked.
    """
    found = {}
    for pick in picks:
        said = facts.may_be_told(work, f"agency:{pick.agency}", now=now)
        if not said.may:
            raise MayNotBeTold(pick.agency, said.because)
        found[pick.agency] = said.how
    return found


def purposes_of(viewer: Viewer) -> frozenset[str]:
    """The purposes that the viewer's roles may ask for."""
    return frozenset(code for each in viewer.roles for code in role(each).purposes)


def _not_asked_yet(work: Episode, picks: Sequence[Pick]) -> list[Pick]:
    waiting = Ask.objects.filter(episode=work, kind__in=CHECKS, answered_at=None)
    asked = set(waiting.values_list("to_team", flat=True))
    fresh = [pick for pick in picks if pick.team.pk not in asked]
    if not fresh:
        raise AlreadyAsked
    return fresh


def _say_grounds(work: Episode, by: Viewer, here: Footing, round: Round, picks: Sequence[Pick], now: datetime) -> None:
    """Why each was asked, kept in the work: what one agency's feed says is never told to another."""
    why = {pick.agency: {"ground": round.shown.ground(pick.agency).value, "reason": pick.reason} for pick in picks}
    plain = {"purpose": round.purpose, "standing": here.said, "asked": why, "footprints": round.shown.receipts}
    acts.say(episode=work, kind=GROUNDS, plain=plain, by=by.actor, now=now)


def _move_to_checks(
    entered: Entered, work: Episode, by: Viewer, round: Round, picks: Sequence[Pick], seen: int, now: datetime
) -> None:
    move = next((each for each in pathway(work.pathway).moves_from(work.state) if each.code == TO_CHECKS), None)
    if move is None:
        return
    names = ", ".join(sorted({pick.team.agency.name for pick in picks}))
    rationale = f"Partners asked: {names}. {PURPOSES[round.purpose].name}."
    choice = acts.Choice(TO_CHECKS, entered.power(*move.powers), rationale, urgency=round.urgency)
    acts.decide(episode=work, choice=choice, by=by.actor, seen=seen, now=now)


@dataclass(frozen=True)
class Telling:
    """One round on its way out: what each partner is told, and the receipt for it."""

    entered: Entered
    by: Viewer
    here: Footing
    round: Round
    people: Sequence[Known]
    careful: dict[str, str]
    now: datetime

    def ask(self, work: Episode, pick: Pick) -> Ask:
        sheet, matter = asked_of.sheets()[pick.agency], asked_of.matter(self.round.purpose)
        about = [each for each in self.people if each.id in self.round.about and each.role in sheet.about]
        if not about:
            raise NothingSaid(f"about_{pick.agency}")
        question = acts.Question(
            sheet.kind,
            pick.team,
            self.words(sheet, matter, about),
            purpose=self.round.purpose,
            urgency=self.round.urgency,
            about=work.participations.get(pk=about[0].id),
            more=self.more(sheet, matter, pick),
        )
        row = acts.ask(episode=work, question=question, by=self.by.actor, by_team=reads.team_of(self.by), now=self.now)
        self.disclose(work, pick.agency)
        return row

    def words(self, sheet: Sheet, matter: str, about: Sequence[Known]) -> str:
        careful = self.careful[sheet.agency]
        reader = audiences.to_agency(sheet.agency)
        shown = [kept.known for kept in known_for(about, reader)]
        people = "\n".join(f"- {told(each, sheet, address=not careful)}" for each in shown)
        since = sheet.since(matter, localdate(self.now))
        period = f"since {long_date(since)}" if since else "for the whole of their lives"
        parts = (
            self.round.worry,
            f"What do you know {period} of:\n{people}",
            self.standing,
            careful,
            asked_of.minimum(matter),
        )
        return "\n\n".join(filter(None, parts))

    @property
    def standing(self) -> str:
        if asked_of.matter(self.round.purpose) == "harm":
            return AT_47
        return TELLS_PARTNER[self.here.standing.code] if self.here.standing else AT_47

    def more(self, sheet: Sheet, matter: str, pick: Pick) -> dict[str, Any]:
        return {
            "fields": [wanted.to_json() for wanted in sheet.fields(matter)],
            "sheet": f"{sheet.agency}/{matter}",
            "legal": self.standing,
            "reason": pick.reason,
        }

    def disclose(self, work: Episode, agency: str) -> None:
        """To ask is to tell: the partner learns that there is a worry about this family."""
        if agency == self.by.agency:
            return
        crossing = Crossing(work.id, How.ASK, self.by.agency, agency, self.round.purpose)
        cross(crossing, entry=self.entered.granted.entry, now=self.now)


def told(who: Known, sheet: Sheet, *, address: bool) -> str:
    """Somebody as a partner needs them to look: name, birth, address unless it is protected; an NHS number only where
    health looks.
    """
    evidence = who.evidence
    homes = evidence.addresses if address else ()
    where = next((f"{', '.join(each.lines)} {each.postcode}".strip() for each in homes), "")
    number = f"NHS number {evidence.nhs_number}" if sheet.health and evidence.nhs_number else ""
    return ", ".join(part for part in (who.name, _born(evidence.birth_date), where, number) if part)


def _born(day: date | None) -> str:
    return f"born {long_date(day)}" if day else "date of birth not known"


def _check(work: Episode, ask: UUID) -> Ask:
    """That check of this work. Raises NotYours where there is none."""
    found = Ask.objects.select_related("episode", "to_team__agency", "clock").filter(
        pk=ask, episode=work, kind__in=CHECKS
    ).first()  # fmt: skip
    if found is None:
        raise NotYours
    return found


def not_wait(*, by: Viewer, episode: UUID, asks: Sequence[UUID], why: str, now: datetime) -> Statement:
    """Go on without those answers, and say why. They are still owed, and still come in. Raises NothingSaid."""
    with entering(by, episode, Permission.DECIDE, powers=ASKS, kind=NOT_WAITED_FOR, now=now) as entered:
        if not asks or not why.strip():
            raise NothingSaid("why" if asks else "asks")
        named = [str(_check(entered.episode, ask).id) for ask in asks]
        plain = {"asks": named, "why": why}
        return acts.say(episode=entered.episode, kind=NOT_WAITED_FOR, plain=plain, by=by.actor, now=now)


def say_used(*, by: Viewer, episode: UUID, ask: UUID, words: str, now: datetime) -> Statement:
    """How an answer was used in deciding. Said again, it corrects what was said before. Raises NothingSaid."""
    with entering(by, episode, Permission.DECIDE, powers=ASKS, kind=CHECK_USED, now=now) as entered:
        row = _check(entered.episode, ask)
        if not words.strip():
            raise NothingSaid("words")
        if row.answer != Answer.ANSWERED:
            raise NotPossibleNow("not-answered", "There is no answer yet that could have been used.")
        kind = GP_USED if row.kind == GP_REQUEST else CHECK_USED
        before = [said for said, plain in reads.statements(row.episode, kind) if plain.get("ask") == str(row.id)]
        plain, corrects = {"ask": str(row.id), "used": words}, next(reversed(before), None)
        return acts.say(episode=row.episode, kind=kind, plain=plain, by=by.actor, corrects=corrects, now=now)


def done(*, by: Viewer, episode: UUID, rationale: str, seen: int, now: datetime) -> Decision:
    """The checks are in: it waits for a decision. Raises NotYetKnown while one is awaited, NotFromHere, Overtaken."""
    powers = pathway("contact").move(DONE).powers
    with entering(by, episode, Permission.DECIDE, powers=powers, kind="checks-done", now=now) as entered:
        if waiting := checks_back(entered.episode):
            raise acts.NotYetKnown([waiting])
        if entered.episode.pathway != "contact":
            raise acts.NotFromHere
        choice = acts.Choice(DONE, entered.power(*powers), rationale)
        return acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)
