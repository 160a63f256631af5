"""What a report on the quality of records may know of who is who: ids, and cleaned forms for as long as it compares."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from knownto import linkage
from knownto.identity.cleaned import Opened
from knownto.identity.statements import numbers, rows

AROUND = """
SELECT mine.record, mine.person_id, array_agg(other.record ORDER BY other.record)
FROM identity_member mine JOIN identity_member other ON other.person_id = mine.person_id
WHERE mine.record = ANY(%s::bigint[]) GROUP BY mine.record, mine.person_id
"""
BELIEVED = """
SELECT b.lower, b.higher, b.outcome = 'match' OR b.state = 'confirmed' FROM identity_belief b
WHERE b.lower = ANY(%s::bigint[]) AND b.state <> 'undone'
UNION
SELECT b.lower, b.higher, b.outcome = 'match' OR b.state = 'confirmed' FROM identity_belief b
WHERE b.higher = ANY(%s::bigint[]) AND b.state <> 'undone'
"""


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around one record: `person` it is of, with all its records; and those that it is itself believed
    to be one with (`same`), or perhaps one with (`maybe`)."""

    person: UUID
    records: frozenset[int]
    same: frozenset[int]
    maybe: frozenset[int]


def around(ids: Iterable[int]) -> dict[int, Around]:
    """Those of the records that have a person, each with what lies around it. Rows must be open."""
    wanted = list(ids)
    same: dict[int, set[int]] = {}
    maybe: dict[int, set[int]] = {}
    for lower, higher, sure in rows(BELIEVED, numbers(wanted), numbers(wanted)):
        for one, other in ((lower, higher), (higher, lower)):
            (same if sure else maybe).setdefault(one, set()).add(other)
    return {
        record: Around(person, frozenset(records), frozenset(same.get(record, ())), frozenset(maybe.get(record, ())))
        for record, person, records in rows(AROUND, numbers(wanted))
    }


def cleaned(ids: Iterable[int]) -> dict[int, linkage.Cleaned]:
    """The cleaned forms of those that can be opened."""
    return Opened().get(ids)
