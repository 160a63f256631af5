"""One question's candidates: looked up and opened in one round trip to each database.

They are the records whose shared keys say most: the rarer each key and the more of them, the more. All are
opened, and those compared who are not ruled out by a birthday that leaves them no chance to be shown.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from knownto.identity.cleaned import unsealed
from knownto.identity.ruling_out import ruler
from knownto.identity.scores import model
from knownto.identity.statements import numbers
from knownto.keyring import acts as keyring
from knownto.keyring import prepared
from knownto.linkage import Cleaned, Comparison, compare

ASKED = 0  # a question is no record, so it takes the id that no record has
MOST_OPENED = 64  # records, those whose shared keys are rarest

LOOK = """
SELECT c.record, c.common, m.person_id, k.key, k.version, k.sealed
FROM identity_candidates(%s::bigint[], %s::bigint[], %s::int, %s::int) AS c
LEFT JOIN identity_cleaned k ON k.record = c.record LEFT JOIN identity_member m ON m.record = c.record
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """A record that was compared, whose it is (None while nobody's yet), and how well it fits."""

    record: int
    person: UUID | None
    comparison: Comparison


@dataclass(slots=True)
class Looked:
    """What a question came to: how many of its keys were too common to follow, who was compared, the best first, how
    many were ruled out, and the records that could not be opened."""

    common: int = 0
    compared: list[Compared] = field(default_factory=list)
    ruled_out: int = 0
    unopened: list[int] = field(default_factory=list)


def look(asked: Cleaned, tokens: Sequence[int], cap: int, *, every: bool = False) -> Looked:
    """Compare the question with whoever shares keys that at most `cap` records have; with `every`, rule nobody out."""
    found = prepared.ask("default", LOOK, numbers([ASKED] * len(tokens)), numbers(tokens), cap, MOST_OPENED)
    keys = keyring.fetch(row[3] for row in found if row[3])
    looked = Looked()
    ruled_out = (lambda held: False) if every else ruler(asked, model())
    for record, common, person, key, version, sealed in found:
        if record is None:
            looked.common = common
        elif key not in keys or (data := unsealed(record, keys[key], version, sealed)) is None:
            looked.unopened.append(record)
        elif ruled_out(held := json.loads(data)):
            looked.ruled_out += 1
        else:
            looked.compared.append(Compared(record, person, compare(asked, Cleaned.from_json(held), model())))
    looked.compared.sort(key=lambda one: (-one.comparison.bits, one.record))
    return looked
