"""Screening, deciding, levels, support and finding as pages: what is sent does its act; what fails keeps the form."""

import re

import pytest
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework.models import Decision, Episode, Statement
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import levels, screening
from knownto.pathways.frontdoor.tests.contacts import TOBIAS, anew, client_of, contact

ANSWERS = {
    "known": "A mark, seen by his teacher.",
    "analysis": "It fits how he says he fell.",
    "voice": "I fell off the wall.",
    "why_level": "One service can help.",
    "next": "The school talks with his mother.",
    "tell": "Thank you. Please go on with what you give him.",
    "seen": "0",
}


@pytest.fixture
def made(borough):
    return contact(clock.now())


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(sign_in, route, /, *args, **posted):
    client = client_of(sign_in)
    at = reverse(f"frontdoor:{route}", args=args)
    return client.post(at, posted) if posted else client.get(at)


def test_the_screening_page_shows_both_children_side_by_side(made):
    other = contact(clock.now(), writer="officer")
    shown = text(page("screener", "screen", made.id))
    assert "Possible duplicate" in shown and other.reference in shown
    assert "Why we think so" in shown and "What speaks against it" in shown


def test_each_act_of_the_page_does_what_its_button_says(made):
    page("screener", "screen-act", made.id, "take", seen="0")
    page("screener", "screen-act", made.id, "rate", **{"seen": "1", "rate-urgency": "amber", "rate-why": "Fresh."})
    page("screener", "screen-act", made.id, "note", **{"note-note": "Rang the school."})
    page("screener", "screen-act", made.id, "put-up", **{"seen": "2", "put-up-why": "Ready."})
    with system("test"):
        assert list(Decision.objects.filter(episode=made).order_by("number").values_list("kind", flat=True)) == [
            "take", "rate", "put-up",
        ]  # fmt: skip
        assert Statement.objects.filter(episode=made, kind="screening-note").count() == 1
    assert anew(made).state == "deciding" and anew(made).urgency == "amber"


def test_whoever_comes_second_reads_who_was_first_and_keeps_what_they_typed(made, viewer_of):
    screening.take(by=viewer_of("hub.manager"), episode=made.id, seen=0, now=clock.now())
    sent = {"seen": "0", "rate-urgency": "red", "rate-why": "A mark that he hides."}
    shown = page("screener", "screen-act", made.id, "rate", **sent)
    assert "Yvonne Adeyemi decided: Take it in hand" in text(shown)
    assert "A mark that he hides." in shown.content.decode() and anew(made).urgency == ""
    again = page("screener", "screen-act", made.id, "rate", **sent | {"seen": "1"})
    assert again.status_code == 302 and anew(made).urgency == "red"


def test_a_form_without_its_reason_comes_back_filled_in(made):
    shown = page("screener", "screen-act", made.id, "rate", **{"seen": "0", "rate-urgency": "red"})
    assert "Enter why it is that urgent" in text(shown) and anew(made).decided == 0


def test_two_are_joined_and_taken_apart_from_the_pages(made):
    other = contact(clock.now(), writer="officer")
    sent = {"seen": "0", "join-to": str(made.id), "join-why": "The same evening."}
    assert page("screener", "screen-act", other.id, "join", **sent).status_code == 302
    assert other.reference in text(page("screener", "episode", made.id))
    assert page("screener", "take-apart", other.id, why="Another Tobias.").status_code == 302
    with system("test"):
        assert Episode.objects.filter(parent=other, pathway="contact").count() == 1


def test_a_known_case_is_offered_its_worker(made, viewer_of):
    manager = viewer_of("hub.manager")
    sent = ANSWERS | {"level": "4"}
    assert page("hub.manager", "decide-one", made.id, "assessment", **sent).status_code == 302
    again = contact(clock.now())
    shown = page("screener", "screen", again.id).content.decode()
    with system("test"):
        team = Episode.objects.get(parent=made).team_id
    assert f'<option value="{team}/" selected' in shown and "Already open" in shown
    sent = {"seen": "0", "route-to": f"{team}/", "route-why": "New injury.", "route-tell": "They have it."}
    assert page("screener", "screen-act", again.id, "route", **sent).status_code == 302
    assert anew(again).state == "routed" and manager


def test_a_decision_is_made_with_its_reasons(made):
    assert "Advice and information" in text(page("screener", "decide", made.id))
    assert page("screener", "decide-one", made.id, "advice", **ANSWERS | {"level": "1"}).status_code == 302
    shown = text(page("screener", "episode", made.id))
    assert "I fell off the wall." in shown and "Put the decision right" in shown


def test_a_decision_without_the_childs_voice_comes_back(made):
    shown = text(page("screener", "decide-one", made.id, "advice", **ANSWERS | {"level": "1", "voice": ""}))
    assert "Answer: What does the child say" in shown and "It fits how he says he fell." in shown
    assert anew(made).decided == 0


