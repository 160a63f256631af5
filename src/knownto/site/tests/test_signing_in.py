"""No session without a second factor, by any path; nobody learns who has an account; nobody locks anybody out."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from knownto.access.middleware import SECOND_FACTOR
from knownto.ledger.models import Entry
from knownto.site import sessions
from knownto.site import settings as shipped
from knownto.site.tests import people

SIGN_IN = "/sign-in/"


@pytest.fixture
def screener():
    return people.worker("screener")


def typed(client, name="screener.childrens-social-care", password=people.PASSWORD, **more):
    return client.post(SIGN_IN, {"login": name, "password": password}, **more)


def with_totp(worker):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(worker, secret)
    return secret


def signed_in(client):
    return "_auth_user_id" in client.session


def reaches_the_product(client):
    """Anything but one's own account and the pages before signing in."""
    return client.get("/agreements/").status_code == 200


def test_it_asks_for_a_name_and_a_password(client):
    page = client.get(SIGN_IN)
    assert page.status_code == 200 and b"Sign-in name" in page.content and b"Remember" not in page.content


def test_it_leads_a_new_worker_to_set_up_a_second_factor_and_nowhere_else(client, screener):
    assert typed(client).status_code == 302
    assert signed_in(client) and not client.session[SECOND_FACTOR]
    assert client.get("/").url == "/account/"
    assert client.get("/agreements/").url == "/account/"
    assert b"Set up your second factor" in client.get("/account/").content


def test_it_opens_the_product_once_the_second_factor_is_set_up(client, screener):
    typed(client)
    page = client.get("/account/second-factor/set-up/")
    assert page.status_code == 200 and b"<svg" in page.content and b"style=" not in page.content
    secret = client.session[totp.SECRET_SESSION_KEY]
    before = client.session.session_key
    done = client.post("/account/second-factor/set-up/", {"code": people.code(secret)})
    assert done.url == "/account/recovery-codes/"
    assert reaches_the_product(client) and client.session.session_key != before
    assert len(re.findall(rb'kt-code">\d{8}<', client.get(done.url).content)) == 10


def test_it_asks_for_the_code_before_there_is_a_session(client, screener):
    secret = with_totp(screener)
    assert typed(client).url == "/sign-in/code/"
    assert not signed_in(client) and not reaches_the_product(client)
    assert client.post("/sign-in/code/", {"code": people.code(secret)}).status_code == 302
    assert signed_in(client) and reaches_the_product(client)


def test_it_takes_a_recovery_code_once(client, screener):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with_totp(screener)
    recovery = RecoveryCodes.activate(screener).generate_codes()[0]
    typed(client)
    client.post("/sign-in/code/", {"code": recovery})
    assert reaches_the_product(client)
    again = Client()
    typed(again)
    again.post("/sign-in/code/", {"code": recovery})
    assert not signed_in(again)


def test_it_takes_no_code_of_the_half_minute_before(client, screener, settings):
    settings.MFA_TOTP_TOLERANCE = shipped.MFA_TOTP_TOLERANCE
    secret = with_totp(screener)
    typed(client)
    client.post("/sign-in/code/", {"code": people.code(secret, ago=1)})
    assert not signed_in(client)


def test_it_does_not_take_the_same_code_twice(client, screener):
    secret = with_totp(screener)
    now = people.code(secret)
    typed(client)
    client.post("/sign-in/code/", {"code": now})
    again = Client()
    typed(again)
    again.post("/sign-in/code/", {"code": now})
    assert not signed_in(again)


EVERY_OPEN_PATH = [
    "/account/second-factor/set-up/",
    "/account/second-factor/remove/",
    "/account/recovery-codes/",
    "/account/recovery-codes/new/",
    "/account/recovery-codes/download/",
    "/account/confirm/code/",
    "/account/confirm/password/",
    "/account/password/",
    "/account/",
    "/sign-in/",
    "/sign-in/code/",
    "/sign-out/",
    "/locked/",
    "/locked/resume/",
    "/still-here/",
    "/demo/",
    "/demo/screener/",
    "/",
    "/healthz",
]


