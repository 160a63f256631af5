"""What an agency writes down about a person: its own view, with its gaps, its lags and its mistakes."""

from dataclasses import dataclass
from operator import attrgetter
from random import Random

from knownto.town import mistakes
from knownto.town.habits import IDENTITY, Habit
from knownto.town.people import Person
from knownto.town.places import Place

ADULT = int(18 * 365.25)


@dataclass(slots=True)
class Evidence:
    """The identity columns of a row, as text in the agency's own manner."""

    family_name: str = ""
    given_names: str = ""
    other_names: str = ""
    date_of_birth: str = ""
    estimated_age: str = ""
    expected_birth_date: str = ""
    sex: str = ""
    address_line_1: str = ""
    address_line_2: str = ""
    town: str = ""
    postcode: str = ""
    uprn: str = ""
    earlier_postcodes: str = ""
    nhs_number: str = ""
    upn: str = ""
    pnc: str = ""
    phone: str = ""
    email: str = ""
    household_id: str = ""
    made: tuple[str, ...] = ()  # the mistakes in it, for the truth


cells = attrgetter(*IDENTITY)


def given_and_family(full: str) -> tuple[str, str]:
    given, _, family = full.rpartition(" ")
    return given, family


@dataclass(slots=True)
class Record:
    """One agency's record of a person. `merged_into` and `merged_on` tell of a duplicate that was found.

    `born_as` is what replaces an unborn child's evidence from the day `named_on`.
    """

    agency: str
    record_id: str
    person: Person
    evidence: Evidence
    provisional: bool = False
    merged_into: "Record | None" = None
    merged_on: int = 0
    born_as: Evidence | None = None
    named_on: int = 0

    def as_written(self, evidence: Evidence, day: int) -> Evidence:
        """The evidence that a row of `day` carries: a child who was unborn has a name by now."""
        if self.born_as and evidence.expected_birth_date and day >= self.named_on:
            return self.born_as
        return evidence


