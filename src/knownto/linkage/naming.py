"""How far the names of two cleaned records agree, whatever order, spelling or part of them each record
has."""

from math import log2

from knownto.linkage import tables
from knownto.linkage.cleaning import Cleaned
from knownto.linkage.families import MISSING, Agreed, family_names
from knownto.linkage.likeness import nearly, slipped, somewhat
from knownto.linkage.model import Model
from knownto.linkage.sounds import sound
from knownto.linkage.standards import roots, standard_family, standard_given

_UNSETTLED = frozenset(("different", "customary", "customary_only", "alike", "close", "distant", "initial", ""))
_SHORTEST = 3  # letters by which a short name is known for another: Kath, Mart
_OWN_RIGHT = log2(100000 / 50)  # bits: the rarest short name that is often a child's whole name
_NOT_SHARED = frozenset(("different", "customary", "customary_only"))
_SHARING = frozenset(("part", "customary"))


def names(a: Cleaned, b: Cleaned, model: Model) -> tuple[Agreed, Agreed]:
    """The levels of the family name and of the given name, judged together since people put one for the
    other."""
    if _one_name(a) or _one_name(b):
        return _single(a, b, model)
    family, given = family_names(a, b, model), _given(a, b, model)
    if family.level in _UNSETTLED or given.level in _UNSETTLED:
        family, given = _crossed(a, b, family, given, model)
        if a.others or b.others:
            family, given = _otherwise(a, b, family, given, model)
    return family, given


def _one_name(c: Cleaned) -> bool:
    """Only a first name or only a family name, be it double-barrelled."""
    return bool(c.given) is not bool(c.family) and not c.baby


def _single(a: Cleaned, b: Cleaned, model: Model) -> tuple[Agreed, Agreed]:
    """A record of one name only: it may stand for any part of the other's. An unnamed baby's says nothing of a first
    name alone."""
    if not (a.given or a.family) or not (b.given or b.family):
        return MISSING, MISSING
    if (a.baby or b.baby) and not (a.given and b.given) and not (a.family and b.family):
        return MISSING, MISSING
    if a.family and b.family and not (a.given and b.given) and (a.baby or b.baby):
        return family_names(a, b, model), MISSING
    mine, theirs = _every(a), _every(b)
    shared = mine & theirs
    if not shared:
        return _nothing_shared(a, b, _nearest(mine, theirs, model), model)
    name = min(shared, key=lambda n: (-_either_rarity(n, model), n))
    return MISSING, Agreed("one_name", _either_rarity(name, model), name)


def _nothing_shared(a: Cleaned, b: Cleaned, nearest: Agreed, model: Model) -> tuple[Agreed, Agreed]:
    """A family name alone that is another says nothing of the first name: it may be of before a marriage."""
    if nearest.level == "different" and not (a.given and b.given):
        family, given = Agreed("different"), MISSING
    else:
        family, given = MISSING, nearest
    return _otherwise(a, b, family, given, model) if a.others or b.others else (family, given)


def _nearest(mine: set[str], theirs: set[str], model: Model) -> Agreed:
    for x in sorted(mine):
        for y in sorted(theirs):
            if nearly(x, y):
                return Agreed("close", min(_either_rarity(x, model), _either_rarity(y, model)))
    return Agreed("different")


def _every(c: Cleaned) -> set[str]:
    return {*c.given_standard, *c.family_standard, "".join(c.given_standard + c.family_standard)}


def _either_rarity(name: str, model: Model) -> float:
    family, given = model.family_rarity.get(name), model.given_rarity.get(name)
    known = [r for r in (family, given) if r is not None]
    return min(known) if known else min(model.family_unseen, model.given_unseen)


def _given(a: Cleaned, b: Cleaned, model: Model) -> Agreed:
    x, y = a.call_standard, b.call_standard
    if not x or not y:
        return MISSING
    rarity = model.given_rarity
    if x == y:
        level = "exact" if a.call == b.call else "spelling"
        return Agreed(level, rarity.get(x, model.given_unseen), x)
    if x == "".join(b.given_standard[:2]) or y == "".join(a.given_standard[:2]):  # Ellie-Mae, Elliemae
        return Agreed("spelling", model.given_unseen)
    if not set(a.call_roots).isdisjoint(b.call_roots):
        return Agreed(_nickname(x, y, model), _commoner(x, y, model))
    return _given_apart(a, b, x, y, model)


