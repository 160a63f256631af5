"""The pages that close the loops, walked as the people who use them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework.models import Ask, Episode, Statement
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import adults, challenging, nights
from knownto.pathways.frontdoor.challenging import Disagreement
from knownto.pathways.frontdoor.tests.closing import ADULT, decide, part, refer

HOUR = timedelta(hours=1)


@pytest.fixture
def now(db):
    """Pages have the database's clock."""
    return clock.now()


@pytest.fixture
def as_(borough):
    def client_of(sign_in):
        client, worker = Client(), by_sign_in_name(sign_in)
        client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
        session, at = client.session, clock.now().timestamp()
        session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
        session.save()
        return client

    return client_of


@pytest.fixture
def contact(viewer_of, now):
    return refer(viewer_of("school.lead"), now)


@pytest.fixture
def worry(viewer_of, now):
    return refer(viewer_of("gp"), now, people=(("adult-at-risk", ADULT),), pathway_code="adult")


def url(name, *args):
    return reverse(f"frontdoor:{name}", args=args)


def read(response):
    assert response.status_code == 200, response.status_code
    html = response.content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1]
    assert not re.search("Wrenshaw|Thistlewood|Tobias", title)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def sent(response, to=""):
    assert response.status_code == 302, read(response)
    assert to in response.headers["Location"]


def test_the_referrer_reads_the_outcome_and_disagrees(as_, viewer_of, contact, now):
    school, hub = as_("school.lead"), viewer_of("hub.manager")
    assert "nothing to read yet" in read(school.get(url("outcome", contact.id)))
    decide(hub, contact, "advice", now, level=2, words="A talk at school is enough.")
    page = read(school.get(url("outcome", contact.id)))
    assert "A talk at school is enough." in page and "level 2" in page and "What happens next" in page
    with system("test"):
        assert Ask.objects.get(episode=contact, kind="outcome").answered_at
    assert "Enter why you disagree" in read(school.post(url("challenge-new", contact.id), {"wants": "More"}))
    said = {"why": "He is hungry.", "wants": "An assessment.", "level": "4"}
    sent(school.post(url("challenge-new", contact.id), said), "/challenges/")
    with system("test"):
        row = Episode.objects.get(parent=contact, pathway="challenge")
    assert "He is hungry." in read(school.get(url("challenge", row.id)))
    assert row.reference in read(school.get(url("challenges")))
    assert as_("gp").get(url("challenge", row.id)).status_code == 404
    assert row.reference not in read(as_("gp").get(url("challenges")))


def test_both_sides_take_it_through_its_stages(as_, viewer_of, contact, now):
    school, manager, chair = as_("school.lead"), as_("hub.manager"), as_("chair")
    decide(viewer_of("hub.manager"), contact, "advice", now, level=2)
    disagreement = Disagreement("He is hungry.", "An assessment.")
    row = challenging.challenge(by=viewer_of("school.lead"), episode=contact.id, disagreement=disagreement, now=now)
    page = read(manager.get(url("challenge", row.id)))
    assert "Answer it" in page and "Change the decision" in page and "The chair's view" not in page
    assert "Enter your answer" in read(manager.post(url("challenge-step", row.id, "answer"), {"words": ""}))
    sent(manager.post(url("challenge-step", row.id, "answer"), {"words": "The nurse saw him."}))
    assert "The nurse saw him." in read(school.get(url("challenge", row.id)))
    for seen in range(3):
        said = {"words": "It is not enough.", "seen": seen}
        sent(school.post(url("challenge-step", row.id, "further"), said))
    late = school.post(url("challenge-step", row.id, "agree"), {"words": "It is settled.", "seen": 0})
    assert "Somebody was first" in late.content.decode() and "It is settled." in late.content.decode()
    page = read(chair.get(url("challenge", row.id)))
    assert "The chair's view: the decision stands" in page
    sent(chair.post(url("challenge-step", row.id, "stands"), {"words": "It was weighed.", "seen": 3}))
    assert "It was weighed." in read(school.get(url("challenge", row.id)))
    assert school.get(url("challenge-step", row.id, "nonsense")).status_code == 404
    page = read(as_("scrutineer").get(url("challenge-counts")))
    assert "Hallowbridge schools" in page and "Tobias" not in page and row.reference not in page
    csv = as_("scrutineer").get(url("challenge-counts") + "?csv").content.decode()
    assert "Hallowbridge schools" in csv


def test_none_is_shown_as_none_of_how_many(as_, viewer_of, contact, now):
    decide(viewer_of("hub.manager"), contact, "advice", now, level=2)
    page = read(as_("scrutineer").get(url("challenge-counts")))
    assert "No disagreement has been recorded" in page and "All agencies 1 0" in page


