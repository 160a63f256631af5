"""The strategy discussion: who must be there, what is written down, what it leads to, and whose power that was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.acts import NotSaid
from knownto.casework.models import Ask, Clock, Decision, Episode, Invitation, Notice
from knownto.disclosure.models import Disclosure, How
from knownto.partners.offices import team_of
from knownto.pathways.frontdoor import invitations, minutes, referring, sharing, strategy
from knownto.pathways.frontdoor.holding import Action, agree_on
from knownto.pathways.frontdoor.seats import Case, lacking, proposed
from knownto.pathways.frontdoor.tests import cases
from knownto.pathways.frontdoor.tests.refer import referral
from knownto.worktime import LONDON


@pytest.fixture
def episode(borough, now):
    return cases.protection(now)


def test_the_same_people_are_in_it_under_its_own_key(episode):
    with cases.opened(episode) as row:
        assert [each.name for each in reads.people([row])[row.id]] == ["Tobias Wrenshaw"]
        assert row.key != row.parent.key and row.urgency == "red" and row.state == "strategy-due"
        [(_, why)] = reads.statements(row, "why")
    assert why == {"words": "A mark that nobody explains.", "from": row.parent.reference}


def codes(case):
    return {each.code for each in proposed("strategy", case) if each.required}


def test_who_is_required_follows_from_what_is_suspected(borough, now):
    assert codes(Case()) == {"social-care", "police", "health"}
    assert "sexual-assault-centre" in codes(Case(frozenset({"sexual"})))
    assert "investigators" in codes(Case(frozenset({"physical"}))) & codes(Case(harm_unsaid=True))
    assert "investigators" not in codes(Case(frozenset({"neglect"}), harm_unsaid=False))
    assert "school" in codes(Case(schools=("school-01",), school_age=True))
    assert "school" not in codes(Case(schools=("school-01",), school_age=False))


@pytest.mark.parametrize(
    ("came", "missing"),
    [
        ([("social-care", "council"), ("police", "police"), ("health", "hospital")], []),
        ([("social-care", "council"), ("investigators", "police"), ("health", "hospital")], []),
        ([("social-care", "council"), ("police", "police")], ["Health"]),
        ([], ["Children's social care", "Police", "Health"]),
    ],
)
def test_a_quorum_is_social_care_police_and_health(came, missing):
    assert lacking("strategy", came) == missing


def test_a_required_seat_is_left_out_only_with_a_reason(episode, viewer_of, now):
    whole = cases.calling(episode, now)
    less = [seat for seat in whole.seats if seat.office != "health"]
    with pytest.raises(NotSaid) as refused:
        strategy.call(
            by=viewer_of("hub.manager"),
            episode=episode.id,
            calling=strategy.Calling(**vars(whole) | {"seats": tuple(less)}),
            seen=0,
            now=now,
        )
    assert refused.value.offices == ("Health",)
    assert cases.fresh(episode).state == "strategy-due"
    meeting = cases.called(viewer_of, episode, now, without=("health",))
    with system("test"):
        row = Invitation.objects.get(meeting=meeting, office="health")
        assert row.invited_at is None
        assert not Notice.objects.filter(kind="meeting", to_team=row.team).exists()


def test_calling_invites_and_tells_and_crosses(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    with system("test"):
        teams = {row.team.code for row in Invitation.objects.filter(meeting=meeting)}
        told = {row.to_team.code for row in Notice.objects.filter(kind="meeting")}
        crossed = set(Disclosure.objects.filter(work=episode.id, how=How.MEETING).values_list("to_agency", flat=True))
    assert teams == told == {"assessment", "domestic-abuse", "child-abuse", "safeguarding-children", "school-01",
                             "response"}  # fmt: skip
    assert crossed == {"police", "hospital", "school"}


def test_calling_a_discussion_gives_no_more_time_for_it(episode, viewer_of, now):
    before = cases.clock(episode, "strategy")
    cases.called(viewer_of, episode, now + timedelta(hours=5))
    after = cases.clock(episode, "strategy")
    assert (after.pk, after.due_at, after.stopped_at) == (before.pk, now + timedelta(hours=24), None)


def test_nobody_calls_it_who_takes_no_part(episode, viewer_of, now):
    for name in ("gp", "social.worker", "school.lead", "police.hub"):
        with pytest.raises(NotYours):
            strategy.call(
                by=viewer_of(name), episode=episode.id, calling=cases.calling(episode, now), seen=0, now=now
            )


def test_whoever_is_only_invited_runs_nothing(episode, viewer_of, now):
    meeting, invited = cases.called(viewer_of, episode, now), viewer_of("social.worker")
    with system("test"):
        assert reads.parts_of(invited, cases.fresh(episode)) == frozenset({"invited"})
    which = {"by": invited, "episode": episode.id, "meeting": meeting.pk, "now": now}
    acts_of = (
        lambda: invitations.move_to(**which, starts=now, ends=now + timedelta(hours=1)),
        lambda: invitations.invite_more(**which, seat=acts.Seat("gp", team_of("gp"))),
        lambda: minutes.send(**which, words="Mine"),
        lambda: strategy.hold(**which, held=cases.held_by(meeting, now), seen=1),
        lambda: agree_on(**which, action=Action(team_of("health"), "See the child.")),
    )
    for act in acts_of:
        with pytest.raises(NotYours):
            act()


def test_whoever_is_invited_later_has_what_was_sent_before(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    which = {"episode": episode.id, "meeting": meeting.pk, "now": now}
    sharing.send_information(by=viewer_of("hub.health"), words="Two missed appointments.", **which)
    with system("test"):
        assert sharing.shared_with("gp", meeting) == []
    seat = acts.Seat("gp", team_of("gp"), required=False)
    invitations.invite_more(by=viewer_of("hub.manager"), seat=seat, **which)
    with system("test"):
        assert [each.words for each in sharing.shared_with("gp", meeting)] == ["Two missed appointments."]
        crossed = Disclosure.objects.filter(work=episode.id, from_agency="hospital", to_agency="gp")
        assert [each.how for each in crossed] == [How.MEETING]


def test_a_referral_that_says_significant_harm_tells_the_specialists_at_once(borough, viewer_of, now):
    for harm in (False, True):
        told = replace(referral(), significant_harm=harm)
        sent = referring.send(by=viewer_of("school.lead"), referral=told, intent=f"harm-{harm}", now=now)
        with system("test"):
            assert Notice.objects.filter(kind="significant-harm", episode=sent.episode).exists() is harm
            assert Clock.objects.filter(limit="harm-unmet", episode=sent.episode).exists() is harm


def test_somebody_required_did_not_come_and_nobody_says_why(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    with pytest.raises(NotSaid) as refused:
        cases.held(viewer_of, meeting, now, absent=("health",), why="")
    assert refused.value.offices == ("health",)
    assert cases.fresh(episode).state == "strategy-called"


def test_without_health_it_is_not_quorate_and_goes_ahead_only_with_a_reason(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    with pytest.raises(NotSaid) as refused:
        cases.held(viewer_of, meeting, now, absent=("health",))
    assert refused.value.offices == ("quorum",)
    row = cases.held(viewer_of, meeting, now, absent=("health",), why_not_quorate="The child could not wait")
    assert row.quorate is False
    whole = cases.protection(now)
    assert cases.held(viewer_of, cases.called(viewer_of, whole, now), now).quorate is True


def test_what_is_told_is_its_agencys_and_crosses_to_the_others_under_its_agreement(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    with system("test"):
        police = Invitation.objects.get(meeting=meeting, office="police")
    cases.held(viewer_of, meeting, now, shared={police.pk: "Two incidents at the address since May."})
    with cases.opened(episode) as row:
        [(said, plain)] = reads.statements(row, "information")
        crossed = Disclosure.objects.filter(work=row.id, from_agency="police", how=How.MEETING)
        stamps = {each.to_agency: each.agreements for each in crossed}
    assert said.agency == "police" and plain["words"].startswith("Two incidents")
    assert set(stamps) == {"childrens-social-care", "hospital", "school"}
    assert all(stamp and stamp[0].startswith("police 1.0") for stamp in stamps.values())


def test_only_a_manager_begins_section_47_and_only_after_a_discussion(episode, viewer_of, now):
    with pytest.raises(acts.NotFromHere):
        cases.decided(viewer_of, episode, "enquire", now)
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    with pytest.raises(NotYours):
        cases.decided(viewer_of, episode, "enquire", now, sign_in="screener")
    decision = cases.decided(viewer_of, episode, "enquire", now, enquiry="joint")
    assert (decision.power, decision.to) == ("council-manager", "enquiry")
    assert cases.fresh(episode).team.code == "assessment"


def test_the_second_of_two_who_decide_is_told(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    deciding = strategy.Deciding("enquire", "Reasonable cause.", 4)
    by = viewer_of("hub.manager")
    strategy.decide(by=by, episode=episode.id, deciding=deciding, seen=2, now=now)
    with pytest.raises(acts.Overtaken):
        strategy.decide(by=by, episode=episode.id, deciding=deciding, seen=2, now=now)


def test_the_night_decides_in_its_own_power(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    assert cases.decided(viewer_of, episode, "enquire", now, sign_in="out.of.hours").power == "emergency-duty"


def test_what_police_decide_is_recorded_in_their_power(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    police = cases.decided(viewer_of, episode, "police-investigate", now, sign_in="police.hub", level=None)
    assert (police.power, police.agency) == ("police", "police")
    with pytest.raises(NotYours):
        cases.decided(viewer_of, episode, "police-do-not", now, sign_in="hub.manager", level=None)


def test_the_conference_counts_from_the_discussion_not_from_when_it_was_decided(episode, viewer_of, now):
    friday = datetime(2027, 3, 5, 14, 0, tzinfo=UTC)
    work = cases.protection(friday)
    cases.held(viewer_of, cases.called(viewer_of, work, friday), friday)
    cases.decided(viewer_of, work, "enquire", friday + timedelta(days=3))
    due = cases.clock(work, "conference").due_at.astimezone(LONDON)
    # Fifteen working days, over Easter (26 and 29 March 2027) and the night on which the clocks go forward (28 March).
    assert due == datetime(2027, 3, 30, 17, 0, tzinfo=LONDON)
    assert due.utcoffset() == timedelta(hours=1)


def test_with_several_discussions_the_conference_counts_from_the_one_that_began_section_47(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    cases.decided(viewer_of, episode, "enquire", now)
    first = cases.clock(episode, "conference")
    later = now + timedelta(days=4)
    cases.decided(viewer_of, episode, "again", later, level=None)
    cases.held(viewer_of, cases.called(viewer_of, episode, later), later)
    with pytest.raises(acts.NotYetKnown):
        cases.decided(viewer_of, episode, "enquire", later)
    cases.decided(viewer_of, episode, "enquiry-goes-on", later)
    cases.decided(viewer_of, episode, "conference", later)
    with system("test"):
        running = Clock.objects.filter(episode=episode, limit="conference", stopped_at=None)
        assert [(row.pk, row.started_at) for row in running] == [(first.pk, now)]


def test_a_second_discussion_needs_to_be_held_before_anything_is_decided_on_it(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    later = now + timedelta(days=1)
    cases.decided(viewer_of, episode, "again", later, level=None)
    cases.called(viewer_of, episode, later)
    with pytest.raises(acts.NotFromHere):
        cases.decided(viewer_of, episode, "not-47", later)


def test_actions_have_an_owner_and_their_own_day(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    day = (now + timedelta(days=3)).date()
    visit = Action(team_of("health"), "See the child together with the social worker.", day)
    cases.held(viewer_of, meeting, now, actions=(visit, Action(team_of("police"), "Secure the video.")))
    with system("test"):
        [seen, usual] = Ask.objects.filter(episode=episode, kind="action").order_by("to_team__code").reverse()
        assert seen.to_team.code == "safeguarding-children" and seen.meeting_id == meeting.pk
        assert seen.clock.due_at.astimezone(LONDON).isoformat()[:16] == f"{day}T17:00"
        assert usual.clock.due_at > seen.clock.due_at


def test_where_police_investigate_a_day_for_a_joint_review_is_set(episode, viewer_of, now):
    meeting = cases.called(viewer_of, episode, now)
    with pytest.raises(NotSaid):
        cases.held(viewer_of, meeting, now, investigation="joint")
    day = (now + timedelta(days=14)).date()
    cases.held(viewer_of, meeting, now, investigation="joint", review_on=day)
    with system("test"):
        review = Ask.objects.get(episode=episode, kind="action")
        assert review.clock.due_at.astimezone(LONDON).date() == day


def test_section_47_not_met_tells_the_referrer(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    cases.decided(viewer_of, episode, "not-47", now, level=2)
    with cases.opened(episode) as row:
        assert row.closed_at and row.next_due is None
        assert Ask.objects.filter(episode=row, kind="outcome", to_team__code="response").exists()


def test_in_need_opens_the_support_that_follows(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    cases.decided(viewer_of, episode, "in-need", now)
    with system("test"):
        support = Episode.objects.get(parent=episode)
        assert (support.pathway, support.team.code) == ("support", "family-safeguarding")


def test_a_discussion_by_telephone_is_one_act(episode, viewer_of, now):
    calling = cases.calling(episode, now)
    calling = strategy.Calling(**vars(calling) | {"starts": now, "ends": now + timedelta(minutes=20)})
    came = {(seat.office, seat.team.pk): (acts.Came(True), f"Told by {seat.office}") for seat in calling.seats}
    row = strategy.at_once(
        by=viewer_of("out.of.hours"),
        episode=episode.id,
        calling=calling,
        held=strategy.Held(now, {}, discussed="By telephone"),
        came=came,
        seen=0,
        now=now,
    )
    with cases.opened(episode) as work:
        assert row.quorate and work.state == "discussed" and work.decided == 2
        assert len(reads.statements(work, "information")) == len(calling.seats)
        assert not Notice.objects.filter(kind="meeting", episode=work).exists()
        assert Clock.objects.get(episode=work, limit="strategy").stopped_at == now


def test_harm_without_a_discussion_is_an_alarm(borough, viewer_of, now):
    with system("test"):
        row = cases.contact(now)
        strategy.watch_harm(row, now)
        assert Notice.objects.filter(kind="significant-harm", to_team__code="child-abuse").count() == 1
    acts.sweep(now + timedelta(hours=3, minutes=59))
    with system("test"):
        assert Clock.objects.get(limit="harm-unmet").reddened_at is None
    acts.sweep(now + timedelta(hours=4, minutes=1))
    with system("test"):
        clock = Clock.objects.get(limit="harm-unmet")
        told = Notice.objects.filter(sort=f"red:{clock.pk}:manager")
        assert clock.reddened_at == now + timedelta(hours=4) and told.count() == 1


def test_the_specialists_may_read_what_they_are_told_of(borough, viewer_of, now):
    with system("test"):
        row = cases.contact(now, sign_in="school.lead")
        assert "escalated" not in reads.parts_of(viewer_of("investigator"), row)
    from knownto.access.acts import Permission, Request, asking

    with asking(viewer_of("school.lead"), Request(Permission.REFER), kind="referral-sent", now=now) as granted:
        strategy.watch_harm(row, now, by=cases.actor("school.lead"), entry=granted.entry)
    with system("test"):
        assert reads.parts_of(viewer_of("investigator"), row) == frozenset({"escalated"})
        crossing = Disclosure.objects.get(work=row.id, how=How.REFERRAL)
    assert (crossing.from_agency, crossing.to_agency) == ("school", "police")


def test_every_decision_says_in_whose_power(episode, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    cases.decided(viewer_of, episode, "enquire", now)
    with system("test"):
        assert set(Decision.objects.filter(episode=episode).values_list("kind", "power")) == {
            ("call", "council"), ("held", "council"), ("enquire", "council-manager"),
        }  # fmt: skip
