"""What a worker's question finds: the person, several, possibles, nothing, or too much to say."""

from dataclasses import replace
from datetime import date

import pytest

from knownto.identity import acts, blind, finding, reads
from knownto.identity.answers import Found, NothingKnown, Possible, Several, TooCommon
from knownto.identity.looking import look
from knownto.identity.models import Cleaned
from knownto.identity.tests.conftest import AMINA, BY, person_of
from knownto.keyring import acts as keyring
from knownto.linkage import Address, Evidence, clean, keys, query_keys


def find(now, **known):
    return reads.find(Evidence(**known), now)


def test_it_finds_a_child_by_name_and_date(partners, now):
    [police, hospital] = partners.send(AMINA, replace(AMINA, given_names="Aminah"))
    acts.catch_up(now=now)
    answer = find(now, family_name="Okonjo", given_names="amina", birth_date=date(2014, 3, 9))
    assert isinstance(answer, Found)
    assert [p.person for p in answer.people] == [person_of(police)] == [person_of(hospital)]


def test_it_says_why_in_plain_english_without_any_value(partners, now):
    partners.send(AMINA)
    acts.catch_up(now=now)
    answer = find(now, family_name="Okonjo", given_names="Amina", birth_date=date(2014, 9, 3))
    sentences = " ".join(reason.sentence for reason in answer.people[0].comparison.reasons)
    assert "day and month the other way round" in sentences
    assert "Okonjo" not in sentences and "2014" not in sentences


def test_it_says_nothing_known_of_somebody_nobody_holds(partners, now):
    partners.send(AMINA)
    acts.catch_up(now=now)
    assert find(now, family_name="Quill", given_names="Zebedee", birth_date=date(2001, 1, 2)) == NothingKnown()


def test_it_finds_several_where_nothing_tells_them_apart(partners, now):
    one, other = partners.send(AMINA, AMINA)
    acts.catch_up(now=now)
    acts.forbid(records=(one, other), reason="Two cousins", by=BY, now=now)
    answer = find(now, family_name="Okonjo", given_names="Amina", birth_date=date(2014, 3, 9))
    assert isinstance(answer, Several)
    assert {p.person for p in answer.people} == {person_of(one), person_of(other)}


def test_it_only_thinks_possible_what_is_said_by_a_name_alone(partners, now):
    partners.send(AMINA)
    acts.catch_up(now=now)
    assert isinstance(find(now, family_name="Okonjo", given_names="Amina"), Possible)


@pytest.mark.parametrize("asked", ["Okafor", "Lunt", "Okafor-Lunt", "Lunt Okafor"])
@pytest.mark.parametrize("held", ["Okafor-Lunt", "Okafor Lunt"])
def test_it_finds_either_half_of_a_double_barrelled_name_by_name_alone(partners, now, asked, held):
    [record] = partners.send(replace(AMINA, given_names="Amelia", family_name=held))
    acts.catch_up(now=now)
    [shown] = find(now, family_name=asked, given_names="Amelia").people
    assert shown.person == person_of(record)


def test_it_finds_the_double_barrelled_name_where_only_one_half_is_held(partners, now):
    [record] = partners.send(replace(AMINA, given_names="Amelia", family_name="Okafor"))
    acts.catch_up(now=now)
    [shown] = find(now, family_name="Okafor-Lunt", given_names="Amelia").people
    assert shown.person == person_of(record)


def test_it_finds_a_child_by_the_new_family_name(partners, now):
    [record] = partners.send(replace(AMINA, nhs_number="9990000018"))
    acts.catch_up(now=now)
    known = {"family_name": "Smith", "given_names": "Amina", "birth_date": date(2014, 3, 9)}
    for kept in ({"nhs_number": "9990000018"}, {"addresses": AMINA.addresses}):
        assert find(now, **known, **kept).people[0].person == person_of(record)


def test_it_never_says_nothing_known_of_the_commonest_name_that_somebody_has(partners, now):
    partners.send(replace(AMINA, family_name="Khan", given_names="Mohammed", sex="M"))
    acts.catch_up(now=now)
    assert find(now, family_name="Khan", given_names="Mohammed") == TooCommon()
    assert find(now, family_name="Khan", given_names="Imogen") == NothingKnown()


