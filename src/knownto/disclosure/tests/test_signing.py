"""What partners are told to do works, on the bytes that they get."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from knownto.disclosure import endpoints
from knownto.disclosure.delivery import deliver
from knownto.disclosure.models import Endpoint
from knownto.disclosure.tests.conftest import WORKER, owe
from knownto.disclosure.tests.test_delivery import at

TOLD = (Path(__file__).parents[4] / "docs/receiving-copies.md").read_text()


def block(language):
    return re.search(rf"```{language}\n(.*?)```", TOLD, re.S)[1]


@pytest.fixture
def receive():
    """The example, as it stands in the document."""
    names = {}
    exec(compile(block("python"), "receiving-copies.md", "exec"), names)
    return names["receive"]


def test_its_example_is_short_and_needs_nothing_installed():
    lines = [line for line in block("python").splitlines() if line.strip()]
    assert len(lines) <= 15
    assert lines[0] == "import base64, hashlib, hmac, json, time"


def test_it_reads_what_is_really_sent_and_answers_as_we_expect(hospital, now, receive):
    owe("hospital", now)
    deliver(now=at(now), limit=1)
    [arrived] = hospital.arrived
    copy, answer = receive(arrived.headers, arrived.body, hospital.secret, now.timestamp())
    assert copy["kind"] == "strategy-minutes" and answer == json.loads(arrived.ack)


@pytest.mark.parametrize("wrong", ["body", "id", "time", "key", "signature", "age"])
def test_it_refuses_what_was_altered_or_played_back(hospital, now, receive, wrong):
    owe("hospital", now)
    deliver(now=at(now), limit=1)
    [arrived] = hospital.arrived
    headers, body, secret, moment = dict(arrived.headers), arrived.body, hospital.secret, now.timestamp()
    if wrong == "body":
        body = body.replace(b'"number":1', b'"number":2')
    if wrong == "id":
        headers["webhook-id"] = headers["webhook-id"][::-1]
    if wrong == "time":
        headers["webhook-timestamp"] = str(int(moment) + 1)
    if wrong == "key":
        secret = "whsec_" + "A" * 44
    if wrong == "signature":
        headers["webhook-signature"] = "v1,AAAA v2,x"
    if wrong == "age":
        moment += 301
    with pytest.raises(ValueError):
        receive(headers, body, secret, moment)


def test_it_gives_a_test_key_whose_example_fits(receive):
    given, body = json.loads(block("json")), block("text").strip().encode()
    secret = given.pop("secret")
    copy, answer = receive(given, body, secret, int(given["webhook-timestamp"]))
    assert copy["id"] == given["webhook-id"] == answer["id"]
    with pytest.raises(ValueError, match="altered"):
        receive(given, body + b" ", secret, int(given["webhook-timestamp"]))


def test_it_signs_with_the_former_secret_too_for_a_week(hospital, now, receive):
    later = endpoints.new_secret(agency="hospital", by=WORKER, now=now)
    for days, fits in ((0, [hospital.secret, later]), (7, [later])):
        moment = now + timedelta(days=days)
        owe("hospital", moment)
        deliver(now=at(moment), limit=1)
        arrived = hospital.arrived[-1]
        assert len(arrived.headers["webhook-signature"].split()) == len(fits)
        for secret in fits:
            assert receive(arrived.headers, arrived.body, secret, moment.timestamp())


def test_it_keeps_the_secret_wrapped_and_bound_to_its_endpoint(hospital, police):
    first, second = Endpoint.objects.order_by("agency")
    assert hospital.secret.removeprefix("whsec_").encode() not in bytes(first.secret)
    first.secret = second.secret
    with pytest.raises(endpoints.keyring.Tampered):
        endpoints.secrets_of(first, first.opened_at)


def test_it_speaks_of_the_hours_that_are_set():
    assert settings.COPY_ALARM_HOURS == 4 and "After four hours without" in TOLD
