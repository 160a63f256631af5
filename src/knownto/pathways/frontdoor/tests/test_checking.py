"""Partner checks: the gate, whom is asked and with what grounds, what crosses, and what came back."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NoLawfulReason, NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Answer, Ask, Clock, Episode, Statement
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.models import Team, Worker
from knownto.partners.offices import team_of
from knownto.pathways.frontdoor import asked_of, checking, facts, gate, replies
from knownto.pathways.frontdoor.checking import Pick, Round
from knownto.pathways.frontdoor.known import CHECKS, checks_back
from knownto.pathways.frontdoor.orders import Told
from knownto.pathways.frontdoor.pathway import CONTACT
from knownto.pathways.frontdoor.targeting import Shown
from knownto.policy import PURPOSES

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    nhs_number="9990000018",
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)
MOTHER = Evidence(family_name="Wrenshaw", given_names="Alma", birth_date=date(1990, 1, 2))
A_MINUTE = timedelta(minutes=1)
TRUTH = list(csv.DictReader(Path(__file__).with_name("gate.csv").open(newline="")))


@pytest.fixture
def work(borough, now):
    """A contact about a child and his mother, which a school raised."""
    return opened(now)


def opened(now, pathway="contact"):
    with system("test"):
        return acts.open_episode(
            by=Actor(None, "school", "school-lead"),
            pathway_code=pathway,
            origin=acts.Origin("school"),
            about=[acts.Somebody("subject", CHILD), acts.Somebody("parent", MOTHER)],
            urgency="amber",
            team=team_of("hub"),
            now=now,
        )


def everybody(work):
    with system("test"):
        return frozenset(each.id for each in reads.people([work])[work.id])


def agree(viewer, work, now, standing="agreed", why=""):
    who = "His mother, asked by telephone"
    return gate.say_standing(by=viewer, episode=work.id, standing=standing, who=who, why=why, now=now)


def round_of(work, *agencies, purpose="section-17", reason="He is seen there", shown=None, **more):
    sheets = asked_of.sheets()
    teams = [
        sheets[code].team() if sheets[code].office else Team.objects.filter(agency=code).order_by("code")[0]
        for code in agencies
    ]
    picks = tuple(Pick(team, reason) for team in teams)
    worry = "He came to school without a coat or food."
    return Round(purpose, picks, everybody(work), worry, shown=shown or Shown(), **more)


def ask(viewer, work, now, *agencies, seen=0, **more):
    made = round_of(work, *(agencies or ("police",)), **more)
    return checking.ask_partners(by=viewer, episode=work.id, round=made, seen=seen, now=now)


def answered(ask, now, plain=None, answer=Answer.ANSWERED):
    with system("test"):
        row = Ask.objects.get(pk=ask.pk)
        by = Actor(team_worker(row), row.to_agency, "test")
        return acts.answer(ask=row, answer=answer, plain=plain or {"answer": "Nothing since March"}, by=by, now=now)


def team_worker(row):
    found = Worker.objects.filter(agency=row.to_agency).first() or Worker.objects.first()
    return found.pk


def footing(row, at):
    standing = gate.Standing(row["standing"], "x", row["why"], "council", None, at) if row["standing"] else None
    cause = gate.Cause("Bruising", "council-manager", None, at) if row["cause"] else None
    return gate.Footing(row["pathway"], standing, cause, (row["referrer"], ""))


@pytest.mark.parametrize("row", TRUTH, ids=lambda row: "-".join(filter(None, row.values())))
def test_the_gate_answers_as_its_truth_table_says(row, now):
    assert gate.gate(footing(row, now), row["purpose"]) == row["shut"]


def test_the_truth_table_has_every_way_of_standing_and_every_sentence():
    assert {row["shut"] for row in TRUTH} - {""} == gate.SHUT.keys()
    assert {row["standing"] for row in TRUTH} >= {"", *asked_of.stands("contact")}
    assert {row["pathway"] for row in TRUTH} >= {"contact", "support", "protection", "adult"}


def test_the_sheets_name_kinds_offices_and_purposes_that_there_are(borough):
    kinds = {kind.code for kind in CONTACT.asks}
    for sheet in asked_of.sheets().values():
        assert sheet.kind in kinds & {*CHECKS} and sheet.months.keys() == {"need", "harm", "adult"}
        assert sheet.chosen or sheet.team().agency_id == sheet.agency
    for pathway in ("contact", "support", "protection", "adult"):
        for purpose in asked_of.purposes(pathway):
            assert purpose in PURPOSES and asked_of.minimum(asked_of.matter(purpose))


def test_nobody_is_asked_below_section_47_until_it_is_said_how_the_family_stands(viewer_of, work, now):
    with pytest.raises(NoLawfulReason) as shut:
        ask(viewer_of("screener"), work, now)
    assert shut.value.code == "family-not-told"
    with system("test"):
        assert not Ask.objects.filter(episode=work).exists()
    agree(viewer_of("screener"), work, now)
    assert ask(viewer_of("screener"), work, now)


def test_what_the_referrer_said_is_not_enough(viewer_of, work, now):
    with system("test"):
        acts.say(episode=work, kind="referral", plain={"consent": "agreed"}, by=viewer_of("screener").actor, now=now)
        assert gate.footing(work).referrer_said == "The family agrees"
    with pytest.raises(NoLawfulReason):
        ask(viewer_of("screener"), work, now)


def test_who_says_that_the_family_is_not_told_says_why(viewer_of, work, now):
    with pytest.raises(gate.NothingSaid):
        agree(viewer_of("screener"), work, now, "dispensed")
    agree(viewer_of("screener"), work, now, "dispensed", why="His father has said he will move him")
    [asked] = ask(viewer_of("screener"), work, now)
    with system("test"):
        said = gate.footing(work).standing
        [(_, plain)] = reads.asks(work)
    assert (said.power, said.worker) == ("council", viewer_of("screener").worker_id)
    assert "Do not let them know" in plain["question"] and "will move him" not in str(plain)


def test_a_family_that_takes_its_agreement_back_shuts_the_gate(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    agree(viewer_of("screener"), work, now + A_MINUTE, "withdrawn", why="She rang back")
    with pytest.raises(NoLawfulReason) as shut:
        ask(viewer_of("screener"), work, now)
    assert shut.value.code == "family-withdrew"


def test_section_47_needs_a_manager_to_have_seen_reasonable_cause(viewer_of, work, now):
    with pytest.raises(NotYours):
        gate.say_cause(by=viewer_of("screener"), episode=work.id, why="Bruising", now=now)
    with pytest.raises(NoLawfulReason):
        ask(viewer_of("screener"), work, now, purpose="section-47")
    gate.say_cause(by=viewer_of("hub.manager"), episode=work.id, why="Bruising", now=now)
    [made] = ask(viewer_of("screener"), work, now, purpose="section-47")
    assert "Children Act 1989, section 47" in made.basis
    later = now + timedelta(minutes=5)
    gate.say_cause(by=viewer_of("hub.manager"), episode=work.id, why="Seen by a doctor", withdrawn=True, now=later)
    with pytest.raises(NoLawfulReason):
        ask(viewer_of("screener"), work, later, "school", purpose="section-47", seen=1)


@pytest.mark.parametrize("who", ["officer", "school.lead", "hub.health", "chair", "adult.social.worker"])
def test_only_those_whose_work_it_is_ask_partners(viewer_of, work, now, who):
    agree(viewer_of("screener"), work, now)
    with pytest.raises(NotYours):
        ask(viewer_of(who), work, now)


def test_one_act_asks_many_each_with_its_clock_and_receipt_and_moves_the_contact(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    made = ask(viewer_of("screener"), work, now, "police", "hospital", "gp", "school", "childrens-social-care")
    with system("test"):
        again = Episode.objects.get(pk=work.pk)
        told = Disclosure.objects.filter(work=work.id, how=How.ASK)
        assert again.state == "checks" and again.next_due
        assert {each.kind for each in made} == {"check", "health-check", "gp-request"}
        assert Clock.objects.filter(ask__in=made, stopped_at=None).count() == 5
        assert {each.to_agency for each in told} == {"police", "hospital", "gp", "school"}  # its own crosses nothing
        assert {each.purpose for each in told} == {"section-17"}


def test_each_is_told_of_those_alone_whom_it_needs_and_nothing_of_another_feed(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    shown = Shown(grounds={"police": "contact"}, says={"police": "contact"}, receipts=["ABCD"])
    ask(viewer_of("screener"), work, now, "police", "school", "gp", shown=shown)
    with system("test"):
        words = {row.to_agency: str(plain) for row, plain in reads.asks(work)}
        [(_, grounds)] = reads.statements(work, checking.GROUNDS)
    assert "Alma" in words["police"] and "Alma" not in words["school"]
    assert "9990000018" in words["gp"] and "9990000018" not in words["police"]
    assert "ABCD" not in str(words) and grounds["footprints"] == ["ABCD"]
    assert grounds["asked"]["police"]["ground"] == "contact"


def test_who_is_not_in_the_footprint_is_asked_only_with_a_reason(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    with pytest.raises(gate.NothingSaid) as blank:
        ask(viewer_of("screener"), work, now, reason=" ")
    assert blank.value.name == "why_police"
    shown = Shown(grounds={"police": "earlier"})
    assert ask(viewer_of("screener"), work, now, reason="", shown=shown)


def test_nothing_leaves_for_an_agency_that_may_not_be_told(viewer_of, work, now, monkeypatch):
    agree(viewer_of("screener"), work, now)
    monkeypatch.setattr(
        facts, "may_be_told", lambda episode, audience, **_: Told(audience != "agency:school", "An order.")
    )
    with pytest.raises(checking.MayNotBeTold) as no:
        ask(viewer_of("screener"), work, now, "police", "school")
    assert no.value.agency == "school"
    with system("test"):
        assert not Ask.objects.filter(episode=work).exists()
    assert ask(viewer_of("screener"), work, now, "police")


def test_a_protected_address_is_not_in_what_a_partner_reads(viewer_of, work, now, monkeypatch):
    agree(viewer_of("screener"), work, now)
    monkeypatch.setattr(facts, "may_be_told", lambda *_, **__: Told(True, "", "Not their address."))
    ask(viewer_of("screener"), work, now)
    with system("test"):
        [(_, plain)] = reads.asks(work)
    assert "Tobias" in plain["question"] and "Tallow" not in plain["question"]


def test_the_same_team_is_not_asked_twice_while_it_has_not_answered(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    [first] = ask(viewer_of("screener"), work, now)
    with pytest.raises(checking.AlreadyAsked):
        ask(viewer_of("screener"), work, now, seen=1)
    [other] = ask(viewer_of("screener"), work, now, "police", "school", seen=1)
    assert other.to_agency == "school"
    answered(first, now)
    assert ask(viewer_of("screener"), work, now, seen=1)


def test_the_second_of_two_who_ask_at_once_is_told(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    with system("test"):
        choice = acts.Choice("take", "council", "Mine")
        acts.decide(episode=work, choice=choice, by=viewer_of("hub.manager").actor, seen=0, now=now)
    with pytest.raises(acts.Overtaken):
        ask(viewer_of("screener"), work, now, seen=0)


def test_a_social_worker_asks_in_the_enquiry_that_is_with_their_team(viewer_of, now):
    work = opened(now, "protection")
    with system("test"):
        Episode.objects.filter(pk=work.pk).update(team=team_of("assessment"))
    [made] = ask(viewer_of("social.worker"), work, now, purpose="section-47")
    assert made.purpose == "section-47"
    with system("test"):
        [(_, plain)] = reads.asks(work)
    assert "agreement is not needed" in plain["question"]


def test_silence_a_refusal_and_nothing_known_read_differently(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    made = ask(viewer_of("screener"), work, now, "police", "school", "gp", "fire", "housing")
    by = {each.to_agency: each for each in made}
    answered(by["police"], now, answer=Answer.NOTHING_KNOWN, plain={})
    answered(by["school"], now, answer=Answer.DECLINED, plain={"because": "The family objects"})
    answered(by["gp"], now, plain={"answer": "Seen", "answers": {"seen": "A bruise"}})
    screener = viewer_of("screener")
    checking.not_wait(by=screener, episode=work.id, asks=[by["fire"].id], why="Not needed tonight", now=now)
    with system("test"):
        found = {each.agency: each for each in replies.checks(work, now + timedelta(days=5))}
    said = {code: each.says for code, each in found.items()}
    assert len(set(said.values())) == 5
    assert said["housing"] == "No reply, and late" and said["police"] == "Nothing known"
    assert found["gp"].parts == (("Anything the practice has noticed or been told", "A bruise"),)


def test_going_on_without_one_answer_is_not_going_on_without_the_others(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    one, two = ask(viewer_of("screener"), work, now, "police", "school")
    screener = viewer_of("screener")
    with pytest.raises(gate.NothingSaid):
        checking.not_wait(by=screener, episode=work.id, asks=[one.id], why=" ", now=now)
    checking.not_wait(by=screener, episode=work.id, asks=[one.id], why="Closed today", now=now)
    with system("test"):
        assert checks_back(work)
    with pytest.raises(acts.NotYetKnown):
        checking.done(by=screener, episode=work.id, rationale="All in", seen=1, now=now)
    answered(two, now)
    checking.done(by=screener, episode=work.id, rationale="All in", seen=1, now=now)
    with system("test"):
        assert Episode.objects.get(pk=work.pk).state == "deciding"


def test_a_note_that_names_nobody_covers_those_asked_until_then_and_no_later_one(viewer_of, work, now):
    agree(viewer_of("screener"), work, now)
    ask(viewer_of("screener"), work, now)
    with system("test"):
        actor = viewer_of("screener").actor
        acts.say(episode=work, kind="not-waited-for", plain={"why": "Red"}, by=actor, now=now)
        assert not checks_back(work)
    ask(viewer_of("screener"), work, now + A_MINUTE, "school", seen=1)
    with system("test"):
        assert checks_back(work)


def test_how_an_answer_was_used_is_said_once_there_is_one_and_can_be_put_right(viewer_of, work, now):
    screener = viewer_of("screener")
    agree(screener, work, now)
    [police] = ask(screener, work, now, "police")
    with pytest.raises(NotPossibleNow):
        checking.say_used(by=screener, episode=work.id, ask=police.id, words="Read", now=now)
    answered(police, now)
    with pytest.raises(gate.NothingSaid):
        checking.say_used(by=screener, episode=work.id, ask=police.id, words=" ", now=now)
    checking.say_used(by=screener, episode=work.id, ask=police.id, words="It raised the level", now=now)
    checking.say_used(by=screener, episode=work.id, ask=police.id, words="It changed nothing", now=now + A_MINUTE)
    with system("test"):
        [found] = replies.checks(work, now)
        assert Statement.objects.filter(kind="check-used", corrects__isnull=False).count() == 1
    assert found.used == "It changed nothing"


def test_a_check_of_other_work_is_nobodys(viewer_of, work, now):
    screener, other = viewer_of("screener"), opened(now)
    agree(screener, work, now)
    [made] = ask(screener, work, now)
    answered(made, now)
    with pytest.raises(NotYours):
        checking.say_used(by=screener, episode=other.id, ask=made.id, words="Read", now=now)
    with pytest.raises(NotYours):
        checking.not_wait(by=screener, episode=other.id, asks=[made.id], why="Red", now=now)
