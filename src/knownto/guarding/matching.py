"""Whether a record, or a question, may be about a sealed person: found by the guards' own blind keys, then compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from uuid import UUID

from knownto import linkage
from knownto.guarding.models import Kept, Seal, State, Token
from knownto.guarding.sorts import sorts
from knownto.identity.scores import model
from knownto.keyring import guard
from knownto.linkage import Cleaned, Evidence

IN_FORCE = (State.IN_FORCE, State.LIFTING)
ITS_OWN = frozenset({"family", "nhs_number", "upn", "pnc", "contact"})  # fields of a comparison
MOST_OPENED = 200  # sealed people, of one question; there are few, and each is of weight


@dataclass(frozen=True, slots=True)
class Near:
    """A sealed person whom something may be about, by how many bits; `home` when only the exact address says so."""

    seal: UUID
    bits: float
    home: bool = False

    @property
    def sure(self) -> bool:
        return self.bits >= model().join


def keys_of(cleaned: Cleaned) -> list[int]:
    """The blind keys that somebody is found by: those of a record, and their exact homes."""
    return list(dict.fromkeys(guard.tokens([*linkage.keys(cleaned), *_homes(cleaned)])))


def _homes(cleaned: Cleaned) -> list[tuple[str, str]]:
    return [("home", home) for home in linkage.address_keys(cleaned)]


def index(seal: Seal, kept: Kept | None, evidence: Evidence) -> None:
    """Let somebody be found by this evidence from now on, instead of by what was said before."""
    Token.objects.filter(seal=seal, kept=kept).delete()
    Token.objects.bulk_create(Token(token=t, seal=seal, kept=kept) for t in keys_of(linkage.clean(evidence)))


def near_records(evidence: dict[int, Evidence]) -> dict[int, list[Near]]:
    """For each record that comes, by whatever id: the sealed people whom it may be of, the likeliest first."""
    cleaned = {i: linkage.clean(said) for i, said in evidence.items()}
    keys = [linkage.keys(each) for each in cleaned.values()]
    tokens = iter(guard.tokens(chain.from_iterable(keys)))
    asked = {i: set(islice(tokens, len(some))) for i, some in zip(cleaned, keys, strict=True)}
    reached = _reached(asked)
    people = _opened({seal for seals in reached.values() for seal in seals})
    found = {i: _compared(cleaned[i], seals, people, model().possible) for i, seals in reached.items()}
    return {i: near for i, near in found.items() if near}


def near_question(evidence: Evidence) -> list[Near]:
    """The sealed people whom a question may be about. Asked more widely than an answer is given: better told once too
    often. An exact address finds whoever lives there."""
    cleaned = linkage.clean(evidence)
    keys = linkage.query_keys(cleaned)
    tokens = guard.tokens([*keys, *_homes(cleaned)])
    homes = set(tokens[len(keys) :])
    seals = _reached({0: set(tokens[: len(keys)])}).get(0, set())
    at_home = _reached({0: homes}).get(0, set()) if homes else set()
    compared = _compared(cleaned, seals, _opened(seals), model().shown)
    more = at_home - {near.seal for near in compared}
    return compared + [Near(seal, 0.0, home=True) for seal in sorted(more)]


def _reached(asked: dict[int, set[int]]) -> dict[int, set[UUID]]:
    wanted = {token for tokens in asked.values() for token in tokens}
    of: dict[int, set[UUID]] = {}
    found = Token.objects.filter(token__in=wanted, seal__state__in=IN_FORCE)
    for token, seal in found.values_list("token", "seal_id"):
        of.setdefault(token, set()).add(seal)
    reached = {i: set().union(*(of.get(t, set()) for t in tokens)) for i, tokens in asked.items()}
    return {i: seals for i, seals in reached.items() if seals}


def _opened(seals: Iterable[UUID]) -> dict[UUID, list[Cleaned]]:
    """What is known of each: what the guardians wrote, and what partners send."""
    wanted = list(seals)[:MOST_OPENED]
    people: dict[UUID, list[Cleaned]] = {}
    rows: list[Seal | Kept] = [*Seal.objects.filter(pk__in=wanted), *Kept.objects.filter(seal__in=wanted, sure=True)]
    for row, plain in zip(rows, guard.open_rows(rows), strict=True):
        seal = row.pk if isinstance(row, Seal) else row.seal_id
        people.setdefault(seal, []).append(linkage.clean(Evidence.from_json(plain["evidence"])))
    return people


def _compared(asked: Cleaned, seals: set[UUID], people: dict[UUID, list[Cleaned]], least: float) -> list[Near]:
    best = (
        (seal, max(linkage.compare(asked, one, model()).bits for one in people[seal])) for seal in seals & people.keys()
    )
    near = [Near(seal, bits) for seal, bits in best if bits >= least]
    meant = _may_be_meant(asked, [each.seal for each in near])
    return sorted((each for each in near if each.seal in meant), key=lambda each: -each.bits)


def _may_be_meant(asked: Cleaned, seals: list[UUID]) -> set[UUID]:
    """Those of the seals that it may be about at all: of one that is split, only what says something of the new
    identity. A birth date and a given name that agree are the old one's too, and would join the two before the desk."""
    rows = list(Seal.objects.filter(pk__in=seals))
    split = [row for row in rows if sorts()[row.sort].split]
    known = {row.pk: Evidence.from_json(p["evidence"]) for row, p in zip(split, guard.open_rows(split), strict=True)}
    return {row.pk for row in rows if row.pk not in known or says_of(asked, linkage.clean(known[row.pk]))}


def says_of(asked: Cleaned, new: Cleaned) -> bool:
    """Does it say anything that only that identity has: its family name, a number, or its very home?"""
    said = {reason.field for reason in linkage.compare(asked, new, model()).reasons if reason.bits > 0}
    return bool(said & ITS_OWN or set(linkage.address_keys(asked)) & set(linkage.address_keys(new)))
