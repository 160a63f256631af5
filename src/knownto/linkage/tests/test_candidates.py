"""What is not looked up is never compared: a key that is missing reads as "no contact found"."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knownto.linkage import Unlikely, clean, compare, fits, keys, load_model, query_keys, resolve, tables
from knownto.linkage.tests.tables import person, table

MODEL = load_model()
_FAMILIES = st.sampled_from([r["name"] for r in tables.rows("families.csv")])
_FORENAMES = st.sampled_from([r["name"] for r in tables.rows("forenames.csv") if len(r["name"]) > 2])
_HOME = "pc=QK1 2AB;l=3 Mill Lane"


def _reached(asked: str, held: str) -> bool:
    return not set(query_keys(clean(person(asked)))).isdisjoint(keys(clean(person(held))))


@pytest.mark.parametrize("row", table("keys.csv"), ids=lambda r: r["why"])
def test_it_looks_up_whoever_the_question_may_be_about(row):
    assert _reached(row["asked"], row["held"])


def test_it_does_not_look_up_whoever_shares_one_name_or_one_date():
    assert not _reached("f=Wheatcroft;g=Imogen;b=2012-05-17", "f=Wheatcroft;g=Tobias;b=1970-02-01")
    assert not _reached("f=Wheatcroft;g=Imogen;b=2012-05-17", "f=Jones;g=Aaron;b=2012-05-17")


@settings(max_examples=200, deadline=None)
@given(_FAMILIES, _FAMILIES, _FORENAMES, st.sampled_from([f"nhs=9990000018;{_HOME}", "nhs=9990000018", _HOME]))
def test_a_new_family_name_hides_nobody(before, after, called, kept):
    """Married, adopted or by deed: with the first name, the date and a number or the home, the person is found."""
    asked, held = (f"f={family};g={called};b=2012-05-17;{kept}" for family in (before, after))
    assert _reached(asked, held)
    assert compare(clean(person(asked)), clean(person(held)), MODEL).bits >= MODEL.possible


@settings(max_examples=200, deadline=None)
@given(_FAMILIES, _FAMILIES, _FORENAMES, st.booleans())
def test_either_half_of_a_double_barrelled_name_finds_the_whole_and_the_whole_either(first, second, called, by_first):
    half, whole = f"g={called};f={first if by_first else second}", f"g={called};f={first}-{second}"
    assert _reached(half, f"{whole};b=2012-05-17;{_HOME}")
    assert _reached(whole, f"{half};b=2012-05-17;{_HOME}")


@settings(max_examples=200, deadline=None)
@given(_FAMILIES, _FAMILIES, _FORENAMES)
def test_a_family_name_alone_is_never_said_to_be_the_other_way_round(first, second, called):
    asked = clean(person(f"f={first}-{second};b=2012-05-17"))
    held = clean(person(f"f={first}-{second};g={called};b=2012-05-17"))
    assert "swapped" not in {r.level for r in compare(asked, held, MODEL).reasons}


@settings(max_examples=200, deadline=None)
@given(_FAMILIES, _FORENAMES)
def test_nobody_is_told_that_nothing_is_known_of_a_name_that_is_held(family, called):
    """However common: somebody of that name is shown, or the worker is asked for more."""
    asked = clean(person(f"f={family};g={called}"))
    found = resolve(asked, [(1, clean(person(f"f={family};g={called};b=2012-05-17;{_HOME}")))], MODEL)
    assert not isinstance(found, Unlikely) or fits(found.found[0].comparison)


def test_a_name_fits_only_when_both_parts_agree_and_the_age_does_not_speak_against_it():
    khan = "f=Khan;g=Mohammed"

    def fit(asked: str, held: str) -> bool:
        return fits(compare(clean(person(asked)), clean(person(held)), MODEL))

    assert fit(khan, f"{khan};b=2012-05-17")
    assert fit(f"{khan};pc=QK1 2AB", f"{khan};b=2012-05-17;pc=QK7 9ZZ")
    assert not fit(khan, "f=Khan;g=Imogen;b=2012-05-17")
    assert not fit(f"{khan};b=1970-02-01", f"{khan};b=2012-05-17")
    assert not fit("f=Khan", f"{khan};b=2012-05-17")
