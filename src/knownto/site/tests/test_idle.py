"""A screen left alone locks and loses nothing."""

import base64
import json
import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client

from knownto.site import drafts, sessions
from knownto.site.tests import people

LOCKED = "/locked/"


@pytest.fixture
def screener(client):
    return people.sign_in(client, people.worker("screener"))


def left_alone(client, seconds=301):
    session = client.session
    session[sessions.LAST_SEEN] -= seconds
    session.save()


def locked(client):
    return client.get("/agreements/").status_code == 302


def test_it_stays_open_while_somebody_works(client, screener):
    for _ in range(4):
        left_alone(client, 200)
        assert client.get("/agreements/").status_code == 200


def test_it_locks_after_five_minutes_and_goes_on_where_one_was(client, screener):
    left_alone(client)
    asked = client.get("/agreements/police/")
    assert asked.url == "/locked/?next=%2Fagreements%2Fpolice%2F"
    assert b"Sharing" not in asked.content and "_auth_user_id" in client.session
    done = client.post(LOCKED, {"proof": people.PASSWORD, "next": "/agreements/police/"})
    assert done.url == "/agreements/police/" and client.get(done.url).status_code == 200


def test_it_locks_by_itself_not_by_what_the_browser_does(client, screener):
    left_alone(client)
    client.get("/agreements/")
    left_alone(client, -301)
    assert locked(client)


def test_it_opens_with_a_code_too(client, screener):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(screener, secret)
    left_alone(client)
    client.post(LOCKED, {"proof": people.code(secret)})
    assert not locked(client)


def test_it_opens_with_nothing_else(client, screener):
    left_alone(client)
    for data in ({}, {"proof": ""}, {"proof": "wrong"}, {"proof": "000000"}, {"anybody": "1"}):
        client.post(LOCKED, data)
        assert locked(client), data


def test_it_ends_the_session_after_five_wrong_tries(client, screener):
    left_alone(client)
    for _ in range(5):
        page = client.post(LOCKED, {"proof": "wrong"})
    assert page.url == "/sign-in/?ended=wrong-unlocks" and "_auth_user_id" not in client.session


def test_it_locks_at_once_when_asked(client, screener):
    assert b"Your screen is locked" in client.get(LOCKED).content
    assert locked(client)


def test_it_shows_no_menu_while_it_is_locked(client, screener):
    page = client.get(LOCKED).content
    assert b'aria-label="Menu"' not in page and b"Sharing agreements" not in page


def test_it_changes_the_session_key_when_it_locks_and_unlocks(client, screener):
    keys = [client.session.session_key]
    client.get(LOCKED)
    keys.append(client.session.session_key)
    client.post(LOCKED, {"proof": people.PASSWORD})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_it_keeps_what_was_being_sent(client, screener):
    left_alone(client)
    client.post("/account/password/", {"oldpassword": "a & b", "password1": "é"})
    assert client.post(LOCKED, {"proof": people.PASSWORD}).url == "/locked/resume/"
    page = client.get("/locked/resume/").content.decode()
    assert 'action="/account/password/"' in page and 'name="oldpassword" value="a &amp; b"' in page
    assert 'name="password1" value="é"' in page
    assert client.get("/locked/resume/").url == "/"


def test_it_goes_nowhere_but_here_after_unlocking(client, screener):
    for away in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client.get(LOCKED)
        assert client.post(LOCKED, {"proof": people.PASSWORD, "next": away}).url == "/"


def test_it_does_not_count_what_a_page_asks_for_by_itself(client, screener):
    for _ in range(2):
        left_alone(client, 200)
        answer = client.get("/agreements/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(LOCKED)


def test_it_counts_typing(client, screener):
    for _ in range(3):
        left_alone(client, 200)
        assert client.post("/still-here/").status_code == 204
    assert not locked(client)


def test_it_tells_the_page_when_to_lock_and_where_to_come_back_to(client, screener):
    page = client.get("/agreements/").content.decode()
    assert 'data-idle-after="300"' in page and 'data-idle-lock="/locked/?next=%2Fagreements%2F"' in page


def test_it_leaves_other_sessions_alone(client, screener):
    other = Client()
    people.sign_in(other, people.worker("officer", of="police"))
    client.get(LOCKED)
    assert locked(client) and not locked(other)


def test_it_locks_a_session_that_says_it_was_seen_in_the_future_no_later_than_its_end(client, screener):
    left_alone(client, -100_000)
    session = client.session
    session[sessions.BEGAN] -= 36_001
    session.save()
    assert client.get("/agreements/").url.startswith("/sign-in/")


def kept(client, path="/search/", fields='[[0,"given","Amelia"]]'):
    return client.post("/locked/keep/", {"path": path, "fields": fields})


def put_back(client, path="/search/"):
    found = re.search(
        r'<script id="kept-form" type="application/json">(.*?)</script>', client.get(path).content.decode()
    )
    return found and json.loads(found[1])


def test_what_was_half_written_is_put_back_once_and_only_on_its_page(client, screener):
    assert kept(client).status_code == 204
    left_alone(client)
    assert locked(client)
    client.post(LOCKED, {"proof": people.PASSWORD})
    assert put_back(client, "/agreements/") is None
    assert put_back(client) == [[0, "given", "Amelia"]]
    assert put_back(client) is None


def test_a_page_that_locks_last_of_all_can_still_hand_it_in_and_nobody_later_can(client, screener):
    left_alone(client)
    assert kept(client).status_code == 204 and locked(client)
    session = client.session
    session[sessions.LOCKED] -= drafts.SECONDS_AFTER + 1
    session.save()
    kept(client, fields='[[0,"given","Planted"]]')
    client.post(LOCKED, {"proof": people.PASSWORD})
    assert put_back(client) == [[0, "given", "Amelia"]]


@pytest.mark.parametrize(
    "path, fields",
    [
        ("https://elsewhere.example/", '[[0,"a","b"]]'),
        ("/search/", "not json"),
        ("/search/", '{"a": 1}'),
        ("/search/", '[["0","a","b"]]'),
        ("/search/", "[" + '[0,"a","b"],' * 301 + '[0,"a","b"]]'),
        ("/search/", '[[0,"a","' + "x" * 60_000 + '"]]'),
    ],
)
def test_nothing_else_is_kept(client, screener, path, fields):
    kept(client, path, fields)
    assert drafts.DRAFTS not in client.session


def test_it_says_nothing_in_the_clear(client, screener):
    kept(client, fields='[[0,"given","Amelia"]]')
    rows = list(Session.objects.values_list("session_data", flat=True))
    assert rows and not any("Amelia" in row or base64.b64encode(b"Amelia").decode()[:7] in row for row in rows)