def test_it_asks_for_more_rather_than_show_ten_of_many_who_are_none_of_them_likely(partners, now):
    smiths = [replace(AMINA, family_name="Smith", given_names="Oliver", birth_date=date(1980 + n, 3, 9), addresses=())
              for n in range(11)]  # fmt: skip
    partners.send(*smiths[:10])
    acts.catch_up(now=now)
    assert len(find(now, family_name="Smith", given_names="Oliver").people) == 10
    partners.send(smiths[10])
    acts.catch_up(now=now)
    assert find(now, family_name="Smith", given_names="Oliver") == TooCommon()


def test_it_finds_by_an_nhs_number_alone(partners, now):
    [record] = partners.send(replace(AMINA, nhs_number="999 000 0018"))
    acts.catch_up(now=now)
    answer = find(now, nhs_number="9990000018")
    assert answer.people[0].person == person_of(record)


def test_it_shows_at_most_ten_people(partners, now):
    several = [replace(AMINA, birth_date=date(1980 + n, 3, 9), addresses=()) for n in range(15)]
    partners.send(*several)
    acts.catch_up(now=now)
    assert len(find(now, family_name="Okonjo", given_names="Amina").people) == 10


def test_it_asks_for_more_rather_than_say_nothing_is_known_of_too_many(partners, now, monkeypatch):
    monkeypatch.setattr(finding, "CAP", 1)
    monkeypatch.setattr(finding, "MANY", 2)
    partners.send(*[replace(AMINA, birth_date=date(1980 + n, 3, 9), addresses=()) for n in range(3)])
    acts.catch_up(now=now)
    assert find(now, family_name="Okonjo", given_names="Amina") == TooCommon()


def test_it_says_which_record_could_not_be_opened(partners, now):
    [record] = partners.send(AMINA)
    acts.catch_up(now=now)
    keyring.shred(Cleaned.objects.values_list("key", flat=True))
    answer = find(now, family_name="Okonjo", given_names="Amina", birth_date=date(2014, 3, 9))
    assert answer == NothingKnown(unopened=(record,))


def test_it_looks_among_the_common_when_the_rarer_is_of_somebody_else(partners, now, monkeypatch):
    """A neighbour who shares a key, and is somebody else, must not stand in for having looked."""
    monkeypatch.setattr(finding, "CAP", 1)
    namesakes = [replace(AMINA, addresses=(Address(("1 Elsewhere",), f"QK{n} 9ZZ"),)) for n in range(2, 4)]
    neighbour = replace(AMINA, family_name="Okonedo", given_names="Ben", birth_date=date(1950, 1, 2), sex="M")
    partners.send(*namesakes, neighbour)
    acts.catch_up(now=now)
    there = {"family_name": "Okonjo", "given_names": "Amina", "addresses": AMINA.addresses, "sex": "F"}
    asked = clean(Evidence(**there))
    rarer = look(asked, blind.unpacked(blind.tokens(query_keys(asked))), 1)
    assert rarer.ruled_out and rarer.common and finding._told(rarer) == NothingKnown()  # what it goes on from
    assert not isinstance(find(now, **there), NothingKnown)


def test_it_gives_the_ledger_the_same_blind_tokens_for_the_same_facts(db):
    tokens = reads.searched_tokens(AMINA)
    assert tokens == reads.searched_tokens(replace(AMINA, family_name="OKONJO"))
    assert all(len(token) <= 60 and "OKONJO" not in token.upper() for token in tokens)
    indexed = blind.unpacked(blind.tokens(keys(clean(AMINA))))
    assert set(tokens).isdisjoint(f"key:{token & (2**64 - 1):016x}" for token in indexed)
    assert set(tokens).isdisjoint(reads.searched_tokens(Evidence(family_name="Quill", given_names="Zebedee")))


@pytest.mark.parametrize("known", [{}, {"family_name": "%"}, {"given_names": "*"}])
def test_it_finds_nobody_by_nothing_or_by_a_wildcard(partners, now, known):
    partners.send(AMINA)
    acts.catch_up(now=now)
    assert find(now, **known) == NothingKnown()
