"""From a worry to a contact, a decision and the support that follows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Viewer, system
from knownto.access.refusals import NotYours
from knownto.casework import answering
from knownto.casework.models import Answer, Ask
from knownto.disclosure.endpoints import open_endpoint
from knownto.disclosure.models import Way
from knownto.footprint import acts as tracker
from knownto.footprint import asking_them, open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.footprint.why import Why
from knownto.keyring import acts as keyring
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import (
    checking,
    considering,
    copies,
    drafts,
    gate,
    health,
    joining,
    levels,
    prefilling,
    recognised,
    referring,
    screening,
    sending_more,
    supervising,
    support,
    targeting,
    tracking,
)  # fmt: skip
from knownto.pathways.frontdoor.models import Draft
from knownto.pathways.frontdoor.questions import Step
from knownto.pathways.frontdoor.targeting import Shown
from knownto.pathways.frontdoor.tests.refer import child, referral
from knownto.pathways.frontdoor.writing import Written
from knownto.town.living import FOUNDER
from proof_tests.breaking import MANY
from proof_tests.stories.scene import WHY, Scene

REFERENCE = "2B7K-Q9XD-4"


def writing(at: Scene) -> None:
    """A referral is written, put away, taken up again, sent, added to; and one is considered and not sent."""
    go, now, officer, supervisor = at.go, at.now, at.who("officer"), at.who("police.supervisor")
    open_endpoint(agency="police", way=Way.DROP, where="police", by=FOUNDER, now=now)
    away = go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    with system("proof"):
        key = Draft.objects.get(pk=away).key
    go(_throw_away, officer, away, now, leaves=MANY)
    assert not keyring.fetch([key])
    draft = go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    by_code = {(step.page.code, step.number): step for step in _steps(officer, draft)}
    typed = {"child": {"given": "Tobias", "family": "Wrenshaw", "age": "9"}, "happened": {"what_happened": "Alone."}}
    for (code, number), step in by_code.items():
        if code in typed and number <= 1:
            go(drafts.save, by=officer, draft=draft, step=step, typed=typed[code], now=now)
    second = next(each for each in _steps(officer, draft) if each.page.each == "child")
    more = type(second)(second.page, 2)
    go(drafts.save, by=officer, draft=draft, step=more, typed={"given": "Orla"}, now=now)
    go(drafts.leave_out, by=officer, draft=draft, step=more, now=now)
    sent = go(referring.send_draft, by=officer, draft=draft, now=now, leaves=1).episode
    go(sending_more.add, by=officer, episode=sent, kind="more", words="He was seen again today.", now=now)
    go(supervising.look, supervisor, sent, now)
    marks = dict.fromkeys((each.code for each in supervising.rubric()), 3)
    go(supervising.mark, by=supervisor, episode=sent, marks=marks, note="Clear, and about him.", now=now)
    go(copies.make, now + timedelta(minutes=1), leaves=MANY)
    go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    go(drafts.sweep, now + timedelta(days=12, hours=1), leaves=MANY)
    go(drafts.sweep, now + timedelta(days=15), leaves=MANY)
    for kind, words in (("agree", "I agree."), ("refer", "This is for the council.")):
        _considered(at, kind, words)


def _throw_away(by: Viewer, draft: UUID, now: datetime) -> None:
    """Thrown away, it is not there to be thrown away again; what a kill left of its key, a sweep destroys."""
    try:
        drafts.throw_away(by=by, draft=draft, now=now)
    except NotYours:
        drafts.sweep(now)


def _steps(writer: Viewer, draft: UUID) -> list[Step]:
    with transaction.atomic():
        return drafts.own(writer, draft).written.steps()


def _considered(at: Scene, kind: str, words: str) -> None:
    officer, supervisor = at.who("officer"), at.who("police.supervisor")
    considered = considering.Considered(
        Evidence("Wrenshaw", "Orla"), next(iter(considering.NOT_DONE)), "She looked tired.", "She had been ill."
    )
    made = at.go(considering.record, by=officer, considered=considered, now=at.now).id
    if kind == "agree":
        at.go(considering.agree, by=supervisor, episode=made, words=words, seen=at.seen(made), now=at.now)
        return
    at.go(considering.should_be_referred, by=supervisor, episode=made, words=words, now=at.now)
    at.go(considering.refer_after_all, by=officer, episode=made, now=at.now)


def sending(at: Scene) -> None:
    """A page, a partner's system, and a referral of what was considered before; then the hub takes them in hand."""
    go, now, officer, screener = at.go, at.now, at.who("officer"), at.who("screener")
    before = considering.record(
        by=officer,
        considered=considering.Considered(Evidence("Wrenshaw", "Tobias"), next(iter(considering.NOT_DONE)), "x", "y"),
        now=now,
    ).id
    first = go(referring.send, by=officer, referral=referral(before=str(before)), intent="one", now=now).episode
    written = referral(urgency_asked="red", significant_harm=True)
    second = go(
        referring.send_by_key, agency="police", team=None, referral=written, intent="two",
        body=referring.body_of(written), now=now,
    ).episode  # fmt: skip
    go(recognised.catch_up, now, leaves=MANY)
    for contact in (first, second):
        go(screening.take, by=screener, episode=contact, seen=at.seen(contact), now=now)
    go(screening.rate, by=screener, episode=first, urgency="green", why=WHY, seen=at.seen(first), now=now)
    go(screening.rate, by=screener, episode=first, urgency="red", why=WHY, seen=at.seen(first), now=now)
    go(screening.note, by=screener, episode=first, words="Rang the school.", now=now)
    go(screening.look, by=screener, episode=first, now=now)
    go(screening.give, by=screener, episode=first, worker=screener.worker_id, now=now)
    go(joining.join, by=screener, episode=first, to=second, why=WHY, seen=at.seen(first), now=now)
    go(joining.take_apart, by=screener, episode=first, why="Another child after all.", now=now)
    go(screening.put_up, by=screener, episode=second, why=WHY, seen=at.seen(second), now=now)
    team = offices.team_of("assessment")
    go(screening.route, by=screener, episode=second, to=team, why=WHY, seen=at.seen(second), now=now)
    worker = at.who("social.worker")
    go(answering.reply, by=worker, ask=at.ask(second, "known-case").id, answer=Answer.ANSWERED, words="Mine.", now=now)
    go(levels.change, by=at.who("hub.manager"), level=2, name="Early help", words="Needs more than is usual.", now=now)


