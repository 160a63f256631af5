"""Every act of the casework and of the front door, broken off before each of its statements, then done again.

Nothing half done is left, and doing it again does it once. The stories do every act that there is: whatever is told
the time either ran while it was being broken off, or is named here as only looking, or this fails.
"""

from datetime import datetime, timedelta

import pytest

from knownto.access.acts import system
from knownto.casework import sweeping
from knownto.casework.models import Notice
from knownto.casework.telling import tell
from knownto.partners import offices
from knownto.town.living import found, found_partners
from proof_tests.breaking import MANY, Breaking, acts_of, watched
from proof_tests.stories import STORIES, Scene, searching

PACKAGES = ("knownto.casework", "knownto.pathways.frontdoor")
PLAYED: set[str] = set()
# They look and work things out. What they write, if anything, is the ledger entry that says who looked.
ONLY_LOOK = {
    "knownto.casework": {
        "asked_of.read", "clocks.look_again_after", "entering.listing", "notices.notices", "owing.owed",
        "owing.come_back", "owing.waited_for", "presenting.asked_table", "presenting.back_table",
        "presenting.due_cell", "presenting.work_table", "reads.owed",
    },
    "knownto.pathways.frontdoor": {
        "board.board", "calendars.calendar_file", "considering.of_agency", "considering.of_mine", "considering.own",
        "feedback.not_told", "finding.by_child", "health_documents.opened", "levels.current", "measuring.trends",
        "measuring.video", "nights.next_opening", "nights.office_for", "own_referrals.mine",
        "own_referrals.of_agency_system", "periods.last_quarter", "periods.last_year", "periods.this_quarter",
        "practices.report", "replies.checks", "replies.reply", "returns.counts",
        "returns.tracker", "sent_copies.of_agency", "sent_copies.one", "supervising.queue", "targeting.offered",
        "thresholds.sent", "tracking.looks",
    },
}  # fmt: skip


@pytest.fixture
def scene(committed, now, request):
    if request.getfixturevalue("story") is not searching:  # which is set among partners of its own
        found("small", now=now - timedelta(days=30))
    return Scene(Breaking(), now)


@pytest.fixture(scope="module")
def acts():
    return acts_of(*PACKAGES)


@pytest.fixture(scope="module")
def ran(acts):
    """The names of what was broken off in any of the stories."""
    with watched(acts) as names:
        yield names


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_an_act_that_is_broken_off_leaves_nothing_and_is_then_done_once(story, scene, ran):
    story(scene)
    assert scene.go.wrong == []
    assert scene.go.kills > 10 * len(set(scene.go.done))
    assert sweeping.adrift() == 0
    PLAYED.add(story.__name__)


def test_no_act_was_forgotten(acts, ran):
    if len(PLAYED) < len(STORIES):
        pytest.skip("only after all stories have been played")
    looks = {f"{package}.{name}" for package, names in ONLY_LOOK.items() for name in names}
    forgotten, gone = sorted(acts.keys() - ran - looks), sorted(looks - acts.keys())
    assert not forgotten, f"no story does {', '.join(forgotten)}"
    assert not gone, f"there is no {', '.join(gone)}"


def torn(now: datetime) -> None:
    """An act that commits half of itself first."""
    for number in range(2):
        with system("proof"):
            tell("asked", episode=None, team=offices.team_of("hub"), sort=f"torn:{number}", now=now)


def idle(now: datetime) -> None:
    with system("proof"):
        pass


def tell_anew(now: datetime) -> None:
    """A sweep that finds something to do whenever it comes."""
    with system("proof"):
        told = Notice.objects.count()
        tell("asked", episode=None, team=offices.team_of("hub"), sort=f"anew:{told}", now=now)


@pytest.mark.parametrize(("act", "said"), [(torn, "something of it was left"), (idle, "did nothing")])
def test_it_would_notice_an_act_that_commits_half_or_does_nothing(act, said, committed, now):
    """The negative control."""
    found_partners("small", now=now)
    go = Breaking()
    go(act, now)
    assert go.wrong and all(said in each for each in go.wrong)


@pytest.mark.parametrize(("act", "right"), [(torn, True), (tell_anew, False)])
def test_of_what_does_several_things_it_would_notice_one_that_is_never_done(act, right, committed, now):
    found_partners("small", now=now)
    go = Breaking()
    go(act, now, leaves=MANY)
    assert (go.wrong == []) is right
