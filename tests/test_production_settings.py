"""The settings as they are behind TLS, in a process of their own: what is sent to a browser, and what is not."""

import json
import os
import subprocess
import sys

import pytest

from knownto.site import addresses

SAYS = """
import json, django
django.setup()
from django.core.checks import run_checks
from django.http import HttpResponse
from django.conf import settings
from django.test import RequestFactory
from django.middleware.security import SecurityMiddleware
from knownto.site import limits
ask = RequestFactory()
def through(request):
    return SecurityMiddleware(lambda r: HttpResponse("ok"))(request)
secure, plain = through(ask.get("/", secure=True)), through(ask.get("/work/?a=1", HTTP_HOST="localhost"))
vouched, forwarded = HttpResponse(), ask.get("/", HTTP_X_FORWARDED_PROTO="https")
from uuid import UUID
limits.vouch(ask.get("/", secure=True), vouched, UUID(int=1))
mark = vouched.cookies[limits.KNOWN_BROWSER]
print(json.dumps({
    "checks": [c.id for c in run_checks(include_deployment_checks=True)],
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, limits.KNOWN_BROWSER],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, bool(mark["secure"])],
    "http only": [settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY, bool(mark["httponly"])],
    "same site": [settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE, mark["samesite"]],
    "domains": [settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN, mark["domain"] or None],
    "paths": [settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH, mark["path"]],
    "mark": len(mark.value), "hsts": secure.headers.get("Strict-Transport-Security"),
    "plain": [plain.status_code, plain.headers.get("Location")],
    "debug": settings.DEBUG, "age": settings.SESSION_COOKIE_AGE,
}))
"""


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory):
    """What the product says of itself with KNOWNTO_TLS=1. Needs no database."""
    var = tmp_path_factory.mktemp("tls")
    said = {"KNOWNTO_TLS": "1", "KNOWNTO_VAR": str(var), "KNOWNTO_SECRET": "s" + "0123456789abcdef" * 4}
    kept = {k: os.environ[k] for k in ("PATH", "PYTHONPATH", "KNOWNTO_KEY_FILE") if k in os.environ}
    environment = kept | said | {"DJANGO_SETTINGS_MODULE": "knownto.site.settings", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, "-c", SAYS], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_django_finds_nothing_to_put_right_before_deployment(behind_tls):
    the_councils = ["security.W021"]  # whether its domain joins the browsers' preload list
    assert behind_tls["checks"] == the_councils and behind_tls["debug"] is False


def test_cookies_are_of_this_host_and_of_nobody_else(behind_tls):
    assert all(name.startswith("__Host-") for name in behind_tls["cookies"])
    assert behind_tls["secure"] == behind_tls["http only"] == [True] * 3
    assert behind_tls["same site"] == ["Strict"] * 3
    assert behind_tls["domains"] == [None] * 3 and behind_tls["paths"] == ["/"] * 3  # else __Host- is refused


def test_their_values_are_small(behind_tls):
    session, token = 32, 32
    assert behind_tls["mark"] + session + token + sum(map(len, behind_tls["cookies"])) < 400


def test_browsers_are_told_to_use_tls_alone_for_a_year_with_subdomains(behind_tls):
    said = dict(part.strip().partition("=")[::2] for part in behind_tls["hsts"].split(";"))
    assert int(said["max-age"]) >= 31_536_000 and "includeSubDomains" in said


def test_a_plain_request_is_led_to_tls(behind_tls):
    assert behind_tls["plain"] == [301, "https://localhost/work/?a=1"]


def test_no_other_site_may_read_or_embed(client, db):
    for path in ("/sign-in/", "/api/openapi.json", "/healthz"):
        answer = client.get(path, HTTP_ORIGIN="https://evil.example")
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in/", "/robots.txt", "/healthz", "/.well-known/security.txt", "/nothing/"])
def test_every_answer_says_its_type_and_letters(client, db, path):
    answer = client.get(path)
    assert answer.headers["Content-Type"].split(";")[0] in ("text/html", "text/plain")
    assert "charset=utf-8" in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "path", ["/.git/config", "/static/", "/static/../settings.py", "/static/%2e%2e/keys.json", "/keys.json"]
)
def test_nothing_but_page_assets_is_served_as_a_file(client, db, path):
    assert client.get(path).status_code == 404


def test_no_version_of_anything_is_told(client, db):
    for path in ("/sign-in/", "/nothing/", "/healthz"):
        answer = client.get(path)
        assert not {"Server", "X-Powered-By"} & set(answer.headers)
        assert b"Django" not in answer.content and b"gunicorn" not in answer.content


def test_no_header_holds_a_line_end(client, db):
    answer = client.get("/", {"next": "x\r\nSet-Cookie: a=b"})
    assert "a" not in answer.cookies and all("\n" not in value for value in answer.headers.values())


def test_a_parameter_in_the_address_is_no_answer_to_a_form(client, db):
    """The sign-in form reads what was posted, whatever the address says besides."""
    answer = client.post("/sign-in/?login=somebody&password=something", {})
    assert answer.status_code == 200 and b"something" not in answer.content and "_auth_user_id" not in client.session


def test_the_last_resort_pages_are_ours():
    assert all(callable(getattr(addresses, f"handler{code}")) for code in (400, 403, 404, 500))
