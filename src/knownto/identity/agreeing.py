"""What follows from what reviewers said of a pair, as plain values: it comes in force, somebody else is asked, or the
lead settles it. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Said:
    """One reviewer's opinion: a kind of ruling, or UNSURE."""

    worker: UUID
    agency: str
    answer: str
    lead: bool = False


class Next(StrEnum):
    """What happens now."""

    IN_FORCE = "in-force"
    ASK = "ask"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Step:
    """`answer` and the two who agree on it, when it comes in force (`also` None where one is enough)."""

    next: Next
    answer: str = ""
    first: Said | None = None
    also: Said | None = None


def step(said: Sequence[Said], *, two_people: bool, two_agencies: bool) -> Step:
    """What follows. `said` is in the order in which it was said, one opinion a reviewer, and not empty.

    >>> step([Said(UUID(int=1), "police", "together")], two_people=False, two_agencies=False).next
    <Next.IN_FORCE: 'in-force'>
    """
    last = said[-1]
    sure = [one for one in said if one.answer != UNSURE]
    leads = [one for one in sure if one.lead]
    if leads and last.answer == leads[-1].answer:  # the lead settles it, or somebody else has said the same since
        return _settled(sure, leads[-1], two_people, two_agencies)
    if len({one.answer for one in sure}) > 1:
        return Step(Next.LEAD)
    if sure:
        return _settled(sure, sure[-1], two_people, two_agencies)
    return Step(Next.ASK) if len(said) == 1 else Step(Next.LEAD)


def _settled(sure: Sequence[Said], chosen: Said, two_people: bool, two_agencies: bool) -> Step:
    """In force as soon as enough people say it."""
    if not two_people:
        return Step(Next.IN_FORCE, chosen.answer, chosen)
    for other in sure:
        if other.answer == chosen.answer and may_be_second(chosen, other, two_agencies):
            return Step(Next.IN_FORCE, chosen.answer, chosen, other)
    return Step(Next.ASK)


def may_be_second(one: Said, other: Said, two_agencies: bool) -> bool:
    """Are these two different people, and of different agencies where the class of data says so?"""
    return one.worker != other.worker and (not two_agencies or one.agency != other.agency)
