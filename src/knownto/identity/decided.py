"""What reviewers decided, to be learnt from: opaque ids, levels of agreement and answers, never anybody's values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from knownto.identity.agreeing import UNSURE
from knownto.identity.models import Opinion, Review, RulingKind

KINDS = frozenset(RulingKind.values)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two records that reviewers decided on. `levels`, `bits` and `model` are the belief as it stood when the first
    spoke; `agreed` None where one alone spoke."""

    lower: int
    higher: int
    one_person: bool
    decision: str
    levels: dict[str, str]
    bits: float
    model: str
    agreed: bool | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the pairs on which two reviewers gave an answer without knowing the other's, how many had the same."""

    both: int
    same: int
    decided: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None before there is one."""
        return self.same / self.both if self.both else None


def labelled_pairs() -> Iterator[LabelledPair]:
    """Every pair that was decided and has not been undone since, the oldest first. Inside rows that are open."""
    rows = Review.objects.filter(answer__in=KINDS, ruling__undone_at=None, ruling__replaced_by=None)
    found = rows.exclude(ruling=None).order_by("closed_at", "id").prefetch_related("opinions")
    for row in found.iterator(chunk_size=AT_ONCE):
        if labelled := _labelled(row):
            yield labelled


def _labelled(row: Review) -> LabelledPair | None:
    said = sorted((o for o in row.opinions.all() if o.withdrawn_at is None), key=lambda o: o.at)
    if not said or row.higher is None or row.closed_at is None:
        return None
    return LabelledPair(
        row.lower,
        row.higher,
        row.answer == RulingKind.TOGETHER,
        row.answer,
        dict(each.split("=", 1) for each in said[0].levels.split() if "=" in each),
        said[0].bits,
        said[0].model,
        _agreed(said),
        row.closed_at,
    )


def _agreed(said: list[Opinion]) -> bool | None:
    """The lead knew what was said before: that is no opinion given blind."""
    blind = [one.answer for one in said if not one.lead and one.answer != UNSURE]
    return len(set(blind)) == 1 if len(blind) > 1 else None


def agreement() -> Agreement:
    """How often reviewers agree. Inside rows that are open."""
    blind = Count("worker", filter=~Q(answer=UNSURE) & Q(lead=False))
    answers = Count("answer", distinct=True, filter=~Q(answer=UNSURE) & Q(lead=False))
    rows = Opinion.objects.filter(withdrawn_at=None).exclude(review__closed_at=None)
    found = rows.values("review").annotate(blind=blind, answers=answers).values_list("blind", "answers")
    both = [answers for blind, answers in found if blind > 1]
    return Agreement(len(both), both.count(1), len(found))
