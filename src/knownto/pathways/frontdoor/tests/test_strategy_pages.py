"""The pages of child protection, as those who call, are invited, chair and decide use them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework import reads
from knownto.casework.models import Ask, Meeting, Notice
from knownto.disclosure.models import Disclosure, How
from knownto.pathways.frontdoor.pages.strategy_times import london
from knownto.pathways.frontdoor.tests import cases
from knownto.pathways.frontdoor.tests.contacts import client_of

NAMES = ("Tobias", "Wrenshaw", "Tallow", cases.SECRET)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def errors(response):
    return re.findall(r'govuk-error-message">\s*(?:<[^>]+>[^<]*</[^>]+>)?\s*([^<]+)', response.content.decode())


@pytest.fixture
def today(borough):
    return clock.now()


@pytest.fixture
def episode(today):
    return cases.protection(today)


@pytest.fixture
def manager(borough):
    return client_of("hub.manager")


def day_of(at, prefix="day"):
    here = london(at)
    pieces = {f"{prefix}_day": here.day, f"{prefix}_month": here.month, f"{prefix}_year": here.year}
    return pieces | {"at": f"{here:%H:%M}"}


def calling(at, **more):
    seats = {f"seat_{code}": "invite" for code in ("social-care", "police", "health", "referrer", "school",
                                                   "investigators")}  # fmt: skip
    said = {"minutes": 45, "where": "Room 4", "agenda": "A mark that nobody explains", "seen": 0}
    return day_of(at) | {"concerns": ["physical"]} | seats | said | more


def call(manager, episode, today, **more):
    address = reverse("frontdoor:meeting-call", args=[episode.id, "strategy"])
    return manager.post(address, calling(today + timedelta(hours=3), **more))


def the_meeting(episode):
    with system("test"):
        return Meeting.objects.get(episode=episode)


def at(name, episode, *more):
    return reverse(f"frontdoor:{name}", args=[episode.id, *more])


def holding(meeting, today, **more):
    with system("test"):
        seats = {f"came_{row.pk}": "came" for row in meeting.invitations.all()}
    said = {"discussed": "A mark on the arm. Joint visit today.", "investigation": "later", "seen": 1}
    return day_of(today - timedelta(minutes=1)) | seats | said | more


def test_the_work_leads_to_the_form_with_everybody_required_already_invited(manager, episode):
    page = manager.get(at("episode", episode))
    assert at("meeting-call", episode, "strategy") in page.content.decode()
    form = manager.get(at("meeting-call", episode, "strategy"))
    assert form.status_code == 200
    for seat in ("Police", "Health", "School", "Whoever raised it", "Specialist child abuse investigators"):
        assert seat in text(form)
    assert form.context["form"]["seat_school"].value() == "invite"
    assert "GP practice" in text(form) and "seat_gp" not in form.context["form"].fields


def test_leaving_out_a_required_seat_keeps_the_form_and_asks_why(manager, episode, today):
    page = call(manager, episode, today, seat_health="leave")
    assert page.status_code == 200 and "Enter why Health is left out" in errors(page)
    assert page.context["form"]["where"].value() == "Room 4"
    assert not Meeting.objects.exists() and cases.fresh(episode).state == "strategy-due"


def test_sexual_abuse_makes_the_centre_required(manager, episode, today):
    page = call(manager, episode, today, concerns=["sexual"])
    asked = "Sexual assault referral centre: needed where sexual abuse is suspected. Select whether they are invited"
    assert asked in errors(page)
    assert call(manager, episode, today, concerns=["sexual"], welcome=["sexual-assault-centre", "gp"]).url
    with system("test"):
        required = dict(the_meeting(episode).invitations.values_list("office", "required"))
    assert required["sexual-assault-centre"] is True and required["gp"] is False


def test_whoever_comes_second_is_told_and_keeps_what_they_typed(manager, episode, today):
    assert call(manager, episode, today).status_code == 302
    page = call(client_of("screener"), episode, today)
    assert "Yvonne Adeyemi decided: Call a strategy discussion" in text(page)
    assert page.context["form"]["agenda"].value() == "A mark that nobody explains"


def test_those_invited_see_it_answer_and_send_information(manager, episode, today):
    call(manager, episode, today)
    meeting, health = the_meeting(episode), client_of("hub.health")
    assert "Not answered yet" in text(health.get(reverse("frontdoor:discussions")))
    page = health.get(at("meeting", episode, meeting.pk))
    assert "You are invited for: Health" in text(page) and "Tobias Wrenshaw" in text(page)
    assert cases.SECRET not in text(page)
    answer = at("meeting-answer", episode, meeting.pk)
    assert "Enter why nobody can come" in errors(health.post(answer, {"coming": "no"}))
    assert health.post(answer, {"coming": "instead", "instead": "Nurse Adams"}).status_code == 302
    told = {"words": "Two missed appointments in spring."}
    assert health.post(at("meeting-information", episode, meeting.pk), told).status_code == 302
    seen = text(manager.get(at("meeting", episode, meeting.pk)))
    assert "Coming: Nurse Adams instead" in seen and "Two missed appointments" in seen
    assert "Two missed appointments" in text(client_of("police.hub").get(at("meeting", episode, meeting.pk)))
    with system("test"):
        crossed = Disclosure.objects.filter(work=episode.id, from_agency="hospital", how=How.MEETING)
        assert set(crossed.values_list("to_agency", flat=True)) == {"police", "school", "childrens-social-care"}
        assert Notice.objects.filter(kind="meeting-answered").count() == 1


def test_who_is_not_invited_sees_nothing_of_it(manager, episode, today):
    call(manager, episode, today)
    meeting = the_meeting(episode)
    for name in ("gp", "adult.social.worker"):
        assert client_of(name).get(at("meeting", episode, meeting.pk)).status_code == 404
        assert client_of(name).get(at("meeting-calendar", episode, meeting.pk)).status_code == 404
    other = cases.protection(today)
    assert manager.get(at("meeting", other, meeting.pk)).status_code == 404


def test_the_calendar_file_has_a_reference_and_nobodys_name(manager, episode, today):
    call(manager, episode, today)
    meeting, police = the_meeting(episode), client_of("police.hub")
    file = police.get(at("meeting-calendar", episode, meeting.pk))
    calendar = Calendar.from_ical(file.content)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST" and event["UID"] == str(meeting.pk) and event["SEQUENCE"] == 0
    assert event["SUMMARY"] == f"Strategy discussion {episode.reference}"
    assert event["DTSTART"].dt == meeting.starts
    assert not any(name in file.content.decode() for name in (*NAMES, "Room 4", "mark"))


def test_another_time_and_calling_off_follow_in_the_calendar(manager, episode, today):
    call(manager, episode, today)
    meeting, police = the_meeting(episode), client_of("police.hub")
    later = day_of(today + timedelta(hours=5)) | {"minutes": 30}
    assert manager.post(at("meeting-move", episode, meeting.pk), later).status_code == 302
    [event] = Calendar.from_ical(police.get(at("meeting-calendar", episode, meeting.pk)).content).walk("VEVENT")
    assert event["SEQUENCE"] == 1 and event["DTSTART"].dt > meeting.starts
    off = {"because": "The family moved away", "seen": 1}
    assert manager.post(at("meeting-cancel", episode, meeting.pk), off).status_code == 302
    calendar = Calendar.from_ical(police.get(at("meeting-calendar", episode, meeting.pk)).content)
    assert calendar["METHOD"] == "CANCEL" and calendar.walk("VEVENT")[0]["SEQUENCE"] == 2
    assert cases.fresh(episode).state == "strategy-due"
    with system("test"):
        assert {"meeting-changed", "meeting-cancelled"} <= set(Notice.objects.values_list("kind", flat=True))


def test_it_is_held_decided_and_minuted(manager, episode, today):
    call(manager, episode, today)
    meeting = the_meeting(episode)
    page = manager.post(at("meeting-hold", episode, meeting.pk), holding(meeting, today))
    assert page.status_code == 302
    assert "Held, quorate" in text(manager.get(at("meeting", episode, meeting.pk)))
    address = at("protection-decide", episode, "enquire") + f"?meeting={meeting.pk}"
    assert "Begin a section 47 enquiry" in text(manager.get(address))
    reasons = {code: f"Because of {code}." for code in ("known", "analysis", "voice", "why_level", "next")}
    done = manager.post(address, reasons | {"level": "4", "enquiry": "joint", "seen": 2})
    assert done.status_code == 302 and cases.fresh(episode).state == "enquiry"
    minutes = {"words": "Present: all. Agreed: joint enquiry."}
    assert manager.post(at("meeting-minutes", episode, meeting.pk), minutes).status_code == 302
    health = client_of("hub.health")
    seen = text(health.get(at("meeting", episode, meeting.pk)))
    assert "Agreed: joint enquiry" in seen and "Begin a section 47 enquiry" in seen
    assert "Because of analysis" not in seen
    assert "Safeguarding children nurses, Hallowbridge Healthcare: read" in text(
        manager.get(at("meeting", episode, meeting.pk))
    )
    with system("test"):
        assert Ask.objects.get(episode=episode, kind="minutes").answered_at
        assert Notice.objects.filter(kind="minutes", seen_at=None, to_team__code="domestic-abuse").exists()


def test_not_quorate_asks_why_it_went_ahead(manager, episode, today):
    call(manager, episode, today)
    meeting = the_meeting(episode)
    with system("test"):
        health = meeting.invitations.get(office="health")
    absent = {f"came_{health.pk}": "not", f"why_{health.pk}": "Nobody answered"}
    page = manager.post(at("meeting-hold", episode, meeting.pk), holding(meeting, today, **absent))
    assert "It was not quorate. Enter why it went ahead" in errors(page)
    why = absent | {"why_not_quorate": "It could not wait"}
    assert manager.post(at("meeting-hold", episode, meeting.pk), holding(meeting, today, **why)).status_code == 302
    assert "Not quorate. It lacked: Health. It went ahead because: It could not wait" in text(
        manager.get(at("meeting", episode, meeting.pk))
    )


def test_corrected_minutes_say_what_they_put_right(manager, episode, today):
    call(manager, episode, today)
    meeting = the_meeting(episode)
    manager.post(at("meeting-hold", episode, meeting.pk), holding(meeting, today))
    address = at("meeting-minutes", episode, meeting.pk)
    manager.post(address, {"words": "First version"})
    assert "Enter what it puts right" in errors(manager.post(address, {"words": "Second version"}))
    manager.post(address, {"words": "Second version", "why": "The day was wrong"})
    with cases.opened(episode) as row:
        [first, second] = [said for said, _ in reads.statements(row, "minutes")]
    assert second.corrects_id == first.pk
    assert "Put right: The day was wrong" in text(manager.get(address.replace("minutes/", "")))


def test_a_discussion_by_telephone_is_one_page(today):
    episode, night = cases.protection(today), client_of("out.of.hours")
    address = at("meeting-at-once", episode)
    form = night.get(address).context["form"]
    came = {f"came_{seat.key}": "came" if seat.required else "not" for seat in form.seats}
    said = {"concerns": ["physical"], "agenda": "The child goes home tonight", "discussed": "Visit now", "seen": 0,
            "investigation": "police", "told_police": "He is on bail."}  # fmt: skip
    review = day_of(today + timedelta(days=9), "review_on")
    assert night.post(address, came | said | review).status_code == 302
    with cases.opened(episode) as row:
        assert row.state == "discussed" and Meeting.objects.get(episode=row).quorate
        assert reads.statements(row, "information")[0][1]["words"] == "He is on bail."


def test_police_protection_counts_from_when_it_was_used(today):
    officer = client_of("officer")
    with system("test"):
        row = cases.contact(today - timedelta(hours=1))
        child = str(reads.people([row])[row.id][0].id)
    assert at("protection", row) in officer.get(at("episode", row)).content.decode()
    used = today - timedelta(hours=5)
    said = day_of(used) | {"children": [child], "why": "A man at the door with a knife", "seen": 0,
                           "designated": "Inspector Shaw", "place": "With his aunt", "told": "The council"}  # fmt: skip
    assert officer.post(at("power-use", row, "police-protection"), said).status_code == 302
    due = cases.clock(row, "police-protection").due_at
    assert abs(due - (used + timedelta(hours=72))) < timedelta(minutes=1)
    assert "A man at the door" in text(client_of("screener").get(at("protection", row)))
    assert officer.get(at("power-use", row, "section-20")).status_code == 404
    assert client_of("screener").get(at("power-use", row, "police-protection")).status_code == 404


def test_nothing_about_anybody_is_in_titles_and_addresses(manager, episode, today):
    call(manager, episode, today)
    meeting = the_meeting(episode)
    for address in (at("meeting", episode, meeting.pk), at("meeting-hold", episode, meeting.pk),
                    reverse("frontdoor:discussions"), at("protection", episode)):  # fmt: skip
        page = manager.get(address).content.decode()
        assert not any(name in re.search(r"<title>(.*?)</title>", page, re.S)[1] for name in NAMES)
    listed = manager.get(reverse("frontdoor:discussions-csv")).content.decode()
    assert episode.reference in listed and not any(name in listed for name in NAMES)


