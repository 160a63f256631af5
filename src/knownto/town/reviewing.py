"""A day at the review of who is who: pairs answered, second opinions, a disagreement, and one link that was wrong.

Reviewers know what the borough knows to be true, and are wrong once: the link is used, undone, and those who had seen
something through it are told; one of them has not said yet that they know. Nobody with a story is touched.
"""

import csv
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Viewer, system
from knownto.casework.models import Ask
from knownto.disclosure.models import How
from knownto.feeds.models import Record
from knownto.footprint import acts as footprint
from knownto.footprint.acts import TooLittle
from knownto.footprint.open_search import own
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.identity import acknowledging, consequences, reviewing, taking_back
from knownto.identity.models import Member, Opinion, Review
from knownto.identity.reviewing import Outcome, Word
from knownto.keyring import acts as keyring
from knownto.ledger.acts import simulating
from knownto.linkage import Evidence
from knownto.town.people_at_work import Hands

ANSWERED, BETWEEN = 36, timedelta(seconds=50)
REVIEWERS = ("reviewer", "reviewer.health")
OF_AGENCY = {"childrens-social-care": "reviewer", "hospital": "reviewer.health", "police": "lead.reviewer"}
UNSURE, DIFFERS, LEFT = 0.12, 0.25, 0.3  # shares: of pairs, of second opinions, and of those still to be given
WORK = Why("child-concern", "MASH duty")


@dataclass(frozen=True, slots=True)
class Pair:
    """A review that waits, what is true of it, and what the first record says."""

    episode: UUID
    records: tuple[int, int]
    one: bool
    alone: bool  # one person decides
    evidence: Evidence


@dataclass
class Day:
    """The day as it goes on."""

    at: datetime
    hands: Hands = field(default_factory=Hands)
    chance: Random = field(default_factory=lambda: Random("the review of who is who"))

    def later(self, by: timedelta = BETWEEN) -> datetime:
        self.at += by
        return self.at


def live(folder: Path, *, now: datetime) -> None:
    """The whole day, or nothing of it; what has been lived before is not lived again."""
    with system("town"):
        if Opinion.objects.exists():
            return
        pairs = _pairs(folder)
    with transaction.atomic(), simulating():
        day = Day(now - timedelta(hours=5))
        wrong = next((pair for pair in pairs if not pair.one and pair.alone and pair.evidence.birth_date), None)
        if wrong:
            _wrongly_linked(wrong, day)
        for number, pair in enumerate([each for each in pairs if each is not wrong][:ANSWERED]):
            _answer(pair, REVIEWERS[number % len(REVIEWERS)], day)


def _pairs(folder: Path) -> list[Pair]:
    """The pairs of the queue, in its order, of whom nobody has a story."""
    person_of, told = _truth(folder)
    found = (
        Review.objects.filter(closed_at=None, episode__state="waiting")
        .exclude(higher=None)
        .order_by("-rank", "since", "id")
    )
    rows = Record.objects.in_bulk([record for row in found for record in (row.lower, row.higher)])
    opened = dict(zip(rows, keyring.open_rows(list(rows.values())), strict=True))
    pairs = []
    for row in found:
        both = [opened.get(record) for record in (row.lower, row.higher)]
        if None not in both:
            truly = [person_of.get((rows[r].agency_id, opened[r]["record_id"])) for r in (row.lower, row.higher)]
            if None not in truly and not told & set(truly):
                first = Evidence.from_json(opened[row.lower]["evidence"])
                one = truly[0] == truly[1]
                pairs.append(Pair(row.episode_id, (row.lower, row.higher), one, not row.two_people, first))
    return pairs


def _truth(folder: Path) -> tuple[dict[tuple[str, str], str], set[str | None]]:
    """The person of each agency's record, and those who have a story."""
    with (folder / "truth" / "records.csv").open(encoding="utf-8") as lines:
        person_of = {(line["agency"], line["record_id"]): line["person_id"] for line in csv.DictReader(lines)}
    with (folder / "truth" / "people.csv").open(encoding="utf-8") as lines:
        told: set[str | None] = {line["person_id"] for line in csv.DictReader(lines) if "story" in line["traits"]}
    return person_of, told


def _answer(pair: Pair, name: str, day: Day) -> None:
    true = "together" if pair.one else "apart"
    said = "unsure" if day.chance.random() < UNSURE else true
    outcome = reviewing.answer(by=day.hands(name), episode=pair.episode, word=_word(said), now=day.later())
    if outcome.next == "ask" and day.chance.random() > LEFT:
        _second(outcome, true, day)


def _word(answer: str, seen: int = 0) -> Word:
    return Word(answer, seen, "evidence")


def _second(outcome: Outcome, true: str, day: Day) -> None:
    """Another agency's reviewer, who now and then sees it otherwise; then the lead has it, and has not settled it."""
    with system("town"):
        ask = Ask.objects.select_related("to_team").get(episode=outcome.episode, answered_at=None)
    other = "apart" if true == "together" else "together"
    said = other if outcome.answer != "unsure" and day.chance.random() < DIFFERS else true
    by = day.hands(OF_AGENCY[ask.to_team.agency_id])
    reviewing.second(by=by, ask=ask.pk, word=_word(said), now=day.later())


def _wrongly_linked(pair: Pair, day: Day) -> None:
    """Two people taken for one, looked at by two workers as one, and parted again."""
    made = reviewing.answer(by=day.hands("reviewer"), episode=pair.episode, word=_word("together"), now=day.later())
    with system("town"):
        person = Member.objects.get(record=pair.records[0]).person_id
        ruling = Review.objects.get(episode=made.episode).ruling_id
    for name in ("screener.two", "officer.two"):
        _looks(day.hands(name), pair.evidence, person, day.later(timedelta(minutes=9)))
    because = "The school says that they are cousins of one name."
    taking_back.undo_ruling(
        by=day.hands("lead.reviewer"), ruling=ruling, because=because, now=day.later(timedelta(minutes=50))
    )
    consequences.tell_all(now=day.later())
    _knows(day.hands("screener.two"), day.later(timedelta(minutes=20)))


def _looks(by: Viewer, evidence: Evidence, person: UUID, now: datetime) -> None:
    question = Question(given=evidence.given_names, family=evidence.family_name, born=evidence.birth_date)
    try:
        search = footprint.search(by=by, question=question, why=WORK, now=now)
    except TooLittle:
        return
    place = own(by, search.pk, now).place_of(person)
    if place:
        footprint.open_footprint(by=by, search=own(by, search.pk, now), place=place, how=How.VIEW, now=now)


def _knows(by: Viewer, now: datetime) -> None:
    with system("town"):
        owed = Ask.objects.filter(kind=acknowledging.KIND, to_worker=by.worker_id, answered_at=None)
        asks = list(owed.values_list("pk", flat=True))
    for ask in asks:
        acknowledging.acknowledge(by=by, ask=ask, done="put-right", text="Corrected in the contact's notes.", now=now)
