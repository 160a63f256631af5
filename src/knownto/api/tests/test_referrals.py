"""A partner's own system refers: once, strictly, with its own key, as the documentation says."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.viewer import viewer_of as as_viewer
from knownto.casework import reads
from knownto.casework.models import Ask, Episode
from knownto.feeds import acts as feeds
from knownto.ledger.models import Entry
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor.referral import Referral

DOCUMENT = Path(settings.PROJECT) / "docs" / "sending-a-referral.md"
EXAMPLE = json.loads(re.search(r"```json\n(.*?)```", DOCUMENT.read_text(), re.S)[1])
LEAST = {"kind": "child", "what_happened": "Found alone at night.", "children": [{"given_names": "Tobias"}]}
SECRET = "Quillfeather"


def key_of(sign_in):
    viewer = as_viewer(by_sign_in_name(sign_in), second_factor=True)
    return feeds.make_key(viewer=viewer, now=clock.now())


@pytest.fixture
def key(borough):
    return key_of("police.data")


def send(key, body, intent="LOG-2026-771", agency="police", **more):
    headers = {"authorization": f"Bearer {key}"} | ({"idempotency-key": intent} if intent is not None else {})
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    at = f"/api/{agency}/referrals"
    return Client(raise_request_exception=False).post(
        at, data, content_type="application/json", headers=headers, **more
    )


def ask(key, reference, agency="police"):
    return Client().get(f"/api/{agency}/referrals/{reference}", headers={"authorization": f"Bearer {key}"})


def test_the_documents_example_is_a_referral(key):
    answer = send(key, EXAMPLE)
    assert answer.status_code == 201
    with system("test"):
        episode = Episode.objects.select_related("from_team").get(reference=answer.json()["reference"])
        [(_, said)] = reads.statements(episode, "referral")
        names = {known.name for known in reads.people([episode])[episode.id]}
        [asked] = Ask.objects.filter(episode=episode, kind="supervision")
    found = Referral.from_json(said)
    assert (episode.from_agency_id, episode.from_team.code, episode.from_worker) == ("police", "response", None)
    assert names >= {"Tobias Wrenshaw", "Dawn Wrenshaw"} and found.children[1].evidence.unborn
    assert found.children[0].lived == {"environment": "No bed of his own."} and found.level_thought == 3
    assert asked.to_team_id == episode.from_team_id


def test_the_same_again_is_the_same_and_another_body_is_refused(key):
    first, again = send(key, EXAMPLE), send(key, EXAMPLE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["reference"] == again.json()["reference"] and again.json()["again"]
    other = send(key, EXAMPLE | {"wants": SECRET})
    assert other.status_code == 409 and SECRET not in other.content.decode()
    assert send(key, EXAMPLE, intent="LOG-2026-772").status_code == 201
    with system("test"):
        assert Episode.objects.count() == 2


def test_another_agency_with_the_same_key_of_its_own_is_another_referral(key):
    theirs = key_of("hospital.data")
    send(key, LEAST)
    assert send(theirs, LEAST, agency="hospital").status_code == 201
    with system("test"):
        assert Episode.objects.count() == 2


def test_a_key_reaches_its_own_agency_only(key):
    theirs = key_of("hospital.data")
    reference = send(key, LEAST).json()["reference"]
    assert send(theirs, LEAST).status_code == 404
    for agency in ("police", "hospital"):
        assert ask(theirs, reference, agency).status_code == 404
    assert ask(key, "K-NONE-000").status_code == 404
    assert send("knownto_wrong", LEAST).status_code == 401
    assert Entry.objects.filter(kind="refusal", because="not-yours", role="sending-key").count() == 4


def test_where_it_stands_and_no_outcome_before_it_is_told(key):
    reference = send(key, LEAST).json()["reference"]
    found = ask(key, reference).json()
    assert found["open"] and found["outcome"] == "" and found["decision_due"]


WRONG = [
    ({"kind": "dog"}, "kind"),
    ({"kind": None}, "kind"),
    ({"what_happened": "  "}, "what_happened"),
    ({"what_happened": ["x"]}, "what_happened"),
    ({"what_happened": "\ud800"}, "what_happened"),
    ({"what_happened": "x" * 9000}, "what_happened"),
    ({"children": SECRET}, "children"),
    ({"children": [SECRET]}, "children.0"),
    ({"children": [{"birth_date": SECRET}]}, "children.0.birth_date"),
    ({"children": [{"birth_date": "2016-02-30"}]}, "children.0.birth_date"),
    ({"children": [{"birth_date": "0001-01-01"}]}, "children.0.birth_date"),
    ({"children": [{"birth_date": 20160304}]}, "children.0.birth_date"),
    ({"children": [{SECRET: 1}]}, "children.0"),
    ({"children": [{"lived": [{"part": SECRET, "words": "x"}]}]}, "children.0.lived.0.part"),
    ({"children": [{}] * 21}, "children"),
    ({"adults": [{"role": SECRET}]}, "adults.0.role"),
    ({"adults": [{"factors": [{"factor": SECRET}]}]}, "adults.0.factors.0.factor"),
    ({"level_thought": 5}, "level_thought"),
    ({"level_thought": "3"}, "level_thought"),
    ({"significant_harm": "yes"}, "significant_harm"),
    ({"body_worn_video": {"on": 1}}, "body_worn_video.on"),
    ({"team": SECRET}, "team"),
    ({SECRET: "x"}, ""),
    ({"children": []}, ""),
]


@pytest.mark.parametrize(("change", "place"), WRONG)
def test_what_is_not_right_is_said_by_its_place_and_never_repeated(key, change, place):
    answer = send(key, LEAST | change)
    assert answer.status_code == 422, answer.content
    assert place in [field["field"] for field in answer.json()["fields"]]
    assert SECRET not in answer.content.decode()
    with system("test"):
        assert not Episode.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "3", '"x"', b"\xff\xfe", '{"kind":', "{" * 3000, "nonsense"])
def test_what_is_no_referral_at_all_is_refused_and_not_an_error_of_ours(key, body):
    assert send(key, body).status_code in (400, 422)


@pytest.mark.parametrize("intent", [None, "", "short", "x" * 101, "has a space in it", "t\u00e4sting-key"])
def test_without_a_usable_key_of_its_own_it_is_not_taken(key, intent):
    answer = send(key, LEAST, intent)
    assert answer.status_code == 422 and answer.json()["fields"][0]["field"]
    with system("test"):
        assert not Episode.objects.exists()


def test_the_description_names_everything_and_the_key(borough):
    described = Client().get("/api/openapi.json").json()
    sends = described["paths"]["/api/{agency}/referrals"]["post"]
    assert {"200", "201", "409", "422"} <= sends["responses"].keys()
    assert [p["name"] for p in sends["parameters"] if p["in"] == "header"] == ["Idempotency-Key"]
    fields = described["components"]["schemas"]["TheReferral"]["properties"]
    assert set(EXAMPLE) <= fields.keys()


def test_it_is_one_referral_when_the_answer_was_lost_for_a_day(key, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    first = send(key, EXAMPLE)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    assert send(key, EXAMPLE).json()["reference"] == first.json()["reference"]