def _nickname(x: str, y: str, model: Model) -> str:
    """Bill is William; but John and Jack, or Alfie and Freddie, may as well be two children of one family."""
    if x[:_SHORTEST] == y[:_SHORTEST] and (x in tables.FULL_NAMES.get(y, ()) or y in tables.FULL_NAMES.get(x, ())):
        return "nickname"
    own = (model.given_rarity.get(name, model.given_unseen) <= _OWN_RIGHT for name in (x, y))
    return "either" if all(own) else "nickname"


def _given_apart(a: Cleaned, b: Cleaned, x: str, y: str, model: Model) -> Agreed:
    if len(x) == 1 or len(y) == 1:
        return Agreed("initial" if x[0] == y[0] else "different")
    if _together(a, b):
        return _given_elsewhere(a, b, x if x in b.given_standard else y, model)
    if _one_is_customary(x, y, model):
        return Agreed("customary_only")
    return _given_unlike(a, b, x, y, model)


def _one_is_customary(x: str, y: str, model: Model) -> bool:
    """Mohammed Tariq is Mohammed to one partner and Tariq to another."""
    if (x in tables.CUSTOMARY_FIRST) is (y in tables.CUSTOMARY_FIRST):
        return False
    called = y if x in tables.CUSTOMARY_FIRST else x
    return model.given_tradition.get(called, "muslim") == "muslim"


def _together(a: Cleaned, b: Cleaned) -> bool:
    """Does either stand among the other's given names?"""
    return a.call_standard in b.given_standard or b.call_standard in a.given_standard


def _given_elsewhere(a: Cleaned, b: Cleaned, shared: str, model: Model) -> Agreed:
    """A first name that is a middle name on the other record. When each also has one that the other lacks,
    they may be children who were named for one another."""
    if shared in tables.CUSTOMARY_FIRST:
        return Agreed("customary")
    mine, theirs = set(a.given_standard) - tables.COMPANIONS, set(b.given_standard) - tables.COMPANIONS
    if mine <= theirs or theirs <= mine:
        return Agreed("middle", model.given_rarity.get(shared, model.given_unseen), shared)
    return Agreed("distant")


def _given_unlike(a: Cleaned, b: Cleaned, x: str, y: str, model: Model) -> Agreed:
    """Two names in their own right are two children's; a name and what is nobody's name may be a slip."""
    if x in tables.NAMES_GIVEN and y in tables.NAMES_GIVEN:
        return Agreed("alike" if nearly(x, y) else "different")
    if nearly(x, y) or nearly(a.call, b.call) or slipped(a.call, b.call) or _begins(x, y):
        rhyming = _rhyme(x, y) or not tables.FAMILY_FIRST.isdisjoint(a.family + b.family)  # Kaman, Kayan
        return Agreed("distant") if rhyming else Agreed("close", _commoner(x, y, model))
    if any(_run_together(other, c.given_standard) for c, other in ((a, y), (b, x))):
        return Agreed("close", _commoner(x, y, model))
    alike = somewhat(a.call, b.call) or somewhat(x, y) or _slip_elsewhere(a, b)
    return Agreed("distant" if alike else "different")


def _run_together(name: str, given: tuple[str, ...]) -> bool:
    """Noorulain for Noor ul Ain, Elliemay for Ellie Mae."""
    return len(given) > 1 and name.startswith(given[0]) and nearly(name, "".join(given[:2]))


def _slip_elsewhere(a: Cleaned, b: Cleaned) -> bool:
    """A slip in a name besides its being short, honoured with Oluwa, or a second name on the other record."""
    mine, theirs = {*a.call_roots, a.call_standard}, {*b.call_roots, b.call_standard}
    pairs = [(m, t) for m in mine for t in theirs]
    pairs += [(a.call_standard, m) for m in b.middle] + [(b.call_standard, m) for m in a.middle]
    return any(nearly(x, y) for x, y in pairs)


def _rhyme(x: str, y: str) -> bool:
    """Hitesh and Nitesh, Hamid and Hamida: names that differ as brothers' and sisters' do rather than as slips do."""
    short, long = sorted((x, y), key=len)
    return sound(x)[:1] != sound(y)[:1] or (short == long[: len(short)] and long[len(short) :] in _FEMININE)


_FEMININE = frozenset(("A", "AH", "IA", "INE", "INA", "ETTE", "ELLE"))


def _begins(x: str, y: str) -> bool:
    """Cut short as people do, in no table of nicknames."""
    short, long = sorted((x, y), key=len)
    return len(short) >= _SHORTEST and long.startswith(short)


def _commoner(x: str, y: str, model: Model) -> float:
    rarity, unseen = model.given_rarity, model.given_unseen
    return min(rarity.get(x, unseen), rarity.get(y, unseen))


