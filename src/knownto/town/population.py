"""Fills a slice of the town with households, in the proportions of an English borough.

Census 2021 (ONS) gives about 30% of households one person, 11% a lone parent, 25% a couple without children,
20% a couple with dependent children; the rest is grown-up children at home, three generations, shared houses.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from knownto.town import identifiers
from knownto.town.names import Tradition, gendered, name_for, traditions
from knownto.town.people import Household, Person, Population
from knownto.town.places import Place, Streets

YEAR = 365.25
# About 1 household in 10 moves in a year (Census 2011: 12% of people lived elsewhere a year before).
MOVES_A_YEAR = 0.11
# Twins are born of about 1 in 70 maternities in England and Wales (ONS: 14 to 15 in 1,000).
TWINS = 0.0145
KINDS = (
    ("alone", 0.30),
    ("couple", 0.235),
    ("family", 0.225),
    ("lone parent", 0.11),
    ("adult children", 0.075),
    ("three generations", 0.035),
    ("shared house", 0.02),
)
# People to one institution: assumptions, a few of each in a borough and at least one in every town.
INSTITUTIONS = (
    ("hostel", 30_000, 22),
    ("refuge", 90_000, 16),
    ("care home", 8_000, 34),
    ("site", 60_000, 30),
)
SMALL = 10_000  # in a town below this an institution has a third of the beds
# The need of a household: most have none to speak of, a few account for most of what agencies see.
NEED = ((0.35, 0.74), (1.5, 0.19), (7.0, 0.07))


@dataclass(frozen=True, slots=True)
class Setting:
    """What a slice is built with. `last` is the ordinal of the last day of the town's year."""

    slice_no: int
    people: int
    last: int
    families: float
    schools: tuple[int, ...]
    nhs_from: int
    nhs_to: int
    phones: tuple[str, ...]


