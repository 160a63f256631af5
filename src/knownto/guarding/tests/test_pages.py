"""The desk's pages, as guardians use them; and the register, which everybody uses and nobody reads."""

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.fresh import PROVED
from knownto.disclosure.models import How
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.footprint.why import Why
from knownto.guarding import acts, reads, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert, Seal, Staff
from knownto.guarding.tests.conftest import Guarded

PROPOSAL = {
    "sort": "person",
    "called": "Heron",
    "given": "Amelia",
    "family": "Okafor-Lunt",
    "born_day": "3",
    "born_month": "2",
    "born_year": "2016",
    "do": "Ring 01632 960107 and say nothing",
    "reason": "The court's order of May",
}


@pytest.fixture
def today(db):
    now = clock.now()
    found = partnership.borough(now)
    found.tell()
    return Guarded(found, now)


@pytest.fixture
def browser(today):
    """Somebody's browser: a worker of that role and agency."""

    def signed_in(role, agency="childrens-social-care"):
        client = Client()
        partnership.sign_in(client, today.town.worker(role, agency, f"{role} of {agency}"))
        session, at = client.session, clock.now().timestamp()
        session[PROVED] = {"password": at, "code": at}
        session.save()
        return client

    return signed_in


def text_of(response):
    return response.content.decode()


def test_two_guardians_seal_somebody_on_their_pages(today, browser):
    first, second = browser("guardian", "police"), browser("guardian")
    proposed = first.post(reverse("guarding:propose"), PROPOSAL)
    seal = proposed.headers["Location"]
    assert "Agree to seal them" not in text_of(first.get(seal))
    assert "Agree to seal them" in text_of(second.get(seal))
    second.post(f"{seal}agree/", {"reason": "I rang the court"})
    with guards_own():
        assert Seal.objects.get().state == "in-force"
    third = browser("guardian", "hospital")
    assert "Amelia" in text_of(first.get(seal)) and "Amelia" not in text_of(third.get(seal))


def test_the_desk_reads_who_looked_and_says_what_it_did(today, browser):
    today.seal()
    today.search()
    watching.catch_up(today.now)
    desk = browser("guardian", "police")
    said = text_of(desk.get(reverse("guarding:desk")))
    assert "Sam Screener" in said and "MASH 1" in said and "Heron" in said and "Amelia" not in said
    with guards_own():
        alert = Alert.objects.get()
    page = reverse("guarding:look", args=[alert.pk])
    assert "Okafor-Lunt" in text_of(desk.get(page))  # what they typed, to whoever must judge it
    desk.post(page, {"did": "rang", "words": "They have the wrong child"})
    assert "They have the wrong child" in text_of(desk.get(page))
    with guards_own():
        assert Alert.objects.select_related("ask").get().ask.answered_at


def test_a_list_of_work_leads_to_the_look(today, browser):
    today.seal()
    today.search()
    watching.catch_up(today.now)
    with guards_own():
        alert = Alert.objects.get()
    response = browser("guardian", "police").get(reverse("guarding:ask", args=[alert.ask_id]))
    assert response.headers["Location"] == reverse("guarding:look", args=[alert.pk])


def test_a_look_at_whoever_is_in_the_register_is_told_and_nothing_in_it_can_be_read(today, browser):
    worker = browser("officer", "police")
    home = {"address": "3 Saddler Row", "postcode": "QK4 7XY"}
    her = {
        "given_0": "Dorothea",
        "family_0": "Tranterwick",
        "born_0_day": "30",
        "born_0_month": "11",
        "born_0_year": "1988",
    }
    assert worker.post(reverse("guarding:register"), home | her).status_code == 302
    assert "You are in the register" in text_of(worker.get(reverse("guarding:register")))
    today.search(given="Dorothea", family="Tranterwick", born=partnership_born())
    today.search()
    watching.catch_up(today.now)
    assert [look.called for look in reads.looks(today.council, today.now)] == [reads.REGISTER]
    with guards_own():
        assert {field.name for field in Staff._meta.get_fields()} == {"id", "token", "owner"}


def test_whoever_in_the_register_is_reached_through_a_household_is_told_of_once_an_hour(today, browser):
    """Joe's parent works here. Nobody types Joe: his sister is looked for, and he is opened from her household."""
    joe = {
        "given_0": "Joseph",
        "family_0": "Okafor-Lunt",
        "born_0_day": "21",
        "born_0_month": "7",
        "born_0_year": "2018",
    }
    browser("officer", "police").post(reverse("guarding:register"), joe)
    her = Question(given="Amelia", family="Okafor-Lunt", age=today.town.today.year - 2016)
    why = Why(purpose="child-concern", work="MASH 1", family="told")
    found = footprint.search(by=today.screener, question=her, why=why, now=today.now)
    watching.catch_up(today.now)
    assert not reads.looks(today.council, today.now), "her name is not his"
    for place in (1, 2):
        search = open_search.own(today.screener, found.pk, today.now)
        footprint.open_footprint(by=today.screener, search=search, place=place, how=How.VIEW, now=today.now)
    watching.catch_up(today.now)
    [look] = reads.looks(today.council, today.now)
    assert (look.called, look.kind, look.asked) == (reads.REGISTER, "household", None)
    assert "reached through a household" in text_of(browser("guardian").get(reverse("guarding:look", args=[look.id])))


def partnership_born():
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(partnership.EARLIER["date_of_birth"])


def test_nobody_else_reaches_the_desk(today, browser):
    for role in ("screener", "privacy-officer", "administrator", "hub-manager"):
        assert browser(role).get(reverse("guarding:desk")).status_code == 404


def test_a_review_starts_the_six_months_anew(today):
    seal = today.seal()
    before = reads.seal(today.police, seal, today.now).seal.due
    acts.keep(by=today.council, seal=seal, reason="Still needed", now=today.now.replace(year=today.now.year + 1))
    assert (reads.seal(today.police, seal, today.now).seal.due - before).days > 300
