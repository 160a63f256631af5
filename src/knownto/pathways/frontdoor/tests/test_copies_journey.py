"""From the referral to the partner's record system: a real server over HTTPS that checks the signature, as partners are
told to in their guide, and the document, against the schema that is published.
"""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from knownto.access.acts import system
from knownto.disclosure import delivery, endpoints
from knownto.disclosure.models import Parcel, Way
from knownto.disclosure.tests.partner import AUTHORITY, Partner
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import copies, deciding, example, paper, referring
from knownto.pathways.frontdoor.document import json_schema
from knownto.pathways.frontdoor.referral import Adult, Child, Referral

GUIDE = (Path(__file__).parents[5] / "docs/receiving-copies.md").read_text()
REFERRAL = Referral(
    children=(
        Child(Evidence(family_name="Wrenshaw", given_names="Tobias", birth_date=date(2016, 3, 4)), impact="Afraid"),
    ),
    adults=(Adult(Evidence(family_name="Wrenshaw", given_names="Dana")),),
    what_happened="Shouting was heard, and the door was broken.",
    worries="It is the third time.",
    consent="told",
    wants="Somebody to see the family",
    writer="PC Pike",
)


@pytest.fixture
def system_of_police(borough, now, tmp_path, monkeypatch):
    """The police's record system: it is told of over HTTPS, at an address with a certificate we trust."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setattr(settings, "PARTNER_CA", str(tmp_path / "authority.pem"))
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", True)
    partner = Partner()
    by = Actor(None, "police", "administrator")
    partner.secret = endpoints.open_endpoint(agency="police", way=Way.HTTPS, where=partner.where, by=by, now=now)
    yield partner
    partner.close()


@pytest.fixture
def receive():
    """The check that the guide gives to partners, as it stands there."""
    names = {}
    exec(compile(re.search(r"```python\n(.*?)```", GUIDE, re.S)[1], "receiving-copies.md", "exec"), names)
    return names["receive"]


def deliver(now):
    """What a lane does, on this test's own connection."""
    return delivery._carry_to("police", lambda: now, 10)


def believed(partner, receive, now):
    """What came last, as their system takes it in: only if it is from us."""
    arrived = partner.arrived[-1]
    return receive(arrived.headers, arrived.body, partner.secret, now.timestamp())[0]


def faults(said, schema, whole, where="document"):
    """What is wrong with a document by that JSON Schema: its own reading of the parts of it that ours uses."""
    if "$ref" in schema:
        return faults(said, whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole, where)
    if "anyOf" in schema:
        tries = [faults(said, each, whole, where) for each in schema["anyOf"]]
        return [] if [] in tries else tries[0]
    return [*_of_value(said, schema, where), *_of_parts(said, schema, whole, where)]


TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def _of_value(said, schema, where):
    if "type" in schema and not isinstance(said, TYPES[schema["type"]]):
        yield f"{where} is no {schema['type']}"
    if "const" in schema and said != schema["const"]:
        yield f"{where} is not {schema['const']}"
    if "enum" in schema and said not in schema["enum"]:
        yield f"{where} is none of {schema['enum']}"
    if schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", said
    ):
        yield f"{where} is no time with a zone"
    if schema.get("format") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", said):
        yield f"{where} is no day"


def _of_parts(said, schema, whole, where):
    if isinstance(said, dict):
        known = schema.get("properties", {})
        yield from (f"{where}.{name} is missing" for name in schema.get("required", []) if name not in said)
        for name, each in said.items():
            if name in known:
                yield from faults(each, known[name], whole, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                yield f"{where}.{name} is not described"
    if isinstance(said, list):
        for number, each in enumerate(said):
            yield from faults(each, schema.get("items", {}), whole, f"{where}[{number}]")


def test_a_referral_and_its_outcome_reach_the_officers_own_record_system(system_of_police, viewer_of, receive, now):
    # An officer refers.
    sent = referring.send(by=viewer_of("officer"), referral=REFERRAL, intent="notebook-1", now=now)
    # The worker makes the copy that is owed, and takes it there.
    copies.make(now)
    assert deliver(now) == 1
    # Their system checks that it is from us and unaltered, and that it is what we said it would be.
    copy = believed(system_of_police, receive, now)
    assert copy["kind"] == "referral" and copy["document"]["reference"] == sent.reference
    assert faults(copy["document"], json_schema(), json_schema()) == []
    assert copy["document"]["referral"]["what_happened"] == REFERRAL.what_happened
    assert bool(copy["pdf"]) == paper.can_make()
    # The hub decides, and the referrer is told: their system too, after the referral and about the same child.
    later = now + timedelta(hours=2)
    deciding.decide(
        by=viewer_of("hub.manager"),
        episode=sent.episode,
        move="advice",
        level=2,
        rationale="The school and the health visitor already help, and the family agrees to it.",
        override_why="Nothing speaks for more",
        seen=0,
        now=later,
    )
    copies.make(later)
    deliver(later)
    outcome = believed(system_of_police, receive, later)
    assert (outcome["child"], outcome["number"]) == (copy["child"], 2)
    assert faults(outcome["document"], json_schema(), json_schema()) == []
    assert outcome["document"]["outcome"]["level"] == 2
    assert "health visitor already help" not in json.dumps(outcome), "the hub's reasons stay with the hub"
    # Both are acknowledged: nothing is owed any more.
    with system("test"):
        assert set(Parcel.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_what_was_altered_on_its_way_is_not_believed(system_of_police, viewer_of, receive, now):
    referring.send(by=viewer_of("officer"), referral=REFERRAL, intent="notebook-2", now=now)
    copies.make(now)
    deliver(now)
    [arrived] = system_of_police.arrived
    with pytest.raises(ValueError):
        receive(arrived.headers, arrived.body.replace(b"Tobias", b"Tobiah"), system_of_police.secret, now.timestamp())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("reference"),
        lambda d: d.update(gossip="x"),
        lambda d: d["referral"]["children"][0].update(role="friend"),
        lambda d: d["referral"].update(sent_at="yesterday"),
        lambda d: d.update(marking=7),
    ],
)
def test_the_check_of_the_schema_finds_what_is_wrong(spoil):
    """The negative control."""
    document = example.document("referral").to_json()
    assert faults(document, json_schema(), json_schema()) == []
    spoil(document)
    assert faults(document, json_schema(), json_schema())
