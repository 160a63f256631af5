"""From what a worker has to the people it may be about."""

from collections.abc import Iterable
from uuid import UUID

from knownto import linkage
from knownto.identity import blind
from knownto.identity.answers import Answer, Found, Likeness, NothingKnown, Possible, Several, TooCommon
from knownto.identity.looking import ASKED, MOST_SHOWN, Looked, look
from knownto.identity.scores import model
from knownto.identity.statements import numbers, rows

__all__ = ["ASKED", "people_of", "search"]

CAP = 300  # records that share a key, before it is too common to follow
MANY = 5_000  # the same where nothing rarer was given, and records must share several


def search(evidence: linkage.Evidence, *, every: bool = False) -> Answer:
    """Who the evidence may be of, among all that partners hold. `every` rules nobody out, and answers the same."""
    asked = linkage.clean(evidence)
    tokens = blind.unpacked(blind.tokens(linkage.query_keys(asked)))
    looked = look(asked, tokens, CAP, every=every)
    answer = _told(looked)
    if looked.common and isinstance(answer, NothingKnown):  # nobody by the rarer keys: those who share the common ones
        return _told(look(asked, tokens, MANY, every=every))
    return answer


def _told(looked: Looked) -> Answer:
    answer = _answer(_each_best(looked))
    if not isinstance(answer, NothingKnown):
        return answer
    nobody = looked.common and not (looked.compared or looked.ruled_out or looked.unopened)
    return TooCommon() if nobody else NothingKnown(tuple(looked.unopened))


def _each_best(looked: Looked) -> list[Likeness]:
    """The people, each with the record that fits best, best first."""
    best: dict[UUID, Likeness] = {}
    for one in looked.compared:
        if one.person:
            best.setdefault(one.person, Likeness(one.person, one.record, one.comparison))
    return _with_sharers(list(best.values()))


def _with_sharers(people: list[Likeness]) -> list[Likeness]:
    """A telephone that several are held with says less of each, and the answer says so."""
    told = linkage.with_sharers([linkage.Candidate(p.person, p.comparison) for p in people], model())
    shared = (Likeness(p.person, p.record, c.comparison) for p, c in zip(people, told, strict=True))
    return sorted(shared, key=lambda p: -p.comparison.bits)


def _answer(people: list[Likeness]) -> Answer:
    """The engine's own outcome, told of people; the unlikely are shown to nobody."""
    possible = tuple(p for p in people if p.comparison.bits >= model().possible)[:MOST_SHOWN]
    match linkage.decide([linkage.Candidate(p.person, p.comparison) for p in people], model()):
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
