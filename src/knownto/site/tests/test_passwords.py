"""What may be a password, and what else stands between a stranger and a session."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from knownto.access.pages import routes
from knownto.partners.models import Worker
from knownto.site import limits, passwords
from knownto.site.tests import people

LONG = "Correct horse  battery staple, and sixty-four characters and MORE of it: ñ漢"


def faults(password):
    try:
        validate_password(password)
    except ValidationError as error:
        return {each.code for each in error.error_list}
    return set()


def typed(client, password):
    return client.post("/sign-in/", {"login": "screener.childrens-social-care", "password": password})


def test_a_short_one_is_refused(db):
    assert faults("kettle-moth") == {"password_too_short"} and not faults("kettle-moths")


def test_any_characters_are_allowed(db):
    for said in ("kettle moth attic", "漢字かな交じり文の合言葉です", "aaaa bbbb cccc", "!!!???!!!???!!!"):
        assert not faults(said)
    assert faults("902145772301") == {"password_entirely_numeric"}


def test_a_common_one_is_refused(db):
    assert "password_too_common" in faults("liverpoolfc1") | faults("unbelievable") | faults("1qaz2wsx3edc")


@pytest.mark.parametrize(
    "made_of", ["Knownto2026!!", "safeguarding-26", "Hospital!Hospital", "MASHmashMASH!!", "council-2026"]
)
def test_a_word_of_the_place_is_not_most_of_it(db, made_of):
    people.agency("hospital", "Hospital of Saint Agnes")
    assert "local" in faults(made_of)


def test_with_more_than_those_words_it_may_be(db):
    people.agency("hospital", "Hospital of Saint Agnes")
    assert not faults("a council of seven herons") and "local" in faults("saint agnes 1")
    assert passwords.left("Knownto2026", passwords.WORDS) == 4


def test_the_old_one_is_needed_for_a_new_one(client, db):
    worker = people.sign_in(client, people.worker("screener"))
    new = {"password1": "kettle moth attic", "password2": "kettle moth attic"}
    client.post("/account/password/", new | {"oldpassword": "not the old one"})
    worker.refresh_from_db()
    assert worker.check_password(people.PASSWORD)


def test_it_is_checked_exactly_as_it_was_typed(db):
    people.worker("screener", password=LONG)
    assert len(LONG) >= 64
    for wrong in (LONG.lower(), LONG[:64], LONG.replace("  ", " "), LONG + " "):
        client = Client()
        typed(client, wrong)
        assert "_auth_user_id" not in client.session
    typed(right := Client(), LONG)
    assert "_auth_user_id" in right.session


def test_an_old_one_is_still_good(client, db):
    worker = people.worker("screener")
    Worker.objects.filter(pk=worker.pk).update(last_login=timezone.now() - timedelta(days=3_000))
    typed(client, people.PASSWORD)
    assert "_auth_user_id" in client.session


def test_the_form_helps_password_managers_and_masks(client, db):
    page = client.get("/sign-in/").content.decode()
    assert re.search(r'<input[^>]*type="password"[^>]*autocomplete="current-password"', page)
    assert 'autocomplete="username"' in page and "onpaste" not in page


def test_nobody_has_an_account_before_one_is_opened(db):
    assert not Worker.objects.exists()


def test_nothing_is_reset_by_mail_or_by_a_question():
    names = {name for _, name, _ in routes(get_resolver().url_patterns)}
    assert "account_login" in names and not [n for n in names if re.search("reset|signup|email|hint|question", n)]


def test_recovery_codes_are_ten_of_eight_figures(db):
    codes = RecoveryCodes.activate(people.worker("screener")).generate_codes()
    assert len(set(codes)) == 10 and all(re.fullmatch(r"\d{8}", code) for code in codes)


def test_a_session_key_is_long_and_always_new(client, db):
    keys = set()
    for _ in range(5):
        people.worker("screener", sign_in_name=f"s{len(keys)}")
        client = Client()
        client.post("/sign-in/", {"login": f"s{len(keys)}", "password": people.PASSWORD})
        keys.add(client.cookies["knownto"].value)
    assert len(keys) == 5 and all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)


def test_a_mark_of_a_browser_is_for_that_alone_and_ends(db, monkeypatch):
    worker, ask, response = people.worker("screener"), RequestFactory().get("/"), HttpResponse()
    limits.vouch(ask, response, worker.pk)
    ask.COOKIES[limits.KNOWN_BROWSER] = response.cookies[limits.KNOWN_BROWSER].value
    assert limits.known_browser(ask, worker.pk)
    monkeypatch.setattr(signing.time, "time", lambda: datetime(2099, 1, 1, tzinfo=UTC).timestamp())
    assert not limits.known_browser(ask, worker.pk)
    ask.COOKIES[limits.KNOWN_BROWSER] = signing.dumps(str(worker.pk), salt="something else")
    assert not limits.known_browser(ask, worker.pk)
