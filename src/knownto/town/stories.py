"""People with a story: named, the same whatever the seed, woven into the first slice of every town.

They are data (`data/stories.toml`). Their days are counted back from the town's last day, so that "14 months ago"
stays so; their numbers come from the end of the invented ranges, their surnames and postcodes occur nowhere else.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from knownto.town import identifiers
from knownto.town.agencies import Shelf
from knownto.town.habits import Habit
from knownto.town.happenings import Contact, kinds
from knownto.town.mistakes import NO_FIXED_ABODE, plain
from knownto.town.names import DATA
from knownto.town.numbering import nhs_numbers
from knownto.town.people import Homes, Household, Person, Population
from knownto.town.places import Place
from knownto.town.records import Evidence, Record

NHS_SERIALS = 1_000_000
SERIALS = 1_000  # the last NHS serials are kept for stories
SCHOOL_AGE = (4, 18)


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody who asks would know. Empty where they would not know it."""

    given_names: str = ""
    family_name: str = ""
    birth_date: date | None = None
    estimated_age: int | None = None
    unborn: bool = False
    address_line_1: str = ""
    postcode: str = ""
    nhs_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Footprint:
    """One agency's contacts with a person: started in the town's year, started before it, still open."""

    agency: str
    in_year: int
    earlier: int
    open: int


@dataclass(frozen=True, slots=True)
class Story:
    """`answer` is match, possible, several, nothing known or earlier involvement; `with_them` are person ids."""

    slug: str
    title: str
    known: Known
    answer: str
    person_id: str
    name: str
    born: date
    footprint: tuple[Footprint, ...]
    with_them: tuple[str, ...]


@cache
def tables() -> list[dict]:
    return tomllib.loads((DATA / "stories.toml").read_text(encoding="utf-8"))["household"]


def tell(population: Population, shelves: dict[str, Shelf], first: date, ends: date) -> tuple[Story, ...]:
    """Adds the people of every story, their records and contacts, and gives the stories that have a title."""
    teller = _Teller(population, shelves, first, ends)
    for table in tables():
        teller.household(table)
    return tuple(teller.told)