class Clerk:
    """Writes one agency's evidence."""

    def __init__(self, habit: Habit, rng: Random):
        self.habit, self.rng = habit, rng
        self.has = habit.sends
        self.plain = habit.agency in ("police", "hospital")
        self.capitals = habit.agency in ("police", "hospital")

    def writes(self, person: Person, day: int) -> Evidence:
        """What is written when `person` is met on `day`."""
        made: list[str] = []
        evidence = Evidence()
        if person.born > day:
            self._unborn(evidence, person)
        else:
            self._names(evidence, person, day, made)
            self._birth(evidence, person, day, made)
            self._numbers(evidence, person)
        self._sex(evidence, person, day, made)
        self._address(evidence, person, day, made)
        self._reach(evidence, person, day)
        evidence.made = tuple(made)
        return evidence

    def refresh(self, record: Record, day: int) -> None:
        """A later contact: the address is asked for again more often than not, a baby has a name by now."""
        if record.provisional and record.person.born <= day - 10:
            record.evidence = self.writes(record.person, day)
            record.provisional = False
        elif self.rng.random() < 0.12:
            fresh = self.writes(record.person, day)
            for name in ("date_of_birth", "estimated_age", "pnc", "nhs_number", "upn", "sex", "household_id"):
                setattr(fresh, name, getattr(record.evidence, name))
            record.evidence = fresh

    # names

    def _unborn(self, evidence: Evidence, person: Person) -> None:
        mother = person.mother or person
        evidence.family_name, evidence.given_names = self._case(mother.family), "Unborn"
        evidence.expected_birth_date = self.habit.written(person.born + self.rng.randint(-9, 9))

    def _names(self, evidence: Evidence, person: Person, day: int, made: list[str]) -> None:
        given, family = self._as_known(person, day)
        slip = mistakes.mistake(mistakes.NAME_MISTAKES, self.habit.errors, self.rng)
        if slip:
            made.append(slip)
            given, family = self._mistaken(slip, given, family, person)
        evidence.given_names = self._case(given)
        evidence.family_name = self._case(family).upper() if self.capitals else self._case(family)
        if person.former and self.rng.random() < self.has["other_names"]:
            evidence.other_names = self._case("; ".join(person.former))

    def _as_known(self, person: Person, day: int) -> tuple[str, str]:
        """The names in use on `day`, in one of the orders that the tradition allows."""
        if person.mother is not None and person.born >= day - 9:
            baby = "Twin" if "twin" in person.traits else "Baby"
            return self.rng.choice((f"{baby} of {person.mother.given}", baby, "Infant")), person.mother.family
        if day < person.renamed:
            return given_and_family(person.former[0])
        return self._ordered(person)

    def _ordered(self, person: Person) -> tuple[str, str]:
        given, middle, family = person.given, person.middle, person.family
        roll = self.rng.random()
        if middle in ("Kaur", "Singh"):
            if roll < 0.25:
                return given, middle
            return (f"{given} {middle}", family) if roll < 0.7 else (given, family)
        if given in ("Muhammad", "Mohammed", "Mohammad") and middle:
            return (f"{given} {middle}", family) if roll < 0.75 else (middle, family)
        if person.tradition == "east_asian" and roll < 0.1:
            return family, given
        if middle and roll < self.has["middle"]:
            return f"{given} {middle}", family
        return (f"{given} {middle[0]}", family) if middle and roll > 0.96 else (given, family)

    def _mistaken(self, slip: str, given: str, family: str, person: Person) -> tuple[str, str]:
        rng = self.rng
        first, _, rest = given.partition(" ")
        again = f" {rest}" if rest else ""
        if slip == "misspelt_name":
            if rng.random() < 0.5:
                return mistakes.misspelt(first, rng) + again, family
            return given, mistakes.misspelt(family, rng)
        if slip == "short_or_other_name":
            if person.former and rng.random() < 0.6:
                return given_and_family(person.former[0])
            return mistakes.short(first, rng), family
        if slip == "names_swapped":
            return family, given
        if slip == "first_name_only":
            return given, ""
        if slip == "family_name_only":
            return "", family
        if slip == "loosely_written_name":
            return mistakes.loosely(first, rng) + again, mistakes.slip(family, rng)
        if slip == "placeholder_name":
            return rng.choice(mistakes.PLACEHOLDER_NAMES), family
        return mistakes.another_name(person.tradition, person.sex, rng)

    def _case(self, name: str) -> str:
        return mistakes.plain(name) if self.plain else name

    # dates and numbers

    def _birth(self, evidence: Evidence, person: Person, day: int, made: list[str]) -> None:
        rng = self.rng
        if rng.random() >= self.has["date_of_birth"]:
            if "estimated_age" in self.habit.columns:
                evidence.estimated_age = str(max(0, int(person.age_on(day)) + rng.choice((-2, -1, 0, 0, 1, 2))))
            return
        born = person.born
        slip = mistakes.mistake(mistakes.DATE_MISTAKES, self.habit.errors, rng)
        if slip:
            made.append(slip)
            born = mistakes.wrong_date(slip, born, rng)
        # No system takes a birth that has not happened yet.
        evidence.date_of_birth = self.habit.written(min(born, day))

    def _numbers(self, evidence: Evidence, person: Person) -> None:
        has, rng = self.has, self.rng
        if has["nhs_number"] and rng.random() < has["nhs_number"]:
            evidence.nhs_number = person.nhs_number
        if has["upn"] and person.upn and rng.random() < has["upn"]:
            evidence.upn = person.upn
        if has["household_id"] and rng.random() < has["household_id"]:
            evidence.household_id = f"F{person.id[1:4]}{person.household:05d}"

    def _sex(self, evidence: Evidence, person: Person, day: int, made: list[str]) -> None:
        if person.born > day:
            return
        rng = self.rng
        sex = person.sex
        if rng.random() < mistakes.rates()["wrong_sex"] * self.habit.errors:
            made.append("wrong_sex")
            sex = "M" if sex == "F" else "F"
        evidence.sex = sex if rng.random() < self.has["sex"] else ""

    # where, and how to reach them

    def _address(self, evidence: Evidence, person: Person, day: int, made: list[str]) -> None:
        rng, has = self.rng, self.has
        if rng.random() >= has["address"]:
            return
        at = person.home_on(day)
        if at and rng.random() < self.habit.stale_address:
            at -= 1
            made.append("stale_address")
        place = person.homes[at][1]
        if person.second_home and rng.random() < 0.12:
            place = person.second_home
        evidence.address_line_1, evidence.address_line_2, evidence.town = place.line_1, place.line_2, place.town
        evidence.postcode = self._postcode(place, made)
        if evidence.postcode == place.postcode and rng.random() < has["uprn"]:
            evidence.uprn = place.uprn
        if at and rng.random() < has["earlier_postcodes"]:
            earlier = dict.fromkeys(p.postcode for _, p, _ in person.homes[:at] if p.postcode)
            evidence.earlier_postcodes = "; ".join(earlier)

    def _postcode(self, place: Place, made: list[str]) -> str:
        rng = self.rng
        if place.kind == "site":
            return mistakes.NO_FIXED_ABODE.get(self.habit.agency, "")
        if rng.random() >= self.has["postcode"]:
            return ""
        if rng.random() < mistakes.rates()["postcode_miskeyed"] * self.habit.errors:
            made.append("postcode_miskeyed")
            return mistakes.miskeyed_postcode(place.postcode, rng)
        return place.postcode

    def _reach(self, evidence: Evidence, person: Person, day: int) -> None:
        """A child is reached through a parent."""
        rng, who = self.rng, person
        if person.born > day - ADULT:
            who = person.mother if person.mother and person.mother.phone else person.father or person.mother or person
        if who.phone and rng.random() < self.has["phone"]:
            evidence.phone = who.phone
        if who.email and self.has["email"] and rng.random() < 0.5:
            evidence.email = who.email
