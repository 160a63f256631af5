"""Ruling out without comparing answers what comparing everybody answers; and where keys lie, whatever their number."""

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from math import inf
from random import Random
from uuid import UUID

import pytest
from django.db import connection

from knownto.identity import acts, blind, finding, looking, ruling_out
from knownto.identity.cleaned import plain_bytes
from knownto.identity.models import Cleaned as Row
from knownto.identity.scores import model
from knownto.keyring import acts as keyring
from knownto.linkage import Address, Cleaned, Evidence, clean, compare, compare_rest, fits

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
    monkeypatch.setattr(looking, "compare_rest", lambda *said: compared.append(1) or compare_rest(*said))
    answers = [finding.search(one) for one in labelled]
    fewer = len(compared)
    monkeypatch.setattr(looking, "compare", lambda *said: compared.append(1) or compare(*said))
    compared.clear()
    assert answers == [finding.search(one, every=True) for one in labelled]
    assert fewer < len(compared) * 0.7  # or else nobody was ruled out, and the same answers say nothing


POOLS = 1000


@pytest.mark.parametrize("seed", [1, 2])
def test_it_answers_the_same_of_whatever_pool(seed):
    """Records of several people who are alike in every way that records are, and questions of every kind."""
    rng = Random(seed)
    assert sum(differs(*pool(rng)) for _ in range(POOLS)) == 0


def with_less(monkeypatch, name: str, bits: float) -> None:
    """Limits that are that much lower than they are."""
    told = getattr(ruling_out.Limits, name)
    monkeypatch.setattr(ruling_out.Limits, name, lambda self, form: told(self, form) - bits)


@pytest.mark.parametrize("bits", [0.3, 6.0])
def test_it_would_be_seen_if_a_limit_were_too_low(monkeypatch, bits):
    with_less(monkeypatch, "_place", bits)
    rng = Random(1)
    assert any(differs(*pool(rng)) for _ in range(POOLS))


def test_it_would_be_seen_if_it_stopped_too_early(monkeypatch):
    monkeypatch.setattr(looking._Best, "beats", lambda self, most, record: len(self._found) >= looking.MOST_SHOWN)
    rng = Random(1)
    assert any(differs(*pool(rng)) for _ in range(POOLS))


def test_no_limit_is_below_what_is_found():
    rng = Random(3)
    for _ in range(300):
        asked, opened = pool(rng)
        limits = ruling_out.Limits(asked, model())
        for one in opened:
            found, limit = compare(asked, as_held(one), model()), limits.of(one.form)
            if limit.most > -inf:
                assert found.bits <= limit.most
            else:
                assert found.bits < model().shown and not fits(found)


def differs(asked, opened) -> bool:
    told = [finding._told(looking.weigh(asked, opened, every=every)) for every in (False, True)]
    return told[0] != told[1]


def as_held(one) -> Cleaned:
    return Cleaned.from_json(json.loads(one.form))


def pool(rng: Random) -> tuple[Cleaned, list[looking.Opened]]:
    """A question, and records of some thirty people: many of one name, one home, one telephone or one birthday."""
    people = [anybody(rng) for _ in range(rng.choice((6, 18, 30)))]
    records = [(n, said_again(rng, one)) for n, one in enumerate(people) for _ in range(rng.choice((1, 1, 2)))]
    opened = [looking.Opened(at + 1, UUID(int=n).bytes, form(one)) for at, (n, one) in enumerate(records)]
    return clean(asked_of(rng, rng.choice(people))), rng.sample(opened, len(opened))


def form(one: Evidence) -> bytes:
    return plain_bytes(clean(one))


NAMES = (
    ("Smith", "Amina Jane"), ("Smith", "Amy"), ("Jones", "Jack"), ("Jones", "John"), ("Kaur", "Harpreet"),
    ("Singh", "Harpreet"), ("Khan", "Mohammed Tariq"), ("Khan", "Tariq"), ("Okafor-Lunt", "Ellie-Mae"),
    ("Lunt", "Elliemae"), ("", "Amina"), ("Jones", ""), ("Smith", "Baby of Amina"), ("Amina", "Smith"),
)  # fmt: skip
HOMES = (
    Address(("1 Harbour Street",), "QK1 2AB"), Address(("Flat 2, 1 Harbour Street",), "QK1 2AB"),
    Address(("1 Harbour Street",), "QK1 2AB", "100023336956"), Address(("9 Mill Lane",), "QK1 9ZZ"),
    Address((), "", "100023336956"), Address((), "QK1 2AB"), Address(("3 Far Road",), "ZX9 1AA"),
    Address(("Harbour Hostel",), "QK1 2AB"), Address(("Harbour Hostel",), "", "100023336957"),
)  # fmt: skip
DAYS = (date(2012, 1, 1), date(2012, 3, 4), date(2012, 4, 3), date(2012, 3, 5), date(2013, 3, 4), date(1980, 3, 4))
PHONES, NUMBERS = ("07700900123", "07700900124"), ("9434765919", "9434765870")


def anybody(rng: Random) -> Evidence:
    family, given = rng.choice(NAMES[: rng.choice((3, 14))])
    ages = {"born_from": date(2011, 6, 1), "born_to": date(2012, 5, 31)}
    born = {"birth_date": rng.choice(DAYS)} if rng.random() < 0.8 else rng.choice((ages, {}))
    return Evidence(
        family_name=family,
        given_names=given,
        other_names=("Amina Jones",) if rng.random() < 0.1 else (),
        sex=rng.choice(("", "F", "M")),
        addresses=tuple(rng.sample(HOMES, rng.choice((0, 1, 1, 2)))),
        nhs_number=rng.choice(NUMBERS) if rng.random() < 0.15 else "",
        phones=(rng.choice(PHONES),) if rng.random() < 0.3 else (),
        emails=("a@example.org",) if rng.random() < 0.1 else (),
        **born,
    )


def said_again(rng: Random, one: Evidence) -> Evidence:
    """Another partner's record of somebody: a fact or two of it is another."""
    other = anybody(rng)
    changed = rng.sample(
        ("family_name", "given_names", "birth_date", "addresses", "phones", "sex"), rng.choice((0, 1, 2))
    )
    return replace(one, **{name: getattr(other, name) for name in changed})


def asked_of(rng: Random, one: Evidence) -> Evidence:
    """What a worker knows of somebody: some of it, or all."""
    if rng.random() < 0.2:
        return one
    left_out = [name for name in ("birth_date", "addresses", "phones", "nhs_number", "sex") if rng.random() < 0.5]
    return replace(one, **{name: getattr(Evidence(), name) for name in left_out})


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
        for row in Row.objects.all()
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
