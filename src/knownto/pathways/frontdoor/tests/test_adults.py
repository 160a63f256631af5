"""Section 42: three limbs with evidence, the adult's own wishes, a second look at every no, and telling both."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Answer, Ask, Decision, Episode, Statement
from knownto.partners.models import Worker
from knownto.pathways.frontdoor import adults, adults_told, facts
from knownto.pathways.frontdoor.adults import Limb, Personal, Wish
from knownto.pathways.frontdoor.tests.closing import ADULT, decide, part, refer

HOUR = timedelta(hours=1)
YES, NO_RISK = ("yes", "yes", "yes"), ("yes", "no", "yes")
ASKED = Personal("asked", wants="To stay at home.", capacity="has", capacity_for="Staying at home",
                 capacity_basis="He weighed it with me.", advocacy="not-needed")  # fmt: skip
NO = Wish(
    "no-further-action", "He is safe and wants nothing done.", {"s9": "Booked for 3 December"}, words="Thank you."
)


@pytest.fixture
def lorna(viewer_of):
    return viewer_of("adult.social.worker")


@pytest.fixture
def colleague(lorna, viewer_of):
    """Another worker of adult social care: the night's, who may decide for adults too."""
    return viewer_of("out.of.hours")


@pytest.fixture
def worry(viewer_of, now):
    return refer(viewer_of("gp"), now, people=(("adult-at-risk", ADULT),), pathway_code="adult")


def limbs(by, episode, answers, now):
    said = {code: Limb(answer, "Seen at home today") for code, answer in zip(adults.LIMBS, answers, strict=True)}
    adults.answer_limbs(by=by, episode=episode.id, limbs=said, now=now)


def ready(by, episode, answers, now):
    limbs(by, episode, answers, now)
    adults.make_personal(by=by, episode=episode.id, personal=ASKED, now=now)


def state(episode):
    with system("test"):
        return Episode.objects.get(pk=episode.pk).state


def test_each_limb_needs_an_answer_and_what_it_rests_on(lorna, worry, now):
    good = {code: Limb("yes", "Seen") for code in adults.LIMBS}
    for bad in ({"risk": Limb("yes", " ")}, {"risk": Limb("maybe", "Seen")}):
        with pytest.raises(adults.Unsaid) as refused:
            adults.answer_limbs(by=lorna, episode=worry.id, limbs=good | bad, now=now)
        assert refused.value.field == "risk"
    with pytest.raises(adults.Unsaid):
        adults.answer_limbs(by=lorna, episode=worry.id, limbs={"needs": Limb("yes", "Seen")}, now=now)
    with system("test"):
        assert not Statement.objects.filter(episode=worry, kind="three-limbs").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"asked": "asked", "wants": ""}, "wants"),
        ({"asked": "not-asked", "why_not": ""}, "why_not"),
        ({"capacity": ""}, "capacity"),
        ({"capacity": "lacks", "capacity_for": ""}, "capacity_for"),
        ({"capacity": "doubted", "capacity_basis": ""}, "capacity_basis"),
        ({"advocacy": ""}, "advocacy"),
    ],
)
def test_what_the_adult_wants_is_not_left_open(lorna, worry, now, change, field):
    with pytest.raises(adults.Unsaid) as refused:
        adults.make_personal(by=lorna, episode=worry.id, personal=Personal(**vars(ASKED) | change), now=now)
    assert refused.value.field == field


def test_nothing_is_decided_before_limbs_and_wishes_but_protection_does_not_wait(lorna, worry, now):
    wish = Wish("enquire", "He is at risk.")
    with pytest.raises(acts.NotYetKnown):
        adults.decide(by=lorna, episode=worry.id, wish=wish, seen=0, now=now)
    adults.make_personal(by=lorna, episode=worry.id, personal=ASKED, now=now)
    with pytest.raises(acts.NotYetKnown):
        adults.decide(by=lorna, episode=worry.id, wish=wish, seen=0, now=now)
    adults.decide(by=lorna, episode=worry.id, wish=Wish("protect-tonight", "Respite."), seen=0, now=now)
    limbs(lorna, worry, YES, now)
    adults.decide(by=lorna, episode=worry.id, wish=wish, seen=1, now=now)
    assert state(worry) == "enquiry"


