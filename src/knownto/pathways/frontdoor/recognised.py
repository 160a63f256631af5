"""Is this child known to the front door already? Open work, an open contact, a referral within twelve months.

A re-referral is the Department for Education's: a referral within 12 months of the one before. An earlier contact
that led to no assessment counts as no referral there, so it is told apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from knownto.access.acts import SYSTEM, system
from knownto.casework import acts, reads, words
from knownto.casework.models import Episode, Participation, Statement
from knownto.casework.recognising import Seen, seen_before
from knownto.casework.register import pathway
from knownto.footprint.question import years_before
from knownto.ledger.acts import Actor

KIND = "seen-before"
CHILDREN = ("subject", "sibling")
# What the census of children in need counts as a referral: children's social care took it up.
TAKEN_UP = frozenset({"assessment", "strategy", "routed"})
WORK = frozenset({"support", "protection"})

# In the order of what a screener must see first.
SORTS: dict[str, str] = {
    "already-open": "Already open",
    "possible-duplicate": "Possible duplicate",
    "re-referral": "Re-referral within 12 months",
    "earlier-contact": "Earlier contact within 12 months",
    "earlier-work": "Earlier support or protection",
}
NOTHING = frozenset({"earlier-work"})  # shown to whoever screens, and no flag on the board


@dataclass(frozen=True)
class Before:
    """Other work that may be about the same child. `bits` is how strongly, `sure` whether that is enough."""

    sort: str
    episode: UUID
    reference: str
    pathway: str
    state: str
    opened_at: datetime
    child: UUID  # whose, of this work
    other: UUID  # who it may be, of the other
    sure: bool
    bits: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"sort": self.sort, "episode": str(self.episode), "reference": self.reference, "sure": self.sure}


def look(episode: Episode, now: datetime) -> list[Before]:
    """Everything that may be about a child of this work, what matters most first. Call inside rows that are open."""
    found: dict[UUID, Before] = {}
    for known in reads.people([episode]).get(episode.id, []):
        if known.role in CHILDREN:
            for each in _of_child(episode, known.id, seen_before(known.evidence, but=_row(known.id)), now):
                kept = found.get(each.episode)
                found[each.episode] = max(each, kept, key=lambda one: one.bits) if kept else each
    order = list(SORTS)
    return sorted(found.values(), key=lambda each: (order.index(each.sort), not each.sure, -each.bits))


def _row(identity: UUID) -> Participation:
    return Participation(pk=identity)


def _of_child(episode: Episode, child: UUID, seen: Iterable[Seen], now: datetime) -> Iterator[Before]:
    for each in seen:
        other = each.participation.episode
        sort = _sort(episode, other, now)
        if sort:
            yield _before(sort, child, each)


def _before(sort: str, child: UUID, seen: Seen) -> Before:
    other, said = seen.participation.episode, seen.comparison
    return Before(
        sort,
        other.id,
        other.reference,
        pathway(other.pathway).name,
        pathway(other.pathway).state(other.state).name,
        other.opened_at,
        child,
        seen.participation.pk,
        seen.sure,
        said.bits,
        tuple(reason.sentence for reason in said.reasons if reason.bits > 0),
        tuple(reason.sentence for reason in said.reasons if reason.bits < 0),
    )


def _sort(episode: Episode, other: Episode, now: datetime) -> str:
    """What that other work is to this one; "" where it is nothing, or part of the same."""
    if other.pk == episode.pk or not pathway(other.pathway).seen_by_hub or _of_one_piece(episode, other):
        return ""
    if other.pathway in WORK:
        return "earlier-work" if other.closed_at else "already-open"
    if other.pathway != "contact" or other.opened_at > now or other.joined_to_id:
        return ""
    if other.closed_at is None:
        return "possible-duplicate"
    if other.opened_at < _a_year_before(episode.opened_at):
        return ""
    return "re-referral" if other.state in TAKEN_UP else "earlier-contact"


def _of_one_piece(episode: Episode, other: Episode) -> bool:
    """What this came of, what it led to, what was joined: the same worry, and no news."""
    return episode.pk in (other.parent_id, other.joined_to_id) or other.pk in (episode.parent_id, episode.joined_to_id)


def _a_year_before(moment: datetime) -> datetime:
    return datetime.combine(years_before(moment.date(), 1), moment.timetz())


def note(*, episode: Episode, by: Actor, now: datetime) -> list[Before]:
    """Look, and write down what was found, so that a board shows it without looking again."""
    found = look(episode, now)
    told = [each.to_json() for each in found if each.sort not in NOTHING]
    acts.say(episode=episode, kind=KIND, plain={"found": told}, by=by, now=now)
    return found


def flags(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The sorts that a look found, from what was written down of it, each once, what matters most first."""
    found = {each["sort"] for each in plain.get("found", ())}
    return tuple(sort for sort in SORTS if sort in found)


def last_flags(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What the last look at each found; those that nobody has looked for yet are not in it."""
    rows = Statement.objects.filter(episode__in=ids, kind=KIND)
    last = list(rows.order_by("episode", F("at").desc(), F("id").desc()).distinct("episode"))
    return {row.episode_id: flags(plain) for row, plain in zip(last, words.opened(last), strict=True)}


def catch_up(now: datetime, limit: int = 200) -> int:
    """Look for every open contact that nobody has looked for yet; gives how many there were.

    A referral is taken in without waiting for this: it is found here, from the database alone, and a look that was
    killed is made again.
    """
    with system("seen-before"):
        looked = Statement.objects.filter(kind=KIND).values("episode")
        waiting = Episode.objects.filter(pathway="contact", closed_at=None).exclude(pk__in=looked)
        ids = list(waiting.order_by("next_due").values_list("pk", flat=True)[:limit])
    return sum(_look_at_one(identity, now) for identity in ids)


def _look_at_one(identity: UUID, now: datetime) -> int:
    with system("seen-before"):
        waiting = Episode.objects.select_for_update(skip_locked=True, no_key=True)
        row = waiting.filter(pk=identity, closed_at=None).first()
        if row is None or Statement.objects.filter(episode=row, kind=KIND).exists():
            return 0
        found = note(episode=row, by=SYSTEM, now=now)
        _tell_the_other(found, now)
        return 1


def _tell_the_other(found: Iterable[Before], now: datetime) -> None:
    """The one that was there first is as much a duplicate as the one that came: its flag is looked up anew.

    Not where it has that flag: of fifty that look alike each would be looked up fifty times, to say what it says.
    """
    likely = [each.episode for each in found if each.sort == "possible-duplicate" and each.sure]
    unsaid = [identity for identity, said in last_flags(likely).items() if "possible-duplicate" not in said]
    for other in Episode.objects.filter(pk__in=unsaid):
        note(episode=other, by=SYSTEM, now=now)
