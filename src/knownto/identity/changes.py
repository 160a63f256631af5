"""What became of people: who was found to be one, and who to be two. Written down by grouping, told of by others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.identity.models import Change
from knownto.identity.statements import numbers, rows


@dataclass(frozen=True, slots=True)
class Cause:
    """Who decided it, and by which ruling. Nobody: the model did, or the evidence changed."""

    ruling: UUID | None = None
    by: UUID | None = None


NOBODY = Cause()


def note(before: Mapping[int, UUID], after: Mapping[int, UUID], cause: Cause, now: datetime) -> None:
    """Write down every person of `before` who is another, or several, in `after`. Before their members are moved."""
    held: dict[UUID, dict[UUID, list[int]]] = {}
    for record, person in sorted(before.items()):
        if record in after:
            held.setdefault(person, {}).setdefault(after[record], []).append(record)
    found = [change for person, parts in held.items() for change in _of(person, parts, cause, now)]
    _since(found)
    Change.objects.bulk_create(found)


def _of(person: UUID, parts: dict[UUID, list[int]], cause: Cause, now: datetime) -> Iterable[Change]:
    """The part with the oldest record stays the person, or takes it along where an older person has taken it in."""
    stays, *left = parts.items()
    said = {"at": now, "person": person, "ruling": cause.ruling, "by": cause.by}
    if stays[0] != person:
        yield Change(kind=Change.Kind.JOINED, into=stays[0], moved=stays[1], **said)
    for into, moved in left:
        yield Change(kind=Change.Kind.PARTED, into=into, moved=moved, kept=stays[1], **said)


def _since(found: Iterable[Change]) -> None:
    """From when on what parts had been together: since the first of either side came to the other."""
    parted = [change for change in found if change.kind == Change.Kind.PARTED]
    came = _came(record for change in parted for record in (*change.moved, *change.kept))
    for change in parted:
        sides = [min(came[record] for record in side if record in came) for side in (change.moved, change.kept)]
        change.since = max(sides)


def _came(records: Iterable[int]) -> dict[int, datetime]:
    wanted = set(records)
    if not wanted:
        return {}
    return dict(rows("SELECT record, since FROM identity_member WHERE record = ANY(%s::bigint[])", numbers(wanted)))
