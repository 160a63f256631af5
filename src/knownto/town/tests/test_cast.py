"""Agencies, teams and personas fit one another and the files."""

import re

from knownto.policy import ROLES
from knownto.town import SIZES, agencies, personas, teams
from knownto.town.habits import habits
from knownto.town.tests.contract import TEAMS


def test_it_has_every_team_that_a_file_may_name():
    held = {(team.agency, team.code) for team in teams()}
    assert {(agency, team) for agency, names in TEAMS.items() for team in names.split()} <= held
    assert len(teams("borough")) == len(teams()) - SIZES["small"].schools + SIZES["borough"].schools


def test_it_connects_exactly_the_agencies_that_send_files():
    assert {agency.code for agency in agencies() if agency.connected} == set(habits())
    assert len(agencies()) == 11


def test_it_can_be_rung_only_at_numbers_kept_for_drama():
    for team in teams("borough"):
        assert re.fullmatch(r"01632 960\d{3}", team.phone)
        assert team.email.endswith(".example.org")


def test_it_has_somebody_to_sign_in_as_in_each_role():
    team_codes = {(team.agency, team.code) for team in teams()}
    roles = [role for persona in personas() for role in persona.roles]
    assert set(roles) == set(ROLES)
    assert {p.agency for p in personas() if "data-manager" in p.roles} == set(habits())
    assert all(not p.team or (p.agency, p.team) in team_codes for p in personas())
    assert len({p.sign_in for p in personas()}) == len(personas())


def test_it_names_every_school_of_a_borough_differently():
    names = [team.name for team in teams("borough") if team.agency == "school"]
    assert len(names) == len(set(names))
