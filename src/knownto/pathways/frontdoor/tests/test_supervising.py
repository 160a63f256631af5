"""A supervisor sees, marks and tells; and what was considered and not referred comes before one too."""

from datetime import timedelta

import pytest
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import reads
from knownto.casework.deciding import NoRationale, Overtaken
from knownto.casework.models import Answer, Ask, Episode, Notice
from knownto.disclosure.models import Disclosure, How
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import considering, drafts, measuring, referring, supervising
from knownto.pathways.frontdoor.considering import Considered
from knownto.pathways.frontdoor.referral import BodyWornVideo
from knownto.pathways.frontdoor.tests.refer import child, referral, signed_in

ALL = {each.code: 3 for each in supervising.rubric()}
WHO = Evidence(family_name="Wrenshaw", given_names="Tobias")
CONSIDERED = Considered(WHO, "refer", "Bruise on his knee.", "He fell off his bicycle; the school saw it.")


@pytest.fixture
def people(viewer_of):
    return {name: viewer_of(name) for name in ("officer", "police.supervisor", "screener", "school.lead", "police.hub")}


def send(people, now, who="officer", intent="one", **more):
    return referring.send(by=people[who], referral=referral(**more), intent=intent, now=now).episode


def test_the_queue_has_the_unseen_first_and_its_own_agencys_only(people, now):
    first = send(people, now, intent="a")
    second = send(people, now + timedelta(hours=1), intent="b")
    send(people, now, who="school.lead", intent="c")
    found = supervising.queue(people["police.supervisor"], now)
    assert [each.id for each in found] == [first, second], "due at one moment, the longer waiting first"
    assert all(each.due for each in found) and found[0].by == "Gareth Pike"
    supervising.mark(by=people["police.supervisor"], episode=first, marks=ALL, note="Good.", now=now)
    again = supervising.queue(people["police.supervisor"], now)
    assert [(each.id, bool(each.due)) for each in again] == [(second, True), (first, False)]


def test_marks_are_kept_answer_what_was_asked_and_reach_the_writer(people, now):
    episode = send(people, now)
    supervising.mark(by=people["police.supervisor"], episode=episode, marks=ALL, note="More of his words.", now=now)
    with system("test"):
        [ask] = Ask.objects.filter(episode=episode, kind="supervision")
        assert (ask.answer, ask.answered_by) == (Answer.ANSWERED, people["police.supervisor"].worker_id)
        [(_, said)] = reads.statements(Episode.objects.get(pk=episode), "quality")
        assert said == {"marks": ALL, "note": "More of his words."}
        told = Notice.objects.filter(kind="answered", to_worker=people["officer"].worker_id)
        assert told.count() == 1
    later = now + timedelta(hours=1)
    supervising.mark(by=people["police.supervisor"], episode=episode, marks=ALL | {"risk": 4}, note="", now=later)
    assert supervising.look(people["police.supervisor"], episode, now).marks["risk"] == 4
    with system("test"):
        assert told.count() == 2


def test_a_mark_left_out_or_off_the_scale_is_none(people, now):
    episode = send(people, now)
    for marks in ({}, ALL | {"risk": 5}, dict.fromkeys(list(ALL)[1:], 1)):
        with pytest.raises(supervising.NotMarked):
            supervising.mark(by=people["police.supervisor"], episode=episode, marks=marks, note="", now=now)


def test_nobody_else_supervises_it(people, now):
    episode = send(people, now)
    school = send(people, now, who="school.lead", intent="school")
    for who, which in (("officer", episode), ("screener", episode), ("police.supervisor", school)):
        with pytest.raises(NotYours):
            supervising.look(people[who], which, now)
        with pytest.raises(NotYours):
            supervising.mark(by=people[who], episode=which, marks=ALL, note="x", now=now)


