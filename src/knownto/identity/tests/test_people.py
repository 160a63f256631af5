"""Which records become one person, and what becomes of a person's id."""

from dataclasses import replace
from datetime import date

from knownto.identity.acts import catch_up
from knownto.identity.models import Member
from knownto.identity.tests.conftest import AMINA
from knownto.linkage import Address


def people() -> set[frozenset[int]]:
    groups: dict = {}
    for record, person in Member.objects.values_list("record", "person_id"):
        groups.setdefault(person, set()).add(record)
    return {frozenset(g) for g in groups.values()}


def person_of(record: int):
    return Member.objects.get(pk=record).person_id


def test_it_joins_two_agencies_records_of_one_child(partners, rows_open, now):
    [police] = partners.send(AMINA)
    [hospital] = partners.send(AMINA, agency="hospital", given_names="AMINAH")
    catch_up(now=now)
    assert people() == {frozenset({police, hospital})}


def test_it_keeps_twins_apart(partners, rows_open, now):
    partners.send(AMINA, replace(AMINA, given_names="Blessing"))
    catch_up(now=now)
    assert len(people()) == 2


def test_it_keeps_the_id_when_a_later_record_joins(partners, rows_open, now):
    [first] = partners.send(AMINA)
    catch_up(now=now)
    before = person_of(first)
    [second] = partners.send(AMINA, agency="school")
    catch_up(now=now)
    assert person_of(first) == person_of(second) == before


def test_it_gives_the_id_to_the_older_record_when_they_part(partners, rows_open, now):
    first, second = partners.send(AMINA, AMINA)
    catch_up(now=now)
    before = person_of(first)
    partners.change(first, given_names="Olivia", family_name="Hargreaves", birth_date=date(1981, 7, 30), addresses=())
    catch_up(now=now)
    assert person_of(first) == before != person_of(second)


def test_it_works_nothing_out_anew_when_nothing_changed(partners, rows_open, now, django_assert_max_num_queries):
    ids = partners.send(AMINA, AMINA)
    catch_up(now=now)
    partners.land(ids)
    before = list(Member.objects.order_by("record").values())
    assert catch_up(now=now) == 2
    assert list(Member.objects.order_by("record").values()) == before


def test_it_finds_them_again_at_a_new_address(partners, rows_open, now):
    [first] = partners.send(AMINA)
    catch_up(now=now)
    [second] = partners.send(AMINA, addresses=(Address(("2 Mill Lane",), "QK7 3ZZ"),))
    catch_up(now=now)
    assert people() == {frozenset({first, second})}
