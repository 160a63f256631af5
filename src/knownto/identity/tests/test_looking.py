"""Ruling out without comparing answers what comparing everybody answers; and where keys lie, whatever their number."""

from datetime import date, timedelta
from importlib import import_module
from random import Random

import pytest
from django.db import connection

from knownto.identity import acts, blind, finding, looking
from knownto.identity.models import Cleaned
from knownto.identity.ruling_out import ruler
from knownto.identity.scores import model
from knownto.keyring import acts as keyring
from knownto.linkage import Address, Evidence, clean, compare

FAMILIES = ("Smith", "Jones", "Khan", "Patel", "Okafor-Lunt", "Taylor")
GIVEN = ("Amina", "Oliver", "Mohammed Tariq", "Jack", "Sarah", "James")
HELD, ASKED = 260, 40


def somebody(rng: Random) -> Evidence:
    """One of few names, days and streets, so that a question reaches many and only some may be meant."""
    born = date(1990, 1, 1) + timedelta(days=rng.randrange(9000))
    home = Address((f"{rng.randint(1, 9)} Harbour Street",), f"QK{rng.randint(1, 4)} 2AB")
    return Evidence(family_name=rng.choice(FAMILIES), given_names=rng.choice(GIVEN), birth_date=born, addresses=(home,))


def questions(people: list[Evidence], rng: Random) -> list[Evidence]:
    """What a worker has of some of them: a name with a day and a street, an age, or a street."""
    asked = []
    for one in rng.choices(people, k=ASKED):
        family = one.family_name[1:] if rng.random() < 0.1 else one.family_name
        known = {"family_name": family, "given_names": one.given_names}
        roll = rng.random()
        if roll < 0.6:
            known |= {"birth_date": one.birth_date, "addresses": one.addresses if roll < 0.3 else ()}
        elif roll < 0.7:
            known |= {"born_from": date(1990, 1, 1), "born_to": date(1998, 6, 1)}
        elif roll < 0.9:
            known["addresses"] = one.addresses
        asked.append(Evidence(**known))
    return asked


@pytest.fixture
def labelled(partners, now):
    rng = Random(4)
    people = [somebody(rng) for _ in range(HELD)]
    partners.send(*people)
    acts.catch_up(now=now)
    return questions(people, rng)


def differing(asked: list[Evidence]) -> int:
    return sum(finding.search(one) != finding.search(one, every=True) for one in asked)


def test_it_answers_the_same_as_if_everybody_were_compared(labelled, monkeypatch):
    compared = []
    monkeypatch.setattr(looking, "compare", lambda *said: compared.append(1) or compare(*said))
    answers = [finding.search(one) for one in labelled]
    fewer = len(compared)
    compared.clear()
    assert answers == [finding.search(one, every=True) for one in labelled]
    assert fewer < len(compared) * 0.9  # or else nobody was ruled out, and the same answers say nothing


def test_it_would_be_seen_if_too_many_were_ruled_out(labelled, monkeypatch):
    monkeypatch.setattr(looking, "ruler", lambda asked, model: lambda held: "b" in held)
    assert differing(labelled)


def test_it_rules_nobody_out_whom_a_comparison_would_show():
    """Every question against everybody, not only against those who share a key."""
    rng = Random(9)
    people = [somebody(rng) for _ in range(HELD)]
    asked, held = map(clean, questions(people, rng)), [clean(one) for one in people]
    told = [
        (ruler(one, model())(other.to_json()), compare(one, other, model()).bits) for one in asked for other in held
    ]
    assert all(bits < model().shown for ruled_out, bits in told if ruled_out)
    assert sum(ruled_out for ruled_out, _ in told) > len(told) / 20


def test_it_finds_what_is_held_in_whichever_page(rows_open):
    """More records with one key than a page holds, each found; and none once they have gone."""
    token = blind.tokens([("names", "A|B")])
    held = dict.fromkeys(range(1, 2 * blind.FULL + 2), token)
    for start in range(0, len(held), 50):
        blind.replace({}, {record: held[record] for record in list(held)[start : start + 50]})
    assert len(reached(token, cap=300)) == len(held)
    blind.replace({}, {1: token})  # again, as after a crash
    assert len(reached(token, cap=300)) == len(held)
    assert blind.candidates({0: token}, cap=200, best=999)[0] == blind.Reached((), 1)
    blind.replace(held, {7: token})
    assert reached(token) == (7,)


def test_it_tells_apart_tokens_of_one_bucket(rows_open):
    one, other = 5 << 42 | 1 << 18, 5 << 42 | 2 << 18
    blind.replace({}, {1: packed(one), 2: packed(other), 3: packed(one, other)})
    assert set(reached(packed(one))) == {1, 3} and set(reached(packed(other))) == {2, 3}
    assert set(reached(packed(-one))) == set()


def packed(*tokens: int) -> bytes:
    return blind.array("q", tokens).tobytes()


def reached(token: bytes, cap: int = 300) -> tuple[int, ...]:
    return blind.candidates({0: token}, cap=cap, best=999)[0].records


def pages() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT bucket, array_agg(key ORDER BY key) FROM identity_blindkey, unnest(keys) key GROUP BY 1")
        return sorted(cursor.fetchall())


def test_its_migration_brings_every_key_over_and_back(partners, now):
    partners.send(
        Evidence("Okonjo", "Amina", birth_date=date(2014, 3, 9)), Evidence("Smith", "Bo", phones=("07700900123",))
    )
    acts.catch_up(now=now)
    migration = import_module("knownto.identity.migrations.0004_key_pages")
    [layout] = migration.Migration.operations
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        before = pages()
        cursor.execute(layout.reverse_sql)
        cursor.execute("SELECT token, record FROM identity_blindkey ORDER BY 1, 2")
        rows = cursor.fetchall()
        cursor.execute(layout.sql)
        assert before == pages() != []
    expected = {
        (token, row.record)
        for row in Cleaned.objects.all()
        for token in blind.unpacked(bytes(row.tokens) + bytes(row.homes))
    }
    assert set(rows) == expected


def test_it_finds_no_key_that_was_destroyed_however_often_it_was_asked_for(rows_open):
    """What is prepared is the statement, never its answer."""
    [key] = keyring.create(2)[:1]
    for _ in range(7):
        assert set(keyring.fetch([key.id])) == {key.id}
    keyring.shred([key.id])
    assert keyring.fetch([key.id]) == {}
