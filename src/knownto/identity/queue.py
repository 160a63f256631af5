"""The queue of pairs that wait for a reviewer: kept, counted, and handed out one at a time, the gravest doubt first."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from knownto.access.acts import SYSTEM, system
from knownto.casework import acts as casework
from knownto.casework.deciding import by_rule
from knownto.casework.models import Episode
from knownto.feeds.models import Record
from knownto.identity import harm, wanting
from knownto.identity.models import Review, Why
from knownto.identity.pathway import BAND, REVIEW
from knownto.identity.wanting import Wanted
from knownto.partners import offices
from knownto.partners.offices import NoSuchOffice

AT_ONCE = 200  # in one transaction: about a second
CLAIMED_FOR = timedelta(minutes=15)
TOLD = frozenset({Why.REPORTED, Why.UNDO, Why.CONTRADICTED})  # somebody who knows them says so


def keep(*, now: datetime, most: int = AT_ONCE) -> int:
    """Put in what must be looked at, take out what need not be any more; returns how many. Safe to come twice."""
    with system("review"):
        if not _staffed():
            return 0
        wanted = wanting.missing(most)
        put_in(wanted, now)
        gone = sum(_gone(review, now) for review in wanting.needless(most))
        _rescore(wanting.rescored(most))
        return len(wanted) + gone


def keep_all(*, now: datetime) -> int:
    """The same until nothing is left to do."""
    done, some = 0, keep(now=now)
    while some:
        done, some = done + some, keep(now=now)
    return done


def _staffed() -> bool:
    """Without an office to own it there can be no work; the start-up check of the pathway says who it must be."""
    try:
        return bool(offices.team_of("who-is-who"))
    except NoSuchOffice:
        return False


def put_in(wanted: Sequence[Wanted], now: datetime, *, first: UUID | None = None) -> list[Review]:
    """Open the review of each, inside rows that are open. `first`: the reviewer who has it before them at once."""
    of = harm.of_each([each.records for each in wanted])
    agencies = agencies_of(record for each in wanted for record in each.records)
    return [_put_in(each, cls, agencies, first, now) for each, cls in zip(wanted, of, strict=True)]


def _put_in(wanted: Wanted, of: harm.DataClass, agencies: dict[int, str], first: UUID | None, now: datetime) -> Review:
    whose = sorted({agencies[record] for record in wanted.records if record in agencies})
    episode = casework.open_episode(
        by=SYSTEM,
        pathway_code=REVIEW.code,
        origin=casework.Origin(whose[0] if whose else offices.team_of("who-is-who").agency_id),
        about=(),
        urgency=BAND[of.band],
        quiet=True,
        now=now,
    )
    return Review.objects.create(
        episode=episode,
        lower=wanted.lower,
        higher=wanted.higher,
        why=wanted.why,
        agencies=whose,
        data_class=of.code,
        two_people=of.two_people,
        two_agencies=of.two_agencies,
        bits=wanted.bits,
        rank=harm.rank(of, wanted.bits, told=wanted.why in TOLD),
        since=now,
        claimed_by=first,
        claimed_until=now + CLAIMED_FOR if first else None,
    )


def agencies_of(records: Iterable[int]) -> dict[int, str]:
    """Whose each of those records is, by code."""
    return dict(Record.objects.filter(pk__in=list(records)).values_list("pk", "agency_id"))


def _gone(review: UUID, now: datetime) -> int:
    """Its cause has gone: found to be one person by others, taken back by a partner, or settled by newer evidence."""
    of = Review.objects.filter(pk=review).values("episode")
    episode = Episode.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=of).first()
    if episode is None:  # somebody is deciding it: whoever locks both takes the episode first
        return 0
    row = Review.objects.select_for_update().get(pk=review)
    if by_rule(episode, "gone", "What was to be decided has gone.", now) is None:
        return 0
    row.closed_at, row.claimed_by, row.claimed_until = now, None, None
    row.save(update_fields=["closed_at", "claimed_by", "claimed_until"])
    return 1


def _rescore(found: Sequence[tuple[UUID, float]]) -> None:
    for review, bits in found:
        row = Review.objects.get(pk=review)
        row.bits, row.rank = bits, harm.rank(harm.classes()[row.data_class], bits, told=Why(row.why) in TOLD)
        row.save(update_fields=["bits", "rank"])


def waiting(covered: Collection[str]) -> QuerySet[Review]:
    """What waits for a first reviewer, of agencies that the viewer's may be shown, in the order of the queue."""
    rows = Review.objects.filter(closed_at=None, episode__state="waiting", agencies__contained_by=list(covered))
    return rows.select_related("episode").order_by("-rank", "since", "id")


def claim_next(worker: UUID, covered: Collection[str], now: datetime) -> Review | None:
    """The next pair for this reviewer: what they have in hand, or else the first that nobody has. Locked."""
    pairs = waiting(covered).exclude(higher=None).exclude(skipped_by__contains=[worker])
    mine = pairs.filter(claimed_by=worker, claimed_until__gt=now)
    free = pairs.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    for rows in (mine, free):
        if found := _first(rows, now):
            return claim(found, worker, now)
    return None


def _first(rows: QuerySet[Review], now: datetime) -> Review | None:
    """The first that is still to be decided: what a decision just before has settled is taken out at once."""
    while found := rows.select_for_update(skip_locked=True, of=("self", "episode"), no_key=True).first():
        if not wanting.needless(1, only=found.pk) or not _gone(found.pk, now):
            return found
    return None


def claim(review: Review, worker: UUID, now: datetime) -> Review:
    """It is before that reviewer for a while, and before nobody else."""
    review.claimed_by, review.claimed_until = worker, now + CLAIMED_FOR
    review.save(update_fields=["claimed_by", "claimed_until"])
    return review


def counts(covered: Collection[str], now: datetime) -> dict[str, int]:
    """How many wait, by band of harm, and how many of them are late: counts and nobody in them."""
    rows = Review.objects.filter(closed_at=None, agencies__contained_by=list(covered))
    found = dict(rows.values_list("episode__urgency").annotate(Count("pk")).order_by())
    late = rows.filter(episode__next_due__lt=now).count()
    named = {band: found.get(urgency, 0) for band, urgency in BAND.items()}
    states = dict(rows.values_list("episode__state").annotate(Count("pk")).order_by())
    return named | {"late": late, "second": states.get("second", 0), "lead": states.get("lead", 0)}
