"""Who cannot be meant, told without a comparison: most of those who share a common name were born at another time.

A bound, not a guess: nobody is ruled out whom the whole comparison would show. Only a difference of birth rules out;
whoever shares a number or a postcode, or could share a telephone or an e-mail address, is always compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

from knownto.linkage import Cleaned, Model, agreement
from knownto.linkage.places import Place
from knownto.linkage.standards import standard_family, standard_given

Held = dict[str, Any]  # a cleaned form as it is sealed: short names, only what is filled

# What is looked at one by one; the most that any other field can say is added as it is.
LOOKED_AT = frozenset(("family", "given", "birth", "place", "nhs_number", "upn", "pnc", "contact", "middle"))
NUMBERS = (("nhs", "nhs_number"), ("upn", "upn"), ("pnc", "pnc"))


def ruler(asked: Cleaned, model: Model) -> Callable[[Held], bool]:
    """What tells of a held form whether it is ruled out for that question."""
    if not asked.birth or asked.facts:
        return lambda held: False
    enough = model.shown - model.prior - _most_of_the_rest(asked, model)
    middle = _most(model, "middle", inf) if asked.middle else 0.0
    outcode = max(0.0, model.levels["place"]["outcode"].bits)
    births, birth = model.levels["birth"], agreement.birth

    def ruled_out(held: Held) -> bool:
        if "b" not in held or _shares(asked, held) or _is_joined(asked, held):
            return False
        bits = births[birth(asked, Cleaned(birth=held["b"]))].bits
        if bits >= 0 or bits >= enough:
            return False
        more = middle if len(held.get("g", ())) > 1 else 0.0
        return bits + more + (outcode if _near(asked, held) else 0.0) < enough

    return ruled_out


def _shares(asked: Cleaned, held: Held) -> bool:
    """Anything that speaks for one person whatever the name and the birthday."""
    if any(short in held and held[short] == getattr(asked, name) for short, name in NUMBERS):
        return True
    if (asked.phones and "ph" in held) or (asked.emails and "em" in held):
        return True
    return any(_same_place(p, q) for p in asked.places for q in held.get("p", ()))


def _same_place(p: Place, q: Sequence[str]) -> bool:
    return bool(p.postcode and p.postcode == q[3]) or bool(p.uprn and p.uprn == q[4])


def _near(asked: Cleaned, held: Held) -> bool:
    return any(p.outcode == q[3][:-3] for p in asked.places for q in held.get("p", ()) if p.postcode)


def _is_joined(asked: Cleaned, held: Held) -> bool:
    """Elliemae, and Ellie Mae held: the one agreement whose rarity is not that of a name of the question's."""
    given = held.get("g", ())
    return len(given) > 1 and "".join(map(standard_given, given[:2])) == asked.call_standard


def _most_of_the_rest(asked: Cleaned, model: Model) -> float:
    """The most bits that names, and fields that nobody looks at here, can say."""
    rest = [field for field in model.levels if field not in LOOKED_AT and field not in model.facts]
    most = sum(_most(model, field, _rarity_of(field, model)) for field in rest)
    return most + _most_of_names(asked, model)


def _rarity_of(field: str, model: Model) -> float:
    """What is added where a level counts rarity: a tradition's, or nobody knows how much."""
    return max(model.tradition_bits.values(), default=0.0) if field == "together" else inf


def _most(model: Model, field: str, rarity: float) -> float:
    levels = model.levels[field].values()
    return max(0.0, *(max(at.least, at.bits + rarity) if at.rarity else at.bits for at in levels))


def _most_of_names(asked: Cleaned, model: Model) -> float:
    """As if every name agreed at the level that says most, with the rarest name that the question has."""
    family = {*asked.family_standard, asked.family_whole, *(standard_family(f) for o in asked.others for f in o.family)}
    given = {*asked.given_standard, *(standard_given(g) for o in asked.others for g in o.given)}
    families, givens = model.family_rarity, model.given_rarity
    joined = model.given_unseen if len(asked.given) > 1 else 0.0  # Ellie Mae, and Elliemae held
    of_family = max(_rarest(family, families, model.family_unseen), _either(given, model))
    of_given = max(_rarest(given, givens, model.given_unseen), _either(family, model), joined)
    return _most(model, "family", of_family) + _most(model, "given", of_given)


def _rarest(names: Iterable[str], rarity: Mapping[str, float], unseen: float) -> float:
    return max((rarity.get(name, unseen) for name in names if name), default=0.0)


def _either(names: Iterable[str], model: Model) -> float:
    """A name in the other field counts as the commoner of what it is as a family name and as a first name."""
    return max((_commoner(name, model) for name in names if name), default=0.0)


def _commoner(name: str, model: Model) -> float:
    known = [table[name] for table in (model.family_rarity, model.given_rarity) if name in table]
    return min(known) if known else min(model.family_unseen, model.given_unseen)