class Settler:
    """Builds one slice; every draw comes from one generator, so the same seed gives the same people."""

    def __init__(self, setting: Setting, streets: Streets, rng: Random):
        self.setting, self.streets, self.rng = setting, streets, rng
        self.last = setting.last
        self.people: list[Person] = []
        self.households: list[Household] = []
        self.vacated: list[Place] = []
        table = list(traditions().values())
        self.traditions = table
        self.all_shares = tuple(accumulate(t.share for t in table))
        self.child_shares = tuple(accumulate(t.share * t.children for t in table))
        self.nhs = setting.nhs_from
        self.upns = 0
        kinds, shares = zip(*KINDS, strict=True)
        boosted = [s * (setting.families if k in ("family", "lone parent") else 1) for k, s in KINDS]
        self.kinds, self.kind_shares = kinds, tuple(accumulate(boosted))

    def settle(self) -> Population:
        for kind, people, beds in INSTITUTIONS:
            for _ in range(self._how_many(people)):
                self._institution(kind, beds if self.setting.people > SMALL else beds // 3)
        while len(self.people) < self.setting.people:
            self._household(self.rng.choices(self.kinds, cum_weights=self.kind_shares)[0])
        self._namesakes()
        self._changed_names()
        self._numbers()
        return Population(self.people, self.households)

    def _how_many(self, people: int) -> int:
        """At least one of each in the first slice, so that every town has one to test with."""
        share = self.setting.people / people
        return max(int(self.setting.slice_no == 0), int(share + self.rng.random()))

    # households

    def _household(self, kind: str) -> None:
        with_children = kind in ("family", "lone parent", "three generations")
        shares = self.child_shares if with_children else self.all_shares
        tradition = self.rng.choices(self.traditions, cum_weights=shares)[0]
        home = self._open(kind, tradition)
        getattr(self, "_" + kind.replace(" ", "_"))(home, tradition)

    def _open(self, kind: str, tradition: Tradition, place: Place | None = None) -> Household:
        rng = self.rng
        place = place or self._somewhere()
        since = self.last - int(rng.expovariate(MOVES_A_YEAR) * YEAR) - 1
        home = Household(len(self.households), kind, tradition.code, place, since)
        self.households.append(home)
        return home

    def _somewhere(self) -> Place:
        """Three in ten move into a home that another household of this town has left."""
        if self.vacated and self.rng.random() < 0.3:
            return self.vacated.pop(self.rng.randrange(len(self.vacated)))
        return self.streets.new()

    def _history(self, home: Household) -> list[tuple[int, Place, int]]:
        """Where the household lived, oldest first; everybody lived somewhere before."""
        rng, day, place = self.rng, home.since, home.place
        homes = [(day, place, home.number)]
        for _ in range(3):
            day -= 200 + int(rng.expovariate(MOVES_A_YEAR) * YEAR)
            place = self.streets.moved_from(place)
            homes.append((day, place, home.number))
            if home.kind not in ("hostel", "refuge") and rng.random() < 0.5:
                self.vacated.append(place)
            if day < self.last - 6 * YEAR or rng.random() < 0.2:
                break
        homes.reverse()
        return homes

    def _need(self) -> float:
        roll = self.rng.random()
        for need, share in NEED:
            roll -= share
            if roll < 0:
                return need
        return NEED[0][0]

    def _person(self, home, tradition, sex, born, family, homes, need, father=None) -> Person:
        year = int(born / YEAR) + 1
        name = name_for(tradition, sex, year, family, father.given if father else "", self.rng)
        person = Person(
            id=f"p{self.setting.slice_no:03d}-{len(self.people):05d}",
            tradition=tradition.code,
            sex=sex,
            born=born,
            given=name.given,
            middle=name.middle,
            family=name.family,
            homes=homes,
            need=need,
            household=home.number,
        )
        self.people.append(person)
        home.people.append(person)
        return person

    def _adult(self, home, tradition, sex, age, homes, need, family="") -> Person:
        born = self.last - int((age + self.rng.random()) * YEAR)
        family = family or tradition.family.draw(self.rng)
        return self._person(home, tradition, sex, born, family, homes, need)

    def _sex(self) -> str:
        return "F" if self.rng.random() < 0.5 else "M"

    def _alone(self, home, tradition) -> None:
        age = self.rng.choices((22, 34, 50, 68, 82), (12, 22, 24, 26, 16))[0] + self.rng.randint(-5, 7)
        self._adult(home, tradition, self._sex(), max(18, age), self._history(home), self._need())

    def _couple(self, home, tradition, age: int = 0) -> tuple[Person, Person]:
        age = age or self.rng.choice((26, 33, 55, 62, 68, 74)) + self.rng.randint(-4, 5)
        homes, need = self._history(home), self._need()
        him = self._adult(home, tradition, "M", age + self.rng.randint(0, 4), homes, need)
        surname = him.family if tradition.order in ("western", "slavic", "gujarati") else ""
        if surname and self.rng.random() < 0.3:
            surname = ""
        her = self._adult(home, tradition, "F", age, homes, need, gendered(surname, "F"))
        if surname and self.rng.random() < 0.75:
            her.former.append(f"{her.given} {tradition.family.draw(self.rng)}")
        return him, her

    def _family(self, home, tradition) -> None:
        youngest = self._youngest()
        age = self._mother_age(youngest)
        him, her = self._couple(home, tradition, age)
        self._children(home, tradition, her, him, youngest)

    def _lone_parent(self, home, tradition) -> None:
        youngest = self._youngest()
        homes = self._history(home)
        need = self._need() * 1.6
        her = self._adult(home, tradition, "F", self._mother_age(youngest), homes, need)
        him = self._other_parent(tradition, her, need) if self.rng.random() < 0.6 else None
        children = self._children(home, tradition, her, him, youngest)
        if him:
            for child in children:
                child.second_home = him.homes[-1][1] if self.rng.random() < 0.6 else None

    def _other_parent(self, tradition, her: Person, need: float) -> Person:
        """The parent who lives apart, in a household of his own."""
        apart = self._open("alone", tradition)
        age = int(her.age_on(self.last)) + self.rng.randint(-1, 5)
        return self._adult(apart, tradition, "M", age, self._history(apart), need)

    def _adult_children(self, home, tradition) -> None:
        him, her = self._couple(home, tradition, self.rng.randint(46, 66))
        for _ in range(self.rng.randint(1, 2)):
            age = min(19 + self.rng.randint(0, 12), int(her.age_on(self.last)) - 19)
            born = self.last - int((age + self.rng.random()) * YEAR)
            child = self._person(home, tradition, self._sex(), born, him.family, her.homes, her.need, him)
            child.mother, child.father = her, him

    def _three_generations(self, home, tradition) -> None:
        youngest = self._youngest()
        him, her = self._couple(home, tradition, self._mother_age(youngest))
        elder = self._adult(home, tradition, self._sex(), int(him.age_on(self.last)) + 26, him.homes, her.need, him.family)
        if elder.sex == "F":
            him.mother = elder
        else:
            him.father = elder
        self._children(home, tradition, her, him, youngest)

    def _shared_house(self, home, tradition) -> None:
        for _ in range(self.rng.randint(3, 6)):
            own = self.rng.choices(self.traditions, cum_weights=self.all_shares)[0]
            self._adult(home, own, self._sex(), self.rng.randint(18, 45), self._history(home), self._need())

    def _youngest(self) -> float:
        """Age in years of the youngest child; below nought is a child expected within the next months."""
        return self.rng.uniform(-0.45, 17.3)

    def _mother_age(self, youngest: float) -> int:
        return max(18, int(max(youngest, 0) + self.rng.triangular(17, 43, 29)))

    def _children(self, home, tradition, her, him, youngest: float) -> list[Person]:
        """The children at home, the youngest first, each older one a year or more before."""
        rng, age, children = self.rng, youngest, []
        family = him.family if him and rng.random() < 0.82 else her.family
        if him and him.family != her.family and rng.random() < 0.06:
            family = f"{her.family}-{him.family}"
        number = rng.choices((1, 2, 3, 4, 5), (43, 39, 13, 4, 1))[0]
        if tradition.children > 1.4:
            number += rng.random() < 0.55
        while len(children) < number and age < 18 and her.age_on(self.last) - age >= 15:
            together = [self._child(home, tradition, her, him, family, age) for _ in range(self._born_together())]
            if len(together) > 1:
                for child in together:
                    child.traits += ("twin" if len(together) == 2 else "triplet",)
            children += together
            age += 1.1 + rng.expovariate(0.55)
        return children

    def _born_together(self) -> int:
        roll = self.rng.random()
        if self.setting.slice_no == 0 and len(self.people) > 200 and not self._has_triplets():
            return 3
        return 1 if roll > TWINS else 2 if roll > TWINS / 60 else 3

    def _has_triplets(self) -> bool:
        done, self.triplets = getattr(self, "triplets", False), True
        return done

    def _child(self, home, tradition, her, him, family, age: float) -> Person:
        rng = self.rng
        born = self.last - int(age * YEAR)
        child = self._person(home, tradition, self._sex(), born, family, her.homes, her.need, him)
        for sibling in home.people[:-1]:
            if sibling.mother is her and sibling.given == child.given:
                child.given = self._another(tradition, child)
        child.mother, child.father = her, him
        if him and child.sex == "M" and rng.random() < 0.02:
            child.given, child.middle, child.family = him.given, him.middle, him.family
            child.traits += ("named after his father",)
        return child

    def _another(self, tradition: Tradition, child: Person) -> str:
        names = (tradition.female if child.sex == "F" else tradition.male)[2]
        return next(name for name in iter(lambda: names.draw(self.rng), None) if name != child.given)

    # institutions

    def _institution(self, kind: str, beds: int) -> None:
        rng = self.rng
        by_code = traditions()
        tradition = by_code["irish_traveller"] if kind == "site" else by_code["white_british"]
        place = self._site() if kind == "site" else self.streets.new(kind=kind, name=_NAMES[kind])
        home = self._open(kind, tradition, place)
        while len(home.people) < beds * rng.uniform(0.7, 1):
            getattr(self, "_in_" + kind.replace(" ", "_"))(home)

    def _site(self) -> Place:
        """A place to stop that has no address of its own."""
        return Place("No fixed abode", "", "", "", "", "site")

    def _arrivals(self, home: Household) -> list[tuple[int, Place, int]]:
        """People come to a hostel or a refuge from elsewhere, and lately."""
        came = self.last - self.rng.randint(5, 260)
        before = self.streets.new()
        return [(came - 1500, before, home.number), (came, home.place, home.number)]

    def _in_hostel(self, home) -> None:
        own = self.rng.choices(self.traditions, cum_weights=self.all_shares)[0]
        sex = "M" if self.rng.random() < 0.8 else "F"
        self._adult(home, own, sex, self.rng.randint(18, 58), self._arrivals(home), 5.0)

    def _in_refuge(self, home) -> None:
        own = self.rng.choices(self.traditions, cum_weights=self.child_shares)[0]
        youngest = self.rng.uniform(0.2, 12)
        her = self._adult(home, own, "F", self._mother_age(youngest), self._arrivals(home), 8.0)
        self._children(home, own, her, None, youngest)

    def _in_care_home(self, home) -> None:
        own = self.rng.choices(self.traditions, cum_weights=self.all_shares)[0]
        sex = "F" if self.rng.random() < 0.68 else "M"
        self._adult(home, own, sex, self.rng.randint(72, 97), self._arrivals(home), 1.5)

    def _in_site(self, home) -> None:
        """A family of the site; cousins share few surnames and fewer first names."""
        tradition = traditions()["irish_traveller"]
        age = self._youngest()
        homes = [(home.since - 2000, self.streets.new(), home.number), (home.since, home.place, home.number)]
        her = self._adult(home, tradition, "F", self._mother_age(age), homes, 2.0)
        him = self._adult(home, tradition, "M", int(her.age_on(self.last)) + 2, homes, 2.0)
        self._children(home, tradition, her, him, age)

    # traps for a matcher, and numbers

    def _namesakes(self) -> None:
        """Cousins of one name and one year of birth, in different homes."""
        children = [p for p in self.people if 0 < p.age_on(self.last) < 18]
        for _ in range(max(1, len(self.people) // 1500)):
            one, other = self.rng.sample(children, 2)
            if one.household == other.household:
                continue
            other.given, other.family, other.sex, other.tradition = one.given, one.family, one.sex, one.tradition
            first = one.born - one.born % 365
            other.born = min(self.last - 1, first + self.rng.randrange(365))
            one.traits += ("cousin of one name",)
            other.traits += ("cousin of one name",)

    def _changed_names(self) -> None:
        """Children who were adopted or took another surname, women who married: about 0.7% of children (assumption)."""
        for person in self.people:
            child = person.age_on(self.last) < 18
            if child and person.born < self.last - 500 and self.rng.random() < 0.007:
                self._rename(person)

    def _rename(self, child: Person) -> None:
        tradition = traditions()[child.tradition]
        adopted = self.rng.random() < 0.3
        old_given = self._another(tradition, child) if adopted and self.rng.random() < 0.4 else child.given
        child.former.append(f"{old_given} {tradition.family.draw(self.rng)}")
        child.traits += ("adopted" if adopted else "changed surname",)

    def _numbers(self) -> None:
        """NHS numbers, pupil numbers and schools, phones and addresses for mail."""
        children_first = sorted(self.people, key=lambda p: -p.born)
        for person in children_first:
            person.nhs_number = self._next_nhs()
            age = person.age_on(self.last)
            if 4 <= age < 21:
                self._school(person, age)
        self._phones()

    def _next_nhs(self) -> str:
        while self.nhs < self.setting.nhs_to:
            number = identifiers.nhs_number(self.nhs)
            self.nhs += 1
            if number:
                return number
        return ""

    def _school(self, person: Person, age: float) -> None:
        schools = self.setting.schools
        primary = schools[: max(1, len(schools) * 4 // 5)]
        secondary = schools[len(primary) :] or primary
        number = primary[person.household % len(primary)] if age < 11 else secondary[person.household % len(secondary)]
        person.school = f"school-{number:02d}"
        self.upns += 1
        # The serial runs on within a slice, the school digits tell the slices apart.
        block = self.setting.slice_no * 37 + self.upns // 1000
        person.upn = identifiers.upn(block, int(person.born / YEAR) + 5, self.upns)

    def _phones(self) -> None:
        """Each number goes to one household only, so that a phone says something; the ranges are small."""
        numbers = list(self.setting.phones)
        self.rng.shuffle(numbers)
        for home in self.rng.sample(self.households, len(self.households)):
            if not numbers:
                return
            for adult in [p for p in home.people if p.born < self.last - 18 * YEAR][:2]:
                if numbers:
                    adult.phone = numbers.pop()
                if self.rng.random() < 0.3:
                    adult.email = self._email(adult)

    def _email(self, adult: Person) -> str:
        letters = "".join(c for c in f"{adult.given}.{adult.family}".lower() if c.isascii() and (c.isalpha() or c == "."))
        return f"{letters.strip('.')}{self.rng.randint(1, 99)}@example.org"


_NAMES = {"hostel": "Anvil House", "refuge": "Orchard Project", "care home": "The Maltings"}

