"""When a life depended on it: one glass of weeks ago, reviewed; one overdue; one of today that awaits its outcome."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from knownto.access.acts import system
from knownto.access.refusals import Refused
from knownto.casework.models import Ask
from knownto.footprint import open_search
from knownto.footprint.answers import Found
from knownto.footprint.question import Question
from knownto.glass import accounting, breaking, closing, reviewing, through
from knownto.glass.breaking import Said
from knownto.glass.models import Break
from knownto.glass.pathway import REVIEW
from knownto.ledger.acts import simulating
from knownto.town.people_at_work import Hands
from knownto.town.stories import Story

WEEKS_AGO, DAYS_AGO, TODAY = timedelta(days=23), timedelta(days=8), timedelta(hours=3)
SOON = timedelta(minutes=2)


def live(stories: Sequence[Story], *, now: datetime) -> None:
    """Break them, in the past, and do what followed. Doing it again changes nothing."""
    with system("town"):
        if Break.objects.exists():
            return
    known = [story for story in stories if story.known.birth_date]
    hands = Hands()
    with simulating():
        _reviewed(known[0], hands, now - WEEKS_AGO)
        _opened(known[1], "lodestone", "harm-to-self", "Rang the ward", hands, now - DAYS_AGO)
        _opened(known[2 % len(known)], "officer", "child-in-danger", "Log 0412", hands, now - TODAY)
        closing.sweep(now)


def _opened(story: Story, who: str, reason: str, words: str, hands: Hands, now: datetime) -> Break | None:
    """Looked for, opened and looked at; None where nobody fits by now."""
    said, by, known = Said(reason, words, sure=True, fresh=True), hands(who), story.known
    question = Question(given=known.given_names, family=known.family_name, born=known.birth_date)
    made = breaking.search(by=by, question=question, said=said, now=now)
    with transaction.atomic():  # as every request is: without one, no rows are open
        found = open_search.own(by, made.id, now)
    if not isinstance(found.answer, Found):
        return None
    glass = breaking.break_glass(by=by, search=found, place=1, said=said, now=now)
    try:
        through.look(by=by, glass=glass.pk, now=now)
    except Refused:  # all that is held of them was taken back since
        return glass
    closing.close(by=by, glass=glass.pk, now=now + SOON)
    return glass


def _reviewed(story: Story, hands: Hands, now: datetime) -> None:
    glass = _opened(story, "officer.two", "missing", "Log 0117, high risk", hands, now)
    if glass is None:
        return
    by, later = hands("officer.two"), now + timedelta(hours=5)
    words = "Found at a grandparent's whom the school knew of. Children's services took it on the same night."
    with transaction.atomic():
        owed = accounting.of_own(by, glass.episode_id)
    if owed:
        closing.give_outcome(by=by, ask=owed, outcome="safe", words=words, now=later)
    for who, verdict, why in (
        ("police.supervisor", "right", "Nothing else would have told us of the school in time."),
        ("privacy", "learning", "The hub's night number would have answered too: said at the briefing."),
    ):
        if asked := _asked(glass.episode_id, hands(who).agency):
            reviewing.review(by=hands(who), ask=asked, verdict=verdict, words=why, now=later + timedelta(days=1))


def _asked(episode: UUID, agency: str) -> UUID | None:
    with system("town"):
        asks = Ask.objects.filter(episode=episode, kind=REVIEW.code, to_agency=agency, answered_at=None)
        return asks.values_list("pk", flat=True).first()