def test_an_enquiry_is_told_to_whoever_raised_it(lorna, viewer_of, worry, now):
    ready(lorna, worry, YES, now)
    adults.decide(
        by=lorna, episode=worry.id, wish=Wish("enquire", "He is at risk.", words="We look into it."), seen=0, now=now
    )
    with system("test"):
        assert Ask.objects.get(episode=worry, kind="outcome").to_worker == viewer_of("gp").worker_id
        assert reads.statements(worry, "outcome")[0][1]["words"] == "We look into it."


def test_an_enquiry_although_a_limb_is_not_met_needs_its_reason_and_is_marked(lorna, worry, now):
    ready(lorna, worry, ("yes", "unclear", "yes"), now)
    with pytest.raises(adults.NeedsReason):
        adults.decide(by=lorna, episode=worry.id, wish=Wish("enquire", "To find out."), seen=0, now=now)
    wish = Wish("enquire", "To find out.", why_anyway="A pattern of three worries.")
    assert adults.decide(by=lorna, episode=worry.id, wish=wish, seen=0, now=now).override


@pytest.mark.parametrize("move", ["no-further-action", "advice"])
def test_where_all_three_are_met_nobody_can_say_no(lorna, worry, now, move):
    ready(lorna, worry, YES, now)
    with pytest.raises(adults.DutyApplies):
        adults.decide(by=lorna, episode=worry.id, wish=Wish(move, "Busy."), seen=0, now=now)
    assert state(worry) == "received"


def test_a_no_is_decided_only_when_another_worker_agrees(lorna, colleague, worry, now):
    ready(lorna, worry, NO_RISK, now)
    adults.decide(by=lorna, episode=worry.id, wish=NO, seen=0, now=now)
    assert state(worry) == "received"
    with pytest.raises(adults.OwnProposal):
        adults.agree(by=lorna, episode=worry.id, words="Yes", now=now)
    assert state(worry) == "received"
    decision = adults.agree(by=colleague, episode=worry.id, words="I read the GP's letter.", now=now + HOUR)
    assert state(worry) == "no-further-action" and decision.worker == colleague.worker_id
    with system("test"):
        [plain] = reads.words.opened([decision])
        assert plain["proposed_by"] == str(lorna.worker_id) and plain["alternatives"] == {"s9": "Booked for 3 December"}
        assert Ask.objects.get(episode=worry, kind="outcome")


def test_whoever_does_not_agree_keeps_it_open(lorna, colleague, worry, now):
    ready(lorna, worry, NO_RISK, now)
    adults.decide(by=lorna, episode=worry.id, wish=NO, seen=0, now=now)
    with pytest.raises(acts.NoAnswer):
        adults.disagree(by=colleague, episode=worry.id, because=" ", now=now)
    adults.disagree(by=colleague, episode=worry.id, because="The daughter was not asked.", now=now)
    assert state(worry) == "received"
    with pytest.raises(adults.NothingProposed):
        adults.agree(by=colleague, episode=worry.id, words="After all", now=now)


def test_the_limbs_answered_anew_can_take_a_no_away_from_whoever_agrees(lorna, colleague, worry, now):
    ready(lorna, worry, NO_RISK, now)
    adults.decide(by=lorna, episode=worry.id, wish=NO, seen=0, now=now)
    limbs(lorna, worry, YES, now + HOUR)
    with pytest.raises(adults.DutyApplies):
        adults.agree(by=colleague, episode=worry.id, words="Yes", now=now + HOUR)
    assert state(worry) == "received"


def test_what_was_decided_in_between_overtakes_the_proposal(lorna, colleague, worry, now):
    ready(lorna, worry, NO_RISK, now)
    adults.decide(by=lorna, episode=worry.id, wish=NO, seen=0, now=now)
    adults.decide(by=lorna, episode=worry.id, wish=Wish("protect-tonight", "A bed for tonight."), seen=0, now=now)
    with pytest.raises(acts.Overtaken):
        adults.agree(by=colleague, episode=worry.id, words="Yes", now=now)


