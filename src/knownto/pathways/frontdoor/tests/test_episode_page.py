"""The page of one piece of work: each part sees what it is for, and nothing of it is in an address or a title."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework import acts
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.models import Team
from knownto.partners.reads import by_sign_in_name

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)


@pytest.fixture
def contact(borough, now):
    """A contact that the school's lead wrote."""
    worker = by_sign_in_name("school.lead")
    by = Actor(worker.pk, "school", "school-lead")
    team = Team.objects.get(agency="school", code="school-01")
    with system("test"):
        made = acts.open_episode(
            by=by,
            pathway_code="contact",
            origin=acts.Origin("school", team, worker.pk),
            about=[acts.Somebody("subject", CHILD, {"relation": "pupil"})],
            urgency="amber",
            now=clock.now(),
        )
        acts.say(episode=made, kind="referral", plain={"what_happened": "A mark on his arm."}, by=by, now=clock.now())
    return made


def client_of(sign_in):
    """A session as the product begins one."""
    client, worker = Client(), by_sign_in_name(sign_in)
    client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
    session.save()
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def shown(sign_in, contact):
    return client_of(sign_in).get(reverse("frontdoor:episode", args=[contact.id]))


def test_the_hub_sees_all_of_it(contact):
    page = text(shown("screener", contact))
    for words in ("Tobias Wrenshaw", "A mark on his arm", "Amber", "Martin Keogh", "Decide what the response is"):
        assert words in page
    assert "Working Together" in page


def test_its_title_and_address_say_nothing(contact):
    page = shown("screener", contact).content.decode()
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert "Piece of work" in title and "Tobias" not in title


def test_who_wrote_it_sees_what_they_wrote_and_not_how_it_is_worked_on(contact):
    page = text(shown("school.lead", contact))
    assert "A mark on his arm" in page and "Tobias Wrenshaw" in page
    assert "Decide what the response is" not in page and "Nothing has been decided" not in page


@pytest.mark.parametrize("sign_in", ["officer", "social.worker", "gp", "chair"])
def test_to_everybody_else_it_is_not_there(contact, sign_in):
    assert shown(sign_in, contact).status_code == 404
