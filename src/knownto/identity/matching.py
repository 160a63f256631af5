"""Second stage of matching a record: find its candidates, compare, believe, and group again what changed."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from knownto.access import acts as access
from knownto.identity import beliefs, blind, pending
from knownto.identity.cleaned import TABLE, Opened
from knownto.identity.grouping import regroup
from knownto.identity.models import Stage
from knownto.identity.scores import Pair, Scores, belief, model, pair
from knownto.identity.statements import numbers, rows
from knownto.keyring.generations import PEOPLE, hold

MOST_CANDIDATES = 60  # of one record, those whose shared keys are rarest
Later = Callable[[Collection[int]], dict[int, tuple[int, int]]]  # the places (near, record) of those still to come


def match_some(opened: Opened, most: int, now: datetime) -> int:
    """Match the next `most` keyed records, in one transaction. Returns how many there were."""
    with access.system("identity"):
        batch = pending.claim(Stage.KEYED, most)
        if batch:
            match_records(batch, Scores(opened), now, later=pending.waiting)
            pending.done(record for record, _ in batch)
    return len(batch)


def match_records(batch: list[tuple[int, int]], scores: Scores, now: datetime, *, later: Later) -> None:
    """Compare those records (with their places in the order of comparing) with their candidates, believe, and group
    anew, in the caller's transaction. `later` tells who has a turn still to come, and which."""
    ids = [record for record, _ in batch]
    before = beliefs.of(ids)
    pairs = _worth_comparing(batch, later) | before
    scores.open(i for both in pairs for i in both)
    believed = _believed(pairs, scores, now)
    weak = before - believed.keys()
    beliefs.drop(weak)
    beliefs.write([*believed.values(), *_said(weak, scores, now)])
    regroup(ids, scores, now)


def _worth_comparing(batch: list[tuple[int, int]], later: Later) -> set[Pair]:
    """Each record with its candidates, save those whose own turn comes later: they will find it themselves."""
    reached = blind.candidates(_keys(record for record, _ in batch), best=MOST_CANDIDATES)
    turns = later({i for found in reached.values() for i in found.records})
    pairs = set()
    for record, near in batch:
        for other in reached[record].records if record in reached else ():
            if turns.get(other, (near, record)) <= (near, record):
                pairs.add(pair(record, other))
    return pairs


def _keys(ids: Iterable[int]) -> dict[int, bytes]:
    hold(PEOPLE)
    return dict(rows(f"SELECT record, tokens FROM {TABLE} WHERE record = ANY(%s::bigint[])", numbers(ids)))  # noqa: S608


def _said(weak: set[Pair], scores: Scores, now: datetime) -> list[tuple]:
    """What the model does not believe, and somebody has said something of: kept, with what the model says of it now."""
    kept = weak & beliefs.of({i for both in weak for i in both}) if weak else set()
    return [belief(both, scores(*both), now) for both in kept if scores.has(both[0]) and scores.has(both[1])]


def _believed(pairs: set[Pair], scores: Scores, now: datetime) -> dict[Pair, tuple]:
    found = {}
    for both in pairs:
        if scores.has(both[0]) and scores.has(both[1]):
            comparison = scores(*both)
            if comparison.bits >= model().possible:
                found[both] = belief(both, comparison, now)
    return found
