"""Asking the tracker from a contact: an open case in the council's own feed leads to the team that has it."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access import clock
from knownto.access.acts import SYSTEM, system
from knownto.access.refusals import NotYours
from knownto.casework import reads
from knownto.casework.models import Participation
from knownto.feeds import acts as feeds
from knownto.footprint.models import Search
from knownto.identity import acts as identity
from knownto.ledger.models import Entry
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import tracking
from knownto.pathways.frontdoor.tests.contacts import PRIYA, anew, client_of, contact

ROW = {
    "record_id": "M1",
    "contact_id": "C1",
    "family_name": "Wrenshaw",
    "given_names": "Tobias",
    "date_of_birth": "2016-03-04",
    "address_line_1": "4 Tallow Row",
    "postcode": "QK1 2AB",
    "category": "child_in_need",
    "team": "family-safeguarding",
}


def landed(status):
    """The council's file of yesterday, with Tobias in it."""
    now = clock.now()
    yesterday = localdate(now) - timedelta(days=1)
    row = ROW | {"status": status, "started_on": (yesterday - timedelta(days=30)).isoformat()}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    given = {"agency": "childrens-social-care", "mode": "snapshot", "as_of": yesterday, "by": SYSTEM, "now": now}
    assert feeds.take_in(text.getvalue().encode(), name=f"c_snapshot_{yesterday}.csv", **given).state == "landed"
    identity.catch_up(now=now)


def look(by, made):
    with system("test"):
        [child] = reads.people([made])[made.id]
    return tracking.look(by=by, episode=made.id, child=child.id, now=clock.now())


@pytest.mark.parametrize(
    ("status", "said", "teams"), [("open", "open", ("family-safeguarding",)), ("closed", "known", ())]
)
def test_it_says_whether_the_council_has_an_open_case_and_with_whom(viewer_of, status, said, teams):
    landed(status)
    made = contact(clock.now())
    looked = look(viewer_of("screener"), made)
    assert (looked.said, looked.teams) == (said, teams)
    with system("test"):
        assert Participation.objects.get(pk=looked.child).person == Search.objects.get(pk=looked.search).people[0]
        [told] = tracking.looks(anew(made), viewer_of("screener"), clock.now())
        assert [team.code for team in told.teams] == list(teams) and told.search == looked.search
        [theirs] = tracking.looks(anew(made), viewer_of("hub.manager"), clock.now())
        assert theirs.search is None  # a search is open to whoever made it
    assert Entry.objects.filter(kind="search").count() == Entry.objects.filter(kind="view").count() == 1


def test_where_no_feed_could_be_looked_at_it_does_not_say_nothing(viewer_of):
    assert look(viewer_of("screener"), contact(clock.now(), PRIYA)).said == "could-not-check"


def test_too_little_is_not_asked_and_nobody_elses_child_either(viewer_of):
    made, other = contact(clock.now(), Evidence(given_names="Tobias")), contact(clock.now())
    with pytest.raises(tracking.TooLittle):
        look(viewer_of("screener"), made)
    with system("test"):
        [child] = reads.people([other])[other.id]
    with pytest.raises(tracking.TooLittle):
        tracking.look(by=viewer_of("screener"), episode=made.id, child=child.id, now=clock.now())
    with pytest.raises(NotYours):
        look(viewer_of("officer"), made)
    with system("test"):
        assert Search.objects.count() == 0


def test_the_page_offers_that_team_when_it_is_routed(viewer_of):
    landed("open")
    made = contact(clock.now())
    with system("test"):
        [child] = reads.people([made])[made.id]
    client = client_of("screener")
    client.post(reverse("frontdoor:screen-act", args=[made.id, "tracker"]), {"tracker-child": str(child.id)})
    page = client.get(reverse("frontdoor:screen", args=[made.id])).content.decode()
    assert "have an open case with Family safeguarding" in page
    with system("test"):
        team = tracking.looks(anew(made), viewer_of("screener"), clock.now())[0].teams[0]
    assert f'<option value="{team.pk}/" selected' in page
