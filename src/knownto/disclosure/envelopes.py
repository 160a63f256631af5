"""What a partner is given: one JSON document, the same bytes at every attempt, so that its digest can be repeated."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from knownto.disclosure.models import MARKING, Parcel, Way


@dataclass(frozen=True)
class Envelope:
    """A parcel, opened and written out for one way. `left` is whether it was put into their folder before."""

    id: UUID
    body: bytes
    pdf: bytes | None = None  # beside the body; None where there is none or the body holds it
    left: bool = False

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def enveloped(parcel: Parcel, plain: dict[str, Any], way: str) -> Envelope:
    """That parcel with its opened content, written out for that way."""
    apart = way == Way.DROP
    body = {
        "id": str(parcel.id),
        "to": parcel.to_agency_id,
        "kind": parcel.kind,
        "child": str(parcel.child),
        "number": parcel.number,
        "made_at": parcel.made_at.isoformat(),
        "marking": MARKING,
        "document": plain["document"],
        "pdf": _pdf(parcel.id, plain["pdf"], apart),
    }
    data = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    pdf = base64.b64decode(plain["pdf"]) if apart and plain["pdf"] else None
    return Envelope(parcel.id, data, pdf, parcel.state == Parcel.State.LEFT)


def _pdf(parcel: UUID, content: str | None, apart: bool) -> dict[str, str] | None:
    if content is None:
        return None
    digest = hashlib.sha256(base64.b64decode(content)).hexdigest()
    return {"sha256": digest} | ({"file": f"{parcel}.pdf"} if apart else {"base64": content})
