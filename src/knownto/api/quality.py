"""Read what is wrong of one's own records, as counts. What others hold is for a person to ask about, never a script."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from knownto.access import clock
from knownto.access.acts import record_refusal
from knownto.api.shapes import Fault
from knownto.ledger.acts import Actor
from knownto.quality import reads

router = Router(tags=["quality"])


class Wrong(Schema):
    """One thing that can be wrong, of how many of your records it is, and what to do."""

    code: str
    says: str
    do: str
    records: int


class Missing(Schema):
    """A field: how many of the records that should have it do not; `others` is the median of the other partners, in
    hundredths, where it may be told."""

    field: str
    without: int
    of: int
    others: int | None


class Quality(Schema):
    """The newest check of your records."""

    checked_at: datetime
    as_of: date
    records: int
    wrong: list[Wrong]
    missing: list[Missing]


@router.get(
    "/{agency}/quality",
    response={200: Quality, 401: Fault, 404: Fault},
    operation_id="quality",
    url_name="quality",
    summary="What is wrong of our records",
)
def quality(request: HttpRequest, agency: str) -> Status[Any]:
    """Counts of what your own records show. Which records they are is on the product's pages."""
    by = Actor(None, request.auth, "sending-key")  # type: ignore[attr-defined]
    if agency != request.auth:  # type: ignore[attr-defined]
        record_refusal(by, code="not-yours", what="api:quality", now=clock.now())
        return Status(404, Fault(code="not-found", because="There is nothing here for this key."))
    found = reads.for_sender(agency, by=by, now=clock.now())
    if found is None:
        return Status(404, Fault(code="not-checked", because="Your records have not been checked yet."))
    return Status(200, _shown(found))


def _shown(found: reads.Own) -> Quality:
    return Quality(
        checked_at=found.checked_at,
        as_of=found.as_of,
        records=found.records,
        wrong=[Wrong(code=c.found.code, says=c.found.says, do=c.found.do, records=c.records) for c in found.counted],
        missing=[Missing(field=g.field, without=g.without, of=g.of, others=g.others) for g in found.gaps],
    )
