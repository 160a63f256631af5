"""Second stage of matching a record: find its candidates, compare, believe, and group again what changed."""

from collections.abc import Iterable
from datetime import datetime

from knownto.access import acts as access
from knownto.identity import beliefs, blind, pending
from knownto.identity.cleaned import TABLE, Opened
from knownto.identity.grouping import regroup
from knownto.identity.models import Stage
from knownto.identity.scores import Pair, Scores, belief, model, pair
from knownto.identity.statements import numbers, rows

MOST_CANDIDATES = 60  # of one record, those whose shared keys are rarest


def match_some(opened: Opened, most: int, now: datetime) -> int:
    """Match the next `most` keyed records, in one transaction. Returns how many there were."""
    with access.system("identity"):
        batch = pending.claim(Stage.KEYED, most)
        if batch:
            _match(batch, Scores(opened), now)
    return len(batch)


def _match(batch: list[tuple[int, int]], scores: Scores, now: datetime) -> None:
    ids = [record for record, _ in batch]
    before = beliefs.of(ids)
    pairs = _worth_comparing(batch) | before
    scores.open(i for both in pairs for i in both)
    believed = _believed(pairs, scores, now)
    beliefs.write(list(believed.values()))
    beliefs.drop(before - believed.keys())
    regroup(ids, scores, now)
    pending.done(ids)


def _worth_comparing(batch: list[tuple[int, int]]) -> set[Pair]:
    """Each record with its candidates, save those whose own turn comes later: they will find it themselves."""
    reached = blind.candidates(_keys(record for record, _ in batch), best=MOST_CANDIDATES)
    later = pending.waiting({i for found in reached.values() for i in found.records})
    pairs = set()
    for record, near in batch:
        for other in reached[record].records if record in reached else ():
            if later.get(other, (near, record)) <= (near, record):
                pairs.add(pair(record, other))
    return pairs


def _keys(ids: Iterable[int]) -> dict[int, bytes]:
    return dict(rows(f"SELECT record, tokens FROM {TABLE} WHERE record = ANY(%s::bigint[])", numbers(ids)))  # noqa: S608


def _believed(pairs: set[Pair], scores: Scores, now: datetime) -> dict[Pair, tuple]:
    found = {}
    for both in pairs:
        if scores.has(both[0]) and scores.has(both[1]):
            comparison = scores(*both)
            if comparison.bits >= model().possible:
                found[both] = belief(both, comparison, now)
    return found
