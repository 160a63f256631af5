"""Going into one review: policy decides, it is recorded with whose records it is of, and only then is it open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotYours
from knownto.casework.models import Episode
from knownto.identity.models import Member, Review
from knownto.identity.pathway import PURPOSE
from knownto.ledger.models import Entry
from knownto.partners.agreement import agreements


def covered(viewer: Viewer, now: datetime) -> tuple[str, ...]:
    """The agencies whose agreements let this viewer's agency see evidence for the sake of accuracy."""
    day = localdate(now)
    return tuple(code for code, each in agreements().items() if each.covers(viewer.agency, PURPOSE, day))


@dataclass(frozen=True)
class Here:
    """One review, open and locked, and the ledger entry that says so."""

    row: Review
    entry: Entry


@contextmanager
def entering(
    viewer: Viewer, episode: UUID, *, kind: str, permission: Permission = Permission.REVIEW, now: datetime
) -> Iterator[Here]:
    """One review, open to this viewer and locked, recorded with whose records it is of. Raises NotYours and other
    Refused: of an agency that does not share this with theirs, it looks like none."""
    with transaction.atomic(), rows_open("system:review", viewer.agency):
        found = Review.objects.filter(episode=episode, agencies__contained_by=list(covered(viewer, now))).first()
        if found is None:
            raise NotYours
        about = [f"episode:{episode}", *_whom(found)]
    with asking(viewer, Request(permission, purpose=PURPOSE), kind=kind, about=about, now=now) as granted:
        Episode.objects.select_for_update(no_key=True).get(pk=episode)
        rows = Review.objects.select_for_update(of=("self",)).select_related("episode__team")
        yield Here(rows.get(pk=found.pk), granted.entry)


def _whom(row: Review) -> list[str]:
    """Its records, and the people they are of now: whoever asks who looked at somebody finds this too."""
    records = [each for each in (row.lower, row.higher) if each is not None]
    people = Member.objects.filter(record__in=records).values_list("person_id", flat=True)
    return [*(f"record:{each}" for each in records), *dict.fromkeys(str(each) for each in people)]


@contextmanager
def reviewing(
    viewer: Viewer, episode: UUID, *, kind: str, permission: Permission = Permission.REVIEW, now: datetime
) -> Iterator[Review]:
    """The same, for an act."""
    with entering(viewer, episode, kind=kind, permission=permission, now=now) as here:
        yield here.row
