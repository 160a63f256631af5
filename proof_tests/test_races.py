"""Two to eight people decide the same piece of work at once, 5,000 times: one wins, the others are told who and when.

The history is then read back and checked by itself: numbers without a gap, each decision starting where the one
before it ended. KNOWNTO_RACES sets how many (a campaign runs 250,000).
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Lock
from uuid import UUID, uuid4

import pytest
from django.db import close_old_connections, connections, transaction

from knownto.access.acts import system
from knownto.casework import acts, deciding
from knownto.casework.models import Decision, Episode
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.town.living import found
from proof_tests.spending import SEED, each_of, note

RACES = int(os.environ.get("KNOWNTO_RACES", "5000"))
MOST = 8
# What people do at once to a contact that is being screened, with a level where the decision needs one.
MOVES = (
    ("rate", None),
    ("put-up", None),
    ("ask-partners", None),
    ("to-night", None),
    ("route", None),
    ("join", None),
    ("advice", 2),
    ("no-further-action", 1),
    ("early-help", 3),
)


@dataclass(frozen=True)
class Attempt:
    """What one of them got: the decision they made, or the one they were told of."""

    worker: UUID
    won: int | None
    told: tuple[UUID | None, int] | None


@pytest.fixture
def borough_committed(committed, now):
    found("small", now=now - timedelta(days=30))


def contact(now) -> Episode:
    with system("proof"):
        episode = acts.open_episode(
            by=Actor(None, "school", "school-lead"),
            pathway_code="contact",
            origin=acts.Origin("school"),
            about=[acts.Somebody("subject", Evidence(given_names="Somebody"))],
            urgency="green",
            now=now,
        )
        by = Actor(uuid4(), "childrens-social-care", "screener")
        acts.decide(episode=episode, choice=acts.Choice("take", "council", "In hand"), by=by, seen=0, now=now)
    return episode


def attempt(episode: UUID, move: str, level: int | None, start: Barrier, now) -> Attempt:
    by = Actor(uuid4(), "childrens-social-care", "screener")
    choice = acts.Choice(move, "council", "A reason of my own", level=level, urgency="amber" if move == "rate" else "")
    start.wait()
    try:
        with transaction.atomic(), system("proof"):
            mine = Episode.objects.get(pk=episode)
            return Attempt(by.worker, acts.decide(episode=mine, choice=choice, by=by, seen=1, now=now).number, None)
    except acts.Overtaken as told:
        return Attempt(by.worker, None, (told.decision.worker, told.decision.number))
    finally:
        close_old_connections()


def race(pool: ThreadPoolExecutor, episode: UUID, chance: random.Random, now) -> list[Attempt]:
    actors = chance.randint(2, MOST)
    start = Barrier(actors)
    moves = [chance.choice(MOVES) for _ in range(actors)]
    return [each.result() for each in [pool.submit(attempt, episode, *move, start, now) for move in moves]]


def faults(attempts: list[Attempt], episode: UUID) -> list[str]:
    """What is wrong with how it went; nothing when one won and the others know."""
    winners = [each for each in attempts if each.won]
    with system("proof"):
        made = list(Decision.objects.filter(episode=episode).order_by("number"))
        state = Episode.objects.get(pk=episode)
    wrong = []
    if len(winners) != 1 or len(made) != 2:
        wrong.append(f"{len(winners)} won, {len(made)} decisions")
    if [each.number for each in made] != [1, 2] or made[-1].source != made[0].to or state.state != made[-1].to:
        wrong.append("the history does not hang together")
    if any(each.told != (winners[0].worker, 2) for each in attempts if not each.won and winners):
        wrong.append("somebody was not told who was first")
    return wrong


def run(races: int, seed: str, now) -> list[str]:
    chance, wrong, ran = random.Random(seed), [], 0
    with ThreadPoolExecutor(MOST, initializer=connections.close_all) as pool:
        for _ in each_of(races):
            ran += 1
            episode = contact(now)
            wrong += faults(race(pool, episode.id, chance, now), episode.id)
        for _ in range(MOST):
            pool.submit(connections.close_all)
    note(races=ran, wrong=len(wrong))
    return wrong


def test_one_of_those_who_decide_at_once_wins_and_the_others_are_told(borough_committed, now):
    assert run(RACES, SEED, now) == []


def test_it_would_notice_a_decision_that_does_not_wait_for_its_turn(borough_committed, now, monkeypatch):
    """The negative control: without the row's lock, and with a number that looks free to each."""
    numbers, turn = iter(range(2, 1000)), Lock()

    def unlocked(episode: Episode) -> None:
        with turn:
            episode.decided = 1

    def written(episode, move, choice, by, now):
        with turn:
            episode.decided = next(numbers) - 1
        return kept(episode, move, choice, by, now)

    kept, episode = deciding._write, contact(now)
    monkeypatch.setattr(deciding, "_lock", unlocked)
    monkeypatch.setattr(deciding, "_write", written)
    with ThreadPoolExecutor(MOST) as pool:
        attempts = race(pool, episode.id, random.Random(1), now)
        for _ in range(MOST):
            pool.submit(connections.close_all)
    assert faults(attempts, episode.id) != []