def test_who_has_not_been_told_is_rung_and_then_off_the_list(as_, viewer_of, now):
    hub = as_("screener")
    assert "Everybody has been told" in read(hub.get(url("not-told")))
    aunt = refer(None, now - HOUR)
    decide(viewer_of("hub.manager"), aunt, "advice", now - HOUR, level=2)
    page = read(hub.get(url("not-told")))
    assert aunt.reference in page and "no account" in page
    assert "Tobias" not in hub.get(url("not-told") + "?csv").content.decode()
    sent(hub.post(url("tell", aunt.id)), "/not-told/")
    assert "It was not sent" in read(hub.get(url("not-told")))
    said = {"who": "Her aunt", "how": "telephone", "day_day": "1", "day_month": "1", "day_year": "2030", "at": "14:30"}
    assert "must be in the past" in read(hub.post(url("told", aunt.id), said))
    assert "must be like 14:30" in read(hub.post(url("told", aunt.id), said | {"at": "half two"}))
    sent(hub.post(url("told", aunt.id), said | {"day_year": "2025"}), "/not-told/")
    assert aunt.reference not in read(hub.get(url("not-told")))


def test_the_night_hands_over_and_the_day_accepts(as_, viewer_of, contact, now):
    night, day = as_("out.of.hours"), as_("screener")
    decide(viewer_of("out.of.hours"), contact, "to-night", now, tell=False)
    page = read(night.get(url("night")))
    assert contact.reference in page and "Decide" in page and "Hand over" in page
    assert "Enter a note" in read(night.post(url("hand-over", contact.id), {"note": ""}))
    sent(night.post(url("hand-over", contact.id), {"note": "Safe tonight. See the school."}), "/night/")
    assert "waits to be accepted" in read(night.post(url("hand-over", contact.id), {"note": "Again"}))
    page = read(day.get(url("handover")))
    assert "See the school." in page and "Accept and take it in hand" in page
    assert "See the school." in read(day.get(url("episode", contact.id)))
    sent(day.post(url("accept", contact.id), {"act": "take"}), f"/{contact.id}/")
    page = read(day.get(url("handover")))
    assert "Nothing waits to be accepted" in page and "Sunita Rao" in page
    sent(day.post(url("accept", contact.id), {"act": "accept"}))
    assert "has accepted this already" in read(day.get(url("handover")))
    assert contact.reference in day.get(url("handover") + "?csv").content.decode()


def test_the_night_sees_adults_and_adult_social_care_accepts(as_, viewer_of, worry, now):
    decide(viewer_of("out.of.hours"), worry, "to-night", now, tell=False)
    page = read(as_("out.of.hours").get(url("night")))
    assert worry.reference in page and url("adult", worry.id) in as_("out.of.hours").get(url("night")).content.decode()
    nights.hand_over(by=viewer_of("out.of.hours"), episode=worry.id, note="Ring the son.", now=now)
    assert "Ring the son." not in read(as_("screener").get(url("handover")))
    child = refer(viewer_of("officer"), now)
    decide(viewer_of("out.of.hours"), child, "to-night", now, tell=False)
    assert child.reference in read(as_("screener").get(url("night")))
    page = read(as_("adult.social.worker").get(url("night")))
    assert child.reference not in page and worry.reference in page  # what is about children is not theirs
    assert "Ring the son." in read(as_("adult.social.worker").get(url("handover")))


def test_a_fact_is_recorded_and_changes_who_may_be_told(as_, contact):
    hub, mother = as_("hub.manager"), part(contact, "parent")
    page = read(hub.get(url("facts", contact.id)))
    assert "Nobody has recorded, from what they have seen" in page
    day = {"since_day": "1", "since_month": "1", "since_year": "2026"}
    said = {"order": "parental-responsibility", "source": "seen"} | day
    assert "Select whom it is about" in read(hub.post(url("fact-record", contact.id), said))
    child = str(part(contact, "subject").id)
    wrong = hub.post(url("fact-record", contact.id), said | {"about": child})
    assert "select the adult whom it names" in read(wrong)
    sent(hub.post(url("fact-record", contact.id), said | {"about": str(mother.id)}), "/facts/")
    page = read(hub.get(url("facts", contact.id)))
    assert "They have parental responsibility." in page
    assert "Has parental responsibility" in read(hub.get(url("episode", contact.id)))
    with system("test"):
        fact = Statement.objects.get(episode=contact, kind="fact")
    instead = url("fact-instead", contact.id, fact.id)
    assert "2026" in hub.get(instead).content.decode()
    sent(hub.post(instead, said | {"about": str(mother.id), "source": "told"}), "/facts/")
    assert "They have parental responsibility. Philippa" not in read(hub.get(url("facts", contact.id)))
    assert "ended in the meantime" in read(hub.post(url("fact-end", contact.id, fact.id), {"why": "Twice"}))
    with system("test"):
        latest = Statement.objects.filter(episode=contact, kind="fact").order_by("at").last()
    assert "Enter why" in read(hub.post(url("fact-end", contact.id, latest.id), {"why": ""}))
    sent(hub.post(url("fact-end", contact.id, latest.id), {"why": "It was another family."}), "/facts/")
    assert "Not in force" in read(hub.get(url("facts", contact.id)))


