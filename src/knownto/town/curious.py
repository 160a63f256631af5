"""Looks that the privacy office should ask about, and some that only look like it: a few days of the cast's."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from knownto.footprint import acts as footprint
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.ledger.acts import simulating
from knownto.ledger.models import Entry
from knownto.town.people_at_work import Hands
from knownto.town.stories import Story

WORK = "Log 7731"
DANGER = Why("immediate-danger", WORK)
Asked = tuple[str, Question, Why, timedelta]


def live(stories: Sequence[Story], *, now: datetime) -> None:
    """Search, in the past few days. Doing it again changes nothing."""
    hands = Hands()
    officer = hands("officer").worker_id
    if Entry.objects.filter(worker=officer, kind="search", purpose="immediate-danger", simulated=True).exists():
        return
    with simulating():
        for who, question, why, ago in (*_own_name(), *_danger(stories)):
            with transaction.atomic():
                footprint.search(by=hands(who), question=question, why=why, now=now - ago)


def _own_name() -> Iterator[Asked]:
    """An officer looks for people of his own family name, twice in one evening."""
    for k, given in enumerate(("Gareth", "Shannon")):
        yield "officer", Question(given=given, family="Pike", age=34), DANGER, timedelta(days=2, hours=k)


def _danger(stories: Sequence[Story]) -> Iterator[Asked]:
    """A response officer who meets danger every day: a pattern, and nothing wrong with it."""
    known = [story.known for story in stories if story.known.birth_date]
    for k, person in enumerate(known[:5]):
        asked = Question(given=person.given_names, family=person.family_name, born=person.birth_date)
        yield "officer.two", asked, DANGER, timedelta(days=k + 1, hours=3)
