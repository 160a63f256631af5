"""People with a story are the same whatever the seed, and nobody else can be mistaken for one."""

from dataclasses import replace
from datetime import date

import pytest

from knownto.town import build, stories
from knownto.town.stories import Footprint
from knownto.town.tests.conftest import ENDS


@pytest.fixture(scope="module")
def told(town):
    return {story.slug: story for story in stories(town)}


def test_it_tells_the_same_stories_for_every_seed(town):
    assert stories(town) == stories(build("small", seed=99, ends=ENDS))


def test_it_tells_of_a_child_known_to_four_agencies_with_a_brother_at_home(told):
    story = told["known-to-four"]
    assert story.footprint == (
        Footprint("police", 3, 0, 0),
        Footprint("childrens-social-care", 2, 0, 1),
        Footprint("hospital", 2, 0, 0),
        Footprint("school", 1, 0, 1),
    )
    assert "story-oliver-hartshorne" in story.with_them


def test_it_tells_of_a_child_known_to_nobody(town, told):
    assert told["known-to-nobody"].footprint == ()
    records = (r for shelf in town.slice(0).shelves.values() for r in shelf.records)
    assert not any(r.person.family == "Whitlowe" for r in records)


def test_it_counts_days_back_from_the_end_so_that_fourteen_months_ago_stays_so(town, told):
    later = {s.slug: s for s in stories(replace(town, ends=date(2027, 2, 28), kept={}))}
    for slug in ("fourteen-months-ago", "past-the-time-limit"):
        assert told[slug].footprint == later[slug].footprint == (Footprint("childrens-social-care", 0, 1, 0),)


def test_it_writes_one_sikh_girl_in_four_ways(town):
    written = {
        (r.evidence.given_names, r.evidence.family_name)
        for shelf in town.slice(0).shelves.values()
        for r in shelf.records
        if r.person.id == "story-kaur-family"
    }
    assert written == {("Gurleen", "KAUR"), ("Gurleen", "Kaur Thandi"), ("Gurleen", "Thandi")}


def test_it_knows_the_unborn_only_by_mother_and_expected_day(town):
    (evidence,) = (
        r.evidence for r in town.slice(0).shelves["childrens-social-care"].records if r.person.id == "story-unborn"
    )
    assert (evidence.given_names, evidence.date_of_birth, evidence.nhs_number) == ("Unborn", "", "")
    assert evidence.expected_birth_date


def test_it_keeps_story_surnames_and_postcodes_to_the_stories(town):
    people = town.slice(0).population.people
    others = [p for p in people if "story" not in p.traits]
    family = {p.family for p in people if "story" in p.traits} - {"Kaur"}
    assert not family & {p.family for p in others}
    theirs = {place.postcode for p in people if "story" in p.traits for _, place, _ in p.homes} - {""}
    assert not theirs & {place.postcode for p in others for _, place, _ in p.homes}
