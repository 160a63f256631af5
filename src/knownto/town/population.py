"""Fills a slice of the town with households, in the proportions of an English borough.

Census 2021 (ONS) gives about 30% of households one person, 11% a lone parent, 25% a couple without children,
20% a couple with dependent children; the rest is grown-up children at home, three generations, shared houses.
"""

from itertools import accumulate
from random import Random

from knownto.town.institutions import fill, houses_for
from knownto.town.names import Tradition, gendered, name_for, traditions
from knownto.town.numbering import number_all
from knownto.town.oddities import namesakes, rename_some
from knownto.town.people import Homes, Household, Person, Population, Setting
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
# The need of a household: most have none to speak of, a few account for most of what agencies see.
NEED = ((0.35, 0.74), (1.5, 0.19), (7.0, 0.07))


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
        boosted = [share * (setting.families if kind in ("family", "lone parent") else 1) for kind, share in KINDS]
        self.kinds, self.kind_shares = tuple(kind for kind, _ in KINDS), tuple(accumulate(boosted))
        self.triplets = setting.slice_no > 0  # the first slice has at least one set

    def settle(self) -> Population:
        for kind, beds in houses_for(self.setting, self.rng):
            fill(self, kind, beds)
        while len(self.people) < self.setting.people:
            self._household(self.rng.choices(self.kinds, cum_weights=self.kind_shares)[0])
        namesakes(self.people, self.last, self.rng)
        rename_some(self.people, self.last, self.rng)
        population = Population(self.people, self.households)
        number_all(population, self.setting, self.rng)
        return population

    def any_tradition(self, with_children: bool = False) -> Tradition:
        shares = self.child_shares if with_children else self.all_shares
        return self.rng.choices(self.traditions, cum_weights=shares)[0]

    # households

    def _household(self, kind: str) -> None:
        with_children = kind in ("family", "lone parent", "three generations")
        tradition = self.any_tradition(with_children)
        home = self.open(kind, tradition)
        getattr(self, "_" + kind.replace(" ", "_"))(home, tradition)

    def open(self, kind: str, tradition: Tradition, place: Place | None = None) -> Household:
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

    def _history(self, home: Household) -> Homes:
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

    def _person(
        self,
        home: Household,
        tradition: Tradition,
        sex: str,
        born: int,
        family: str,
        homes: Homes,
        need: float,
        father: Person | None = None,
    ) -> Person:
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

    def adult(
        self, home: Household, tradition: Tradition, sex: str, age: int, homes: Homes, need: float, family: str = ""
    ) -> Person:
        born = self.last - int((age + self.rng.random()) * YEAR)
        family = family or tradition.family.draw(self.rng)
        return self._person(home, tradition, sex, born, family, homes, need)

    def _sex(self) -> str:
        return "F" if self.rng.random() < 0.5 else "M"

    def _alone(self, home: Household, tradition: Tradition) -> None:
        age = self.rng.choices((22, 34, 50, 68, 82), (12, 22, 24, 26, 16))[0] + self.rng.randint(-5, 7)
        self.adult(home, tradition, self._sex(), max(18, age), self._history(home), self._need())

    def _couple(self, home: Household, tradition: Tradition, age: int = 0) -> tuple[Person, Person]:
        age = age or self.rng.choice((26, 33, 55, 62, 68, 74)) + self.rng.randint(-4, 5)
        homes, need = self._history(home), self._need()
        him = self.adult(home, tradition, "M", age + self.rng.randint(0, 4), homes, need)
        surname = him.family if tradition.order in ("western", "slavic", "gujarati") else ""
        if surname and self.rng.random() < 0.3:
            surname = ""
        her = self.adult(home, tradition, "F", age, homes, need, gendered(surname, "F"))
        if surname and self.rng.random() < 0.75:
            her.former.append(f"{her.given} {tradition.family.draw(self.rng)}")
        return him, her

    def _family(self, home: Household, tradition: Tradition) -> None:
        youngest = self.youngest()
        age = self.mother_age(youngest)
        him, her = self._couple(home, tradition, age)
        self.children(home, tradition, her, him, youngest)

    def _lone_parent(self, home: Household, tradition: Tradition) -> None:
        youngest = self.youngest()
        homes = self._history(home)
        need = self._need() * 1.6
        her = self.adult(home, tradition, "F", self.mother_age(youngest), homes, need)
        him = self._other_parent(tradition, her, need) if self.rng.random() < 0.6 else None
        children = self.children(home, tradition, her, him, youngest)
        if him:
            for child in children:
                child.second_home = him.homes[-1][1] if self.rng.random() < 0.6 else None

    def _other_parent(self, tradition: Tradition, her: Person, need: float) -> Person:
        """The parent who lives apart, in a household of his own."""
        apart = self.open("alone", tradition)
        age = int(her.age_on(self.last)) + self.rng.randint(-1, 5)
        return self.adult(apart, tradition, "M", age, self._history(apart), need)

    def _adult_children(self, home: Household, tradition: Tradition) -> None:
        him, her = self._couple(home, tradition, self.rng.randint(46, 66))
        for _ in range(self.rng.randint(1, 2)):
            age = min(19 + self.rng.randint(0, 12), int(her.age_on(self.last)) - 19)
            born = self.last - int((age + self.rng.random()) * YEAR)
            child = self._person(home, tradition, self._sex(), born, him.family, her.homes, her.need, him)
            child.mother, child.father = her, him

    def _three_generations(self, home: Household, tradition: Tradition) -> None:
        youngest = self.youngest()
        him, her = self._couple(home, tradition, self.mother_age(youngest))
        age = int(him.age_on(self.last)) + 26
        elder = self.adult(home, tradition, self._sex(), age, him.homes, her.need, him.family)
        if elder.sex == "F":
            him.mother = elder
        else:
            him.father = elder
        self.children(home, tradition, her, him, youngest)

    def _shared_house(self, home: Household, tradition: Tradition) -> None:
        for _ in range(self.rng.randint(3, 6)):
            own = self.any_tradition()
            self.adult(home, own, self._sex(), self.rng.randint(18, 45), self._history(home), self._need())

    def youngest(self) -> float:
        """Age in years of the youngest child; below nought is a child expected within the next months."""
        return self.rng.uniform(-0.45, 17.3)

    def mother_age(self, youngest: float) -> int:
        return max(18, int(max(youngest, 0) + self.rng.triangular(17, 43, 29)))

    def children(
        self, home: Household, tradition: Tradition, her: Person, him: Person | None, youngest: float
    ) -> list[Person]:
        """The children at home, the youngest first, each older one a year or more before."""
        rng, age = self.rng, youngest
        children: list[Person] = []
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
        if not self.triplets and len(self.people) > 200:
            self.triplets = True
            return 3
        roll = self.rng.random()
        return 1 if roll > TWINS else 2 if roll > TWINS / 60 else 3

    def _child(
        self, home: Household, tradition: Tradition, her: Person, him: Person | None, family: str, age: float
    ) -> Person:
        rng = self.rng
        born = self.last - int(age * YEAR)
        child = self._person(home, tradition, self._sex(), born, family, her.homes, her.need, him)
        for sibling in home.people[:-1]:
            if sibling.mother is her and child.given in (sibling.given, sibling.middle):
                child.given = self.another(tradition, child)
        child.mother, child.father = her, him
        if him and child.sex == "M" and rng.random() < 0.02:
            child.given, child.middle, child.family = him.given, him.middle, him.family
            child.traits += ("named after his father",)
        return child

    def another(self, tradition: Tradition, child: Person) -> str:
        names = (tradition.female if child.sex == "F" else tradition.male)[2]
        return next(name for name in iter(lambda: names.draw(self.rng), None) if name != child.given)
