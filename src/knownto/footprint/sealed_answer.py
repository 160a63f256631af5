"""An answer as it is kept for the hour: to JSON for sealing, and back."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from knownto.footprint.answers import (
    Answer,
    Candidate,
    CouldNotCheck,
    Coverage,
    Found,
    Looked,
    NothingKnown,
    Searched,
    SharedAddress,
    Sure,
    TooCommon,
)

KINDS: dict[str, type] = {
    "nothing": NothingKnown,
    "unchecked": CouldNotCheck,
    "shared-address": SharedAddress,
    "too-common": TooCommon,
    "found": Found,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON values."""
    plain: dict[str, Any] = {"kind": NAMES[type(answer)]}
    plain["coverage"] = [_searched_to_json(each) for each in answer.coverage.agencies]
    if isinstance(answer, Found):
        plain["sure"] = answer.sure
        plain["candidates"] = [asdict(each) | {"person": str(each.person)} for each in answer.candidates]
    return plain


def answer_from_json(plain: dict[str, Any]) -> Answer:
    """The answer that was sealed."""
    coverage = Coverage(tuple(_searched_from_json(each) for each in plain["coverage"]))
    if plain["kind"] != "found":
        return KINDS[plain["kind"]](coverage)
    return Found(Sure(plain["sure"]), tuple(map(_candidate, plain["candidates"])), coverage)


def _candidate(plain: dict[str, Any]) -> Candidate:
    lists = {name: tuple(plain[name]) for name in ("reasons", "against")}
    return Candidate(**(plain | lists | {"person": UUID(plain["person"])}))


def _searched_to_json(each: Searched) -> dict[str, Any]:
    return asdict(each) | {"up_to": each.up_to.isoformat() if each.up_to else None}


def _searched_from_json(plain: dict[str, Any]) -> Searched:
    up_to = date.fromisoformat(plain["up_to"]) if plain["up_to"] else None
    return Searched(plain["agency"], plain["name"], Looked(plain["looked"]), up_to, plain.get("put_aside", 0))