class _Teller:
    def __init__(self, population: Population, shelves: dict[str, Shelf], first: date, ends: date):
        self.population, self.shelves = population, shelves
        self.first, self.last, self.ends = first.toordinal(), ends.toordinal(), ends
        self.serial = nhs_numbers(NHS_SERIALS - SERIALS, NHS_SERIALS)
        self.people: dict[str, Person] = {}
        self.numbers: dict[str, int] = {}
        self.told: list[Story] = []
        self.teams = {(kind.agency, kind.category): kind.team for kind in kinds()}

    def household(self, table: dict) -> None:
        place, homes = self._homes(table)
        number, kind = len(self.population.households), table.get("kind", "family")
        home = Household(number, kind, "white_british", place, homes[-1][0])
        self.population.households.append(home)
        for row in table["people"]:
            home.people.append(self._person(row, home.number, homes))
        for row in table["people"]:
            self._related(row)
            self._contacts(row)
        for row in table["people"]:
            if "title" in row:
                self.told.append(self._story(row, home))

    def _homes(self, table: dict) -> tuple[Place, Homes]:
        number = len(self.population.households)
        kind = table.get("kind", "home")
        uprn = f"99999900{number % 10000:04d}" if table["postcode"] else ""
        town = "Hallowbridge" if table["postcode"] else ""
        place = Place(table["line_1"], table.get("line_2", ""), town, table["postcode"], uprn, kind)
        moved = self.last - table.get("moved", 2400)
        homes = [(moved, place, number)]
        if "before" in table:
            line_1, line_2, postcode = table["before"]
            earlier = Place(line_1, line_2, "Hallowbridge", postcode, f"99999800{number % 10000:04d}")
            homes.insert(0, (moved - 2000, earlier, number))
        return place, homes

    def _person(self, row: dict, household: int, homes: Homes) -> Person:
        person = Person(
            id=f"story-{row['slug']}",
            tradition=row.get("tradition", "white_british"),
            sex=row["sex"],
            born=self._born(row),
            given=row["given"],
            middle=row.get("middle", ""),
            family=row["family"],
            homes=homes,
            need=0.0,
            household=household,
            former=list(row.get("former", ())),
            traits=("story",),
        )
        self._numbers(person, row)
        self.people[row["slug"]] = person
        self.population.people.append(person)
        return person

    def _born(self, row: dict) -> int:
        if "age_days" in row:
            return self.last - row["age_days"]
        years, month, day = row["born"]
        return date(self.ends.year - years, month, day).toordinal()

    def _numbers(self, person: Person, row: dict) -> None:
        person.nhs_number = next(self.serial)
        if SCHOOL_AGE[0] <= person.age_on(self.last) < SCHOOL_AGE[1]:
            person.school = "school-01" if person.age_on(self.last) < 11 else "school-05"
            person.upn = identifiers.upn(8999, self.ends.year - 5, len(self.people) + 1)
        if "phone" in row:
            person.phone = identifiers.MOBILES[-1 - row["phone"]]

    def _related(self, row: dict) -> None:
        person = self.people[row["slug"]]
        person.mother = self.people.get(row.get("mother", ""))
        person.father = self.people.get(row.get("father", ""))

    # records and contacts

    def _contacts(self, row: dict) -> None:
        person, records = self.people[row["slug"]], {}
        for agency, category, began, ended, *again in row["contacts"]:
            started = self.last - began
            key = agency + "".join(again)
            evidence = self._evidence(person, row, self.shelves[agency].habit, started)
            if key not in records:
                records[key] = self._record(agency, person, evidence)
            records[key].evidence = evidence
            end = self.last - ended if ended >= 0 else 0
            self._contact(records[key], category, started, end, evidence)

    def _record(self, agency: str, person: Person, evidence: Evidence) -> Record:
        record = Record(agency, f"STORY{self._number(agency):04d}", person, evidence)
        self.shelves[agency].records.append(record)
        return record

    def _contact(self, record: Record, category: str, started: int, ended: int, evidence: Evidence) -> None:
        agency = record.agency
        team = self.teams[agency, category] or record.person.school
        number = self._number(f"{agency} contacts")
        touch = 14 if agency == "childrens-social-care" and not ended else 0
        self.shelves[agency].contacts.append(
            Contact(record, f"STORYC{number:05d}", category, team, started, ended, touch, started, evidence)
        )

    def _number(self, series: str) -> int:
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def _evidence(self, person: Person, row: dict, habit: Habit, day: int) -> Evidence:
        """Careful writing: no mistakes but those that the story is about."""
        family, given, *other = row.get("writes", {}).get(habit.agency, (person.family, person.given))
        holds = set(habit.columns)
        place = person.homes[person.home_on(day)][1]
        evidence = Evidence(
            family_name=family,
            given_names=given,
            other_names="; ".join(other or person.former) if "other_names" in holds else "",
            date_of_birth=habit.written(person.born),
            sex=person.sex,
            address_line_1=place.line_1,
            address_line_2=place.line_2,
            town=place.town,
            postcode=place.postcode or NO_FIXED_ABODE.get(habit.agency, ""),
            uprn=place.uprn if habit.sends["uprn"] else "",
            nhs_number=person.nhs_number if habit.sends["nhs_number"] else "",
            upn=person.upn if habit.sends["upn"] else "",
            phone=(person.phone or (person.mother.phone if person.mother else "")) if habit.sends["phone"] else "",
            household_id=f"F000{person.household:05d}" if habit.sends["household_id"] else "",
        )
        if person.born > day:
            return self._unborn(evidence, person, habit)
        if habit.agency in ("police", "hospital"):
            return replace(evidence, family_name=plain(family).upper(), given_names=plain(given))
        return evidence

    def _unborn(self, evidence: Evidence, person: Person, habit: Habit) -> Evidence:
        due = habit.written(person.born)
        return replace(
            evidence, given_names="Unborn", date_of_birth="", expected_birth_date=due, sex="", nhs_number="", upn=""
        )

    # what is told

    def _story(self, row: dict, home: Household) -> Story:
        person = self.people[row["slug"]]
        return Story(
            slug=row["slug"],
            title=row["title"],
            known=self._known(row["search"], person),
            answer=row["answer"],
            person_id=person.id,
            name=person.name,
            born=date.fromordinal(person.born),
            footprint=self._footprint(person),
            with_them=tuple(p.id for p in home.people if p is not person),
        )

    def _known(self, search: dict, person: Person) -> Known:
        place = person.homes[-1][1]
        return Known(
            given_names=search.get("given_names", ""),
            family_name=search.get("family_name", ""),
            birth_date=date.fromordinal(person.born) if search.get("birth_date") else None,
            estimated_age=int(person.age_on(self.last)) if search.get("estimated_age") else None,
            unborn=search.get("unborn", False),
            address_line_1=place.line_1 if search.get("address_line_1") else "",
            postcode=place.postcode if search.get("postcode") else "",
        )

    def _footprint(self, person: Person) -> tuple[Footprint, ...]:
        return tuple(
            print_
            for agency, shelf in self.shelves.items()
            if (print_ := self._at(agency, [c for c in shelf.contacts if c.record.person is person]))
        )

    def _at(self, agency: str, contacts: list[Contact]) -> Footprint | None:
        if not contacts:
            return None
        in_year = sum(c.started >= self.first for c in contacts)
        return Footprint(agency, in_year, len(contacts) - in_year, sum(not c.ended for c in contacts))
