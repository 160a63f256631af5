"""The pages: one form, one press, a banner on every page, and nothing of it once it is shut."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock, fresh
from knownto.access.acts import system
from knownto.footprint import acts as footprint
from knownto.footprint.why import Why
from knownto.glass.models import Break
from knownto.glass.tests.conftest import AMY, shift
from knownto.partners.models import Worker
from knownto.site.tests import people

WHO = {"given": "Amelia", "family": "Okafor-Lunt", "born_day": "3", "born_month": "2", "born_year": "2016"}
WHY = {"reason": "child-in-danger", "words": "log 7", "sure": "on"}
PROOF = {"proving-either": people.PASSWORD}


@pytest.fixture
def officer(town):
    return signed_in(town.officer)


def signed_in(viewer, *, seconds_ago=301):
    client = Client()
    people.sign_in(client, Worker.objects.get(pk=viewer.worker_id))
    session = client.session
    session[fresh.PROVED] = {"password": clock.now().timestamp() - seconds_ago}
    session.save()
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def opened(client):
    return client.post(reverse("glass:start"), WHO | WHY | PROOF, follow=True)


def test_one_form_and_the_person_is_open(officer):
    form = text(officer.get(reverse("glass:start")))
    assert "Your password" in form and "told now" in form
    page = opened(officer)
    assert page.redirect_chain[0][0].startswith("/break-glass/opened/") and "Amelia Okafor-Lunt" in text(page)
    assert "Joseph" in text(page) and "12 Millrace Lane" in text(page) and "Missing persons" in text(page)
    assert "Amelia" not in re.search(r"<title>(.*?)</title>", page.content.decode(), re.S)[1]
    assert page.headers["Cache-Control"] == "no-store"


def test_without_the_password_it_is_asked_for_and_what_was_filled_in_stays(officer):
    asked = officer.post(reverse("glass:start"), WHO | WHY)
    assert "Prove again that it is you" in text(asked) and b'value="Okafor-Lunt"' in asked.content
    wrong = officer.post(reverse("glass:start"), WHO | WHY | {"proving-either": "wrong"})
    assert "Nothing has been lost" in text(wrong) and b'value="Okafor-Lunt"' in wrong.content
    with system("test"):
        assert not Break.objects.exists()
    assert "Amelia Okafor-Lunt" in text(officer.post(reverse("glass:start"), WHO | WHY | PROOF, follow=True))


def test_its_banner_is_on_every_page_until_it_is_shut(officer, town):
    opened(officer)
    for path in ("/", "/agreements/", "/search/", "/work/"):
        assert "You have somebody open because a life depends on it" in text(officer.get(path)), path
    assert "somebody open" not in text(signed_in(town.sergeant).get("/agreements/"))
    with system("test"):
        glass = Break.objects.get()
    shift(glass, timedelta(minutes=60))
    assert "somebody open" not in text(officer.get("/agreements/"))
    gone = officer.get(reverse("glass:opened", args=[glass.pk]))
    assert gone.status_code == 403 and "The time is up" in text(gone) and "Amelia" not in text(gone)


def test_it_is_opened_from_a_search_without_saying_again_who_it_is(town, officer):
    made = footprint.search(by=town.officer, question=AMY, why=Why("police-attendance", "L-1"), now=clock.now())
    at = reverse("glass:one", args=[made.pk, 1])
    assert at in officer.get(reverse("footprint:footprint", args=[made.pk, 1])).content.decode()
    assert "Amelia Okafor-Lunt" in text(officer.get(at))
    assert "12 Millrace Lane" in text(officer.post(at, WHY | PROOF, follow=True))


def test_whoever_is_not_found_for_certain_is_chosen_with_one_press(officer):
    chosen = officer.post(reverse("glass:start"), {"address": "12 Millrace Lane", "postcode": "QK1 2AB"} | WHY | PROOF)
    page = officer.get(chosen.url)
    assert "Open the one you mean" in text(page)
    action = re.search(r'action="(/break-glass/[0-9a-f-]{36}/1/)"', page.content.decode())[1]
    assert "Open until" in text(
        officer.post(action, {"reason": "child-in-danger", "words": "", "sure": "on"}, follow=True)
    )
    nobody = officer.post(reverse("glass:start"), WHO | {"given": "Nemone", "family": "Absentia"} | WHY, follow=True)
    assert "Nobody who fits was found" in text(nobody)


def test_what_came_of_it_is_said_read_and_judged(officer, town):
    page = opened(officer)
    glass = page.context["glass"]
    closed = officer.post(reverse("glass:close", args=[glass.pk]), follow=True)
    assert "What came of it?" in text(closed)
    missing = officer.post(closed.redirect_chain[-1][0], {})
    assert "Select what came of it" in text(missing)
    officer.post(closed.redirect_chain[-1][0], {"outcome": "safe", "words": "Rang the hub."})
    sergeant = signed_in(town.sergeant)
    listed = sergeant.get(reverse("glass:reviews"))
    assert "0 of 2 said" in text(listed) and "Amelia" not in text(listed)
    one = sergeant.get(reverse("glass:of", args=[glass.episode_id]))
    assert "Amelia Okafor-Lunt, Born 2016" in text(one) and "Rang the hub." in text(one) and "log 7" in text(one)
    action = re.search(r'action="(/break-glass/reviews/[^"]+)"', one.content.decode())[1]
    done = sergeant.post(action, {"verdict": "not-right", "words": "He knew them."}, follow=True)
    assert "A reviewer found that it was not right" in text(done)
    assert "You cannot do this until" in text(officer.post(reverse("glass:start"), WHO | WHY, follow=True))
    sergeant.post(reverse("glass:lift", args=[glass.episode_id]))
    assert "Amelia" in text(officer.post(reverse("glass:start"), WHO | WHY, follow=True))


def test_it_is_in_nobodys_way_who_may_not(town):
    data_manager = signed_in(town.viewer("data-manager", "police"))
    assert data_manager.get(reverse("glass:start")).status_code == 404
    assert "A life depends on it" not in text(data_manager.get("/agreements/"))