def test_whoever_raised_it_is_not_shown_the_facts(as_, contact):
    page = read(as_("school.lead").get(url("facts", contact.id)))
    assert "kept by those who do the work" in page and "Philippa" not in page
    assert as_("school.lead").get(url("fact-record", contact.id)).status_code == 404
    assert as_("gp").get(url("facts", contact.id)).status_code == 404


LIMBS = {f"{code}{end}": value for code in adults.LIMBS for end, value in (("", "yes"), ("_evidence", "Seen at home"))}
PERSONAL = {"asked": "asked", "wants": "To stay at home", "capacity": "has", "capacity_for": "Staying at home",
            "capacity_basis": "He weighed it", "advocacy": "not-needed"}  # fmt: skip


def test_adult_social_care_decides_with_a_second_look(as_, worry):
    lorna, night = as_("adult.social.worker"), as_("out.of.hours")
    assert worry.reference in read(lorna.get(url("adults")))
    assert "Not answered yet" in read(lorna.get(url("adult", worry.id)))
    assert "Select an answer" in read(lorna.post(url("adult-limbs", worry.id), {}))
    page = read(lorna.post(url("adult-decide", worry.id, "enquire"), _decision() | {"why_anyway": "A pattern."}))
    assert "Record what the adult wants" in page
    sent(lorna.post(url("adult-limbs", worry.id), LIMBS | {"risk": "no"}), "/adult/")
    assert "Enter what they want" in read(lorna.post(url("adult-personal", worry.id), PERSONAL | {"wants": ""}))
    sent(lorna.post(url("adult-personal", worry.id), PERSONAL), "/adult/")
    page = read(lorna.get(url("adult", worry.id)))
    assert "To stay at home" in page and "Seen at home" in page
    no = url("adult-decide", worry.id, "no-further-action")
    sent(lorna.post(no, _decision() | {"duties": "s9", "came_of_it": "Booked"}), "/adult/")
    assert "Waits for a second look" in read(lorna.get(url("adults")))
    assert "You proposed this" in read(lorna.post(url("adult-second", worry.id), {"agree": "yes", "words": "Yes"}))
    assert "proposes: No further action" in read(night.get(url("adult", worry.id)))
    sent(night.post(url("adult-second", worry.id), {"agree": "yes", "words": "I read it."}), "/adult/")
    assert "Decided in the last month" in read(lorna.get(url("adults")))
    assert "Enter why not" in read(lorna.post(url("adult-told", worry.id), {"told": "no"}))
    sent(lorna.post(url("adult-told", worry.id), {"told": "yes", "how": "By me, at home"}), "/adult/")
    assert "Decided in the last month" not in read(lorna.get(url("adults")))
    assert "second worker" in read(as_("gp").get(url("outcome", worry.id)))


def _decision(seen=0):
    words = "Thank you. A second worker looked at it."
    return {"rationale": "He is safe.", "words": words, "seen": seen}


def test_an_enquiry_although_a_limb_is_not_met_asks_why(as_, worry):
    lorna = as_("adult.social.worker")
    lorna.post(url("adult-limbs", worry.id), LIMBS | {"risk": "unclear"})
    lorna.post(url("adult-personal", worry.id), PERSONAL)
    page = lorna.post(url("adult-decide", worry.id, "enquire"), _decision())
    assert "There is a problem" in read(page) and "He is safe." in page.content.decode()
    sent(lorna.post(url("adult-decide", worry.id, "enquire"), _decision() | {"why_anyway": "A pattern."}), "/adult/")


def test_it_goes_back_to_whoever_raised_it(as_, worry):
    lorna = as_("adult.social.worker")
    sent(lorna.post(url("adult-back", worry.id), {"question": "Who manages his money?"}), "/adult/")
    assert "Who manages his money?" in read(lorna.get(url("adult", worry.id)))


def test_a_teacher_cannot_open_an_adults_page_and_the_hub_does_not_decide(as_, worry):
    assert as_("school.lead").get(url("adult", worry.id)).status_code == 404
    page = read(as_("screener").get(url("adult", worry.id)))
    assert "Adult social care decides" in page
    assert as_("screener").get(url("adult-limbs", worry.id)).status_code == 404
    assert as_("gp").get(url("adult", worry.id)).status_code == 404


@pytest.mark.parametrize("name", ["not-told", "night", "handover", "challenges", "adults"])
def test_each_list_can_be_empty(as_, name):
    read(as_("out.of.hours").get(url(name)))
