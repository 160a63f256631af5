"""At once, really committed: one takes it, one decides it and opens what follows, two do not join each other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from knownto.access.acts import system
from knownto.access.viewer import viewer_of
from knownto.casework import acts
from knownto.casework.models import Ask, Decision, Episode
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import deciding, joining, screening
from knownto.pathways.frontdoor.tests.contacts import ORLA, anew, contact

AT_ONCE = 6


@pytest.fixture
def hub(borough_committed):
    """The hub's people, by turns: [screener, manager, screener, ...]."""
    two = [viewer_of(by_sign_in_name(name), second_factor=True) for name in ("screener", "hub.manager")]
    return (two * AT_ONCE)[:AT_ONCE]


def at_once(acts_of):
    """What each gave, or was refused with."""
    start = Barrier(len(acts_of))

    def go(act):
        start.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 (each of them is looked at)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts_of)) as pool:
        return list(pool.map(go, acts_of))


def test_one_takes_it_and_each_of_the_others_is_told_who(hub, now):
    made = contact(now)
    given = at_once([lambda by=by: screening.take(by=by, episode=made.id, seen=0, now=now) for by in hub])
    winners = [each for each in given if isinstance(each, Decision)]
    told = [each for each in given if isinstance(each, acts.Overtaken)]
    assert (len(winners), len(told)) == (1, AT_ONCE - 1)
    assert {each.decision.pk for each in told} == {winners[0].pk}
    assert anew(made).worker_id == winners[0].worker


def test_one_decides_it_and_only_theirs_follows(hub, now):
    made = contact(now)
    choices = [("early-help", 3), ("advice", 2)] * AT_ONCE

    def decide(by, move, level):
        return deciding.decide(
            by=by, episode=made.id, move=move, level=level, rationale=f"My reasons for {move}.", seen=0, now=now
        )

    pairs = zip(hub, choices, strict=False)
    given = at_once([lambda by=by, choice=choice: decide(by, *choice) for by, choice in pairs])
    assert sorted(type(each).__name__ for each in given) == ["Decision"] + ["Overtaken"] * (AT_ONCE - 1)
    with system("test"):
        follows = Episode.objects.filter(parent=made).count()
        assert follows == (1 if anew(made).state == "early-help" else 0)
        assert Ask.objects.filter(episode=made, kind="outcome").count() == 1


def test_two_that_are_joined_crosswise_are_not_both_lost(hub, now):
    first, second = contact(now), contact(now, ORLA)

    def join(by, this, that):
        return joining.join(by=by, episode=this.id, to=that.id, why="The same evening.", seen=0, now=now)

    given = at_once([lambda: join(hub[0], first, second), lambda: join(hub[1], second, first)])
    assert sorted(type(each).__name__ for each in given) == ["CannotJoin", "Decision"]
    with system("test"):
        assert Episode.objects.filter(closed_at=None).count() == 1


def test_whoever_looked_at_the_first_decision_wins_the_second(hub, now):
    """The negative control of the first: it is what each had seen that decides, not who came first."""
    made = contact(now)
    screening.take(by=hub[0], episode=made.id, seen=0, now=now)
    given = at_once(
        [
            lambda: screening.rate(by=hub[0], episode=made.id, urgency="red", why="Now.", seen=1, now=now),
            lambda: screening.rate(by=hub[1], episode=made.id, urgency="green", why="Late.", seen=0, now=now),
        ]
    )
    assert [type(each).__name__ for each in given] == ["Decision", "Overtaken"]
    assert anew(made).urgency == "red"
