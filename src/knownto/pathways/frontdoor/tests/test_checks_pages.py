"""The pages of checks, of health's part and of what is counted: each role sees its own, and errors keep the form."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework import reads
from knownto.casework.models import Ask, Episode, Statement
from knownto.ledger.models import Entry
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import health
from knownto.pathways.frontdoor.known import health_signed
from knownto.pathways.frontdoor.tests.test_checking import agree, answered, ask, opened

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def today(borough):
    return clock.now() - timedelta(minutes=10)


@pytest.fixture
def work(today):
    return opened(today)


@pytest.fixture
def client_of(borough):
    def signed_in(sign_in):
        client, at = Client(), clock.now().timestamp()
        client.force_login(by_sign_in_name(sign_in), backend="knownto.site.sign_in.BySealedName")
        session = client.session
        session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
        session.save()
        return client

    return signed_in


@pytest.fixture
def screener(client_of):
    return client_of("screener")


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at(name, *args):
    return reverse(f"frontdoor:{name}", args=args)


def sent(work, *agencies, **more):
    with system("test"):
        about = [str(each.id) for each in reads.people([work])[work.id]]
    why = {f"why_{each}": "He is seen there" for each in agencies}
    form = {"purpose": "section-17", "worry": "No coat, no food.", "about": about, "partners": agencies}
    return form | why | {"urgency": "amber", "seen": "0"} | more


def test_the_gate_is_shut_with_its_reason_and_the_form_that_opens_it(screener, work):
    page = screener.get(at("checks-ask", work.id))
    assert page.status_code == 403 and "until it is recorded" in text(page)
    assert at("checks-standing", work.id) in page.content.decode()
    assert Entry.objects.filter(kind="refusal", because="family-not-told").exists()
    assert screener.post(at("checks-ask", work.id), sent(work, "police")).status_code == 403
    with system("test"):
        assert not Ask.objects.filter(episode=work).exists()


def test_what_the_referrer_said_is_where_the_form_starts(screener, work, viewer_of, today):
    with system("test"):
        plain = {"consent": "unsafe", "consent_why": "His father is in the room"}
        health.acts.say(episode=work, kind="referral", plain=plain, by=viewer_of("screener").actor, now=today)
    page = screener.get(at("checks-standing", work.id))
    assert "Whoever raised it said" in text(page) and "His father is in the room" in page.content.decode()
    assert re.search(r'value="dispensed"[^>]*checked', page.content.decode())


def test_the_standing_is_recorded_and_a_missing_answer_keeps_the_form(screener, work):
    where = at("checks-standing", work.id)
    wrong = screener.post(where, {"standing": "dispensed", "who": "", "why_dispensed": ""})
    assert wrong.status_code == 200 and "Enter the reason" in text(wrong)
    wrong = screener.post(where, {"standing": "agreed", "who": ""})
    assert "Enter who was asked or told" in text(wrong)
    assert screener.post(where, {"standing": "agreed", "who": "His mother, by me"}).url == at("checks", work.id)
    assert "The family agrees" in text(screener.get(at("checks", work.id)))


def test_one_submit_asks_many_and_the_contact_goes_to_its_checks(screener, work, viewer_of, today):
    agree(viewer_of("screener"), work, today)
    with system("test"):
        team = Ask.to_team.field.related_model.objects.get(agency="school", code="school-01")
        practice = Ask.to_team.field.related_model.objects.get(agency="gp")
    form = sent(work, "police", "hospital", "school", "gp", team_school=str(team.pk), team_gp=str(practice.pk))
    response = screener.post(at("checks-ask", work.id), form)
    assert response.status_code == 302, text(response)
    with system("test"):
        assert Episode.objects.get(pk=work.pk).state == "checks"
        assert {each.to_team.code for each in Ask.objects.filter(episode=work, to_agency="school")} == {"school-01"}
    page = text(screener.get(at("checks", work.id)))
    assert page.count("Waiting for an answer") == 4 and "4 partners have been asked" in page
    assert "Waiting for an answer" in text(screener.get(at("episode", work.id)))


def test_an_agency_without_a_footprint_needs_a_reason_and_what_was_typed_is_kept(screener, work, viewer_of, today):
    agree(viewer_of("screener"), work, today)
    page = screener.post(at("checks-ask", work.id), sent(work, "police", why_police=""))
    assert "Enter why this agency is asked" in text(page) and "No coat, no food." in page.content.decode()
    with system("test"):
        assert not Ask.objects.filter(episode=work).exists()


def test_somebody_who_was_first_is_named_and_the_form_stays_filled(screener, work, viewer_of, today):
    agree(viewer_of("screener"), work, today)
    with system("test"):
        choice = health.acts.Choice("take", "council", "Mine")
        health.acts.decide(episode=work, choice=choice, by=viewer_of("hub.manager").actor, seen=0, now=today)
    page = screener.post(at("checks-ask", work.id), sent(work, "police"))
    assert "Yvonne Adeyemi was first: Take it in hand" in text(page) and "No coat, no food." in page.content.decode()
    assert screener.post(at("checks-ask", work.id), sent(work, "police", seen="1")).status_code == 302


def test_a_forged_footprint_gives_no_ground(screener, work, viewer_of, today):
    agree(viewer_of("screener"), work, today)
    form = sent(work, "police", why_police="", shown='{"grounds": {"police": "contact"}}')
    assert "Enter why this agency is asked" in text(screener.post(at("checks-ask", work.id), form))


def test_only_a_manager_may_record_reasonable_cause(screener, client_of, work):
    assert screener.get(at("checks-cause", work.id)).status_code == 404
    manager = client_of("hub.manager")
    assert manager.get(at("checks-cause", work.id)).status_code == 200
    manager.post(at("checks-cause", work.id), {"says": "yes", "why": "Bruising to both ears"})
    page = text(screener.get(at("checks-ask", work.id)))
    assert "Section 47 enquiry" in page and "Assessment of a child in need" not in page
    assert screener.post(at("checks-ask", work.id), sent(work, "police", purpose="section-47")).status_code == 302


def test_a_check_is_reminded_withdrawn_not_waited_for_and_put_up(screener, work, viewer_of, today):
    agree(viewer_of("screener"), work, today)
    police, school, fire = ask(viewer_of("screener"), work, today, "police", "school", "fire")
    assert screener.post(at("check-remind", work.id, police.id), follow=True).status_code == 200
    assert "less than an hour ago" in text(screener.post(at("check-remind", work.id, police.id), follow=True))
    assert "Enter why" in text(screener.post(at("check-withdraw", work.id, school.id), {"because": ""}))
    screener.post(at("check-withdraw", work.id, school.id), {"because": "He has left"})
    answered(police, today)
    assert screener.get(at("check-used", work.id, police.id)).status_code == 200
    screener.post(at("check-used", work.id, police.id), {"words": "It settled the level"})
    wait = {"asks": [str(fire.id)], "why": "Nothing turns on it"}
    assert "have not all answered" in text(screener.post(at("checks-done", work.id), {"rationale": "x", "seen": "1"}))
    assert screener.post(at("checks-not-waiting", work.id), wait).status_code == 302
    page = text(screener.get(at("checks", work.id)))
    assert "It settled the level" in page and "No reply, not waited for" in page and "No longer asked" in page
    assert "The checks are in" in text(screener.get(at("episode", work.id)))
    assert screener.post(at("checks-done", work.id), {"rationale": "All in", "seen": "1"}).status_code == 302
    with system("test"):
        assert Episode.objects.get(pk=work.pk).state == "deciding"


@pytest.mark.parametrize("who", ["school.lead", "officer", "gp", "scrutineer", "police.hub"])
def test_whoever_is_asked_does_not_see_what_others_were_asked(client_of, viewer_of, work, today, who):
    agree(viewer_of("screener"), work, today)
    ask(viewer_of("screener"), work, today, "police", "school", "gp")
    assert client_of(who).get(at("checks", work.id)).status_code == 404


SIGNED = {
    "means": "He is under-fed",
    "significance": "His weight fell two centiles",
    "gaps": "Nobody has seen his sister",
    "role": "Named nurse",
    "signed": "on",
    "act": "sign",
}


@pytest.fixture
def health_check(viewer_of, work, today):
    agree(viewer_of("screener"), work, today)
    return ask(viewer_of("screener"), work, today, "hospital")[0]


def add_source(client, check, **more):
    form = {"source": "health-visitor", "found": "known", "summary": "Weight fell", "who": "L. Ames"}
    return client.post(at("health-source", check.id), form | more)


def test_health_is_put_together_analysed_and_signed_and_only_then_may_a_decision_rest_on_it(
    client_of, screener, work, health_check
):
    nurse = client_of("hub.health")
    assert "0 of 10 sources looked at" in text(nurse.get(at("health", health_check.id)))
    assert "Say of at least one source" in text(nurse.post(at("health-sign", health_check.id), SIGNED))
    assert add_source(nurse, health_check).status_code == 302
    blank = nurse.post(at("health-sign", health_check.id), SIGNED | {"significance": " "})
    assert "Enter how much it weighs before you sign" in text(blank) and "He is under-fed" in blank.content.decode()
    with system("test"):
        assert health_signed(work) == "Health has been asked and has not answered."
    assert nurse.post(at("health-sign", health_check.id), SIGNED).status_code == 302
    with system("test"):
        assert health_signed(work) == "" and Ask.objects.get(pk=health_check.pk).answer == "answered"
    page = text(screener.get(at("episode", work.id)))
    assert "He is under-fed" in page and "Grace Lindqvist" in page and "Named nurse" in page


def test_a_correction_and_an_addition_take_the_signature_away(client_of, work, health_check):
    nurse = client_of("hub.health")
    add_source(nurse, health_check)
    nurse.post(at("health-sign", health_check.id), SIGNED)
    nurse.post(at("health-sign", health_check.id), SIGNED | {"act": "draft", "means": "He is not"})
    with system("test"):
        assert "analysed and signed" in health_signed(work)
    assert "Not signed" in text(nurse.get(at("health", health_check.id)))
    nurse.post(at("health-sign", health_check.id), SIGNED)
    with system("test"):
        assert health_signed(work) == ""
    add_source(nurse, health_check, source="gp")
    with system("test"):
        assert "added something" in health_signed(work)


def test_only_the_practitioner_in_the_hub_analyses_and_police_answers_are_not_healths_to_read(
    client_of, viewer_of, work, health_check, today
):
    police, gp = ask(viewer_of("screener"), work, today + A_MINUTE, "police", "gp", seen=1)
    answered(police, today, {"answer": "Called out in March"})
    answered(gp, today, {"answer": "Not brought twice"})
    page = text(client_of("hub.health").get(at("health", health_check.id)))
    assert "Not brought twice" in page and "Called out in March" not in page
    visitor = client_of("health.visitor")
    assert "puts this together" in text(visitor.get(at("health", health_check.id)))
    assert visitor.get(at("health-sign", health_check.id)).status_code == 404
    assert client_of("screener").post(at("health-sign", health_check.id), SIGNED).status_code == 404
    taken = client_of("hub.health").get(at("health-source", health_check.id) + f"?from={gp.id}")
    assert "Not brought twice" in taken.content.decode()
    with system("test"):
        assert not Statement.objects.filter(kind="health-analysis").exists()


def test_returns_are_counted_by_partner_without_anybody_and_can_be_taken_away(client_of, viewer_of, work, today):
    agree(viewer_of("screener"), work, today)
    police, _ = ask(viewer_of("screener"), work, today, "police", "school")
    answered(police, today)
    scrutineer = client_of("scrutineer")
    page = text(scrutineer.get(at("returns")))
    assert "Hallowbridge Police" in page and "Wrenshaw" not in page
    csv = scrutineer.get(at("returns-csv")).content.decode()
    assert "Hallowbridge Police,1,1,0,0,0,0,0,0,100%" in csv
    wrong = {"since_day": "2", "since_month": "2", "since_year": "2026", "until_day": "1", "until_month": "2"}
    assert "after the first" in text(scrutineer.get(at("returns"), wrong | {"until_year": "2026"}))
    for who in ("officer", "gp", "hub.health", "privacy"):
        assert client_of(who).get(at("returns")).status_code == 404
        assert client_of(who).get(at("practices")).status_code == 404


def test_gp_requests_are_counted_by_month_and_small_numbers_are_not_shown(client_of, viewer_of, work, today):
    agree(viewer_of("screener"), work, today)
    ask(viewer_of("screener"), work, today, "gp")
    scrutineer = client_of("scrutineer")
    assert "Not shown" in text(scrutineer.get(at("practices")))
    assert "Not shown" in scrutineer.get(at("practices-csv", "gp")).content.decode()
