"""What is around every page: the menu, the headers, and the pages for when something is wrong."""

import re

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import path

from knownto.access.pages import page
from knownto.policy import ROLES, Permission
from knownto.site import addresses, navigation
from knownto.site.tests import people


@page(Permission.OWN_ACCOUNT)
def _breaks(request):
    raise RuntimeError("Amelia Okafor-Lunt")


@page(Permission.SIGN_IN)
def _unreadable(request):
    raise SuspiciousOperation("Amelia Okafor-Lunt")


handler400, handler403 = addresses.handler400, addresses.handler403
handler404, handler500 = addresses.handler404, addresses.handler500
urlpatterns = [*addresses.urlpatterns, path("breaks/", _breaks, name="breaks"), path("bad/", _unreadable, name="bad")]


@pytest.fixture
def planted(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def screener(client):
    return people.sign_in(client, people.worker("screener", name="Sam Screener"))


@pytest.mark.parametrize("role", list(ROLES))
def test_it_shows_on_the_start_page_what_the_role_may_do_and_nothing_else(client, role):
    people.sign_in(client, people.worker(role))
    page_shown = client.get("/").content.decode()
    for entry in navigation.entries():
        there = f'class="govuk-link govuk-!-font-weight-bold" href="{entry.href}"' in page_shown
        assert there == (entry.permission in ROLES[role].permissions), entry


@pytest.mark.parametrize("role", list(ROLES))
def test_its_menu_holds_what_fits_where_you_are_and_the_way_to_the_rest(client, role):
    people.sign_in(client, people.worker(role))
    reached = [entry for entry in navigation.entries() if entry.permission in ROLES[role].permissions]
    for here in reached[-1:]:
        shown = client.get(here.href, follow=True).content.decode()
        links = re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', shown)
        assert here.href in links and len(links) <= navigation.MOST + 2
        assert ("/#everything" in links) == (len(reached) > len(links) - ("/#everything" in links))


@pytest.mark.parametrize("role", list(ROLES))
def test_it_greets_and_tells_the_role_in_the_words_of_the_policy(client, role):
    people.sign_in(client, people.worker(role, name="Alex Wren"))
    shown = client.get("/").content.decode().replace("&#x27;", "'")
    assert "Alex Wren" in shown and ROLES[role].description in shown
    title = shown[shown.index("<title>") : shown.index("</title>")]
    assert "Alex" not in title


def test_it_sends_whoever_is_not_signed_in_to_sign_in(client):
    assert client.get("/").url == "/sign-in/?next=/"
    assert client.get("/agreements/").url == "/sign-in/?next=/agreements/"


def test_it_leads_nobody_away_after_signing_in(client):
    people.worker("screener")
    for away in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        signed = {"login": "screener.childrens-social-care", "password": people.PASSWORD, "next": away}
        assert "evil" not in Client().post("/sign-in/", signed).url


def test_it_has_one_content_security_policy_with_nothing_unsafe(client, screener):
    policy = client.get("/").headers["Content-Security-Policy"]
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "manifest-src": "'self'",
    }


def test_it_tells_browsers_and_proxies_to_keep_nothing(client, screener):
    for answer in (client.get("/"), client.get("/nothing/"), client.get("/sign-in/"), client.put("/")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_it_keeps_its_cookies_from_scripts_and_other_sites(client):
    people.worker("screener")
    client.post("/sign-in/", {"login": "screener.childrens-social-care", "password": people.PASSWORD})
    cookie = client.cookies["knownto"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["max-age"]


def test_it_answers_nothing_there_and_not_yours_alike(client, screener):
    there, not_there = client.get("/accounts/"), client.get("/nothing/")
    assert there.status_code == not_there.status_code == 404

    def plain(answer):
        return answer.content.replace(b"%2Faccounts%2F", b"%2Fnothing%2F")

    token = rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"'
    assert re.sub(token, b"", plain(there)) == re.sub(token, b"", plain(not_there))


def test_it_breaks_without_telling_anything(planted, screener, client, caplog):
    client.raise_request_exception = False
    answer = client.get("/breaks/")
    assert answer.status_code == 500 and b"could not check" in answer.content
    assert b"Okafor" not in answer.content and b"RuntimeError" not in answer.content


def test_it_answers_what_it_cannot_read(planted, client):
    answer = client.get("/bad/")
    assert answer.status_code == 400 and b"Okafor" not in answer.content and b"could not be read" in answer.content


def test_it_explains_a_form_that_had_been_open_too_long(screener, client):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in/", {"login": "a", "password": "b"})
    assert answer.status_code == 403 and b"open too long" in answer.content


def test_it_shows_a_refusal_with_its_reason():
    from knownto.access.middleware import Asking
    from knownto.access.refusals import NoLawfulReason

    request = RequestFactory().get("/")
    request.viewer, request.resolver_match = None, None
    answer = Asking(lambda r: None).refuse(request, NoLawfulReason("no-work", "Say which work this is for."))
    assert answer.status_code == 403 and b"Say which work" in answer.content


def test_it_answers_machines(client):
    assert b"Disallow: /" in client.get("/robots.txt").content
    assert b"Contact: " in client.get("/.well-known/security.txt").content
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_it_is_reached_by_getting_and_sending_alone(client, screener, method):
    assert getattr(client, method)("/accounts/").status_code == 405


def test_it_shows_the_agreements_to_everybody_who_signed_in(client, screener):
    people.agency("hospital", "Hospital")
    shown = client.get("/agreements/").content.decode()
    assert "In force" in shown and "overdue" not in shown
    one = client.get("/agreements/hospital/").content.decode()
    assert "Self-harm" in one and "Limited" in one and "SHA-256" in one
    assert client.get("/agreements/nobody/").status_code == 404


def test_it_says_when_a_review_is_overdue(client, screener, monkeypatch):
    from datetime import date

    from knownto.partners import reads

    monkeypatch.setattr(
        "knownto.site.pages.agreements.reads.agreements_on",
        lambda day: [(a, a.in_force(day), a.review < date(2027, 6, 1)) for a in reads.agreements().values()],
    )
    assert "A review is overdue" in client.get("/agreements/").content.decode()


def test_it_marks_one_place_in_the_menu_as_here(client):
    people.sign_in(client, people.worker("privacy-officer"))
    for address, words in (("/assurance/", "Who looked"), ("/assurance/use/", "Use of the tracker")):
        shown = client.get(address).content.decode()
        assert shown.count('aria-current="true"') == 1
        assert f'service-navigation__active-fallback">{words}<' in shown
