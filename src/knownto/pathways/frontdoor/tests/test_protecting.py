"""An order that is recorded protects by itself; its end lifts nothing; and pages of work obey it, words and all."""

import pytest
from django.urls import reverse

from knownto.access.acts import SYSTEM, system
from knownto.casework import acts, asking
from knownto.firewall import acts as firewall
from knownto.firewall import audiences, checks, last_wall
from knownto.firewall.contents import Protected, Subject
from knownto.firewall.models import Protection, Reach
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.partners.models import Team
from knownto.pathways.frontdoor import facts, protecting
from knownto.pathways.frontdoor.tests.closing import CHILD, FATHER, MOTHER, part, refer
from knownto.pathways.frontdoor.tests.contacts import TOBIAS, client_of, contact

FILE = audiences.to_agency("police")
NOTE = "She has moved to 4 Tallow Row. Take care."


def recorded(viewer_of, work, order, about, now, **more):
    fact = facts.Recording(order, (about.pk,), "seen", now.date(), **more)
    return facts.record(by=viewer_of("hub.manager"), episode=work.id, fact=fact, now=now)


@pytest.fixture
def work(viewer_of, now):
    return refer(viewer_of("school.lead"), now)


def test_an_address_that_must_not_be_known_is_kept_back_with_whoever_lives_there(viewer_of, work, now):
    recorded(viewer_of, work, "protected-address", part(work, "parent"), now)
    assert not checks.clear_one(MOTHER, FILE).evidence.addresses
    assert not checks.clear_one(CHILD, FILE).evidence.addresses
    with pytest.raises(checks.HoldsProtected):
        checks.must_not_leave(["They are at 4 Tallow Row."], FILE)


def test_an_order_against_somebody_keeps_the_others_from_them_and_their_namesakes(viewer_of, work, now):
    recorded(viewer_of, work, "non-molestation", part(work, "parent", 1), now)
    assert not checks.clear_one(CHILD, audiences.to_person(FATHER)).evidence.addresses
    assert not checks.clear_one(CHILD, audiences.Audience("police", name="Lancelot Okonedo")).evidence.addresses
    assert "Lancelot Okonedo" in checks.clear_one(CHILD, FILE).warning


def test_the_orders_end_lifts_nothing_and_asks_two_people_to_look(viewer_of, work, now):
    said = recorded(viewer_of, work, "protected-address", part(work, "parent"), now)
    facts.withdraw(by=viewer_of("hub.manager"), episode=work.id, statement=said.pk, why="It ran out.", now=now)
    assert not checks.clear_one(MOTHER, FILE).evidence.addresses
    with system("test"):
        made = Protection.objects.get(fact=said.pk)
    assert made.lift_asked_by == viewer_of("hub.manager").worker_id
    firewall.lift(by=viewer_of("screener"), protection=made.pk, why="I rang her: they have moved.", now=now)
    assert checks.clear_one(MOTHER, FILE).evidence == MOTHER


def test_a_fact_that_nothing_protects_yet_is_found_once(viewer_of, work, now, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(protecting, "follow", lambda **_: None)
        recorded(viewer_of, work, "protected-address", part(work, "parent"), now)
    assert (protecting.catch_up(now), protecting.catch_up(now)) == (1, 0)
    assert not checks.clear_one(MOTHER, FILE).evidence.addresses


def kept_from(now, reach, agency="", whom=()):
    protected = Protected((Subject(TOBIAS),), whom=whom, why="He will find them.")
    return firewall.set_up(setting=firewall.Setting(protected, reach, now.date(), agency=agency), by=SYSTEM, now=now)


def page(work):
    return client_of("hub.manager").get(reverse("frontdoor:episode", args=[work.pk]))


def test_a_page_of_work_warns_whoever_may_see_it(borough, now):
    kept_from(now, Reach.ANYBODY, whom=(Evidence(given_names="Piers", family_name="Ashdown"),))
    shown = page(contact(now)).content.decode()
    assert "4 Tallow Row" in shown and "Must not reach Piers Ashdown" in shown


def test_a_page_whose_words_say_it_is_not_shown_to_those_it_is_kept_from(borough, now):
    work = contact(now, what_happened=NOTE)
    kept_from(now, Reach.AGENCY, "police")
    assert page(work).status_code == 200
    kept_from(now, Reach.AGENCY, "childrens-social-care")
    refused = page(work)
    assert refused.status_code == 403 and "Tallow" not in refused.content.decode()


def test_where_it_cannot_be_found_out_the_page_is_not_shown(borough, now, monkeypatch):
    def fails(*_):
        raise ConnectionError

    monkeypatch.setattr(last_wall, "_kept_from", fails)
    refused = page(contact(now))
    assert refused.status_code == 403 and "Tallow" not in refused.content.decode()


def test_what_was_asked_is_read_again_before_another_agency_is_given_it(borough, now):
    work, council = contact(now), Actor(None, "childrens-social-care", "screener")
    with system("test"):
        police, hospital = Team.objects.get(code="response"), Team.objects.get(code="emergency-department")
        question = acts.Question("check", police, NOTE, purpose="child-concern")
        asked = acts.ask(episode=work, question=question, by=council, by_team=None, now=now)
        kept_from(now, Reach.ANYBODY)
        with pytest.raises(checks.HoldsProtected):
            asking.pass_on(ask=asked, to=hospital, because="Theirs", by=council, now=now)
        with pytest.raises(checks.HoldsProtected):
            acts.ask(episode=work, question=question, by=council, by_team=None, now=now)
