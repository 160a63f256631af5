"""What partners write, and what is left of it once it can be compared."""

from datetime import date

import pytest

from knownto.linkage import Address, Cleaned, Evidence, address_key, agreement, clean, identifiers
from knownto.linkage.tests.tables import person, table


def _others(cleaned: Cleaned) -> str:
    return ";".join(" ".join((*o.given, *o.family)) for o in cleaned.others)


@pytest.mark.parametrize("row", table("names.csv"), ids=lambda r: r["why"])
def test_it_reads_names_as_people_write_them(row):
    cleaned = clean(Evidence(row["family_name"], row["given_names"]))
    assert (" ".join(cleaned.given), " ".join(cleaned.family), _others(cleaned)) == (
        row["given"],
        row["family"],
        row["others"],
    )


@pytest.mark.parametrize("row", table("addresses.csv"), ids=lambda r: r["why"])
def test_it_gives_a_key_only_to_an_exact_home(row):
    lines = tuple(filter(None, row["lines"].split("|")))
    assert address_key(Address(lines, row["postcode"], row["uprn"])) == row["key"]


@pytest.mark.parametrize("row", table("identifiers.csv"), ids=lambda r: f"{r['kind']} {r['why']}")
def test_it_keeps_a_number_only_when_it_can_be_one(row):
    assert getattr(identifiers, row["kind"])(row["text"]) == row["kept"]


def test_it_checks_the_letter_of_a_pupil_number():
    good = identifiers.upn_check_letter("823999908001") + "823999908001"
    assert identifiers.upn(good.lower()) == good
    assert identifiers.upn("A" + good[1:]) == ""
    assert identifiers.upn("T82399990800") == ""


def test_it_checks_the_letter_of_a_police_number_and_writes_it_long():
    assert identifiers.pnc("79/163001B") == "1979/0163001B"
    assert identifiers.pnc("1979/0163001B") == "1979/0163001B"
    assert identifiers.pnc("79/163001C") == ""


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(1970, 1, 1), date(1899, 12, 30), date(1066, 10, 14)])
def test_it_drops_a_date_that_stands_for_not_known(day):
    assert clean(Evidence(birth_date=day)).birth == 0


def test_it_keeps_the_day_after_a_placeholder():
    assert clean(Evidence(birth_date=date(1970, 1, 2))).born == date(1970, 1, 2)


def test_it_prefers_a_date_of_birth_to_an_estimate():
    cleaned = clean(Evidence(birth_date=date(2012, 5, 17), born_from=date(2011, 1, 1), born_to=date(2013, 1, 1)))
    assert (cleaned.birth, cleaned.born_from) == (date(2012, 5, 17).toordinal(), 0)


def test_it_calls_mohammed_tariq_tariq():
    assert clean(Evidence("Khan", "Mohammed Tariq")).call == "TARIQ"
    assert clean(Evidence("Khan", "Mohammed")).call == "MOHAMMED"


def test_it_knows_a_baby_and_its_place_in_a_birth():
    second = clean(Evidence("Jones", "Twin 2"))
    assert (second.baby, second.order, second.given) == (True, 2, ())


def test_it_comes_back_whole_from_its_stored_form():
    cleaned = clean(
        person("f=O'Brien;g=Siobhán (Shiv);b=2012-05-17;pc=QK1 2AB;l=Flat 2, 12 High St;nhs=9990000018;s=F")
    )
    again = Cleaned.from_json(cleaned.to_json())
    assert again == cleaned
    assert (again.call, again.homes, again.born) == (cleaned.call, cleaned.homes, cleaned.born)


def test_it_stores_nothing_for_what_is_not_known():
    assert clean(Evidence()).to_json() == {}


def test_evidence_comes_back_whole_from_its_stored_form():
    evidence = person("f=Khan;g=Amir;o=Amir Hussain;bf=2011-01-01;bt=2013-01-01;pc=QK1 2AB;l=3 Mill Lane;u=1")
    assert Evidence.from_json(evidence.to_json()) == evidence
    assert Evidence().to_json() == {}


def _at(text: str) -> Cleaned:
    lines, postcode, uprn = (*text.split(";"), "")[:3]
    return clean(Evidence(addresses=(Address(tuple(lines.split("|")), postcode, uprn),)))


@pytest.mark.parametrize("row", table("address_pairs.csv"), ids=lambda r: r["why"])
def test_two_addresses_agree_as_a_housing_officer_would_say(row):
    assert agreement.place(_at(row["a"]), _at(row["b"])) == row["level"]
    assert agreement.place(_at(row["b"]), _at(row["a"])) == row["level"]


@pytest.mark.parametrize("row", table("births.csv"), ids=lambda r: r["why"])
def test_two_dates_of_birth_agree_as_a_clerk_would_say(row):
    a, b = clean(person(row["a"])), clean(person(row["b"]))
    assert agreement.birth(a, b) == agreement.birth(b, a) == row["level"]
