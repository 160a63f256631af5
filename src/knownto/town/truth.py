"""What is true, written apart from what is sent: `truth/*.csv`, for scoring a matcher and for tests."""

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from pathlib import Path

from knownto.town.happenings import Contact
from knownto.town.people import Household, Person
from knownto.town.records import Record
from knownto.town.stories import Story
from knownto.town.town import Slice, Town

TABLES = {
    "people": (
        "person_id", "given", "middle", "family", "former_names", "born", "sex", "tradition", "nhs_number", "upn",
        "pnc", "phone", "email", "household", "traits",
    ),
    "homes": ("person_id", "from", "household", "line_1", "line_2", "town", "postcode", "uprn", "kind"),
    "households": ("household", "kind", "tradition", "line_1", "postcode", "people"),
    "families": ("person_id", "mother", "father"),
    "records": ("agency", "record_id", "person_id", "mistakes", "merged_into", "merged_on"),
    "contacts": ("agency", "record_id", "contact_id", "person_id", "category", "started_on", "ended_on", "removed_on"),
    "stories": ("slug", "title", "person_id", "name", "born", "answer", "known", "footprint", "with_them"),
    "faults": ("fault", "agency", "file", "as_of", "delivered_on", "line", "field", "value", "expect"),
    "deliveries": ("order", "delivered_on", "agency", "file", "fault"),
}  # fmt: skip


class Truth:
    """Open tables that slices add to."""

    def __init__(self, folder: Path, town: Town):
        self.folder, self.town = folder, town
        self.stack = ExitStack()
        self.tables: dict = {}
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Truth":
        for name, columns in TABLES.items():
            out = self.stack.enter_context((self.folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            self.tables[name] = csv.writer(out)
            self.tables[name].writerow(columns)
        return self

    def __exit__(self, *failure: object) -> None:
        self.stack.close()

    def take(self, part: Slice) -> None:
        place = f"{part.number:03d}"
        for person in part.population.people:
            self._person(person, place)
        self.tables["households"].writerows(_household(home, place) for home in part.population.households)
        for shelf in part.shelves.values():
            self.tables["records"].writerows(_record(record) for record in shelf.records)
            self.tables["contacts"].writerows(_contact(contact, shelf.habit.agency) for contact in shelf.contacts)
        self.tables["stories"].writerows(_story(story) for story in part.stories)

    def faults(self, rows: Iterable[tuple]) -> None:
        self.tables["faults"].writerows(rows)

    def deliveries(self, rows: Iterable[tuple]) -> None:
        self.tables["deliveries"].writerows(rows)

    def _person(self, person: Person, place: str) -> None:
        self.tables["people"].writerow(_person(person, place))
        self.tables["homes"].writerows(_homes(person, place))
        if person.mother or person.father:
            parents = (p.id if p else "" for p in (person.mother, person.father))
            self.tables["families"].writerow((person.id, *parents))


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else ""


def _person(person: Person, place: str) -> tuple:
    return (
        person.id, person.given, person.middle, person.family, "; ".join(person.former), _day(person.born), person.sex,
        person.tradition, person.nhs_number, person.upn, person.pnc, person.phone, person.email,
        f"{place}-{person.household}", "; ".join(person.traits),
    )  # fmt: skip


def _homes(person: Person, place: str) -> list[tuple]:
    return [
        (person.id, _day(day), f"{place}-{number}", p.line_1, p.line_2, p.town, p.postcode, p.uprn, p.kind)
        for day, p, number in person.homes
    ]


def _household(home: Household, place: str) -> tuple:
    people = " ".join(person.id for person in home.people)
    return (f"{place}-{home.number}", home.kind, home.tradition, home.place.line_1, home.place.postcode, people)


def _record(record: Record) -> tuple:
    merged = record.merged_into.record_id if record.merged_into else ""
    made = "; ".join(record.evidence.made)
    return (record.agency, record.record_id, record.person.id, made, merged, _day(record.merged_on))


def _contact(contact: Contact, agency: str) -> tuple:
    record = contact.record
    days = (_day(contact.started), _day(contact.ended), _day(contact.removed))
    return (agency, record.record_id, contact.contact_id, record.person.id, contact.category, *days)


def _story(story: Story) -> tuple:
    known = "; ".join(f"{key}={value}" for key, value in asdict(story.known).items() if value not in ("", None, False))
    prints = "; ".join(f"{f.agency}={f.in_year}+{f.earlier} open {f.open}" for f in story.footprint)
    together = " ".join(story.with_them)
    born = story.born.isoformat()
    return (story.slug, story.title, story.person_id, story.name, born, story.answer, known, prints, together)
