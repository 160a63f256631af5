"""A partner's system sends files with its key, and reaches nothing else."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.api.addresses import urlpatterns
from knownto.feeds import acts
from knownto.feeds.models import SendingKey
from knownto.feeds.tests.conftest import add_partners, csv_of, manager, received_folder, row
from knownto.ledger.models import Entry

__all__ = ["received_folder"]


@pytest.fixture
def key(committed):
    add_partners()
    return acts.make_key(viewer=manager(), now=clock.now())


def send(key, body, agency="police", **query):
    query = {"mode": "delta", "as_of": "2026-11-15"} | query
    at = f"/api/feeds/{agency}/files?" + "&".join(f"{k}={v}" for k, v in query.items())
    return Client().post(at, body, content_type="text/csv", headers={"authorization": f"Bearer {key}"})


def ask(key, at):
    return Client().get(at, headers={"authorization": f"Bearer {key}"})


def test_it_takes_a_file_and_says_what_came_of_it(key):
    answer = send(key, csv_of([*(row(n) for n in range(1, 30)), row(30, status="ongoing")]))
    said = answer.json()
    assert (answer.status_code, said["state"], said["added"], said["rows_bad"]) == (201, "landed", 29, 1)
    again = ask(key, f"/api/feeds/police/files/{said['id']}").json()
    assert again == said
    rows = ask(key, f"/api/feeds/police/files/{said['id']}/rows").json()
    assert rows == {
        "rows": [{"line": 31, "column": "status", "reason": "This must be one of: open, closed."}],
        "more": False,
    }


def test_it_takes_the_same_file_twice_without_harm(key):
    first, second = (send(key, csv_of([row()])) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert (second.json()["state"], second.json()["same_as"]) == ("same", first.json()["id"])


@pytest.mark.parametrize("bad", ["", "knownto_wrong", "x" * 5000])
def test_it_knows_nobody_without_a_good_key(key, bad):
    answer = send(bad, csv_of([row()]))
    assert answer.status_code == 401 and answer.json()["code"] == "no-key"


def test_it_no_longer_knows_a_key_that_was_ended(key):
    viewer = manager()
    [made] = SendingKey.objects.all()
    acts.end_key(viewer=viewer, key=made.id, now=clock.now())
    assert send(key, csv_of([row()])).status_code == 401


def test_it_lets_a_key_reach_its_own_agency_only(key):
    theirs = acts.make_key(viewer=manager("hospital"), now=clock.now())
    file = send(key, csv_of([row()])).json()["id"]
    assert send(theirs, csv_of([row()])).status_code == 404
    for at in (f"/api/feeds/police/files/{file}", f"/api/feeds/hospital/files/{file}"):
        assert ask(theirs, at).status_code == 404
    refusals = Entry.objects.filter(kind="refusal")
    assert [(entry.agency, entry.role, entry.because) for entry in refusals] == [
        ("hospital", "sending-key", "not-yours")
    ] * 3


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "full"},
        {"as_of": "15/11/2026"},
        {"as_of": "0"},
        {"rows": "-1"},
        {"sha256": "abc"},
        {"unknown": "1"},
    ],
)
def test_it_is_strict_about_what_is_said_of_a_file(key, query):
    assert send(key, csv_of([row()]), **query).status_code in (400, 422)


def test_it_refuses_a_day_that_does_not_exist(key):
    assert send(key, csv_of([row()]), as_of="2026-02-31").json()["code"] == "no-such-date"


def test_it_explains_a_broken_file(key):
    said = send(key, b"record_id;contact_id;category\r\n1;2;3\r\n").json()
    assert said["state"] == "refused" and "semicolons" in said["reasons"][0]


def test_it_describes_itself_and_asks_for_a_key_everywhere_else(key):
    described = Client().get("/api/openapi.json")
    assert described.status_code == 200
    document = json.loads(described.content)
    secured = [op["security"] for ops in document["paths"].values() for op in ops.values()]
    assert Client().get("/api/").status_code == 404
    assert len(secured) == 6 and all(secured)
    names = {pattern.name for pattern in urlpatterns} - {"openapi-json", "api-root"}
    for name in names:
        arguments = (
            ["police"] if name.startswith(("send", "quality")) else ["police", "6b1f0e2e-4f8e-4f36-9f5a-0d4a43a1c111"]
        )
        for method in ("get", "post", "put", "delete"):
            assert getattr(Client(), method)(reverse(f"api:{name}", args=arguments)).status_code in (401, 405)