def test_two_proposals_leave_one_second_look(lorna, worry, now):
    ready(lorna, worry, NO_RISK, now)
    for _ in range(2):
        adults.decide(by=lorna, episode=worry.id, wish=NO, seen=0, now=now)
    with system("test"):
        asked = Ask.objects.filter(episode=worry, kind="second-check")
        assert (asked.count(), asked.filter(answered_at=None).count()) == (2, 1)
        assert asked.get(answer=Answer.WITHDRAWN)


def test_the_night_decides_for_adults_too(viewer_of, worry, now):
    night = viewer_of("out.of.hours")
    decide(night, worry, "to-night", now, tell=False)
    ready(night, worry, YES, now)
    decision = adults.decide(by=night, episode=worry.id, wish=Wish("enquire", "Tonight."), seen=1, now=now)
    assert decision.kind == "enquire" and state(worry) == "enquiry"


@pytest.mark.parametrize("who", ["screener", "hub.manager", "social.worker", "officer"])
def test_nobody_else_decides_for_adults(viewer_of, worry, now, who):
    with pytest.raises(NotYours):
        limbs(viewer_of(who), worry, YES, now)


def test_an_enquiry_ends_with_whether_the_adult_got_what_they_wanted(lorna, worry, now):
    ready(lorna, worry, YES, now)
    adults.decide(by=lorna, episode=worry.id, wish=Wish("enquire", "At risk."), seen=0, now=now)
    with pytest.raises(adults.Unsaid):
        adults.decide(by=lorna, episode=worry.id, wish=Wish("finish", "Done."), seen=1, now=now)
    adults.decide(by=lorna, episode=worry.id, wish=Wish("finish", "Done.", met="partly"), seen=1, now=now)
    with system("test"):
        last = Decision.objects.filter(episode=worry).order_by("number").last()
        assert reads.words.opened([last])[0]["met"] == "partly"


def test_the_adult_is_told_unless_it_is_not_safe(lorna, worry, now):
    with pytest.raises(adults.Unsaid):
        adults_told.tell_adult(by=lorna, episode=worry.id, told=adults_told.AdultTold(True), now=now)
    adults_told.tell_adult(
        by=lorna, episode=worry.id, told=adults_told.AdultTold(True, "At home, by me", "He is glad"), now=now
    )
    order = facts.Recording("do-not-tell", (part(worry, "adult-at-risk").id,), "record", now.date())
    facts.record(by=lorna, episode=worry.id, fact=order, now=now)
    with pytest.raises(acts.NotYetKnown):
        adults_told.tell_adult(by=lorna, episode=worry.id, told=adults_told.AdultTold(True, "By letter"), now=now)
    why = adults_told.AdultTold(False, why_not="The son reads his letters.")
    adults_told.tell_adult(by=lorna, episode=worry.id, told=why, now=now)


def test_it_goes_back_to_whoever_raised_it_for_what_is_missing(lorna, viewer_of, worry, now):
    ask = adults_told.ask_referrer(by=lorna, episode=worry.id, question="Who manages his money?", now=now)
    assert (ask.to_agency, ask.to_worker) == ("gp", viewer_of("gp").worker_id)
    nobody = refer(None, now, people=(("adult-at-risk", ADULT),), pathway_code="adult")
    with pytest.raises(acts.NotYetKnown):
        adults_told.ask_referrer(by=lorna, episode=nobody.id, question="Who?", now=now)


def test_earlier_worries_about_the_same_adult_are_found(viewer_of, lorna, worry, now):
    again = refer(viewer_of("officer"), now + HOUR, people=(("adult-at-risk", ADULT),), pathway_code="adult")
    with system("test"):
        assert [row.id for row in adults_told.earlier(again)] == [worry.id]
        assert Worker.objects.filter(pk=lorna.worker_id).exists()
