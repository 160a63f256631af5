"""Whom a footprint gives grounds to ask, and that only one's own, found for this very work, gives any."""

from datetime import date
from uuid import uuid4

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.disclosure.models import Disclosure
from knownto.footprint import acts as tracker
from knownto.footprint.answers import Looked
from knownto.footprint.picture import AgencyRow, Says
from knownto.footprint.question import Question
from knownto.footprint.tests.partnership import borough as partnership
from knownto.footprint.why import Why
from knownto.pathways.frontdoor import targeting
from knownto.pathways.frontdoor.targeting import Ground

AMY = Question(given="Amelia", family="Okafor-Lunt", born=date(2016, 2, 3))
WORK = "2B7K-Q9XD-4"


def row(agency, says, **more):
    return AgencyRow(agency, agency.title(), says, Looked.SEARCHED, **more)


def test_contact_of_any_of_them_is_a_ground_and_so_is_what_was_earlier():
    found = targeting.taken(
        [
            row("police", Says.NONE),
            row("school", Says.NONE, earlier=True, teams=("school-02",)),
            row("police", Says.CONTACT, teams=("response",)),
            row("school", Says.NONE),
            row("fire", Says.NOT_CONNECTED),
            row("hospital", Says.COULD_NOT_CHECK),
        ],
        ["R1"],
    )
    assert found.grounds == {"police": "contact", "school": "earlier"}
    assert found.says["police"] == "contact" and found.teams["school"] == ["school-02"]
    assert {found.ground(agency) for agency in ("fire", "hospital", "housing")} == {Ground.REASON}
    assert targeting.Shown.from_json(found.to_json()) == found


def test_who_has_contact_is_ticked_and_first_and_nobody_else_is_ticked(borough):
    found = targeting.taken([row("school", Says.CONTACT), row("police", Says.NONE, earlier=True)], [])
    partners = targeting.partners(found)
    assert [each.sheet.agency for each in partners if each.ticked] == ["school"]
    assert [each.sheet.agency for each in partners][:2] == ["school", "police"]
    said = {each.sheet.agency: each.says for each in partners}
    assert "Earlier involvement: ask" in said["police"] and said["fire"] == ""


def test_no_way_in_which_a_feed_says_nothing_reads_like_another():
    assert set(targeting.SAID) == set(Says) and len({*targeting.SAID.values()}) == len(Says)


@pytest.fixture
def town(db, now):
    made = partnership(now)
    made.tell()
    return made


def searched(viewer, now, work=WORK):
    return tracker.search(by=viewer, question=AMY, why=Why("child-concern", work), now=now)


def test_a_footprint_found_for_this_work_says_whom_to_ask_and_is_recorded(town, now):
    screener = town.viewer("screener")
    made = searched(screener, now, f"contact {WORK.lower()}")
    [offer] = targeting.offered(screener, WORK, now)
    assert offer.use == f"{made.id}:1" and "Okafor-Lunt" in offer.name
    found = targeting.shown(by=screener, reference=WORK, uses=[offer.use], now=now)
    assert found.ground("police") is Ground.CONTACT and "missing-persons" in found.teams["police"]
    assert found.ground("fire") is Ground.REASON and found.ground("school") is Ground.REASON
    with system("test"):
        assert Disclosure.objects.filter(receipt__in=found.receipts).count() == 1


def test_no_other_search_gives_grounds(town, now):
    screener = town.viewer("screener")
    other = searched(screener, now, "another piece of work")
    colleagues = searched(town.viewer("screener", name="Another"), now)
    assert targeting.offered(screener, WORK, now) == []
    for use in (f"{other.id}:1", f"{colleagues.id}:1", f"{uuid4()}:1", "nonsense", f"{other.id}:x"):
        with pytest.raises(NotYours):
            targeting.shown(by=screener, reference=WORK, uses=[use], now=now)


def test_a_search_that_has_closed_gives_none_and_a_role_that_may_not_look_is_offered_none(town, now):
    screener = town.viewer("screener")
    made = searched(screener, now)
    with pytest.raises(NotPossibleNow):
        targeting.shown(by=screener, reference=WORK, uses=[f"{made.id}:1"], now=made.until)
    assert targeting.offered(screener, WORK, made.until) == []
    assert targeting.offered(town.viewer("conference-chair"), WORK, now) == []
