"""A few of the borough whom nobody may find, and workers whose households are in the conflict register.

All invented, like everybody here. Two guardians seal an adopted child, a protected witness and a mother in a refuge
(whose whereabouts alone are hidden); another seal waits for its second person. Somebody has looked for two of them, and
the desk has answered one. Nobody with a story is touched.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from knownto.footprint import acts as footprint
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.guarding import acts, reads, staff, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Seal
from knownto.identity import acts as identity
from knownto.ledger.acts import simulating
from knownto.linkage import Address, Evidence
from knownto.town.people_at_work import Hands

LEAST_AGENCIES = 2
# What the desk calls them, in which way they are sealed, whether a second person has agreed, and who looked for them.
SEALS = (
    ("Heron", "adoption", "child", True, ("screener.two",), "A placement order; the birth family has threatened her."),
    ("Alder", "witness", "adult", True, ("officer.two",), "Moved here under the protected persons scheme."),
    ("Wren", "whereabouts", "adult", True, (), "In a refuge. Her husband has twice found where she lived."),
    ("Sorrel", "person", "child", False, (), "The family of a prison officer who was threatened."),
)
DO = "Ring back within the hour. Say only that the guardian desk will help; ask what they need for safety."
WORK = Why("child-concern", "MASH duty")


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the town's, as the truth has them."""

    sort: str  # child or adult
    evidence: Evidence

    @property
    def question(self) -> Question:
        said = self.evidence
        return Question(given=said.given_names, family=said.family_name, born=said.birth_date)


def live(folder: Path, *, now: datetime) -> None:
    """All of it, or nothing; what has been lived before is not lived again."""
    with guards_own():
        if Seal.objects.exists():
            return
    with transaction.atomic(), simulating():
        _live(folder, Hands(), now)


def _live(folder: Path, hands: Hands, now: datetime) -> None:
    people, at = list(_people(folder, now.date())), now - timedelta(hours=2)
    looked: list[tuple[str, Somebody]] = []
    for called, sort, who, agreed, searchers, reason in SEALS:
        somebody = next(each for each in people if each.sort == who)
        people.remove(somebody)
        _seal(hands, called, sort, somebody.evidence, reason, agreed, at)
        looked += [(searcher, somebody) for searcher in searchers]
    _declare(hands, people[0], at)
    looked.append(("officer.two", people[0]))
    identity.catch_up(now=at)
    for number, (searcher, somebody) in enumerate(looked, 1):
        footprint.search(
            by=hands(searcher), question=somebody.question, why=WORK, now=at + timedelta(minutes=20 * number)
        )
    watching.catch_up(now, 100_000)
    _answer_the_first(hands, now)


def _seal(hands: Hands, called: str, sort: str, evidence: Evidence, reason: str, agreed: bool, now: datetime) -> UUID:
    said = {"called": called, "sort": sort, "evidence": evidence, "reason": reason, "do": DO}
    seal = acts.propose(by=hands("guardian"), now=now, **said)
    if agreed:
        because = "I have seen the papers."
        acts.agree(by=hands("guardian.council"), seal=seal, reason=because, now=now + timedelta(minutes=5))
    return seal


def _declare(hands: Hands, partner: Somebody, now: datetime) -> None:
    """Two workers put their households in the register; one of them lives with somebody whom partners know."""
    staff.declare(by=hands("officer"), people=[partner.evidence], now=now)
    home = (Address(("7 Ropewalk Yard", "Hallowbridge"), "QK2 9ZX"),)
    staff.declare(by=hands("health.visitor"), people=[Evidence("Benson", "Oluchi", addresses=home)], now=now)


def _answer_the_first(hands: Hands, now: datetime) -> None:
    waiting = [each for each in reads.looks(hands("guardian"), now) if not each.done]
    if waiting:
        words = "Rang the hub: a neighbour's call. They need nothing of her; told nothing."
        acts.answer(by=hands("guardian"), alert=waiting[-1].id, did="rang", words=words, now=now)


def _people(folder: Path, today: date) -> Iterator[Somebody]:
    """Those without a story whom several agencies know, in the order of the truth."""
    known = Counter[str]()
    for person in {(line["person_id"], line["agency"]) for line in _table(folder, "records")}:
        known[person[0]] += 1
    homes = {line["person_id"]: line for line in _table(folder, "homes")}
    for line in _table(folder, "people"):
        home = homes.get(line["person_id"])
        if home and known[line["person_id"]] >= LEAST_AGENCIES and line["nhs_number"] and "story" not in line["traits"]:
            yield _somebody(line, home, today)


def _somebody(line: dict[str, str], home: dict[str, str], today: date) -> Somebody:
    born = date.fromisoformat(line["born"])
    evidence = Evidence(
        family_name=line["family"],
        given_names=line["given"],
        birth_date=born,
        sex=line["sex"],
        addresses=(Address((home["line_1"], home["town"]), home["postcode"]),),
        nhs_number=line["nhs_number"],
    )
    return Somebody("child" if (today - born).days < 16 * 365 else "adult", evidence)


def _table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