def test_trends_count_by_month_and_team_and_share_of_childrens_words(people, now):
    send(people, now - timedelta(days=40), intent="a", children=(child(), child(words="", lived={})))
    marked = send(people, now, intent="b", level_thought=2)
    send(people, now, who="police.hub", intent="c")
    supervising.mark(by=people["police.supervisor"], episode=marked, marks=ALL | {"risk": 1}, note="", now=now)
    found = measuring.trends(people["police.supervisor"], now)
    assert [(m.month, m.team, m.sent, m.marked) for m in found.measures] == [
        ("2026-11", "Response", 1, 1), ("2026-11", "Domestic abuse", 1, 0), ("2026-10", "Response", 1, 0),
    ]  # fmt: skip
    assert (found.measures[0].average, found.measures[0].below) == (2.6, 1)
    assert (found.measures[2].voice, found.measures[2].aware, found.measures[2].impact) == (0.5, 0.5, 1.0)
    assert found.averages == {code: float(mark) for code, mark in (ALL | {"risk": 1}).items()}


def test_the_exceptions_are_videos_that_nobody_answered_for(people, now):
    send(people, now, intent="a")
    send(people, now, intent="b", body_worn_video=None)
    send(people, now, intent="c", body_worn_video=BodyWornVideo(on=True))
    send(people, now, intent="d", body_worn_video=BodyWornVideo(why_not="Flat battery"), children=(child(lived={}),))
    [gap] = measuring.video(people["police.supervisor"], now)
    assert (gap.sent, gap.not_answered, gap.not_on, gap.no_reference, gap.children, gap.aware) == (4, 1, 1, 1, 4, 3)


def test_what_was_not_referred_is_the_agencys_own_and_recorded_as_not_shared(people, now):
    episode = considering.record(by=people["officer"], considered=CONSIDERED, now=now)
    with system("test"):
        [crossed] = Disclosure.objects.filter(work=episode.id)
        assert (crossed.how, crossed.from_agency, crossed.to_agency) == (
            How.NOT_SHARED, "police", "childrens-social-care",
        )  # fmt: skip
        assert episode.team.code == "response" and episode.next_due > now
    for who in ("screener", "school.lead", "police.hub"):
        with pytest.raises(NotYours):
            considering.own(people[who], episode.id, now)
    assert considering.own(people["officer"], episode.id, now).plain["why"] == CONSIDERED.why


@pytest.mark.parametrize("bare", [{"what": " "}, {"why": ""}, {"evidence": Evidence()}])
def test_without_whom_what_and_why_it_is_not_recorded(people, now, bare):
    with pytest.raises(considering.NoWords):
        considering.record(by=people["officer"], considered=Considered(**vars(CONSIDERED) | bare), now=now)
    with system("test"):
        assert not Episode.objects.exists()


def test_a_supervisor_agrees_once_and_with_a_reason(people, now):
    episode = considering.record(by=people["officer"], considered=CONSIDERED, now=now).id
    by = people["police.supervisor"]
    with pytest.raises(NoRationale):
        considering.agree(by=by, episode=episode, words=" ", seen=0, now=now)
    with pytest.raises(NotYours):
        considering.agree(by=people["officer"], episode=episode, words="Mine", seen=0, now=now)
    considering.agree(by=by, episode=episode, words="So do I.", seen=0, now=now)
    with pytest.raises(Overtaken):
        considering.agree(by=by, episode=episode, words="Again.", seen=0, now=now)
    assert considering.own(people["officer"], episode, now).notes == ("So do I.",)


def test_should_be_referred_stays_open_until_it_is(people, now):
    episode = considering.record(by=people["officer"], considered=CONSIDERED, now=now).id
    by = people["police.supervisor"]
    draft = considering.should_be_referred(by=by, episode=episode, words="The second bruise.", now=now)
    assert considering.own(by, episode, now).open
    with system("test"):
        assert Notice.objects.filter(kind="allocated", to_worker=people["officer"].worker_id).count() == 1
    written = drafts.own(by, draft).written
    assert written.children[0]["family"] == "Wrenshaw" and written.once["what_happened"] == CONSIDERED.what
    sent = referring.send_draft(by=by, draft=draft, now=now)
    after = considering.own(by, episode, now)
    assert not after.open and after.state == "referred"
    with system("test"):
        assert Episode.objects.get(pk=sent.episode).pathway == "contact"