@pytest.mark.parametrize("path", EVERY_OPEN_PATH)
@pytest.mark.parametrize("stage", ["nobody", "password given, code not", "password only, no second factor yet"])
def test_it_ends_no_path_in_a_session_without_a_second_factor(client, screener, path, stage):
    if stage == "password given, code not":
        with_totp(screener)
    if stage != "nobody":
        typed(client)
    for data in ({}, {"code": "000000"}, {"password": people.PASSWORD}, {"proof": people.PASSWORD, "anybody": "1"}):
        client.get(path)
        client.post(path, data)
        client.post(path, data | {"next": "/agreements/"})
        assert not reaches_the_product(client), (path, data)


def test_it_notices_a_path_that_forgot_the_second_factor(client, screener):
    """The control of the test above: a session that wrongly says so is seen to reach the product."""
    people.sign_in(client, screener)
    assert reaches_the_product(client)


def test_it_closes_the_product_again_when_the_second_factor_is_removed(client, screener):
    secret = with_totp(screener)
    typed(client)
    client.post("/sign-in/code/", {"code": people.code(secret)})
    assert reaches_the_product(client)
    client.post("/account/second-factor/remove/")
    assert not Authenticator.objects.filter(user=screener, type="totp").exists()
    assert signed_in(client) and not reaches_the_product(client)


def test_it_wants_a_code_not_a_password_before_replacing_a_second_factor(client, screener):
    with_totp(screener)
    people.sign_in(client, screener)
    assert client.get("/account/second-factor/remove/").url.startswith("/account/confirm/code/")
    assert client.get("/account/confirm/password/").url.startswith("/account/confirm/code/")
    client.post("/account/confirm/password/", {"password": people.PASSWORD})
    client.post("/account/second-factor/remove/")
    assert Authenticator.objects.filter(user=screener, type="totp").exists()


def test_it_says_the_same_of_a_wrong_name_a_wrong_password_and_a_closed_account(screener, now):
    from knownto.partners import acts

    gone = people.worker("officer", of="police")
    acts.close_account(by=people.BY, now=now, worker=gone.pk)
    wrong = ("screener.childrens-social-care", "wrong password")
    tries = [("nobody.at-all", people.PASSWORD), wrong, ("officer.police", people.PASSWORD)]
    pages = [typed(Client(), *each) for each in tries]
    shown = {re.sub(rb'value="[^"]*"|nonce="[^"]*"', b"", page.content) for page in pages}
    assert len(shown) == 1 and {p.status_code for p in pages} == {200}
    assert b"is not right" in shown.pop()


def test_it_rests_after_five_wrong_passwords_from_one_address(screener):
    pages = [typed(Client(), password="wrong") for _ in range(6)]
    assert b"Too many tries" not in pages[4].content and b"Too many tries" in pages[5].content
    assert b"Too many tries" in typed(Client()).content