def _crossed(a: Cleaned, b: Cleaned, family: Agreed, given: Agreed, model: Model) -> tuple[Agreed, Agreed]:
    """Names the other way round, and a family name that stands among the other record's first names."""
    if _other_way_round(a, b):
        return (
            Agreed("swapped", _either_rarity(a.call_standard, model)),
            Agreed("swapped", _either_rarity(b.call_standard, model)),
        )
    if family.level == "different" and given.level in _UNSETTLED and a.call and b.call and _cross_slip(a, b):
        either = (_either_rarity(n, model) for n in (a.call_standard, b.call_standard))
        return Agreed("swapped", min(either)), Agreed("close", 0.0)
    if family.level == "different" and (rotated := _rotated(a, b, model)):
        return rotated
    if given.level in _NOT_SHARED and family.level in _SHARING and (called := _moved_call(a, b)):
        return family, Agreed("moved", _either_rarity(called, model))
    if family.level in _UNSETTLED and given.level != "different":
        used = a.call_standard if a.call_standard == b.call_standard else ""
        moved = [f for f in a.family_standard if f in b.given_standard and f != used]
        moved += [f for f in b.family_standard if f in a.given_standard and f != used]
        if moved:
            rarity, name = max((_either_rarity(f, model), f) for f in moved)
            family = Agreed("moved", rarity, name)
    return family, given


def _rotated(a: Cleaned, b: Cleaned, model: Model) -> tuple[Agreed, Agreed] | None:
    """Popescu Ion Marin, all in one field: the family name was taken for the first of the first names."""
    for one, other in ((a, b), (b, a)):
        if len(one.given) > 1 and one.given_standard[0] in other.family_core and other.call_standard:
            called, name = one.given_standard[1], one.given_standard[0]
            if called == other.call_standard or nearly(called, other.call_standard):
                commoner = min(_either_rarity(called, model), _either_rarity(other.call_standard, model))
                return Agreed("moved", _either_rarity(name, model)), Agreed("close", commoner)
    return None


def _moved_call(a: Cleaned, b: Cleaned) -> str:
    """A name people are called by that stands in the other's family name: "Tejinder Singh" as a family name. The
    family names must share another part, or one be only customary, or twins' one name would be counted twice."""
    for one, other in ((a, b), (b, a)):
        if one.call_standard in other.family_core or one.call in other.family_core:
            return one.call_standard
    return ""


def _other_way_round(a: Cleaned, b: Cleaned) -> bool:
    if not a.call or not b.call:
        return False
    here = a.call in b.family or a.call_standard in b.family_standard
    return here and (b.call in a.family or b.call_standard in a.family_standard)


def _cross_slip(a: Cleaned, b: Cleaned) -> bool:
    """The other way round, and a slip or a short name besides."""
    return _named_last(a, b) and _named_last(b, a)


def _named_last(a: Cleaned, b: Cleaned) -> bool:
    return any(_same_name(a.call_standard, family) for family in (b.family_whole, *b.family_standard))


def _same_name(given: str, family: str) -> bool:
    if given == family or nearly(given, family) or slipped(given, family):
        return True
    return not set(roots(family)).isdisjoint(roots(given))


def _otherwise(a: Cleaned, b: Cleaned, family: Agreed, given: Agreed, model: Model) -> tuple[Agreed, Agreed]:
    """Maiden names, aliases and names known by: any name of one against any name of the other."""
    if family.level in _UNSETTLED and (shared := _all_families(a) & _all_families(b)):
        family = Agreed("other_name", max(model.family_rarity.get(f, model.family_unseen) for f in shared))
    if given.level in _UNSETTLED and (called := _all_calls(a) & _all_calls(b)):
        given = Agreed("other_name", max(model.given_rarity.get(g, model.given_unseen) for g in called))
    return family, given


def _all_families(c: Cleaned) -> set[str]:
    return {
        *c.family_core,
        *(standard_family(f) for o in c.others for f in o.family if f not in tables.COMPANIONS),
    }


def _all_calls(c: Cleaned) -> set[str]:
    found = {standard_given(o.given[0]) for o in c.others if o.given} | {c.call_standard}
    return found - {""} - tables.CUSTOMARY_FIRST


def middle(a: Cleaned, b: Cleaned) -> str:
    """The level of what else each is called, "" when either record has no more."""
    x, y = a.middle, b.middle
    if not x or not y:
        return ""
    if any(m in y for m in x):
        return "same"
    if any((len(m) == 1 or len(n) == 1) and m[0] == n[0] for m in x for n in y):
        return "initial"
    return "close" if any(nearly(m, n) for m in x for n in y) else "different"
