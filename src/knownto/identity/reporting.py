"""'This is not one person', said by a worker to whom it was shown: the pair that holds them together is reviewed."""

from datetime import datetime
from uuid import UUID

from knownto.identity import harm, queue
from knownto.identity.models import Belief, Member, Review, Why
from knownto.identity.scores import pair
from knownto.identity.wanting import Wanted


def not_one_person(*, person: UUID, record: int, now: datetime) -> UUID | None:
    """That record is said to be of somebody else. Gives the episode of the review; None where nothing joins it to
    anybody, so that there is no link to be wrong. Inside rows that are open."""
    others = set(Member.objects.filter(person=person).values_list("record", flat=True)) - {record}
    if not others:
        return None
    low, high, bits = _strongest(record, others)
    waits = Review.objects.select_for_update().filter(lower=low, higher=high, closed_at=None).first()
    if waits is None:
        [waits] = queue.put_in([Wanted(low, high, Why.REPORTED, bits)], now)
    elif Why(waits.why) is Why.POSSIBLE:
        waits.why, waits.rank = Why.REPORTED, harm.rank(harm.classes()[waits.data_class], bits, told=True)
        waits.save(update_fields=["why", "rank"])
    return waits.episode_id


def _strongest(record: int, others: set[int]) -> tuple[int, int, float]:
    """The pair by which it is held to the rest: the strongest belief, or the first other record."""
    found = Belief.objects.filter(lower__in=[record, *others], higher__in=[record, *others]).order_by("-bits")
    for belief in found:
        if record in (belief.lower, belief.higher):
            return belief.lower, belief.higher, belief.bits
    return *pair(record, min(others)), 0.0
