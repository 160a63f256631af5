"""What an order or another fact does to who may be told: data, and one pure judgement that fails closed.

Refusals are believed however they became known; a permission only when somebody has seen what it rests on. A bar
beats everything; a caution can be lifted by a recorded decision; a parent of whom nothing is recorded is not told.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from uuid import UUID

BELIEVED = frozenset({"seen", "record"})
SOURCES: Mapping[str, str] = {
    "seen": "I have seen it (the order, the certificate)",
    "record": "It is in our own or the court's record",
    "told": "Somebody told us; nobody has seen it",
}
CHILDREN = frozenset({"subject", "sibling"})
NEVER_NAMED = "Nobody has recorded how that is decided, so the answer is no."


@dataclass(frozen=True, slots=True)
class Order:
    """A kind of fact, as `orders.toml` describes it."""

    code: str
    name: str
    of: str
    says: str
    authority: str
    allows: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    strength: str = "bar"
    lifts: bool = False
    how: bool = False
    hides: str = ""  # from whom it hides where they live: anybody, named (those it is about), parents


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in force. `about` and `children` are participations; `children` empty means all of them.

    `audiences`: those that the record lists (referrer, school, gp, agency:<code>). `ours` is False where it was
    recorded of somebody who only may be the same person: it can refuse, and never allow.
    """

    order: str
    about: frozenset[UUID]
    source: str
    children: frozenset[UUID] = frozenset()
    audiences: frozenset[str] = frozenset()
    note: str = ""
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that decides who may be told of one piece of work.

    `roles`: of each participation that it is about. `suspects`: those who are, or may be, a source of the harm.
    """

    roles: Mapping[UUID, str]
    facts: tuple[Fact, ...] = ()
    suspects: frozenset[UUID] = frozenset()
    referrer: str = ""  # the agency that raised it; "" where it was no agency
    agencies: frozenset[str] = frozenset()
    council: str = ""

    @property
    def subjects(self) -> frozenset[UUID]:
        return frozenset(each for each, role in self.roles.items() if role in CHILDREN)


@dataclass(frozen=True, slots=True)
class Told:
    """May they be told, why or why not in a sentence, and how they may safely be reached, where that is recorded."""

    may: bool
    because: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class _Audience:
    kind: str
    who: UUID | None = None
    labels: frozenset[str] = field(default_factory=frozenset)


@cache
def orders() -> Mapping[str, Order]:
    table = tomllib.loads(files(__package__).joinpath("orders.toml").read_text(encoding="utf-8"))
    return {code: _order(code, said) for code, said in table.items()}


def _order(code: str, said: dict) -> Order:
    sets = {name: frozenset(said.pop(name, ())) for name in ("allows", "refuses")}
    return Order(code=code, **said, **sets)


def judge(audience: str, standing: Standing) -> Told:
    """May that audience be told of the work? Raises KeyError for an order there is not, ValueError for no id."""
    whom = _audience(audience, standing)
    if whom is None:
        return Told(False, NEVER_NAMED)
    refusals = [(orders()[fact.order], fact) for fact in standing.facts if _refuses(fact, whom, standing)]
    for order, _ in refusals:
        if order.strength == "bar":
            return Told(False, order.says)
    lifted = any(orders()[fact.order].lifts and _allows(fact, whom) for fact in standing.facts)
    if whom.who in standing.suspects and not lifted:
        return Told(False, "They are, or may be, a source of the harm.")
    if refusals and not lifted:
        return Told(False, f"{refusals[0][0].says} A manager or the court may decide otherwise.")
    return _allowed(whom, standing, lifted)


def _audience(audience: str, standing: Standing) -> _Audience | None:
    kind, _, which = audience.partition(":")
    if kind in ("parent", "adult"):
        who = UUID(which)
        return _Audience(kind, who) if who in standing.roles else None
    agency = {"referrer": standing.referrer, "agency": which, "school": "school", "gp": "gp"}.get(kind, "")
    if agency not in standing.agencies:
        return None
    labels = {kind, f"agency:{agency}", agency} - {"agency"}
    return _Audience(kind, None, frozenset(labels | (set() if agency == standing.council else {"agencies"})))


def _refuses(fact: Fact, whom: _Audience, standing: Standing) -> bool:
    refuses = orders()[fact.order].refuses
    if whom.who is None:
        return bool(refuses & whom.labels or ("listed" in refuses and fact.audiences & whom.labels))
    named = whom.who in fact.about
    parents = whom.kind == "parent" and ("parents" in refuses or ("other-parents" in refuses and not named))
    return parents or ("named" in refuses and named)


def _allows(fact: Fact, whom: _Audience) -> bool:
    allows = orders()[fact.order].allows
    if not fact.ours or fact.source not in BELIEVED:
        return False
    if whom.who is None:
        return "listed" in allows and bool(fact.audiences & whom.labels)
    return "named" in allows and whom.who in fact.about


def _allowed(whom: _Audience, standing: Standing, lifted: bool) -> Told:
    how = _how(standing.facts, whom)
    if whom.kind == "adult":
        return _adult(whom, standing, how)
    if whom.who is None:
        return Told(True, "Nothing recorded speaks against it.", how)
    if lifted:
        return Told(True, orders()["may-be-told"].says, how)
    held = [fact for fact in standing.facts if _allows(fact, whom)]
    if not held:
        return Told(False, "Nobody has recorded, from what they have seen, that they have parental responsibility.")
    if not _every_child(held, standing):
        return Told(False, "They have parental responsibility for some of the children only.")
    return Told(True, orders()[held[0].order].says, how)


def _adult(whom: _Audience, standing: Standing, how: str) -> Told:
    """The adult whom it is about is told, unless something refuses: nothing about them without them."""
    if whom.who is not None and standing.roles[whom.who] == "adult-at-risk":
        return Told(True, "It is about them.", how)
    return Told(False, "It is not about them.")


def _every_child(held: Iterable[Fact], standing: Standing) -> bool:
    if any(not fact.children for fact in held):
        return True
    covered = frozenset[UUID]().union(*(fact.children for fact in held))
    return standing.subjects <= covered


def _how(facts: Iterable[Fact], whom: _Audience) -> str:
    told = [fact for fact in facts if orders()[fact.order].how and (whom.who is None or whom.who in fact.about)]
    if whom.who is None:  # to an agency only that something must not be passed on, never what
        return " ".join(dict.fromkeys(orders()[fact.order].says for fact in told if fact.order == "protected-address"))
    return " ".join(fact.note or orders()[fact.order].says for fact in told)
