"""From a recorded order to what keeps whereabouts back: which do, of whom, and from whom (`hides` in orders.toml).

An order that ends lifts nothing by itself: it asks two people to look. Killed between the two, or recorded before there
was any of this, a fact is found by the sweep.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import SYSTEM, system
from knownto.casework import reads, words
from knownto.casework.models import Episode, Statement
from knownto.casework.reads import Known
from knownto.firewall import acts as firewall
from knownto.firewall.acts import NothingProtected, Setting
from knownto.firewall.contents import Protected, Subject
from knownto.firewall.models import Protection, Reach
from knownto.ledger.acts import Actor
from knownto.linkage import Address, address_key
from knownto.pathways.frontdoor.kept_back import schools_named
from knownto.pathways.frontdoor.orders import CHILDREN, Order, orders

SOURCE_OF_HARM = "source-of-harm"
PARENTS = frozenset({"parent", "carer"})


@dataclass(frozen=True)
class Named:
    """The people of the work, as the fact names them."""

    about: tuple[Known, ...]
    others: tuple[Known, ...]
    children: tuple[Known, ...]


def follow(*, episode: Episode, statement: Statement, plain: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Protect whom that fact protects, in the transaction in which it is recorded. Of one fact once."""
    order = orders()[plain["order"]]
    if not order.hides:
        return
    known = reads.people([episode]).get(episode.id, [])
    setting = _setting(order, plain, _named(plain, known), statement.pk)
    with suppress(NothingProtected):  # a fact about somebody of whom nothing is known that could lead to them
        firewall.set_up(setting=setting, by=by, now=now)


def ended(*, statement: Statement, why: str, by: Actor, now: datetime) -> None:
    """The fact is at an end, or was wrong: that asks to lift what came of it, and lifts nothing."""
    firewall.lift_asked_by_rule(fact=statement.pk, by=by, why=why, now=now)


def _named(plain: Mapping[str, Any], known: Sequence[Known]) -> Named:
    named = {UUID(each) for each in plain.get("about", ())}
    about = tuple(each for each in known if each.id in named)
    others = tuple(each for each in known if each.id not in named)
    which = {UUID(each) for each in plain.get("children", ())}
    children = tuple(each for each in known if each.role in CHILDREN and (not which or each.id in which))
    return Named(about, others, children)


def _setting(order: Order, plain: Mapping[str, Any], named: Named, fact: UUID) -> Setting:
    hidden, whom = _HIDES[order.hides](named)
    note = plain.get("note", "")
    protected = Protected(
        tuple(_subject(each, note if at == 0 and order.hides == "anybody" else "") for at, each in enumerate(hidden)),
        whom=tuple(each.evidence for each in whom),
        why=" ".join(filter(None, (order.says, note))),
        authority=f"{order.name}. {order.authority}",
    )
    until = plain.get("until")
    return Setting(
        protected,
        Reach.ANYBODY if order.hides == "anybody" else Reach.PERSON,
        date.fromisoformat(plain["from"]),
        date.fromisoformat(until) if until else None,
        fact=fact,
    )


def _from_anybody(named: Named) -> tuple[list[Known], list[Known]]:
    """Those named, and whoever lives where they do: one address gives away the other."""
    homes = {key for each in named.about for key in _homes(each)}
    with_them = [each for each in named.others if homes & set(_homes(each)) and each.role != SOURCE_OF_HARM]
    return [*named.about, *with_them], [each for each in named.others if each.role == SOURCE_OF_HARM]


def _from_named(named: Named) -> tuple[list[Known], list[Known]]:
    """The children, and every other adult who is not thought to be a source of harm, from those it is against."""
    return [each for each in named.others if each.role != SOURCE_OF_HARM], list(named.about)


def _from_parents(named: Named) -> tuple[list[Known], list[Known]]:
    return list(named.children), [each for each in (*named.about, *named.others) if each.role in PARENTS]


_HIDES = {"anybody": _from_anybody, "named": _from_named, "parents": _from_parents}


def _homes(known: Known) -> Iterable[str]:
    return filter(None, (address_key(each) for each in known.evidence.addresses[:1]))


def _subject(known: Known, note: str) -> Subject:
    evidence = known.evidence
    if note[:1].isdigit():  # the address itself, written where there is no other place for it
        lines = tuple(part.strip() for part in note.replace("\n", ",").split(","))
        evidence = replace(evidence, addresses=(*evidence.addresses, Address(lines)))
    more = known.more
    return Subject(evidence, schools_named(str(more.get("school") or "")), tuple(filter(None, [more.get("surgery")])))


def catch_up(now: datetime, limit: int = 200) -> int:
    """Protect what recorded facts say and nothing protects yet; gives how many there were."""
    with system("protecting"):
        done = Protection.objects.exclude(fact=None).values_list("fact", flat=True)
        rows = Statement.objects.filter(kind="fact", corrected_by=None).exclude(pk__in=list(done))
        found = list(rows.select_related("episode").order_by("-at")[:limit])
        opened = zip(found, words.opened(found), strict=True)
        hiding = [(row, plain) for row, plain in opened if orders().get(plain.get("order", ""), _NONE).hides]
        for row, plain in hiding:
            follow(episode=row.episode, statement=row, plain=plain, by=SYSTEM, now=now)
    return len(hiding)


_NONE = Order("", "", "", "", "")
