"""From what a worker has to the people it may be about."""

from collections.abc import Iterable
from uuid import UUID

from knownto import linkage
from knownto.identity import blind
from knownto.identity.answers import Answer, Found, Likeness, NothingKnown, Possible, Several, TooCommon
from knownto.identity.cleaned import Opened
from knownto.identity.scores import model
from knownto.identity.statements import numbers, rows

ASKED = 0  # a question is no record, so it takes the id that no record has
MOST_OPENED = 64  # records, those whose shared keys are rarest
MOST_SHOWN = 10  # people
CAP = 300  # records that share a key, before it is too common to follow
MANY = 5_000  # the same where nothing rarer was given, and records must share several


def search(evidence: linkage.Evidence) -> Answer:
    """Who the evidence may be of, among all that partners hold."""
    asked = linkage.clean(evidence)
    tokens = blind.tokens(linkage.query_keys(asked))
    reached = _reached(tokens, CAP)
    answer = _told(asked, reached)
    if reached.common and isinstance(answer, NothingKnown):  # nobody by the rarer keys: those who share the common ones
        return _told(asked, _reached(tokens, MANY))
    return answer


def _reached(tokens: bytes, cap: int) -> blind.Reached:
    """Records that share a key that is no commoner than that, those that share the rarest and most first."""
    return blind.candidates({ASKED: tokens}, cap=cap, best=MOST_OPENED)[ASKED]


def _told(asked: linkage.Cleaned, reached: blind.Reached) -> Answer:
    opened = Opened().get(reached.records)
    answer = _answer(asked, _each_best(asked, opened), opened)
    if not isinstance(answer, NothingKnown):
        return answer
    unopened = tuple(record for record in reached.records if record not in opened)
    return TooCommon() if reached.common and not opened and not unopened else NothingKnown(unopened)


def _each_best(asked: linkage.Cleaned, opened: dict[int, linkage.Cleaned]) -> list[Likeness]:
    """The people, each with the record that fits best, best first."""
    scored = ((linkage.compare(asked, cleaned, model()), record) for record, cleaned in opened.items())
    ranked = sorted(scored, key=lambda one: (-one[0].bits, one[1]))
    person_of = people_of(record for _, record in ranked)
    best: dict[UUID, Likeness] = {}
    for comparison, record in ranked:
        if person := person_of.get(record):
            best.setdefault(person, Likeness(person, record, comparison))
    return list(best.values())


def _answer(asked: linkage.Cleaned, people: list[Likeness], opened: dict[int, linkage.Cleaned]) -> Answer:
    """The engine's own outcome, told of people; the unlikely are shown to nobody."""
    possible = tuple(p for p in people if p.comparison.bits >= model().possible)[:MOST_SHOWN]
    match linkage.resolve(asked, [(p.person, opened[p.record]) for p in people], model()):
        case linkage.Match():
            return Found(possible)
        case linkage.Several():
            return Several(possible)
        case linkage.Possible():
            return _possible(people)
        case linkage.Unlikely(found) if any(linkage.fits(one.comparison) for one in found):
            return TooCommon()
    return NothingKnown()


def _possible(people: list[Likeness]) -> Answer:
    """Those who may be meant. Where none is likely and many fit no worse, the worker needs another fact, not names."""
    shown = tuple(p for p in people if p.comparison.bits >= model().shown)
    if len(shown) > MOST_SHOWN and shown[0].comparison.bits < model().possible:
        return TooCommon()
    return Possible(shown[:MOST_SHOWN])


def people_of(records: Iterable[int]) -> dict[int, UUID]:
    """The person of each record that has one."""
    return dict(
        rows("SELECT record, person_id FROM identity_member WHERE record = ANY(%s::bigint[])", numbers(records))
    )
