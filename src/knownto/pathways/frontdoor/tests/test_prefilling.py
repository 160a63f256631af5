"""Referring whom a search found: copied under its purpose, recorded, and never more than the worker is shown."""

import pytest
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.access.viewer import viewer_of
from knownto.disclosure.models import Disclosure, How
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.footprint.why import Why
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import drafts
from knownto.pathways.frontdoor.prefilling import begin_from

ASKED = Question(given="Amelia", family="Okafor-Lunt", nhs_number="9990000018")


@pytest.fixture
def town(db, now):
    found = partnership.borough(now)
    found.tell()
    return found


def begin(viewer, now, kind="child", household=False, question=ASKED):
    search = footprint.search(by=viewer, question=question, why=Why("child-concern", "LOG 4471"), now=now)
    opened = open_search.own(viewer, search.id, now)
    if household:
        footprint.open_footprint(by=viewer, search=opened, place=1, how=How.VIEW, now=now)
        opened = open_search.own(viewer, search.id, now)
    draft = begin_from(by=viewer, search=opened, place=1, kind=kind, household=household, once={}, now=now)
    return drafts.own(viewer, draft).written, opened


def test_a_screener_is_given_name_birth_and_address_under_the_searchs_purpose(town, now):
    written, opened = begin(town.viewer("screener"), now)
    [child] = written.children
    assert (child["given"], child["family"], child["nhs_number"]) == ("Amelia", "Okafor-Lunt", "9990000018")
    assert (child["born_year"], child["postcode"], child["person"]) == ("2016", "QK1 2AB", str(opened.people[0]))
    assert written.found_by == str(opened.id)
    [entry] = Entry.objects.filter(kind="copied-to-referral")
    assert entry.purpose == "child-concern"
    assert [about.subject for about in entry.about.all()] == [str(opened.people[0])]
    with system("test"):
        assert Disclosure.objects.filter(entry=entry, how=How.VIEW, person=opened.people[0]).count() == 1


def test_a_role_that_is_shown_no_more_than_a_pointer_is_given_the_name_alone(town, now):
    asked = Question(family="Okafor-Lunt", given="Amelia", phone="07700 900123")
    [child] = begin(town.viewer("school-lead", "school"), now, question=asked)[0].children
    assert child["family"] == "Okafor-Lunt"
    assert not {"born_year", "address", "postcode", "nhs_number"} & child.keys()


def test_an_officer_is_given_the_birth_and_what_police_hold_of_the_address(town, now):
    [child] = begin(town.viewer("officer", "police"), now)[0].children
    assert (child["born_day"], child["postcode"]) == ("3", "QK1 2AB")


def test_the_household_comes_along_where_it_was_seen(town, now):
    written, _ = begin(town.viewer("screener"), now, household=True)
    assert [(child["given"], child.get("worry")) for child in written.children] == [
        ("Amelia", None), ("Joseph", "sibling"),
    ]  # fmt: skip
    assert written.adults == ()


def test_nobody_elses_search_and_no_place_it_does_not_lead_to(town, now):
    viewer = town.viewer("screener")
    _, opened = begin(viewer, now)
    with pytest.raises(NotYours):
        begin_from(by=viewer, search=opened, place=9, kind="child", household=False, once={}, now=now)
    other = town.viewer("hub-manager", name="Other")
    with pytest.raises(NotYours):
        open_search.own(other, opened.id, now)


@pytest.fixture
def page(db, client):
    """A screener at the page, with a search of their own, at the database's own time."""
    found = partnership.borough(clock.now())
    found.tell()
    worker = found.worker("screener")
    partnership.sign_in(client, worker)
    viewer = viewer_of(worker, second_factor=True)
    search = footprint.search(by=viewer, question=ASKED, why=Why("child-concern", "LOG 1"), now=clock.now())
    return client, viewer, search.id


def test_the_button_on_the_footprint_leads_to_a_draft(page):
    client, viewer, search = page
    at = reverse("frontdoor:refer-found", args=[search, 1])
    assert at in client.get(reverse("footprint:footprint", args=[search, 1])).content.decode()
    assert at in client.get(reverse("footprint:answer", args=[search])).content.decode()
    assert client.get(at).status_code == 200 and not drafts.of(viewer)
    response = client.post(at, {"kind": "child", "household": "on"})
    [draft] = drafts.of(viewer)
    assert str(draft.id) in response["Location"] and "Okafor" not in response["Location"]
