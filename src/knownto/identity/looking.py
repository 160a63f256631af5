"""One question's candidates: looked up in one round trip, opened the most promising first, and no more than needed.

They come in the order of what their shared keys say: the rarer each key and the more of them, the more. They are
opened a few at a time, and once a whole turn of them is nobody who could be meant, the rest, who share less still,
stay sealed: what is not opened is neither decrypted nor compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from knownto import linkage
from knownto.identity.cleaned import opened
from knownto.identity.scores import model
from knownto.identity.statements import numbers
from knownto.keyring import acts as keyring
from knownto.keyring import prepared

ASKED = 0  # a question is no record, so it takes the id that no record has
MOST_OPENED = 64  # records, those whose shared keys are rarest
IN_TURN = 16  # records opened together

# The first turn comes with the candidates themselves: most questions need no other.
LOOK = f"""
SELECT c.record, c.common, m.person_id, k.key, k.version, k.sealed FROM (
  SELECT found.*, CASE WHEN row_number() OVER best <= {IN_TURN} + 1 THEN record END AS first
  FROM identity_candidates(%s::bigint[], %s::bigint[], %s::int, %s::int) AS found
  WINDOW best AS (ORDER BY rarity DESC NULLS FIRST, record)
) AS c LEFT JOIN identity_cleaned k ON k.record = c.first LEFT JOIN identity_member m ON m.record = k.record
ORDER BY c.rarity DESC NULLS FIRST, c.record
"""
MORE = """
SELECT k.record, m.person_id, k.key, k.version, k.sealed
FROM identity_cleaned k LEFT JOIN identity_member m ON m.record = k.record WHERE k.record = ANY(%s::bigint[])
"""
Sealed = tuple[int, UUID | None, UUID, int, bytes]


@dataclass(frozen=True, slots=True)
class Compared:
    """A record that was opened, whose it is (None while nobody's yet), and how well it fits."""

    record: int
    person: UUID | None
    cleaned: linkage.Cleaned
    comparison: linkage.Comparison


@dataclass(slots=True)
class Looked:
    """What a question came to: how many of its keys were too common to follow, who was compared, the best first,
    and the records that could not be opened."""

    common: int = 0
    compared: list[Compared] = field(default_factory=list)
    unopened: list[int] = field(default_factory=list)


def look(asked: linkage.Cleaned, tokens: Sequence[int], cap: int, *, every: bool = False) -> Looked:
    """Compare the question with whoever shares keys that at most `cap` records have; with `every`, with all of them."""
    found = prepared.ask("default", LOOK, numbers([ASKED] * len(tokens)), numbers(tokens), cap, MOST_OPENED)
    looked = Looked(common=sum(row[1] for row in found))
    turn = [(record, *rest) for record, _, *rest in found if rest[-1] is not None]
    ids = [row[0] for row in found if row[0] is not None]
    for start in range(0, len(ids), IN_TURN):
        wanted = ids[start : start + IN_TURN]
        if not _compare(looked, asked, wanted, turn if not start else _more(wanted)) and not every:
            break
    looked.compared.sort(key=lambda one: (-one.comparison.bits, one.record))
    return looked


def _more(ids: Sequence[int]) -> list[Sealed]:
    return prepared.ask("default", MORE, numbers(ids))


def _compare(looked: Looked, asked: linkage.Cleaned, ids: Sequence[int], sealed: Sequence[Sealed]) -> bool:
    """Open and compare a turn of records. Returns whether any of them may be meant."""
    keys = keyring.fetch(key for _, _, key, _, _ in sealed)
    there = {}
    for record, person, key, version, blob in sealed:
        if key in keys and (cleaned := opened(record, keys[key], version, blob)):
            there[record] = Compared(record, person, cleaned, linkage.compare(asked, cleaned, model()))
    looked.compared += there.values()
    looked.unopened += [i for i in ids if i not in there]
    return any(_of_account(one.comparison) for one in there.values())


def _of_account(comparison: linkage.Comparison) -> bool:
    """Somebody who would be shown, or of whom the worker would be asked for more."""
    return comparison.bits >= model().shown or linkage.fits(comparison)
