"""Every act of the casework and of the front door, broken off before each of its statements, then done again.

Nothing half done is left, and doing it again does it once. The stories do every act that there is; an act that no
story does is named here with its reason, or this fails.
"""

from datetime import timedelta

import pytest

from knownto.casework import sweeping
from knownto.town.living import found
from proof_tests.breaking import Breaking, acts_of, watched
from proof_tests.stories import STORIES, Scene, searching

PACKAGES = ("knownto.casework", "knownto.pathways.frontdoor")


@pytest.fixture
def scene(committed, now, request):
    if request.getfixturevalue("story") is not searching:  # which is set among partners of its own
        found("small", now=now - timedelta(days=30))
    return Scene(Breaking(), now)


@pytest.fixture(scope="module")
def ran():
    """The names of what the stories did."""
    with watched(acts_of(*PACKAGES)) as names:
        yield names


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_an_act_that_is_broken_off_leaves_nothing_and_is_then_done_once(story, scene, ran):
    story(scene)
    assert scene.go.wrong == []
    assert scene.go.kills > 10 * len(set(scene.go.done))
    assert sweeping.adrift() == 0
