"""Invented people of every tradition in even numbers, written down as clerks write names that are not their own.

Harder than `invented`: each tradition has its own ways of going wrong, so that no group is only as well served as its
own slips are rare. As many people of each make a gap between them measurable.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from knownto.linkage import Evidence
from knownto.linkage.tests.invented import Person, Registry, written

Names = tuple[str, list[str]]  # family name, given names
TRADITIONS = (
    "english", "muslim", "punjabi", "gujarati", "eastern_european", "african", "somali", "chinese", "portuguese",
)  # fmt: skip
_OWN = {
    "somali": (
        "WARSAME FARAH JAMA ADAN NUR DUALE ISSE SAMATAR ROBLE EGAL HERSI GULED WARFA SHIRE MAALIN",
        "AYAAN HODAN FADUMO SAHRA ASHA HIBO ZAMZAM IFRAH NIMCO SAGAL LIBAN GULED MAHAD FARAH SAHAL ABDIRAHMAN ROBLE",
    ),
    "chinese": (
        "WONG CHAN CHEUNG ZHANG WANG HUANG LAM NGUYEN TRAN CHEN LEUNG YEUNG TANG PHAM KWOK",
        "KAMAN WAIYAN MEILING XIUYING SINYEE JIAYI LINA WEIJIE CHIMING KAHO JUNHAO ZIHAN SIUFONG THULAN VANMINH",
    ),
    "portuguese": (
        "SANTOS SILVA FERREIRA PEREIRA OLIVEIRA COSTA RODRIGUES MARTINS JESUS SOUZA GOMES LOPES MARQUES ALMEIDA REYES",
        "MARIA ANA BEATRIZ CATARINA MARIANA LEONOR JOANA INES JOAO PEDRO MIGUEL TIAGO RUI DIOGO GONCALO RAFAEL NUNO",
    ),
}  # fmt: skip
_WESTERN = ["AMY", "JASON", "KELLY", "VINCENT", "GRACE", "ERIC", "JENNY", "KEVIN", "WINNIE", "RAYMOND"]
_SYLLABLES = ["KA", "WAI", "MEI", "XIU", "SIN", "JIA", "LI", "WEI", "CHI", "JUN", "ZI", "SIU", "THU", "VAN", "QUOC"]


class Even(Registry):
    """Families of every tradition in equal numbers."""

    def _tradition(self) -> str:
        return self.chance.choice(TRADITIONS)

    def _surname(self, tradition: str) -> str:
        if tradition not in _OWN:
            return super()._surname(tradition)
        name = self.chance.choice(_OWN[tradition][0].split())
        rare = self._syllables() if self.chance.random() < 0.5 and tradition != "chinese" else ""
        return f"{rare} {name}".strip() if tradition == "portuguese" else rare or name

    def _forename(self, tradition: str, sex: str) -> str:
        if tradition not in _OWN:
            return super()._forename(tradition, sex)
        names = [n for n in _OWN[tradition][1].split() if n not in self._taken]
        name = self.chance.choice(names) if names and self.chance.random() < 0.8 else self._syllables()
        self._taken.add(name)
        return name


def _one_name(person: Person) -> Person:
    """A Chinese name has one given name, of two syllables."""
    return replace(person, given=person.given[:1]) if person.tradition == "chinese" else person


def hardly(person: Person, chance: Random) -> Evidence:
    """One agency's record, with that agency's slips and its way with names of that tradition."""
    evidence = written(_one_name(person), chance)
    if evidence.family_name == "FORMERNAME":
        return evidence
    names: Names = (evidence.family_name.upper(), evidence.given_names.upper().split())
    for share, way in _WAYS[person.tradition]:
        if chance.random() < share:
            names = way(names, person, chance)
    return replace(evidence, family_name=names[0].title(), given_names=" ".join(names[1]).title())


def _half(names: Names, person: Person, chance: Random) -> Names:
    """Of two family names one, whichever."""
    return chance.choice(names[0].split() or [""]), names[1]


def _initial(names: Names, person: Person, chance: Random) -> Names:
    return names[0], names[1][:1] + [n[0] for n in names[1][1:]]


def _initial_of_mohammed(names: Names, person: Person, chance: Random) -> Names:
    if len(names[1]) > 1 and names[1][0].startswith(("MO", "MU")):
        return names[0], [chance.choice(("M", "MD", "MOHD")), *names[1][1:]]
    return names


def _womans(names: Names, person: Person, chance: Random) -> Names:
    return (chance.choice(("BIBI", "BEGUM", "KHATUN")), names[1]) if person.sex == "F" else names


def _after(*endings: str) -> Callable[[Names, Person, Random], Names]:
    def way(names: Names, person: Person, chance: Random) -> Names:
        return names[0], [names[1][0] + endings[person.sex == "F"], *names[1][1:]]

    return way


def _feminine(names: Names, person: Person, chance: Random) -> Names:
    family = names[0]
    if family.endswith(("SKI", "CKI")):
        return family[:-1] + "A", names[1]
    return (family + "A", names[1]) if family.endswith(("OV", "EV", "IN")) else names


def _misread(names: Names, person: Person, chance: Random) -> Names:
    """A letter with a mark comes out as a question mark."""
    at = chance.randrange(1, max(2, len(names[0]) - 1))
    return names[0][:at] + "?" + names[0][at + 1 :], names[1]


def _first(names: Names, person: Person, chance: Random) -> Names:
    """The family name in front, all in one field."""
    return "", [*names[0].split(), *names[1]]


def _swapped(names: Names, person: Person, chance: Random) -> Names:
    return " ".join(names[1]), names[0].split()


def _honoured(names: Names, person: Person, chance: Random) -> Names:
    return names[0], ["OLUWA" + names[1][0], *names[1][1:]]


def _day_name(names: Names, person: Person, chance: Random) -> Names:
    return names[0], [*names[1], chance.choice(("KWAME", "AKOSUA", "KOFI", "AMA"))]


def _shorter_chain(names: Names, person: Person, chance: Random) -> Names:
    """The grandfather's name left out: the father's stands last."""
    return (names[1][1], names[1][:1]) if len(names[1]) > 1 else names


def _somali_letters(names: Names, person: Person, chance: Random) -> Names:
    return names[0], [n.replace("ABDI", "CABDI") if chance.random() < 0.5 else n for n in names[1]]


def _syllables_apart(names: Names, person: Person, chance: Random) -> Names:
    called = names[1][0]
    first = next((s for s in _SYLLABLES if called.startswith(s) and len(called) > len(s) + 1), "")
    return (names[0], [first, called[len(first) :]]) if first else names


def _western(names: Names, person: Person, chance: Random) -> Names:
    return names[0], [_WESTERN[person.number % len(_WESTERN)], *names[1]]


def _particle(names: Names, person: Person, chance: Random) -> Names:
    return chance.choice(("DA ", "DOS ", "DE ")) + names[0], names[1]


# How often an agency does each, and what.
_WAYS: dict[str, tuple[tuple[float, Callable[[Names, Person, Random], Names]], ...]] = {
    "english": ((0.05, _initial), (0.005, _swapped)),
    "muslim": ((0.1, _initial_of_mohammed), (0.04, _womans), (0.005, _swapped)),
    "punjabi": ((0.05, _initial), (0.005, _swapped)),
    "gujarati": ((0.1, _after("BHAI", "BEN")), (0.01, _first)),
    "eastern_european": ((0.3, _feminine), (0.02, _misread), (0.005, _swapped)),
    "african": ((0.05, _honoured), (0.05, _day_name), (0.01, _swapped)),
    "somali": ((0.15, _shorter_chain), (0.05, _somali_letters)),
    "chinese": ((0.4, _syllables_apart), (0.1, _western), (0.02, _first), (0.02, _swapped)),
    "portuguese": ((0.3, _half), (0.15, _particle)),
}
