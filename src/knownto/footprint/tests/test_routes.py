"""Whom to ring when nobody has the work: whoever the partnership says answers for the agency, however many teams."""

from knownto.access.acts import SYSTEM
from knownto.footprint.routes import Routes
from knownto.partners import acts as partners
from knownto.partners import offices


def test_an_agency_of_many_teams_has_its_front_door(borough):
    assert [route.team for route in Routes().front_door("police")] == ["Domestic abuse"]


def test_schools_have_none_and_an_agency_of_one_team_has_that(borough, now):
    assert Routes().front_door("school") == ()
    partners.add_agency(by=SYSTEM, now=now, code="ambulance", name="Ambulance")
    assert Routes().front_door("ambulance") == ()
    for number in (1, 2):
        route = {"phone": "01632 960499", "hours": "24 hours"}
        partners.add_team(by=SYSTEM, now=now, agency="ambulance", code=f"team-{number}", name=f"Team {number}", **route)
        found = [route.team for route in Routes().front_door("ambulance")]
        assert found == (["Team 1"] if number == 1 else [])  # of two, nobody has said which answers


def test_a_team_that_is_gone_leads_to_the_front_door(borough):
    assert [route.team for route in Routes().to("police", ["no-such-team"])] == ["Domestic abuse"]
    assert [route.team for route in Routes().to("police", ["response"])] == ["Response"]


def test_where_no_team_of_theirs_may_be_told_it_is_never_an_agencys_only_one(borough, now):
    """The only team of an academy is the academy."""
    partners.add_agency(by=SYSTEM, now=now, code="academy", name="Academies")
    route = {"phone": "01632 960499", "hours": "School days"}
    partners.add_team(by=SYSTEM, now=now, agency="academy", code="academy-1", name="Tolworth Hill", **route)
    routes = Routes()
    assert [route.team for route in routes.front_door("academy")] == ["Tolworth Hill"]
    assert [route.team for route in routes.instead("academy")] == [offices.team_of("hub").name]
    assert [route.team for route in routes.instead("police")] == ["Domestic abuse"]
