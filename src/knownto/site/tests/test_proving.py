"""What must not be done with a session found open asks again, and goes on with exactly what was being done."""

import pytest
from allauth.core import context
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from knownto.access import fresh
from knownto.ledger.models import Entry
from knownto.site import sessions
from knownto.site.tests import people

SHEET = "/assurance/entries/looks/?csv=1"


@pytest.fixture
def officer(client):
    return people.sign_in(client, people.worker("privacy-officer"))


def long_ago(client, seconds=301):
    session = client.session
    session[fresh.PROVED] = {way: at - seconds for way, at in session[fresh.PROVED].items()}
    session.save()


def sheet(client):
    return client.get(SHEET).headers["Content-Type"].startswith("text/csv")


def asks(response):
    return b"Prove again that it is you" in response.content


def test_it_goes_straight_on_for_whoever_has_just_proved_it(client, officer):
    assert sheet(client)


def test_it_asks_again_after_five_minutes_and_then_does_what_was_asked(client, officer):
    long_ago(client)
    asked = client.get(SHEET)
    assert asks(asked) and b"proving-get" in asked.content
    done = client.post(SHEET, {"proving-password": people.PASSWORD, "proving-get": "1"})
    assert done.status_code == 302 and done.url == SHEET and sheet(client)
    assert Entry.objects.get(kind="proved-again").because.startswith("password, for assurance:")


def test_it_asks_for_every_factor_that_the_worker_holds(client, officer):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    long_ago(client)
    assert asks(client.post(SHEET, {"proving-password": people.PASSWORD, "proving-get": "1"}))
    assert not sheet(client)
    client.post(SHEET, {"proving-password": people.PASSWORD, "proving-code": people.code(secret), "proving-get": "1"})
    assert sheet(client)


def test_it_is_opened_by_nothing_else_and_five_wrong_tries_end_the_session(client, officer):
    long_ago(client)
    for said in ("", "wrong", "000000", "wrong again", "x", "y"):
        answer = client.post(SHEET, {"proving-password": said, "proving-get": "1"})
    assert answer.url == "/sign-in/?ended=wrong-proofs" and "_auth_user_id" not in client.session
    assert Entry.objects.filter(kind="sign-in-failed", because="password again").exists()


def test_a_persona_s_button_opens_nothing_outside_the_demonstration(client, officer, settings):
    long_ago(client)
    settings.DEMO = False
    assert asks(client.post(SHEET, {"proving-anybody": "1", "proving-get": "1"}))
    settings.DEMO = True
    assert asks(client.post(SHEET, {"proving-anybody": "1", "proving-get": "1"}))  # a worker's own session
    assert not sheet(client)


def test_what_was_sent_goes_on_as_it_was_and_the_view_never_sees_the_password(rf, db, monkeypatch):
    """By the decorator itself: the form comes back in the page, and then the view gets it whole."""
    worker = people.worker("officer", of="police")
    client = Client()
    people.sign_in(client, worker)
    got = []

    def view(request):
        got.append(dict(request.POST.lists()))
        from django.http import HttpResponse

        return HttpResponse("done")

    from knownto.access import clock
    from knownto.access.viewer import viewer_of

    def send(data):
        request = rf.post("/search/", data)
        request.user, request.session, request.now = worker, session, clock.now()
        request.viewer, request.resolver_match = viewer_of(worker, second_factor=True), None
        with context.request_context(request):
            return fresh.fresh(once=True, when=fresh.sent)(view)(request)

    session = client.session
    session[fresh.PROVED] = {}
    sent = {"given": "Amelia", "tick": ["a", "b"], "words": 'He said "now" & hung up'}
    page = send(sent).content.decode()
    assert not got and 'value="Amelia"' in page and page.count('name="tick"') == 2 and "&quot;now&quot; &amp;" in page
    assert send(sent | {"proving-either": people.PASSWORD}).content == b"done"
    assert got == [{"given": ["Amelia"], "tick": ["a", "b"], "words": ['He said "now" & hung up']}]
    assert sessions.actor(worker).worker == worker.pk
