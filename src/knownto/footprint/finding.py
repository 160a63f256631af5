"""From the question to one of the answers. Called inside the rows that the recorded search has opened."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils.timezone import localdate

from knownto.footprint.answers import (
    Answer,
    Candidate,
    CouldNotCheck,
    Coverage,
    Found,
    NothingKnown,
    SharedAddress,
    Sure,
    TooCommon,
)
from knownto.footprint.coverage import agreements_shown
from knownto.footprint.question import Question
from knownto.footprint.told import may_show, told
from knownto.identity import answers as identified
from knownto.identity import reads as identity
from knownto.linkage import Evidence, Model, Reason, clean, compare, load_model

MOST = 10
MOST_REASONS = 5
SURE: dict[type, Sure] = {
    identified.Found: Sure.MATCH,
    identified.Several: Sure.SEVERAL,
    identified.Possible: Sure.POSSIBLE,
}


def answer(question: Question, looked: Coverage, now: datetime) -> Answer:
    """Who it may be, or why nobody can be named."""
    if question.by_address_alone:
        return _at_address(question, looked, now)
    evidence = question.evidence(localdate(now))
    found = identity.find(evidence, now)
    if isinstance(found, identified.TooCommon):
        return TooCommon(looked)
    if isinstance(found, identified.NothingKnown):
        return _nobody(looked) if could_be_told(evidence) else TooCommon(looked)
    return _somebody(found, looked, now)


def could_be_told(evidence: Evidence) -> bool:
    """Would anybody be named at all, if a record said exactly this? Where not, finding nobody means nothing."""
    asked, model = clean(evidence), _model()
    return compare(asked, asked, model).bits >= model.possible


@cache
def _model() -> Model:
    return load_model()


def _nobody(looked: Coverage) -> Answer:
    """'No contact found' is only for when every feed that should answer could."""
    return CouldNotCheck(looked) if looked.could_not else NothingKnown(looked)


def _somebody(
    found: identified.Found | identified.Several | identified.Possible, looked: Coverage, now: datetime
) -> Answer:
    shown = agreements_shown(looked).keys()
    candidates = [candidate for likeness in found.people if (candidate := _candidate(likeness, shown, now)) is not None]
    if not candidates:
        return _nobody(looked)
    # When the one that fitted best may not be shown here, what is left is no longer the likely person.
    best = candidates[0].person == found.people[0].person
    return Found(SURE[type(found)] if best else Sure.POSSIBLE, tuple(candidates[:MOST]), looked)


def _candidate(likeness: identified.Likeness, shown: Collection[str], now: datetime) -> Candidate | None:
    records = _records(likeness.person, shown)
    if not records:
        return None
    best_first = sorted(records, key=lambda record: record.id != likeness.record)
    who = told(best_first, localdate(now))
    reasons = likeness.comparison.reasons
    return Candidate(
        likeness.person,
        who.name,
        who.born,
        who.district,
        _sentences([reason for reason in reasons if reason.bits > 0]),
        _sentences([reason for reason in reasons if reason.bits < 0]),
    )


def _records(person: UUID, shown: Collection[str]) -> tuple[identified.HeldRecord, ...]:
    known = identity.person(person)
    return may_show(known.records, shown) if known else ()


def _sentences(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """The weightiest first, each once."""
    weighty = sorted(reasons, key=lambda reason: -abs(reason.bits))
    return tuple(dict.fromkeys(reason.sentence for reason in weighty))[:MOST_REASONS]


def _at_address(question: Question, looked: Coverage, now: datetime) -> Answer:
    there = identity.at_address(question.where)
    if isinstance(there, identified.SharedHouse):
        return SharedAddress(looked)
    if not isinstance(there, identified.Household):
        return _nobody(looked)
    shown = agreements_shown(looked).keys()
    members = [_member(each.person, shown, now) for each in there.members]
    candidates = tuple(member for member in members if member is not None)[:MOST]
    return Found(Sure.HOUSEHOLD, candidates, looked) if candidates else _nobody(looked)


def _member(person: UUID, shown: Collection[str], now: datetime) -> Candidate | None:
    records = _records(person, shown)
    if not records:
        return None
    who = told(records, localdate(now))
    return Candidate(person, who.name, who.born, who.district)
