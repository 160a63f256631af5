"""Somebody steals the database with the blind index and has every public table: they guess no more than without it.

The crowd and the thief share nothing with the product but the dump and how it folds names by sound, which its source
says. KNOWNTO_CROWD sets how many records (50,000; a campaign: 300,000).

What the thief is given for nothing: which kind each key is of, and tables of exactly the people who live there.
Of 50,000 nothing at all may be guessed better than without the dump, neither who anybody is nor a name, a year or a
postcode of theirs. Of more, more can be put together: there it is who anybody is, and the rest is noted.
"""

import os
from collections.abc import Iterator
from datetime import date
from itertools import batched
from random import Random

import pytest
from django.db import connection

from knownto import linkage
from knownto.access.acts import system
from knownto.identity import blind
from knownto.keyring import acts as keyring
from knownto.linkage.sounds import sound
from proof_tests.crowd import Person, crowd
from proof_tests.index_thief import Guess, Keys, Tables, Thief, taken, without_a_dump
from proof_tests.spending import SEED, note

IN_EVERY_PROOF = 50_000
PEOPLE = int(os.environ.get("KNOWNTO_CROWD", IN_EVERY_PROOF))
AT_ONCE = 5000
UNSEEN = 18  # the last bits of a key's token, which a page of the index does not keep
MORE_THAN_CHANCE = 0.01
WHAT = {
    "family name": ("family",),
    "first name": ("given",),
    "year": ("year",),
    "postcode": ("postcode",),
    "both names": ("family", "given"),
    "person": ("family", "given", "year"),
    "person at home": ("family", "given", "postcode"),
}
WHO = ("both names", "person", "person at home")
Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module")
def people():
    return crowd(PEOPLE, int(SEED))


@pytest.fixture(scope="module")
def tables(people):
    public = people[1]
    return Tables(public.families, public.given, public.years, public.postcodes)


@pytest.fixture(scope="module")
def truth(people):
    return {
        n: Guess(fold(one.family), fold(one.given), one.born.year, one.postcode) for n, one in enumerate(people[0], 1)
    }


def fold(name: str) -> str:
    return sound(name.upper())


def evidence(one: Person) -> linkage.Evidence:
    year = one.born.year
    when = (
        {"born_from": date(year - 1, 1, 1), "born_to": date(year + 1, 12, 31)}
        if one.estimated
        else {"birth_date": one.born}
    )
    home = linkage.Address((one.line,), one.postcode)
    return linkage.Evidence(family_name=one.family, given_names=one.given, addresses=(home,), **when)


def index(people: list[Person]) -> Keys:
    """The product's own index of them, as it lies in its database; with the kind of each key."""
    kinds: dict[int, str] = {}
    for some in batched(enumerate(people, 1), AT_ONCE):
        pairs = {}
        for record, one in some:
            cleaned = linkage.clean(evidence(one))
            pairs[record] = [*linkage.keys(cleaned), *blind.homes(cleaned)]
        held = dict(zip(pairs, blind.tokens_of_each(list(pairs.values())), strict=True))
        kinds |= kinds_of(pairs)
        with system("proof"):
            blind.replace({}, held)
    return taken(dumped(), kinds.__getitem__)


def kinds_of(pairs: dict[int, Pairs]) -> dict[int, str]:
    flat = [pair for some in pairs.values() for pair in some]
    return {token >> UNSEEN: kind for token, (kind, _) in zip(keyring.tokens(flat), flat, strict=True)}


def dumped() -> Iterator[bytes]:
    """The table's lines, as in any dump of the whole database: by its superuser."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        with cursor.copy("COPY identity_blindkey (bucket, page, keys) TO STDOUT") as copy:
            yield from b"".join(map(bytes, copy)).splitlines()


def right(
    truth: dict[int, Guess], guesses: dict[int, Guess], known: dict[int, Guess] | None = None
) -> dict[str, float]:
    """Of each sort, the share of records of which it was guessed right; those known before do not count."""
    judged = [record for record in truth if record not in (known or {})]
    return {
        what: sum(all(getattr(guesses[r], part) == getattr(truth[r], part) for part in parts) for r in judged)
        / len(judged)
        for what, parts in WHAT.items()
    }


def gained(truth, tables, keys, known=None) -> dict[str, tuple[float, float]]:
    """Right guesses with the dump, and without it."""
    with_it = right(truth, Thief(keys, tables, fold, known).guess(), known)
    base = right(truth, dict.fromkeys(truth, without_a_dump(tables, fold)), known)
    return {what: (with_it[what], base[what]) for what in WHAT}


def noted(name: str, found: dict[str, tuple[float, float]]) -> None:
    for what, (share, base) in found.items():
        note(**{f"{what}, {name} %": f"{100 * share:.2f}", f"{what}, without %": f"{100 * base:.2f}"})


def too_much(found: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {what: pair for what, pair in found.items() if pair[0] > pair[1] + MORE_THAN_CHANCE}


def some_known(truth: dict[int, Guess], share: float) -> dict[int, Guess]:
    rng = Random(SEED)  # noqa: S311
    return {record: guess for record, guess in truth.items() if rng.random() < share}


def test_whoever_stole_the_index_guesses_no_more_than_without_it(db, people, tables, truth):
    """Nor who anybody is, if of one record in a hundred they know already whose it is. What these give away of others,
    which is where they live, is noted."""
    keys = index(people[0])
    assert keys.keys() == truth.keys()
    note(records=len(truth), keys=sum(map(len, keys.values())))
    noted("with the dump", found := gained(truth, tables, keys))
    assert too_much(found if PEOPLE <= IN_EVERY_PROOF else {what: found[what] for what in WHO}) == {}
    noted("one in a hundred known", found := gained(truth, tables, keys, some_known(truth, 0.01)))
    assert too_much({what: found[what] for what in WHO}) == {}


def test_an_index_of_family_names_alone_is_broken(db, people, tables, truth):
    """The negative control: the same thief, and a key for each family name, as most products would have it."""
    tokens = keyring.tokens(("family", each.family) for each in truth.values())
    keys = {record: [("family", token)] for record, token in zip(truth, tokens, strict=True)}
    share, base = gained(truth, tables, keys)["family name"]
    note(**{"control: family names %": f"{100 * share:.2f}"})
    assert share > base + 3 * MORE_THAN_CHANCE


def test_who_is_known_gives_away_who_lives_near(db, people, tables, truth):
    """Another control, of putting together: of one record in fifty the thief knows whose it is, and the keys are of
    postcodes alone."""
    known = some_known(truth, 0.02)
    tokens = keyring.tokens(("postcode_year", each.postcode) for each in truth.values())
    keys = {record: [("postcode_year", token)] for record, token in zip(truth, tokens, strict=True)}
    share, base = gained(truth, tables, keys, known)["postcode"]
    assert share > base + 10 * MORE_THAN_CHANCE