def asking(at: Scene) -> None:
    """Partners are asked through the gate; one answers, one passes it on, one is not waited for; health signs."""
    go, now, screener, manager = at.go, at.now, at.who("screener"), at.who("hub.manager")
    work = at.sent("asking")
    screening.take(by=screener, episode=work, seen=at.seen(work), now=now)
    who = "His mother, by telephone"
    go(gate.say_standing, by=screener, episode=work, standing="agreed", who=who, why="", now=now)
    go(gate.say_cause, by=manager, episode=work, why="A mark that nobody explains.", now=now)
    team = {"police": "domestic-abuse", "hospital": "safeguarding-children", "gp": "safeguarding-lead"}
    picks = tuple(checking.Pick(offices.front_door_of(agency), "He is seen there") for agency in team)
    round = checking.Round("section-17", picks, frozenset(at.people(work)), "Without a coat or food.", shown=Shown())
    asks = go(checking.ask_partners, by=screener, episode=work, round=round, seen=at.seen(work), now=now)
    police, hospital, gp = (next(each for each in asks if each.to_agency == agency) for agency in team)
    _answer(at, work, police, gp)
    go(health.add_source, by=at.who("hub.health"), episode=work, source=health.Source(
        next(iter(health.source_names())), "known", "Twice at the emergency department.",
        document=("letter.txt", b"Seen twice this month.")), now=now)  # fmt: skip
    analysis = health.Analysis("He may be hurt.", "It weighs a great deal.", "No dentist.", "Named nurse")
    go(health.save_draft, by=at.who("hub.health"), episode=work, analysis=analysis, now=now)
    go(health.sign, by=at.who("hub.health"), episode=work, analysis=analysis, now=now)
    go(checking.say_used, by=screener, episode=work, ask=gp.id, words="It decided the level.", now=now)
    if at.of(work).state == "checks":
        go(checking.done, by=screener, episode=work, rationale=WHY, seen=at.seen(work), now=now)
    at.decided(work, "early-help", 3)
    _support(at, at.follows(work, "support"))


