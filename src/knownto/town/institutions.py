"""Houses where people live who are not a family: a hostel, a refuge, a care home, a Traveller site."""

from random import Random
from typing import TYPE_CHECKING

from knownto.town.names import traditions
from knownto.town.people import Homes, Household, Setting
from knownto.town.places import Place

if TYPE_CHECKING:
    from knownto.town.population import Settler

# (kind, people to one of them, beds): assumptions, a few of each in a borough and at least one in every town.
INSTITUTIONS = (
    ("hostel", 30_000, 22),
    ("refuge", 90_000, 16),
    ("care home", 8_000, 34),
    ("site", 60_000, 30),
)
SMALL = 10_000  # in a town below this an institution has a third of the beds
NAMES = {"hostel": "Anvil House", "refuge": "Orchard Project", "care home": "The Maltings"}


def houses_for(setting: Setting, rng: Random) -> list[tuple[str, int]]:
    """(kind, beds) of each institution of a slice; at least one of each in the first slice, to test with."""
    small = setting.people < SMALL
    return [
        (kind, beds // 3 if small else beds)
        for kind, people, beds in INSTITUTIONS
        for _ in range(max(int(setting.slice_no == 0), int(setting.people / people + rng.random())))
    ]


def fill(settler: "Settler", kind: str, beds: int) -> None:
    """Opens one institution and moves people in until it is nearly full."""
    rng = settler.rng
    tradition = traditions()["irish_traveller" if kind == "site" else "white_british"]
    home = settler.open(kind, tradition, _place(settler, kind))
    full = beds * rng.uniform(0.7, 1)
    while len(home.people) < full:
        _MOVES_IN[kind](settler, home)


def _place(settler: "Settler", kind: str) -> Place:
    """A site has no address of its own that an agency could write down."""
    if kind == "site":
        return Place("No fixed abode", "", "", "", "", "site")
    return settler.streets.new(kind=kind, name=NAMES[kind])


def _arrivals(settler: "Settler", home: Household) -> Homes:
    """People come from elsewhere, and lately."""
    came = settler.last - settler.rng.randint(5, 260)
    return [(came - 1500, settler.streets.new(), home.number), (came, home.place, home.number)]


def _hostel(settler: "Settler", home: Household) -> None:
    sex = "M" if settler.rng.random() < 0.8 else "F"
    age = settler.rng.randint(18, 58)
    settler.adult(home, settler.any_tradition(), sex, age, _arrivals(settler, home), 5.0)


def _refuge(settler: "Settler", home: Household) -> None:
    own = settler.any_tradition(with_children=True)
    youngest = settler.rng.uniform(0.2, 12)
    her = settler.adult(home, own, "F", settler.mother_age(youngest), _arrivals(settler, home), 8.0)
    settler.children(home, own, her, None, youngest)


def _care_home(settler: "Settler", home: Household) -> None:
    sex = "F" if settler.rng.random() < 0.68 else "M"
    age = settler.rng.randint(72, 97)
    settler.adult(home, settler.any_tradition(), sex, age, _arrivals(settler, home), 1.5)


def _site(settler: "Settler", home: Household) -> None:
    """A family of the site; cousins share few surnames and fewer first names."""
    own, youngest = traditions()["irish_traveller"], settler.youngest()
    homes = [(home.since - 2000, settler.streets.new(), home.number), (home.since, home.place, home.number)]
    her = settler.adult(home, own, "F", settler.mother_age(youngest), homes, 2.0)
    him = settler.adult(home, own, "M", int(her.age_on(settler.last)) + 2, homes, 2.0)
    settler.children(home, own, her, him, youngest)


_MOVES_IN = {"hostel": _hostel, "refuge": _refuge, "care home": _care_home, "site": _site}
