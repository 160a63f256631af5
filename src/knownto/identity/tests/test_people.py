"""Which records become one person, and what becomes of a person's id."""

from dataclasses import replace
from datetime import date

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knownto.identity import acts, grouping
from knownto.identity.acts import catch_up
from knownto.identity.cleaned import Opened
from knownto.identity.keying import key_some
from knownto.identity.models import Belief, Cleaned, Member, Pending, Person, Ruling
from knownto.identity.tests.conftest import AMINA, BY, people, person_of
from knownto.keyring import acts as keyring
from knownto.linkage import Address


def test_it_joins_two_agencies_records_of_one_child(partners, now):
    [police] = partners.send(AMINA)
    [hospital] = partners.send(AMINA, agency="hospital", given_names="AMINAH")
    catch_up(now=now)
    assert people() == {frozenset({police, hospital})}


def test_it_keeps_twins_apart(partners, now):
    partners.send(AMINA, replace(AMINA, given_names="Blessing"))
    catch_up(now=now)
    assert len(people()) == 2


def test_it_keeps_the_id_when_a_later_record_joins(partners, now):
    [first] = partners.send(AMINA)
    catch_up(now=now)
    before = person_of(first)
    [second] = partners.send(AMINA, agency="school")
    catch_up(now=now)
    assert person_of(first) == person_of(second) == before


def test_it_gives_the_id_to_the_older_record_when_they_part(partners, now):
    first, second = partners.send(AMINA, AMINA)
    catch_up(now=now)
    before = person_of(first)
    partners.change(first, given_names="Olivia", family_name="Hargreaves", birth_date=date(1981, 7, 30), addresses=())
    catch_up(now=now)
    assert person_of(first) == before != person_of(second)


def test_it_works_nothing_out_anew_when_nothing_changed(partners, now):
    ids = partners.send(AMINA, AMINA)
    catch_up(now=now)
    partners.land(ids)
    before = list(Member.objects.order_by("record").values())
    assert catch_up(now=now) == 2
    assert list(Member.objects.order_by("record").values()) == before


def test_it_finds_them_again_at_a_new_address(partners, now):
    [first] = partners.send(AMINA, phones=("07700900123",))
    catch_up(now=now)
    [second] = partners.send(AMINA, phones=("07700900123",), addresses=(Address(("2 Mill Lane",), "QK7 3ZZ"),))
    catch_up(now=now)
    assert people() == {frozenset({first, second})}


FAMILY = (
    AMINA,
    replace(AMINA, given_names="Aminah", addresses=()),
    replace(AMINA, given_names="Blessing"),
    replace(AMINA, given_names="Ngozi", birth_date=date(1988, 12, 2)),
    replace(AMINA, given_names="Ngozi", birth_date=date(1988, 2, 12)),
    replace(AMINA, given_names="A", birth_date=None),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(FAMILY))), together=st.booleans())
def test_it_gives_the_same_people_in_whatever_order_the_records_arrive(partners, now, order, together):
    expected = {frozenset({0, 1}), frozenset({2}), frozenset({3, 4}), frozenset({5})}
    with transaction.atomic():
        at = {}
        for number in order:
            at[partners.send(FAMILY[number])[0]] = number
            assert together or catch_up(now=now) == 1
        catch_up(now=now)
        assert {frozenset(at[record] for record in group) for group in people()} == expected
        transaction.set_rollback(True)
    partners.file.clear()


def test_it_does_not_join_a_family_through_its_one_ambiguous_record(partners, now):
    """A record with an initial and no sex fits both twins: linked with each by a person, they still stay apart."""
    sarah, samuel = partners.send(replace(AMINA, given_names="Sarah"), replace(AMINA, given_names="Samuel", sex="M"))
    [initial] = partners.send(replace(AMINA, given_names="S", sex=""))
    catch_up(now=now)
    assert person_of(sarah) != person_of(samuel)
    acts.link(records=(sarah, initial), reason="One school says so", by=BY, now=now)
    assert person_of(sarah) == person_of(initial) != person_of(samuel)


def test_it_forgets_all_of_a_removed_record(partners, now):
    first, second = partners.send(AMINA, AMINA)
    catch_up(now=now)
    acts.unlink(records=(first, second), reason="Not the same", by=BY, now=now)
    partners.remove(first, second)
    catch_up(now=now)
    for model in (Cleaned, Pending, Person, Member, Belief, Ruling):
        assert not model.objects.exists(), model.__name__
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT count(*) FROM identity_blindkey")
        assert cursor.fetchone() == (0,)


def test_it_leaves_the_rest_of_a_person_when_their_oldest_record_goes(partners, now):
    first, second = partners.send(AMINA, AMINA)
    catch_up(now=now)
    before = person_of(second)
    partners.remove(first)
    catch_up(now=now)
    assert person_of(second) == before
    assert not Belief.objects.exists()


def test_it_takes_a_removed_record_back_under_a_new_key(partners, now):
    [record] = partners.send(AMINA)
    catch_up(now=now)
    partners.remove(record)
    catch_up(now=now)
    partners.revive(record, AMINA)
    assert catch_up(now=now) == 1
    assert person_of(record)


def test_it_stops_at_the_limit_and_goes_on_from_there(partners, now):
    partners.send(*[AMINA] * 5)
    assert [catch_up(now=now, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(people()) == 1


def test_it_says_how_far_it_is(partners, now):
    partners.send(AMINA, AMINA)
    told = []
    catch_up(now=now, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 4), (4, 4)]


def test_it_says_whose_records_wait(partners, now):
    partners.send(AMINA)
    assert acts.still_matching() == {"police"}
    catch_up(now=now)
    assert acts.still_matching() == set()


def test_it_leaves_as_it_was_a_block_too_large_to_be_anybody(partners, now, monkeypatch):
    ids = partners.send(AMINA, AMINA)
    catch_up(now=now)
    monkeypatch.setattr(grouping, "LARGEST_BLOCK", 2)
    [third] = partners.send(AMINA)
    catch_up(now=now)
    assert people() == {frozenset(ids), frozenset({third})}


def asks(partners, now, monkeypatch, several: int) -> int:
    """How often whoever holds the keys is asked while so many records are read and keyed."""
    holder, count = type(keyring.asked()), []
    do = holder.do
    partners.send(*(replace(AMINA, given_names=name) for name in ("Ada", "Bola", "Chidi", "Dayo", "Efe")[:several]))
    with monkeypatch.context() as patched:
        patched.setattr(holder, "do", lambda self, *said: count.append(1) or do(self, *said))
        assert key_some(Opened(), 100, now) == several
    return len(count)


def test_whoever_holds_the_keys_is_asked_for_many_records_at_once(partners, now, monkeypatch):
    """Where that is a service of its own, an ask for each key of each record would be most of a file's time."""
    assert asks(partners, now, monkeypatch, 1) == asks(partners, now, monkeypatch, 5) > 0
