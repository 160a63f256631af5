"""Send a file, and see what came of it. An agency's key reaches that agency's files and no others."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from knownto.access import clock
from knownto.access.acts import record_refusal
from knownto.access.refusals import Refused
from knownto.api.shapes import About, BadRows, Fault, Outcome, bad_rows, outcome
from knownto.feeds import acts as feeds
from knownto.feeds import jobs, reads
from knownto.feeds.faults import Unreadable
from knownto.feeds.models import State
from knownto.ledger.acts import Actor

PIECE = 256 * 1024
NOT_FOUND = Fault(code="not-found", because="There is nothing here for this key.")
SIMPLE = {401: Fault, 404: Fault}

router = Router(tags=["files"])


@router.post(
    "/{agency}/files",
    response={200: Outcome, 201: Outcome, 400: Fault, 409: Fault, 413: Fault, **SIMPLE},
    operation_id="send_file",
    url_name="send",
    summary="Send a file",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string", "format": "binary"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    },
)
def send_file(request: HttpRequest, agency: str, about: Query[About]) -> Status[Any]:
    """The body is the file itself. Sending the same bytes again is harmless: the answer is then 200, and `same_as`
    names the file that they were sent as before. A file dealt with at once has its final state in the answer."""
    if agency != request.auth:  # type: ignore[attr-defined]
        return _not_yours(request, "send")
    if set(request.GET) - set(About.model_fields):
        return Status(400, Fault(code="unknown", because="The query says something that is not in the description."))
    try:
        day = date.fromisoformat(about.as_of)
    except ValueError:
        return Status(400, Fault(code="no-such-date", because="as_of is not a day of the calendar."))
    label = feeds.Label(agency, about.mode, day, about.name, about.manifest(), check_only=about.check_only)
    return _received(request, label)


def _received(request: HttpRequest, label: feeds.Label) -> Status[Any]:
    by = Actor(None, label.agency, "sending-key")
    try:
        file = feeds.receive(label, _body(request), by=by, now=clock.now())
    except Unreadable as error:
        return Status(413, Fault(code=error.code, because=error.reason))
    except Refused as error:
        return Status(409, Fault(code=error.code, because=error.because))
    jobs.soon(file)
    return Status(200 if file.state == State.SAME else 201, outcome(_report(label.agency, file.id)))


def _body(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE):
        yield piece


@router.get(
    "/{agency}/files/{file}",
    response={200: Outcome, **SIMPLE},
    operation_id="what_came_of_it",
    url_name="file",
    summary="What came of it",
)
def what_came_of_it(request: HttpRequest, agency: str, file: UUID) -> Status[Any]:
    """The file's state, the reasons for it, and counts."""
    found = _report(agency, file) if agency == request.auth else None  # type: ignore[attr-defined]
    return Status(200, outcome(found)) if found else _not_yours(request, "file")


@router.get(
    "/{agency}/files/{file}/rows",
    response={200: BadRows, **SIMPLE},
    operation_id="rows_put_aside",
    url_name="file-rows",
    summary="Bad rows",
)
def rows_put_aside(request: HttpRequest, agency: str, file: UUID) -> Status[Any]:
    """Lines, columns and reasons of the rows that were put aside."""
    found = _report(agency, file) if agency == request.auth else None  # type: ignore[attr-defined]
    return Status(200, bad_rows(found)) if found else _not_yours(request, "file-rows")


def _not_yours(request: HttpRequest, route: str) -> Status[Any]:
    """Recorded, as a page's refusal is: a key that tries out other agencies, or ids, has been stolen or misused."""
    by = Actor(None, request.auth, "sending-key")  # type: ignore[attr-defined]
    record_refusal(by, code="not-yours", what=f"api:{route}", now=clock.now())
    return Status(404, NOT_FOUND)


def _report(agency: str, file: UUID) -> reads.Report | None:
    return reads.for_sender(agency, file)
