"""What follows from what was said, by a table: who said what, and whether two people or agencies are needed."""

from uuid import UUID

import pytest

from knownto.identity.agreeing import Said, step

# Who said what, in order, as worker-agency:answer ("!" for the lead); what is needed; what follows.
TABLE = [
    ("a-police:together", "one", "in-force together"),
    ("a-police:unsure", "one", "ask"),
    ("a-police:unsure b-hospital:apart", "one", "in-force apart"),
    ("a-police:unsure b-hospital:unsure", "one", "lead"),
    ("a-police:unsure b-hospital:unsure c-school!:never", "one", "in-force never"),
    ("a-police:together", "two", "ask"),
    ("a-police:together b-police:together", "two", "in-force together"),
    ("a-police:together b-police:together", "agencies", "ask"),
    ("a-police:together b-hospital:together", "agencies", "in-force together"),
    ("a-police:together b-hospital:apart", "agencies", "lead"),
    ("a-police:together b-hospital:apart c-school!:apart", "agencies", "in-force apart"),
    ("a-police:together b-hospital:apart c-hospital!:apart", "agencies", "ask"),
    ("a-police:together b-hospital:apart c-school!:never", "agencies", "ask"),
    ("a-police:together b-hospital:apart c-school!:never d-police:never", "agencies", "in-force never"),
    ("a-police:together b-hospital:apart c-school!:never d-police:apart", "agencies", "lead"),
    ("a-police:unsure b-hospital:together", "two", "ask"),
    ("a-police:unsure b-hospital:together c-police:together", "agencies", "in-force together"),
    ("a-police:together b-hospital:unsure", "agencies", "ask"),
    ("a-police:together a-police:together", "two", "ask"),
]


def said(text: str) -> Said:
    who, _, answer = text.partition(":")
    name, _, agency = who.partition("-")
    return Said(UUID(int=ord(name)), agency.rstrip("!"), answer, agency.endswith("!"))


@pytest.mark.parametrize(("words", "needed", "follows"), TABLE)
def test_it_follows(words, needed, follows):
    found = step([said(one) for one in words.split()], two_people=needed != "one", two_agencies=needed == "agencies")
    assert f"{found.next} {found.answer}".strip() == follows


def test_it_never_counts_one_person_or_one_agency_twice():
    for words, needed, follows in TABLE:
        found = step(
            [said(one) for one in words.split()], two_people=needed != "one", two_agencies=needed == "agencies"
        )
        if follows.startswith("in-force") and needed != "one":
            assert found.first.worker != found.also.worker
            assert needed == "two" or found.first.agency != found.also.agency
