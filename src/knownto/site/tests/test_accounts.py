"""The administrator's pages: accounts, and nobody's own."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from knownto.ledger.models import Entry
from knownto.partners.models import Worker
from knownto.partners.reads import by_sign_in_name
from knownto.site.tests import people


@pytest.fixture
def admin(client):
    return people.sign_in(client, people.worker("administrator", name="Kim Keys"))


@pytest.fixture
def other(db):
    return people.worker("officer", of="police", name="Otto Other")


NEW = {"name": "Nina New", "sign_in_name": "nina.new", "agency": "childrens-social-care", "roles": ["screener"]}


def test_it_opens_an_account_whose_first_password_works_once(client, admin):
    shown = client.post("/accounts/new/", NEW).content.decode()
    password = re.search(r'First password: <code class="kt-code">([a-z2-9-]+)<', shown)[1]
    new = Client()
    new.post("/sign-in/", {"login": "nina.new", "password": password})
    assert new.get("/").url == "/account/password/"
    assert password not in client.get("/accounts/").content.decode()
    grant = Entry.objects.filter(kind="grant").latest("id")
    assert grant.because == "open-account" and grant.worker == admin.pk


def test_it_lists_names_that_were_sealed(client, admin, other):
    shown = client.get("/accounts/").content.decode()
    assert "Otto Other" in shown and "Kim Keys" in shown


def test_it_refuses_a_sign_in_name_that_is_taken(client, admin):
    client.post("/accounts/new/", NEW)
    assert b"That sign-in name is taken" in client.post("/accounts/new/", NEW | {"name": "Another"}).content


def test_it_changes_roles_from_the_next_request_on(client, admin, other):
    theirs = Client()
    people.sign_in(theirs, other)
    assert theirs.get("/assurance/").status_code == 404
    client.post(f"/accounts/{other.pk}/roles/", {"roles": ["privacy-officer"]})
    assert theirs.get("/assurance/").status_code == 200


def test_it_closes_an_account(client, admin, other):
    client.post(f"/accounts/{other.pk}/close/")
    assert not Worker.objects.get(pk=other.pk).is_active
    assert "Closed" in client.get(f"/accounts/{other.pk}/").content.decode()
    assert client.get(f"/accounts/{other.pk}/roles/").status_code == 404


def test_it_lets_nobody_touch_their_own_account(client, admin):
    for what in ("roles", "close", "first-password", "second-factor"):
        for answer in (
            client.get(f"/accounts/{admin.pk}/{what}/"),
            client.post(f"/accounts/{admin.pk}/{what}/", {"roles": ["screener"]}),
        ):
            assert answer.status_code == 404
    assert Worker.objects.get(pk=admin.pk).roles == ["administrator"]
    assert Entry.objects.filter(kind="refusal", because="own-account").count() == 8
    assert "your own account" in client.get(f"/accounts/{admin.pk}/").content.decode()


def test_it_gives_a_first_password_again(client, admin, other):
    shown = client.post(f"/accounts/{other.pk}/first-password/").content.decode()
    password = re.search(r'First password: <code class="kt-code">([a-z2-9-]+)<', shown)[1]
    found = by_sign_in_name("officer.police")
    assert found.check_password(password) and found.first_password


def test_it_removes_a_lost_second_factor(client, admin, other):
    totp.TOTP.activate(other, totp.generate_totp_secret())
    stolen = Client()
    people.sign_in(stolen, other)
    assert stolen.get("/agreements/").status_code == 200
    client.post(f"/accounts/{other.pk}/second-factor/")
    assert stolen.get("/agreements/").status_code == 302
    assert not Authenticator.objects.filter(user=other).exists()
    assert Entry.objects.filter(kind="second-factor", because="reset").get().about.get().subject == str(other.pk)
