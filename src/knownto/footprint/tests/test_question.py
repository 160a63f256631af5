"""Enough to name somebody, never enough to fish for anybody."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.footprint.question import Question, born_between

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    "question",
    [
        Question(),
        Question(family="Okafor"),
        Question(given="A", family="Okafor"),
        Question(family="Okafor", sex="F"),
        Question(postcode="QK1 2AB"),
        Question(family="Okafor", postcode="QK1"),
        Question(address="Mill Lane", postcode="QK1 2AB"),
        Question(born=date(2016, 2, 3)),
        Question(age=0),
        Question(nhs_number="999 000 0000"),
        Question(phone="999"),
    ],
)
def test_it_is_too_little_when_it_could_be_anybody(question):
    assert question.too_little()


@pytest.mark.parametrize(
    "question",
    [
        Question(given="Amy", family="Okafor"),
        Question(family="Okafor", born=date(2016, 2, 3)),
        Question(given="Amy", age=0),
        Question(family="Okafor", postcode="qk1 2ab"),
        Question(nhs_number="999 000 0018"),
        Question(phone="07700 900123"),
        Question(address="12 Mill Lane", postcode="QK1 2AB"),
    ],
)
def test_it_is_enough_with_two_facts_or_one_that_identifies(question):
    assert not question.too_little()


def test_it_is_by_address_alone_only_when_nothing_else_is_known():
    here = {"address": "12 Mill Lane", "postcode": "QK1 2AB"}
    assert Question(**here).by_address_alone
    assert not Question(given="Amy", **here).by_address_alone
    assert not Question(age=0, **here).by_address_alone


@given(st.integers(0, 120), st.dates(date(1950, 1, 1), date(2040, 12, 31)))
def test_it_spans_every_birthday_that_the_age_allows(age, today):
    first, last = born_between(age, today)
    assert first <= last <= today
    assert today.year - last.year <= age <= today.year - first.year


def test_it_turns_an_estimated_age_into_a_span_and_prefers_the_date():
    assert Question(age=8).evidence(TODAY).born_from == date(2015, 11, 17)
    both = Question(age=8, born=date(2018, 1, 2)).evidence(TODAY)
    assert (both.birth_date, both.born_from) == (date(2018, 1, 2), None)


@given(
    st.builds(
        Question,
        given=st.text(max_size=8),
        family=st.text(max_size=8),
        born=st.none() | st.dates(),
        age=st.none() | st.integers(0, 120),
    )
)
def test_it_comes_back_from_json_as_it_went(question):
    assert Question.from_json(question.to_json()) == question