def _answer(at: Scene, work: UUID, police: Ask, gp: Ask) -> None:
    go, now, officer, doctor, screener = at.go, at.now, at.who("police.hub"), at.who("gp"), at.who("screener")
    go(answering.take, by=officer, ask=police.id, now=now)
    go(answering.give_back, by=officer, ask=police.id, now=now)
    go(answering.pass_on, by=officer, ask=police.id, to=by_sign_in_name("officer").team, because="Theirs.", now=now)
    go(answering.remind, by=screener, ask=police.id, now=now + timedelta(hours=2))
    go(answering.reply, by=doctor, ask=gp.id, answer=Answer.ANSWERED, words="Known to us since birth.", now=now)
    go(checking.not_wait, by=screener, episode=work, asks=[police.id], why="It cannot wait.", now=now)
    go(answering.withdraw, by=screener, ask=police.id, because="No longer needed.", now=now)


def _support(at: Scene, work: UUID) -> None:
    manager, worker = at.who("hub.manager"), at.who("social.worker")
    team = offices.team_of("assessment")
    at.go(support.allocate, by=manager, episode=work, team=team, worker=worker.worker_id, now=at.now)
    at.go(support.move, by=worker, episode=work, move="start-early-help", level=3, rationale=WHY, seen=0, now=at.now)


def searching(at: Scene) -> None:
    """From the tracker: a referral begun from a search, whom a footprint gives grounds to ask, a question to a team."""
    town, go, now = partnership.borough(at.now), at.go, at.now
    town.tell()
    screener, officer = _in_team(town, "screener", "mash"), _in_team(town, "officer", "response")
    why = Why("child-concern", REFERENCE)
    search = tracker.search(by=screener, question=Question(given="Amelia", family="Okafor-Lunt"), why=why, now=now)
    with transaction.atomic():
        found = open_search.own(screener, search.id, now)
    go(prefilling.begin_from, by=screener, search=found, place=1, kind="child", household=False, once={}, now=now)
    go(_request, targeting.shown, by=screener, reference=REFERENCE, uses=[f"{search.id}:1"], now=now)
    question = asking_them.Asking(Team.objects.get(code="response"), "Is anything open?", False, ("born",))
    ask = go(_request, asking_them.ask_them, by=screener, search=found, place=1, asking_=question, now=now)
    go(answering.reply, by=officer, ask=ask.id, answer=Answer.ANSWERED, words="Nothing is open.", now=now)
    go(_read, screener, ask.id, now)
    amelia = child(evidence=Evidence("Okafor-Lunt", "Amelia", birth_date=date(2016, 2, 3)))
    work = referring.send(by=officer, referral=referral(children=(amelia,)), intent="amelia", now=now).episode
    [subject] = at.people(work, "subject")
    go(_request, tracking.look, by=screener, episode=work, child=subject, now=now)


def _in_team(town: partnership.Partnership, role: str, team: str) -> Viewer:
    held = Team.objects.get(code=team)
    viewer = town.viewer(role, held.agency_id, f"In {team}")
    Worker.objects.filter(pk=viewer.worker_id).update(team=held)
    return viewer


def _request[T](act: Callable[..., T], **words: Any) -> T:
    """As a page does it: one request is one transaction."""
    with transaction.atomic():
        return act(**words)


def _read(by: Viewer, ask: UUID, now: datetime) -> None:
    with answering.looking(by, ask, now=now):
        pass
