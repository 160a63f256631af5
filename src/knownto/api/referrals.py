"""Send a referral from an agency's own system, and see where it stands. A key reaches its own agency's alone."""

import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Router, Status
from ninja.errors import ValidationError
from pydantic import StringConstraints

from knownto.access import clock
from knownto.access.acts import record_refusal
from knownto.api.referral_shapes import (
    Receipt,
    Standing,
    TheReferral,
    WrongField,
    WrongFields,
    referral_of,
)
from knownto.api.shapes import Fault
from knownto.ledger.acts import Actor
from knownto.partners.models import Team
from knownto.pathways.frontdoor import own_referrals, referring

NOT_FOUND = Fault(code="not-found", because="There is nothing here for this key.")
NOT_RIGHT = "It was not taken, and nothing of it is kept. Put right what is listed."
SIMPLE = {401: Fault, 404: Fault}
Key = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{8,100}$")]
# What is said of a fault, by its sort. Never what was sent: it would go into the sender's log.
SAYS = {
    "missing": "This must be there.",
    "extra_forbidden": "There is something here that is not in the description.",
    "string_too_long": "This is too long.",
    "string_too_short": "This must not be empty.",
    "string_pattern_mismatch": "This is not in the right form.",
    "too_long": "There are too many of these.",
    "literal_error": "This must be one of the words in the description.",
    "value_error": "This is not something that can be, or not in the description.",
}
USUAL = "This is not of the right kind."

router = Router(tags=["referrals"])


@router.post(
    "/{agency}/referrals",
    response={200: Receipt, 201: Receipt, 400: Fault, 409: Fault, 422: WrongFields, **SIMPLE},
    operation_id="send_referral",
    url_name="send-referral",
    summary="Send a referral",
)
def send_referral(
    request: HttpRequest,
    agency: str,
    told: TheReferral,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="Yours, of this one referral.")],
) -> Status[Any]:
    """It is stored when the answer is 201, and not otherwise. Send it again with the same key until then: one that was
    stored is answered with 200 and the same reference, and with 409 where the body is another."""
    if agency != request.auth:  # type: ignore[attr-defined]
        return _not_yours(request, "send-referral")
    team = Team.objects.filter(agency=agency, code=told.team).first()
    if told.team and team is None:
        return Status(422, _wrong("team", "There is no such team of your agency."))
    try:
        sent = referring.send_by_key(
            agency=agency,
            team=team,
            referral=referral_of(told),
            intent=f"key:{key}",
            body=json.dumps(told.model_dump(mode="json"), sort_keys=True).encode(),
            now=clock.now(),
        )
    except referring.SameIntentOtherBody as error:
        return Status(409, Fault(code=error.code, because=error.because))
    except referring.TooBare as error:
        return Status(422, _wrong("", *error.sentences))
    receipt = Receipt(reference=sent.reference, received_at=sent.receipt, again=sent.again)
    return Status(200 if sent.again else 201, receipt)


@router.get(
    "/{agency}/referrals/{reference}",
    response={200: Standing, **SIMPLE},
    operation_id="where_it_stands",
    url_name="referral",
    summary="Where it stands",
)
def where_it_stands(request: HttpRequest, agency: str, reference: str) -> Status[Any]:
    """One of your agency's own referrals, and its outcome once it has been told."""
    found = None
    if agency == request.auth:  # type: ignore[attr-defined]
        found = own_referrals.of_agency_system(agency, reference, clock.now())
    if found is None:
        return _not_yours(request, "referral")
    mine, outcome = found
    return Status(
        200,
        Standing(
            reference=mine.reference,
            received_at=mine.sent_at,
            stands=mine.stands,
            open=mine.open,
            decision_due=mine.due,
            outcome=outcome,
        ),
    )


def _not_yours(request: HttpRequest, route: str) -> Status[Any]:
    """Recorded: a key that tries out other agencies, or references, has been stolen or misused."""
    by = Actor(None, request.auth, "sending-key")  # type: ignore[attr-defined]
    record_refusal(by, code="not-yours", what=f"api:{route}", now=clock.now())
    return Status(404, NOT_FOUND)


def _wrong(field: str, *because: str) -> WrongFields:
    return WrongFields(
        code="not-right", because=NOT_RIGHT, fields=[WrongField(field=field, because=each) for each in because]
    )


def faults(error: ValidationError) -> WrongFields:
    """Where it is wrong and how, in our words: neither what was sent, nor a name that the sender made up."""
    fields = [WrongField(field=_place(each), because=SAYS.get(each["type"], USUAL)) for each in error.errors]
    return WrongFields(code="not-right", because=NOT_RIGHT, fields=fields)


def _place(fault: dict[str, Any]) -> str:
    place = [str(part) for part in fault["loc"]][1:]
    place = place[1:] if place[:1] == ["told"] else place
    return ".".join(place[:-1] if fault["type"] == "extra_forbidden" else place)


__all__ = ["faults", "router"]
