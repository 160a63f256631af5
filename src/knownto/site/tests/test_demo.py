"""One-click sign-in exists in the demonstration and nowhere else."""

import pytest

from knownto.access.middleware import SECOND_FACTOR
from knownto.ledger.models import Entry
from knownto.site import personas
from knownto.site.tests import people
from knownto.town.cast import personas as cast


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    for said in cast():
        people.worker(said.roles[0], of=said.agency, sign_in_name=said.sign_in, name=said.name)


def test_it_has_a_persona_for_each_role_and_says_what_to_try():
    from knownto.policy import ROLES

    assert list(dict.fromkeys(p.role.code for p in personas.listed())) == list(ROLES) == list(personas.TRY)


def test_it_signs_in_as_anybody_with_one_button(client, demo):
    page = client.get("/demo/").content.decode()
    for persona in personas.listed():
        assert persona.name in page and persona.does in page.replace("&#x27;", "'")
        assert client.post(f"/demo/{persona.code}/").url == "/"
        assert client.session[SECOND_FACTOR] and client.get("/").status_code == 200
        assert persona.name in client.get("/").content.decode()


def test_it_records_who_one_became(client, demo):
    client.post("/demo/screener/")
    entry = Entry.objects.filter(kind="sign-in").get()
    assert entry.because == "persona" and entry.worker == personas.worker("screener").pk


def test_it_signs_nobody_in_by_a_link(client, demo):
    assert client.get("/demo/screener/").status_code == 405
    assert "_auth_user_id" not in client.session


def test_it_knows_nobody_who_is_not_listed(client, demo):
    other = people.worker("screener", sign_in_name="other")
    assert client.post(f"/demo/{other.pk}/").status_code == 404
    assert client.post("/demo/nobody/").status_code == 404


def test_it_lets_several_visitors_be_the_same_persona(client, demo):
    from django.test import Client

    other = Client()
    client.post("/demo/screener/")
    other.post("/demo/screener/")
    assert client.get("/").status_code == other.get("/").status_code == 200


def test_it_unlocks_a_persona_without_a_password(client, demo):
    client.post("/demo/screener/")
    client.get("/locked/")
    assert client.get("/agreements/").status_code == 302
    client.post("/locked/", {"anybody": "1", "proof": ""})
    assert client.get("/agreements/").status_code == 200


def test_it_does_not_exist_outside_the_demonstration(client, demo, settings):
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/screener/").status_code == 404
    assert "_auth_user_id" not in client.session
    assert b"/demo/" not in client.get("/sign-in/").content
