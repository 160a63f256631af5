"""Five outcomes, each of its own type."""

import pytest

from knownto.linkage import (
    Match,
    NothingKnown,
    Possible,
    Several,
    Unlikely,
    clean,
    load_model,
    resolve,
    tied_as_household,
)
from knownto.linkage.tests.tables import person

MODEL = load_model()
IMOGEN = "f=Wheatcroft;g=Imogen;b=2012-05-17"


def _resolve(asked: str, *held: str):
    return resolve(clean(person(asked)), [(i, clean(person(h))) for i, h in enumerate(held)], MODEL)


def test_one_that_fits_is_a_match():
    found = _resolve(IMOGEN, "f=Wheatcroft;g=Tobias;b=2012-05-17", IMOGEN)
    assert isinstance(found, Match)
    assert found.best.id == 1


def test_two_that_fit_are_several():
    assert isinstance(_resolve(IMOGEN, IMOGEN, IMOGEN), Several)


def test_two_records_of_one_person_are_one_match():
    held = clean(person(IMOGEN))
    found = resolve(held, [("p1", held), ("p1", held)], MODEL)
    assert isinstance(found, Match)


def test_a_rival_close_behind_makes_it_several():
    asked = "f=Chaudhry;g=Priya;b=2012-05-17;pc=QK1 2AB"
    found = _resolve(asked, asked, "f=Chaudhry;g=Priya;b=2012-05-17;pc=QK7 9ZZ")
    assert isinstance(found, Match)
    nearer = _resolve(asked, "f=Chaudhry;g=Priya;b=2012-05-17;pc=QK1 9ZZ", "f=Chaudhry;g=Priya;b=2012-05-17")
    assert isinstance(nearer, Several)


def test_a_common_name_and_date_is_only_possible():
    found = _resolve("f=Smith;g=Oliver;b=2012-05-17", "f=Smith;g=Oliver;b=2012-05-17")
    assert isinstance(found, Possible)


def test_one_shared_fact_is_unlikely():
    assert isinstance(_resolve(IMOGEN, "f=Jones;g=Aaron;b=2012-05-17"), Unlikely)


def test_no_candidate_is_nothing_known():
    assert isinstance(_resolve(IMOGEN), NothingKnown)


@pytest.mark.parametrize(
    ("tied", "a", "b"),
    [
        (True, "f=Wheatcroft;g=A;pc=QK1 2AB;l=3 Mill Lane", "f=Wheatcroft;g=B;pc=QK1 2AB;l=3 Mill Lane"),
        (True, "f=Khan;ph=07700900123;pc=QK1 2AB;l=3 Mill Lane", "f=Bibi;ph=07700900123;pc=QK1 2AB;l=3 Mill Lane"),
        (True, "f=Khan;hh=77;pc=QK1 2AB;l=3 Mill Lane", "f=Bibi;hh=77;pc=QK1 2AB;l=3 Mill Lane"),
        (False, "f=Khan;pc=QK1 2AB;l=3 Mill Lane", "f=Smith;pc=QK1 2AB;l=3 Mill Lane"),
        (False, "f=Kaur;pc=QK1 2AB;l=3 Mill Lane", "f=Kaur;pc=QK1 2AB;l=3 Mill Lane"),
        (False, "f=Wheatcroft;pc=QK1 2AB;l=3 Mill Lane", "f=Wheatcroft;pc=QK1 2AB;l=5 Mill Lane"),
        (False, "f=Wheatcroft;pc=QK1 2AB;l=Flat 1, 3 Mill Lane", "f=Wheatcroft;pc=QK1 2AB;l=Flat 2, 3 Mill Lane"),
        (False, "f=Smith;pc=QK1 2AB;l=Hope Hostel, 3 Mill Lane", "f=Smith;pc=QK1 2AB;l=Hope Hostel, 3 Mill Lane"),
        (False, "f=Smith;l=No fixed abode", "f=Smith;l=No fixed abode"),
        (False, "f=Wheatcroft", "f=Wheatcroft"),
    ],
)  # fmt: skip
def test_an_address_alone_ties_no_household(tied, a, b):
    assert bool(tied_as_household(clean(person(a)), clean(person(b)))) is tied


def test_the_more_are_held_with_a_phone_the_less_it_says_of_each():
    asked = clean(person("f=Wheatcroft;g=Imogen;ph=07700900123"))
    family = [f"f=Wheatcroft;g={g};b=2012-05-17;ph=07700900123" for g in ("Imogen", "Tobias", "Harriet", "Sarah")]

    def told(held: int) -> tuple[float, set[str]]:
        found = resolve(asked, [(i, clean(person(h))) for i, h in enumerate(family[:held])], MODEL)
        best = found.found[0].comparison
        return best.bits, {r.level for r in best.reasons if r.field == "contact"}

    assert told(1)[1] == {"phone"}
    assert told(2)[1] == told(4)[1] == {"phone_shared"}
    assert told(1)[0] > told(2)[0] > told(4)[0]
