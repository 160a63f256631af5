"""Where the threshold lies: what each agency sent, what was below, raised, lowered, overridden, disagreed with."""

from datetime import timedelta

import pytest
from django.urls import reverse

from knownto.access.refusals import NotYours
from knownto.pathways.frontdoor import deciding, thresholds
from knownto.pathways.frontdoor.periods import last_year
from knownto.pathways.frontdoor.tests.contacts import client_of, contact


def decided(viewer_of, now, move, level, why="", **said):
    made = contact(now, **said)
    deciding.decide(
        by=viewer_of("hub.manager"), episode=made.id, move=move, level=level, rationale="Because.", override_why=why,
        seen=0, now=now,
    )  # fmt: skip


def test_each_agency_is_counted_and_all_together_last(viewer_of, now):
    decided(viewer_of, now, "advice", 1)
    decided(viewer_of, now, "advice", 2, "A birthmark.", level_thought=4)
    decided(viewer_of, now, "early-help", 3, "More than he thought.", level_thought=2, writer="officer")
    contact(now), contact(now - timedelta(days=800))
    schools, police, everybody = thresholds.sent(viewer_of("scrutineer"), last_year(now), now=now)
    assert (schools.came, schools.waiting, schools.decided, schools.below, schools.share_below) == (3, 1, 2, 2, "100%")
    assert (schools.levels, schools.thought, schools.lowered, schools.overridden) == ((1, 1, 0, 0), 1, 1, 1)
    assert (police.below, police.raised, police.share_below, police.challenged) == (0, 1, "0%", 0)
    assert (everybody.came, everybody.below, everybody.overridden) == (4, 2, 2)


def test_nothing_came_and_nothing_is_said(viewer_of, now):
    assert thresholds.sent(viewer_of("screener"), last_year(now), now=now) == []
    with pytest.raises(NotYours):
        thresholds.sent(viewer_of("officer"), last_year(now), now=now)


def test_the_page_and_the_sheet(viewer_of, now):
    from knownto.access import clock

    decided(viewer_of, clock.now(), "advice", 1)
    at = reverse("frontdoor:thresholds")
    assert b"1 of 1 (100%)" in client_of("scrutineer").get(at).content
    assert "All agencies,1" in client_of("scrutineer").get(at + "?period=year&as=csv").content.decode()
    assert client_of("scrutineer").get(at + "?period=nonsense").status_code == 200
