"""From the question to one of the answers. Called inside the rows that the recorded search has opened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils.timezone import localdate

from knownto.firewall.audiences import Audience
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
from knownto.footprint.coverage import agreements_shown, unreadable
from knownto.footprint.question import Question
from knownto.footprint.told import Kept, kept, may_show, told
from knownto.identity import answers as identified
from knownto.identity import reads as identity
from knownto.linkage import (
    Cleaned,
    Comparison,
    Evidence,
    Match,
    Model,
    Reason,
    Several,
    address_keys,
    clean,
    compare,
    load_model,
    resolve,
)

MOST = 10
MOST_REASONS = 5
LEADS_THERE = frozenset({"place", "contact", "together", "rule"})  # what the engine compares that says where they are
SURE: dict[type, Sure] = {
    identified.Found: Sure.MATCH,
    identified.Several: Sure.SEVERAL,
    identified.Possible: Sure.POSSIBLE,
}
RESOLVED: dict[type, Sure] = {Match: Sure.MATCH, Several: Sure.SEVERAL}


def answer(question: Question, looked: Coverage, reader: Audience, now: datetime) -> Answer:
    """Who it may be, or why nobody can be named."""
    if question.by_address_alone:
        return _at_address(question, looked, reader, now)
    evidence = question.evidence(localdate(now))
    found = identity.find(evidence, now)
    if isinstance(found, identified.TooCommon):
        return TooCommon(looked)
    if isinstance(found, identified.NothingKnown):
        looked = unreadable(looked, found.unopened)
        return _nobody(looked) if looked.could_not or could_be_told(evidence) else TooCommon(looked)
    return _somebody(evidence, found, looked, reader, now)


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


@dataclass(frozen=True, slots=True)
class Fits:
    """Somebody who may be the one asked for, as far as the agencies that share with the asker can tell."""

    person: UUID
    records: tuple[identified.HeldRecord, ...]  # theirs, best first
    comparison: Comparison


def _somebody(
    evidence: Evidence,
    found: identified.Found | identified.Several | identified.Possible,
    looked: Coverage,
    reader: Audience,
    now: datetime,
) -> Answer:
    shown = agreements_shown(looked).keys()
    known = identity.people([likeness.person for likeness in found.people])
    held = [may_show(known[each.person].records, shown) if each.person in known else () for each in found.people]
    fitting = [_fits(evidence, likeness, records) for likeness, records in zip(found.people, held, strict=True)]
    fits = [each for each in fitting if each and each.comparison.bits >= _model().possible]
    if not fits:
        return _nobody(looked)
    as_found = all(each and each.comparison is one.comparison for each, one in zip(fitting, found.people, strict=True))
    if not as_found:
        fits.sort(key=lambda each: -each.comparison.bits)
    sure = SURE[type(found)] if as_found else _sure(evidence, fits)
    shown = kept([each.records for each in fits[:MOST]], reader)
    candidates = tuple(_candidate(each, held, now) for each, held in zip(fits, shown, strict=False))
    return Found(sure, candidates, looked)


def _fits(evidence: Evidence, likeness: identified.Likeness, records: Sequence[identified.HeldRecord]) -> Fits | None:
    """How well they fit by those records alone: what another agency's said of them is not to be told from."""
    if not records:
        return None
    if any(record.id == likeness.record for record in records):
        best_first = sorted(records, key=lambda record: record.id != likeness.record)
        return Fits(likeness.person, tuple(best_first), likeness.comparison)
    asked = clean(evidence)
    compared = [(compare(asked, record.cleaned, _model()), record) for record in records]
    compared.sort(key=lambda one: -one[0].bits)
    return Fits(likeness.person, tuple(record for _, record in compared), compared[0][0])


def _sure(evidence: Evidence, fits: Sequence[Fits]) -> Sure:
    asked, people = clean(evidence), [(each.person, each.records[0].cleaned) for each in fits]
    return RESOLVED.get(type(resolve(asked, people, _model())), Sure.POSSIBLE)


def _candidate(each: Fits, held: Kept, now: datetime) -> Candidate:
    """To whoever must not learn where they are, that an address or number agrees is not said either."""
    who = told(held.records, localdate(now))
    reasons = [reason for reason in each.comparison.reasons if not (held.hidden and reason.field in LEADS_THERE)]
    return Candidate(
        each.person,
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


def _at_address(question: Question, looked: Coverage, reader: Audience, now: datetime) -> Answer:
    there = identity.at_address(question.where)
    if isinstance(there, identified.SharedHouse):
        return SharedAddress(looked)
    if not isinstance(there, identified.Household):
        return _nobody(looked)
    shown, home = agreements_shown(looked).keys(), set(address_keys(clean(Evidence(addresses=(question.where,)))))
    members = [_member(each.person, shown, home, reader, now) for each in there.members]
    candidates = tuple(member for member in members if member is not None)[:MOST]
    return Found(Sure.HOUSEHOLD, candidates, looked) if candidates else _nobody(looked)


def _member(person: UUID, shown: Collection[str], home: set[str], reader: Audience, now: datetime) -> Candidate | None:
    """Somebody who lives there, where an agency that shares with the asker says so, and the asker may know it."""
    [held] = kept([_records(person, shown)], reader)
    records = held.records
    if not any(home & set(_present_home(record)) for record in records):
        return None
    who = told(records, localdate(now))
    return Candidate(person, who.name, who.born, who.district)


def _present_home(record: identified.HeldRecord) -> tuple[str, ...]:
    return address_keys(Cleaned(places=record.cleaned.places[:1]))
