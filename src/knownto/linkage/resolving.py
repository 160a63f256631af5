"""The answer to "who is this?": five outcomes, five types, so that none can be mistaken for another."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import log2

from knownto.linkage.cleaning import Cleaned
from knownto.linkage.comparing import Comparison, compare, probability
from knownto.linkage.model import Model, Reason


@dataclass(frozen=True, slots=True)
class Candidate[Id: Hashable]:
    """One person (or record) held, and how well it fits."""

    id: Id
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Match[Id: Hashable]:
    """One fits well enough to link by itself, and no other comes near."""

    best: Candidate[Id]


@dataclass(frozen=True, slots=True)
class Several[Id: Hashable]:
    """More than one fits well: nobody can tell which without knowing more."""

    found: tuple[Candidate[Id], ...]


@dataclass(frozen=True, slots=True)
class Possible[Id: Hashable]:
    """Some may be the person; a worker must look."""

    found: tuple[Candidate[Id], ...]


@dataclass(frozen=True, slots=True)
class Unlikely[Id: Hashable]:
    """Some share a fact or two, and are probably other people."""

    found: tuple[Candidate[Id], ...]


_PHONES = frozenset(("phone", "phone_family"))
# A phone that two share is a family's, and a family shares its name too: so more than the one bit that chance takes.
_BITS_A_DOUBLING = 4.0
_NAMES_AND_BIRTH = frozenset(("family", "given", "birth"))
_MAY_CHANGE = frozenset(("place", "contact", "together", "middle", "rule"))


def fits(comparison: Comparison) -> bool:
    """Whether two facts of name and birth agree and nothing that lasts speaks against it: somebody of that name,
    though perhaps one of hundreds. Of such a question nobody may be told that nothing is known."""
    lasting = [r for r in comparison.reasons if r.field not in _MAY_CHANGE]
    agreed = {r.field for r in lasting if r.bits > 0}
    return len(agreed & _NAMES_AND_BIRTH) > 1 and all(r.bits >= 0 for r in lasting)


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """No record shares enough even to be compared."""


type Resolution[Id: Hashable] = Match[Id] | Several[Id] | Possible[Id] | Unlikely[Id] | NothingKnown


def resolve[Id: Hashable](query: Cleaned, candidates: Sequence[tuple[Id, Cleaned]], model: Model) -> Resolution[Id]:
    """Who the query may be. An id that comes more than once is one person held as several records: the best
    of them speaks for the person. Ties keep the order given."""
    return decide(_best_each(query, candidates, model), model)


def decide[Id: Hashable](found: Iterable[Candidate[Id]], model: Model) -> Resolution[Id]:
    """The same of candidates that have been compared already, each id once."""
    ranked = _ranked(with_sharers(found, model))
    if not ranked:
        return NothingKnown()
    best = ranked[0].comparison.bits
    if best >= model.join:
        rivals = tuple(c for c in ranked if c.comparison.bits >= best - model.margin)
        return Several(rivals) if len(rivals) > 1 else Match(ranked[0])
    if best >= model.shown:
        return Possible(tuple(c for c in ranked if c.comparison.bits >= model.shown))
    return Unlikely(ranked)


def with_sharers[Id: Hashable](found: Iterable[Candidate[Id]], model: Model) -> tuple[Candidate[Id], ...]:
    """The same candidates; where several are held with the number that was asked, each is less likely to be meant."""
    told = tuple(found)
    sharing = [c for c in told if any(r.field == "contact" and r.level in _PHONES for r in c.comparison.reasons)]
    if len(sharing) < 2:
        return told
    level = model.levels["contact"]["phone_shared"]
    bits = max(level.least, level.bits - _BITS_A_DOUBLING * log2(len(sharing)))
    return tuple(_shared(c, replace(level.reason, bits=bits), model) for c in told)


def _shared[Id: Hashable](candidate: Candidate[Id], reason: Reason, model: Model) -> Candidate[Id]:
    found = candidate.comparison
    before = next((r for r in found.reasons if (r.field, r.level) == ("contact", "phone")), None)
    if before is None or before.bits <= reason.bits:
        return candidate
    bits = found.bits - before.bits + reason.bits
    reasons = tuple(reason if r is before else r for r in found.reasons)
    return Candidate(candidate.id, Comparison(bits, probability(bits, model.curve), reasons))


def _best_each[Id: Hashable](
    query: Cleaned, candidates: Sequence[tuple[Id, Cleaned]], model: Model
) -> Iterable[Candidate[Id]]:
    best: dict[Id, Candidate[Id]] = {}
    for one, held in candidates:
        comparison = compare(query, held, model)
        if one not in best or comparison.bits > best[one].comparison.bits:
            best[one] = Candidate(one, comparison)
    return best.values()


def _ranked[Id: Hashable](found: Iterable[Candidate[Id]]) -> tuple[Candidate[Id], ...]:
    return tuple(sorted(found, key=lambda c: -c.comparison.bits))