def test_another_agencys_draft_does_not_end_what_this_one_considered(people, now):
    episode = considering.record(by=people["officer"], considered=CONSIDERED, now=now)
    referring.send(by=people["school.lead"], referral=referral(before=str(episode.id)), intent="x", now=now)
    assert considering.own(people["officer"], episode.id, now).open


@pytest.fixture
def pages(borough, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    return {name: signed_in(name) for name in ("officer", "police.supervisor", "screener")}


def text(response):
    return response.content.decode()


def test_the_supervisors_pages_from_queue_to_marks_to_figures(pages, people, now):
    episode = send(people, now, level_why="")
    supervisor = pages["police.supervisor"]
    assert "Tobias Wrenshaw" in text(supervisor.get(reverse("frontdoor:supervise")))
    one = reverse("frontdoor:supervise-one", args=[episode])
    shown = text(supervisor.get(one))
    assert "I hide in the bath" in shown and "What makes you think it is that level." in shown
    refused = supervisor.post(one, {"note": "Well done"})
    assert refused.status_code == 200 and "Select a mark for" in text(refused) and "Well done" in text(refused)
    marks = {code: str(mark) for code, mark in ALL.items()}
    assert supervisor.post(one, marks | {"note": "Well done"}).status_code == 302
    assert "Well done" in text(pages["officer"].get(reverse("frontdoor:sent-one", args=[episode])))
    for name in ("supervise-trends", "supervise-video", "supervise-considered"):
        page = supervisor.get(reverse(f"frontdoor:{name}"))
        sheet = supervisor.get(reverse(f"frontdoor:{name}") + "?as=csv")
        assert page.status_code == 200 and sheet["Content-Type"].startswith("text/csv")
    assert "2026-11,Response,1,1,3.0,100%,100%,100%,0,0" in text(
        supervisor.get(reverse("frontdoor:supervise-trends") + "?as=csv")
    )
    assert "Tobias" not in text(supervisor.get(reverse("frontdoor:supervise") + "?as=csv"))
    for other in ("officer", "screener"):
        assert pages[other].get(one).status_code == 404


def test_the_pages_of_what_was_not_referred(pages, people, now):
    officer, supervisor = pages["officer"], pages["police.supervisor"]
    at = reverse("frontdoor:considered")
    refused = officer.post(at, {"not_done": "refer", "family": "Wrenshaw", "what": "A bruise"})
    assert refused.status_code == 200 and "Enter why you decided so" in text(refused) and "A bruise" in text(refused)
    officer.post(at, {"not_done": "refer", "family": "Wrenshaw", "what": "A bruise", "why": "He fell."})
    with system("test"):
        episode = Episode.objects.get(pathway="considered").pk
    one = reverse("frontdoor:considered-one", args=[episode])
    assert "He fell." in text(officer.get(one)) and "Refer after all" in text(officer.get(one))
    assert "Do you agree?" in text(supervisor.get(one))
    assert pages["screener"].get(one).status_code == 404
    judge = reverse("frontdoor:considered-judge", args=[episode])
    assert officer.post(judge, {"view": "agree", "words": "Mine"}).status_code == 404
    assert supervisor.post(judge, {"view": "agree", "words": "", "seen": "0"}).status_code == 200
    assert supervisor.post(judge, {"view": "agree", "words": "Yes", "seen": "0"}).status_code == 302
    late = text(supervisor.post(judge, {"view": "agree", "words": "Yes again", "seen": "0"}))
    assert "In the meantime" in late
    after = officer.post(reverse("frontdoor:considered-refer", args=[episode]))
    assert after.status_code == 404


def test_a_writer_refers_after_all_with_what_was_written(pages, people, now):
    episode = considering.record(by=people["officer"], considered=CONSIDERED, now=now).id
    refer = reverse("frontdoor:considered-refer", args=[episode])
    assert pages["officer"].get(refer).status_code == 200 and not drafts.of(people["officer"])
    assert pages["officer"].post(refer).status_code == 302
    assert drafts.of(people["officer"])[0].written.before == str(episode)


def test_the_rubric_has_five_criteria_and_four_marks():
    assert set(supervising.scale()) == {1, 2, 3, 4} and len(supervising.rubric()) == 5