def test_departing_from_the_referrer_asks_why(borough):
    made = contact(clock.now(), level_thought=4)
    shown = text(page("screener", "decide-one", made.id, "advice", **ANSWERS | {"level": "1"}))
    assert "The referrer thought level 4, and level 1 is decided." in shown and anew(made).decided == 0
    sent = ANSWERS | {"level": "1", "override_why": "Seen by the doctor: a birthmark."}
    assert page("screener", "decide-one", made.id, "advice", **sent).status_code == 302
    assert "Override" in text(page("screener", "episode", made.id))


def test_the_second_who_decides_keeps_their_words(made, viewer_of):
    page("hub.manager", "decide-one", made.id, "advice", **ANSWERS | {"level": "1"})
    shown = page("screener", "decide-one", made.id, "no-further-action", **ANSWERS | {"level": "1", "next": "My plan."})
    assert "Yvonne Adeyemi decided: Advice and information" in text(shown) and "My plan." in shown.content.decode()


def test_a_decision_is_put_right_by_another(made):
    page("screener", "decide-one", made.id, "advice", **ANSWERS | {"level": "1"})
    sent = ANSWERS | {"level": "4", "seen": "1"}
    assert page("hub.manager", "decide-one", made.id, "assessment", **sent).status_code == 302
    assert anew(made).state == "assessment"
    assert "Takes the place of an earlier decision" in text(page("screener", "episode", made.id))


@pytest.mark.parametrize(("sign_in", "move"), [("screener", "strategy"), ("screener", "take"), ("officer", "advice")])
def test_what_is_not_theirs_to_decide_is_not_there(made, sign_in, move):
    assert page(sign_in, "decide-one", made.id, move).status_code == 404


@pytest.mark.parametrize("name", ["screen", "decide", "episode"])
@pytest.mark.parametrize("sign_in", ["officer", "gp", "privacy"])
def test_to_whoever_takes_no_part_nothing_is_there(made, name, sign_in):
    assert page(sign_in, name, made.id).status_code == 404


def test_support_is_planned_reviewed_and_given_to_a_worker(made):
    page("screener", "decide-one", made.id, "early-help", **ANSWERS | {"level": "2"})
    with system("test"):
        work = Episode.objects.get(parent=made)
    assert "Start early help" in text(page("screener", "episode", work.id))
    sent = {"level": "2", "rationale": "They agree.", "seen": "0"}
    assert page("screener", "support-move", work.id, "start-early-help", **sent).status_code == 302
    assert page("screener", "support-allocate", work.id, to=f"{work.team_id}/").status_code == 302
    shown = text(page("screener", "support-move", work.id, "step-up", rationale="Worse.", level="4", seen="1"))
    assert "Enter what whoever raised it is told" in shown and anew(work).state == "early-help"
    assert page("school.lead", "support-move", work.id, "plan").status_code == 404


def test_the_words_of_a_level_are_looked_at_before_they_are_in_force(borough):
    words = {"name": "Extra help", "words": "One more pair of hands."}
    assert "How it will read" in text(page("hub.manager", "levels-change", 2, **words))
    assert levels.current(clock.now())[2].name == "Early help"
    assert page("hub.manager", "levels-change", 2, **words, change="1").status_code == 302
    assert levels.current(clock.now())[2].name == "Extra help"
    assert "One more pair of hands." in text(page("school.lead", "levels"))
    assert [each.name for each in levels.history(2)] == ["Extra help", "Early help"]
    assert page("screener", "levels-change", 2, **words).status_code == 404
    assert page("hub.manager", "levels-change", 7).status_code == 404


def test_work_is_found_by_its_reference_by_whoever_takes_part(made):
    found = page("school.lead", "find", by="reference", reference=made.reference.lower())
    assert found.url == reverse("frontdoor:episode", args=[made.id])
    assert "nothing with that reference" in text(page("gp", "find", by="reference", reference=made.reference))


def test_the_hub_finds_work_by_who_the_child_is_and_it_is_recorded(made):
    who = {
        "by": "child",
        "given": "Tobias",
        "family": "Wrenshaw",
        "born_day": "4",
        "born_month": "3",
        "born_year": "2016",
    }
    assert made.reference in text(page("screener", "find", **who))
    assert Entry.objects.filter(kind="work-found").count() == 1
    assert made.reference not in text(page("school.lead", "find", **who))
    assert "Enter two things you know" in text(page("screener", "find", by="child", family=TOBIAS.family_name))
    assert "cannot have" in text(page("screener", "find", by="child", family="W*", given="To"))


def test_whoever_works_on_what_followed_reads_what_led_to_it(made):
    page("hub.manager", "decide-one", made.id, "assessment", **ANSWERS | {"level": "4"})
    with system("test"):
        work = Episode.objects.get(parent=made)
    shown = page("social.worker", "episode", work.id)
    assert "A mark on his arm" in text(shown) and "It fits how he says he fell." in text(shown)
    assert reverse("frontdoor:episode", args=[made.id]) not in shown.content.decode()  # it is not theirs to open
    assert reverse("frontdoor:episode", args=[made.id]) in page("screener", "episode", work.id).content.decode()
    assert page("school.lead", "episode", work.id).status_code == 404
