"""What must be looked at by a person and is not yet in the queue, and what is in it for no reason any more.

Found from the database alone, so that nothing depends on an event that was lost: beliefs, doubts and records that
were set aside say it, and an open review of the same pair says that somebody has it.
"""

from dataclasses import dataclass
from uuid import UUID

from knownto.identity.models import Why
from knownto.identity.statements import rows

OPEN = "SELECT 1 FROM identity_review r WHERE r.lower = {0}.lower AND r.higher = {0}.higher AND r.closed_at IS NULL"
# A person has looked at it as it stands: there is nothing to ask again until it changes.
LOOKED = (
    "SELECT 1 FROM identity_review r WHERE r.lower = d.lower AND r.higher IS NOT DISTINCT FROM d.higher "
    "AND (r.closed_at IS NULL OR r.answer <> '' AND r.closed_at >= d.since)"
)
IN_FORCE = "d.undone_at IS NULL AND d.replaced_by_id IS NULL"
NEWER = "(d.kind = 'apart' AND b.outcome <> 'unlikely' OR d.kind = 'together' AND b.outcome = 'unlikely')"
SAME_PERSON = (
    "SELECT 1 FROM identity_member l JOIN identity_member h USING (person_id) "
    "WHERE l.record = {0}.lower AND h.record = {0}.higher"
)

POSSIBLE = f"""
SELECT b.lower, b.higher, 'possible', b.bits FROM identity_belief b
WHERE b.outcome = 'possible' AND b.state = 'auto'
AND NOT EXISTS ({OPEN.format("b")}) AND NOT EXISTS ({SAME_PERSON.format("b")}) LIMIT %s
"""  # noqa: S608 (constants only)
DOUBTS = f"""
SELECT d.lower, d.higher, d.kind, coalesce(b.bits, 0) FROM identity_doubt d
LEFT JOIN identity_belief b ON b.lower = d.lower AND b.higher = d.higher
WHERE NOT EXISTS ({LOOKED}) LIMIT %s
"""  # noqa: S608
AGAIN = f"""
SELECT d.lower, d.higher, CASE d.kind WHEN 'apart' THEN 'again' ELSE 'contradicted' END, b.bits
FROM identity_ruling d JOIN identity_belief b ON b.lower = d.lower AND b.higher = d.higher
WHERE {IN_FORCE} AND b.at > d.at AND {NEWER} AND NOT EXISTS (
  SELECT 1 FROM identity_review r WHERE r.lower = d.lower AND r.higher = d.higher
  AND (r.closed_at IS NULL OR r.answer <> '' AND r.closed_at >= b.at)
) LIMIT %s
"""  # noqa: S608
SET_ASIDE = """
SELECT p.record, NULL::bigint, 'set-aside', 0 FROM identity_pending p WHERE p.stage = 2 AND NOT EXISTS (
  SELECT 1 FROM identity_review r WHERE r.lower = p.record AND r.higher IS NULL AND r.closed_at IS NULL
) LIMIT %s
"""

STILL = {
    Why.POSSIBLE: "SELECT 1 FROM identity_belief b WHERE b.lower = r.lower AND b.higher = r.higher "  # noqa: S608
    f"AND b.outcome = 'possible' AND b.state = 'auto' AND NOT EXISTS ({SAME_PERSON.format('b')})",
    Why.AGAIN: "SELECT 1 FROM identity_ruling d "  # noqa: S608
    "JOIN identity_belief b ON b.lower = d.lower AND b.higher = d.higher "
    f"WHERE d.lower = r.lower AND d.higher = r.higher AND {IN_FORCE} AND b.at > d.at AND {NEWER}",
    Why.REPORTED: SAME_PERSON.format("r"),
    Why.APART: "SELECT 1 FROM identity_doubt d WHERE d.lower = r.lower AND d.higher = r.higher",
    Why.TOO_LARGE: "SELECT 1 FROM identity_doubt d WHERE d.lower = r.lower AND d.kind = 'too-large'",
    Why.SET_ASIDE: "SELECT 1 FROM identity_pending p WHERE p.record = r.lower AND p.stage = 2",
}
STILL[Why.CONTRADICTED] = f"({STILL[Why.APART]}) UNION ALL ({STILL[Why.AGAIN]})"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pair, or with `higher` None a record, that must be looked at."""

    lower: int
    higher: int | None
    why: Why
    bits: float

    @property
    def records(self) -> tuple[int, ...]:
        return (self.lower,) if self.higher is None else (self.lower, self.higher)


def missing(most: int) -> list[Wanted]:
    """At most so many that must be looked at and that nobody has, each pair once."""
    found: dict[tuple[int, int | None], Wanted] = {}
    for statement in (DOUBTS, AGAIN, SET_ASIDE, POSSIBLE):
        for lower, higher, why, bits in rows(statement, most):
            found.setdefault((lower, higher), Wanted(lower, higher, Why(why), bits))
    return list(found.values())[:most]


def needless(most: int, only: UUID | None = None) -> list[UUID]:
    """The reviews that wait for a first reviewer, and whose cause has gone; with `only`, whether that one is."""
    gone = (f"r.why = '{why}' AND NOT EXISTS ({still})" for why, still in STILL.items())
    found = rows(
        "SELECT r.id FROM identity_review r JOIN casework_episode e ON e.id = r.episode_id "  # noqa: S608
        f"WHERE r.closed_at IS NULL AND e.state = 'waiting' AND (%s::uuid IS NULL OR r.id = %s::uuid) "
        f"AND ({' OR '.join(gone)}) LIMIT %s",
        only,
        only,
        most,
    )
    return [review for (review,) in found]


def rescored(most: int) -> list[tuple[UUID, float]]:
    """The open reviews of pairs that have another score by now, with it."""
    return rows(
        "SELECT r.id, b.bits FROM identity_review r JOIN identity_belief b ON b.lower = r.lower AND "
        "b.higher = r.higher WHERE r.closed_at IS NULL AND r.bits <> b.bits LIMIT %s",
        most,
    )