def test_it_keeps_nobody_out_because_a_stranger_guesses_at_their_name(client, screener):
    for _ in range(20):
        typed(Client(), password="wrong", REMOTE_ADDR="203.0.113.7")
    assert typed(client, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_it_keeps_nobody_out_because_somebody_behind_the_same_address_guesses(client, screener):
    secret = with_totp(screener)
    typed(client)
    client.post("/sign-in/code/", {"code": people.code(secret)})
    client.post("/sign-out/")
    for _ in range(20):
        typed(Client(), password="wrong")
    assert b"Too many tries" in typed(Client()).content
    assert typed(client).url == "/sign-in/code/"


def test_it_does_not_know_a_browser_by_somebody_elses_mark(client, screener):
    secret = with_totp(screener)
    typed(client)
    client.post("/sign-in/code/", {"code": people.code(secret)})
    client.post("/sign-out/")
    people.worker("officer", of="police")
    for _ in range(5):
        typed(client, "officer.police", "wrong")
    assert b"Too many tries" in typed(client, "officer.police").content


def test_it_counts_wrong_codes_for_the_worker_whatever_the_address(screener):
    with_totp(screener)
    for n in range(6):
        client = Client(REMOTE_ADDR=f"203.0.113.{n}")
        typed(client)
        page = client.post("/sign-in/code/", {"code": "000000"})
    assert b"Too many tries" in page.content


def test_it_gives_a_new_session_key_when_it_signs_in(client, screener):
    client.get(SIGN_IN)
    client.session.save()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = client.session.session_key
    typed(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_it_lets_a_worker_have_one_session(screener):
    first, second = Client(), Client()
    people.sign_in(first, screener)
    assert reaches_the_product(first)
    typed(second)
    assert first.get("/agreements/").url == "/sign-in/?ended=signed-in-elsewhere"
    assert not signed_in(first)


def test_it_signs_nobody_in_with_what_a_stolen_database_holds(client, screener):
    people.sign_in(client, screener)
    client.get("/")
    with connection.cursor() as cursor:
        stolen = []
        for table in ("django_session", "site_seat", "site_cache", "partners_worker", "mfa_authenticator"):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            stolen += [str(v) for (row,) in cursor.fetchall() for v in json.loads(row).values() if v]
    assert stolen
    for value in stolen:
        thief = Client()
        thief.cookies["knownto"] = value[:4000].replace("\n", "")
        assert not reaches_the_product(thief)
    owner = Client()
    owner.cookies["knownto"] = client.cookies["knownto"].value
    assert reaches_the_product(owner)


def test_it_ends_the_session_and_has_the_browser_forget_when_one_signs_out(client, screener):
    people.sign_in(client, screener)
    out = client.post("/sign-out/")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not signed_in(client) and client.get("/agreements/").url.startswith(SIGN_IN)
    assert client.get("/sign-out/").status_code == 302


def test_it_records_signing_in_and_out_and_never_what_was_typed(client, screener):
    typed(client, "my secret password in the wrong box", "x")
    typed(client, password="wrong")
    typed(client)
    client.post("/sign-out/")
    entries = list(Entry.objects.order_by("id").exclude(kind="grant"))
    assert [(e.kind, e.because) for e in entries] == [
        ("sign-in-failed", "password"),
        ("sign-in-failed", "password"),
        ("sign-in", "password only"),
        ("sign-out", "signed-out"),
    ]
    assert [a.subject for a in entries[0].about.all()] == []
    assert [a.subject for a in entries[1].about.all()] == [str(screener.pk)]
    assert entries[2].worker == screener.pk


def test_it_keeps_no_name_and_no_address_in_the_cache(client, screener):
    typed(client, password="wrong", REMOTE_ADDR="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM site_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys and all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_it_seals_the_seed_of_a_second_factor(screener):
    secret = with_totp(screener)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]


def test_it_has_a_first_password_changed_before_anything_else(client):
    someone = people.worker("screener", first_password=True)
    people.sign_in(client, someone)
    assert client.get("/agreements/").url == "/account/password/" == client.get("/").url
    new = "another good password"
    client.post("/account/password/", {"oldpassword": people.PASSWORD, "password1": new, "password2": new})
    assert reaches_the_product(client)


def test_it_ends_a_session_when_the_account_is_closed(client, screener, now):
    from knownto.partners import acts

    people.sign_in(client, screener)
    acts.close_account(by=people.BY, now=now, worker=screener.pk)
    assert not reaches_the_product(client)


def test_it_ends_after_ten_hours_however_busy(client, screener):
    people.sign_in(client, screener)
    session = client.session
    session[sessions.BEGAN] -= 10 * 60 * 60 + 1
    session.save()
    assert client.get("/agreements/").url == "/sign-in/?ended=day-over"
