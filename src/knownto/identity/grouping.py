"""From beliefs to people: only the block that changed is grouped anew, and ids stay with their oldest record."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

from knownto import linkage
from knownto.identity import beliefs, changes, doubts, rulings
from knownto.identity.changes import NOBODY, Cause
from knownto.identity.cleaned import TABLE, Opened
from knownto.identity.scores import Pair, Scores, model
from knownto.identity.statements import changed, numbers, rows

FORGET_PEOPLE = """
DELETE FROM identity_person p WHERE (p.id = ANY(%s::uuid[]) OR p.since = ANY(%s::bigint[]))
AND NOT EXISTS (SELECT 1 FROM identity_member m WHERE m.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM identity_cleaned c WHERE c.record = p.since)
"""
LOCK = 7_320_001  # one at a time decides who is who; any number may read and compare meanwhile
LARGEST_BLOCK = 400  # records; a block that grows beyond it is a fault of the data, and is left as it was


def hold_grouping() -> None:
    """Nobody else decides who is who until this transaction ends."""
    rows("SELECT pg_advisory_xact_lock(%s)", LOCK)


def regroup(ids: Iterable[int], scores: Scores, now: datetime, cause: Cause = NOBODY) -> None:
    """Group anew those records and whatever they are linked with, within the current transaction."""
    hold_grouping()
    wanted = set(ids)
    if wanted:
        _regroup(wanted, scores, now, cause)


def forget(ids: list[int], now: datetime) -> None:
    """Remove all that is known of records that partners no longer hold; the rest of their people are grouped anew."""
    hold_grouping()
    left = (_companions(set(ids)) | beliefs.forget(ids)) - set(ids)
    gone = rows("DELETE FROM identity_member WHERE record = ANY(%s::bigint[]) RETURNING person_id", numbers(ids))
    rows(f"DELETE FROM {TABLE} WHERE record = ANY(%s::bigint[])", numbers(ids))  # noqa: S608
    regroup(left, Scores(Opened()), now)
    _forget_people([person for (person,) in gone], ids)


def _forget_people(people: list[UUID], ids: list[int]) -> None:
    """Nobody is left without a record, unless their first record may still bring them back."""
    rows(FORGET_PEOPLE, people, numbers(ids))


def _regroup(ids: set[int], scores: Scores, now: datetime, cause: Cause) -> None:
    whole, links = _block(ids)
    there = _present(whole)
    blocks = _blocks(there, links)
    scores.open(i for block in blocks if len(block) > 1 for i in block)
    people = _people(there)
    decided = rulings.in_force(there)
    groups = [g for block in blocks for g in _grouped(block, scores, people, decided)]
    doubts.note(whole, _doubtful(blocks, groups, links, decided), now)
    _settle(groups, people, cause, now)


def _doubtful(
    blocks: list[list[int]], groups: list[frozenset[int]], links: set[Pair], decided: "rulings.Decided"
) -> Iterator[doubts.Found]:
    """What a person must look at: links that did not hold, decisions that contradict, and blocks left as they were."""
    group_of = {i: g for g in groups for i in g}
    large = {i for block in blocks if len(block) > LARGEST_BLOCK for i in block}
    yield from (("too-large", block[0], None) for block in blocks if len(block) > LARGEST_BLOCK)
    for low, high in links - decided.apart:
        if low in group_of and high in group_of and group_of[low] is not group_of[high] and low not in large:
            yield ("contradicted" if (low, high) in decided.together else "apart"), low, high


def _block(ids: set[int]) -> tuple[set[int], set[Pair]]:
    """Everything that strong beliefs, rulings and present people connect with those records, and those links."""
    whole: set[int] = set()
    links: set[Pair] = set()
    edge = set(ids)
    while edge:
        whole |= edge
        found = beliefs.strong(edge) | rulings.together(edge)
        links |= found
        edge = ({i for both in found for i in both} | _companions(edge)) - whole
    return whole, links


def _companions(ids: set[int]) -> set[int]:
    """The records of the same people."""
    found = rows(
        "SELECT DISTINCT other.record FROM identity_member m JOIN identity_member other USING (person_id) "
        "WHERE m.record = ANY(%s::bigint[])",
        numbers(ids),
    )
    return {record for (record,) in found}


def _present(ids: set[int]) -> set[int]:
    found = rows(f"SELECT record FROM {TABLE} WHERE record = ANY(%s::bigint[])", numbers(ids))  # noqa: S608
    return {record for (record,) in found}


def _blocks(ids: set[int], links: set[Pair]) -> list[list[int]]:
    """The connected parts, each in the order of ids."""
    leader = {i: i for i in ids}

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for a, b in links:
        if a in leader and b in leader:
            low, high = sorted((lead(a), lead(b)))
            leader[high] = low
    found: dict[int, list[int]] = {}
    for i in sorted(ids):
        found.setdefault(lead(i), []).append(i)
    return list(found.values())


def _grouped(
    block: list[int], scores: Scores, people: dict[int, UUID], decided: "rulings.Decided"
) -> list[frozenset[int]]:
    there = [i for i in block if len(block) == 1 or scores.has(i)]
    if len(there) < 2 or len(there) > LARGEST_BLOCK:
        return _as_before(there, people)
    inside = set(there)
    together, apart = decided.within(inside)
    return linkage.group(there, scores, together, apart, model(), held=_held_before(there, people))


def _as_before(ids: list[int], people: dict[int, UUID]) -> list[frozenset[int]]:
    parts: dict[object, set[int]] = {}
    for i in ids:
        parts.setdefault(people.get(i, i), set()).add(i)
    return [frozenset(part) for part in parts.values()]


def _held_before(ids: list[int], people: dict[int, UUID]) -> set[Pair]:
    parts = (sorted(part) for part in _as_before(ids, people))
    return {(a, b) for part in parts for at, a in enumerate(part) for b in part[at + 1 :]}


def _people(ids: set[int]) -> dict[int, UUID]:
    found = rows("SELECT record, person_id FROM identity_member WHERE record = ANY(%s::bigint[])", numbers(ids))
    return dict(found)


def _settle(groups: list[frozenset[int]], before: dict[int, UUID], cause: Cause, now: datetime) -> None:
    """Give each group its person, and write down only what changed."""
    after = _claimed(groups, before)
    after |= _revived_or_new([g for g in groups if g not in after], set(after.values()), before)
    changes.note(before, {i: person for g, person in after.items() for i in g}, cause, now)
    moved = [(i, person) for g, person in after.items() for i in sorted(g) if before.get(i) != person]
    changed(
        "INSERT INTO identity_member (record, person_id, since) "
        "SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) "
        "ON CONFLICT (record) DO UPDATE SET person_id = excluded.person_id, since = excluded.since",
        [i for i, _ in moved],
        [person for _, person in moved],
        [now] * len(moved),
    )


def _claimed(groups: list[frozenset[int]], before: dict[int, UUID]) -> dict[frozenset[int], UUID]:
    """A person stays with the group that holds their oldest record; of two people in one group the older stays."""
    group_of = {i: g for g in groups for i in g}
    oldest: dict[UUID, int] = {}
    for record in sorted(before.keys() & group_of.keys()):
        oldest.setdefault(before[record], record)
    claimed: dict[frozenset[int], UUID] = {}
    for person, record in oldest.items():
        claimed.setdefault(group_of[record], person)
    return claimed


def _revived_or_new(
    groups: list[frozenset[int]], taken: set[UUID], before: dict[int, UUID]
) -> dict[frozenset[int], UUID]:
    """A group without a person gets the one once given to its oldest record, if free: undoing gives ids back."""
    since = {min(g): g for g in groups}
    free = rows(
        "SELECT p.since, p.id FROM identity_person p WHERE p.since = ANY(%s::bigint[]) AND NOT EXISTS (SELECT 1 FROM "
        "identity_member m WHERE m.person_id = p.id AND m.record <> ALL(%s::bigint[])) ORDER BY p.id",
        numbers(since),
        numbers(before),
    )
    revived = {since[record]: person for record, person in free if person not in taken}
    fresh = {g: uuid4() for g in groups if g not in revived}
    changed(
        "INSERT INTO identity_person (id, since) SELECT * FROM unnest(%s::uuid[], %s::bigint[])",
        list(fresh.values()),
        [min(g) for g in fresh],
    )
    return revived | fresh
