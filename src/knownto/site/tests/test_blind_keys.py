"""A new index key: every blind key goes over to it, everybody is found throughout, and the old key finds nothing."""

import csv
import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from knownto.access import clock
from knownto.access.acts import system
from knownto.feeds import acts as feeds
from knownto.footprint.tests.partnership import AMY, BY, _csv, borough
from knownto.guarding.models import Staff
from knownto.identity import blind, finding, rekeying
from knownto.identity.answers import NothingKnown
from knownto.identity.catching_up import catch_up
from knownto.keyring import acts as keyring
from knownto.keyring import guard, keeper
from knownto.keyring.generations import ASKED, hold
from knownto.keyring.master import make_key_file
from knownto.ledger.models import Entry
from knownto.linkage import Evidence, clean, query_keys
from knownto.site import blind_keys
from knownto.site.command import CommandError
from knownto.site.commands import keys

COLUMNS = Path(__file__).resolve().parents[4] / "tests/clear_columns.csv"
AMELIA = Evidence(given_names=AMY["given_names"], family_name=AMY["family_name"], nhs_number="9990000018")
STAYS = {("ledger_about", "subject")}  # in the log, which is never written anew


@pytest.fixture
def own_keys(db, tmp_path, settings):
    """Key files of this test's own, and whoever holds them asked anew."""
    for setting in ("KEY_FILE", "GUARD_KEY_FILE"):
        setattr(settings, setting, tmp_path / setting)
        make_key_file(getattr(settings, setting))
    settings.KEYS_SOCKET = settings.GUARD_KEYS_SOCKET = ""
    _forget()
    yield
    _forget()


def _forget():
    keyring.RESERVE.clear()
    keyring.asked.cache_clear()
    guard.asked.cache_clear()


@pytest.fixture
def town(own_keys):
    """Somebody whom partners know, who signs in as "worker", and a household in the register."""
    made = borough(clock.now())
    made.tell()
    made.worker("screener", name="One")
    with system("guard"):
        Staff.objects.create(token=guard.token("staff nhs", "9990000018"), owner=guard.token("staff owner", "one"))
    return made


def who(evidence=AMELIA):
    with system("test"):
        answer = finding.search(evidence)
    return answer if isinstance(answer, NothingKnown) else [(p.person, p.comparison.bits) for p in answer.people]


def cells():
    """Every blind value that is stored, by table and column."""
    found = {}
    for each in blind_keys.SETS:
        for table, columns in each.tables.items():
            for column, form in columns.items():
                with system(each.job), connection.cursor() as cursor:
                    cursor.execute(f"SELECT {column} FROM {table}")
                    held = [value for (value,) in cursor.fetchall() if value not in (None, b"")]
                found[table, column] = {one for value in held for one in form.apart(value)}
    return found


def left_behind(before):
    return {at for at, values in cells().items() if values & before[at]}


def test_every_blind_key_goes_over_and_everybody_is_found_throughout(town, monkeypatch, settings, tmp_path, capsys):
    monkeypatch.setattr(rekeying, "AT_ONCE", 1)
    shutil.copy(settings.KEY_FILE, tmp_path / "old")
    before, found, seen = cells(), who(), []
    keys.new("index")
    for stops_after in (1, 2, 3):  # killed while keys are put beside, and gone on with
        with pytest.raises(InterruptedError):
            blind_keys.turn_anew(keyring.ORDINARY, partial(_stops, stops_after, seen))
        with pytest.raises(CommandError, match="still sealed with an older key"):
            keys.drop("index")
        assert f"records' blind keys by 2 put in: {sum(range(stops_after + 1))} of " in _status(capsys)
    blind_keys.turn_anew(keyring.ORDINARY, lambda done: seen.append(who()))
    keys.rotate("index")
    assert left_behind(before) == {("guarding_staff", "token"), ("guarding_staff", "owner")}
    keys.rotate("guards-index")
    assert left_behind(before) == set() and sum(map(bool, before.values())) >= 10
    assert len(seen) > 6 and all(each == found for each in [*seen, who()])
    assert _reached_with(tmp_path / "old", 1) == () != _reached_with(settings.KEY_FILE, 2)
    said = Entry.objects.filter(kind__startswith="keys-anew-").order_by("id").values_list("kind", "because")
    assert list(said) == [(f"keys-anew-{when}", f"{name}:2") for name in ("index", "guards-index")
                          for when in ("begun", "ended")]  # fmt: skip


def _status(capsys):
    capsys.readouterr()
    assert keys.status() == 0
    return capsys.readouterr().out


def _stops(after, seen, done):
    seen.append(who())
    if done >= after:
        raise InterruptedError


def _reached_with(file, number):
    """Whom a thief of that key file finds in the database as it is."""
    said = [f"{kind}\0{value}".encode() for kind, value in query_keys(clean(AMELIA))]
    made = keeper.Keeper(file).do("blind", keeper.asked_blind(said, number, 8))
    tokens = blind_keys.SEVERAL.together(made)
    with system("test"):
        return blind.candidates({0: tokens}, best=10)[0].records


def test_whoever_lands_half_way_is_found_then_and_afterwards(town, monkeypatch):
    monkeypatch.setattr(rekeying, "AT_ONCE", 1)
    landed = []
    keys.new("index")
    blind_keys.turn_anew(keyring.ORDINARY, lambda done: _lands(town, landed) if done in (1, 3) else None)
    assert len(landed) == 4  # two while keys are put beside, and two while old ones are taken out
    keys.drop("index")
    _lands(town, landed)
    assert all(not isinstance(who(each), NothingKnown) for each in landed)


def _lands(town, landed):
    """The hospital's file comes with somebody new, and is matched: from then on they are found."""
    given = "ABCDE"[len(landed)] * 5 + "ina"
    whom = {"family_name": "Vostrikov", "given_names": given, "date_of_birth": "1950-01-01"}
    town.knows("hospital", f"N{given}", whom, "admission", "maternity", 9)
    taken = feeds.take_in(
        _csv(town.rows["hospital"]), agency="hospital", mode="snapshot", by=BY, now=clock.now(), as_of=town.today,
        name=f"{given}.csv",
    )  # fmt: skip
    assert taken.state == "landed", taken.faults
    catch_up(now=clock.now())
    landed.append(Evidence(given_names=given, family_name="Vostrikov", birth_date=date(1950, 1, 1)))
    assert not isinstance(who(landed[-1]), NothingKnown)


def test_without_both_keys_side_by_side_somebody_is_not_found(town, monkeypatch):
    """The planted fault: questions go over before everybody has the new keys."""
    found = who()
    monkeypatch.setattr(rekeying, "put_beside", lambda number, tell: None)
    keys.new("index")
    blind_keys.turn_anew(keyring.ORDINARY)
    assert isinstance(who(), NothingKnown) and not isinstance(found, NothingKnown)


def test_a_table_that_is_forgotten_is_found(town, monkeypatch):
    before = cells()
    all_sets = blind_keys.SETS
    monkeypatch.setattr(blind_keys, "SETS", tuple(each for each in all_sets if each.name != "workers"))
    keys.rotate("index")
    monkeypatch.setattr(blind_keys, "SETS", all_sets)
    found = {table for table, _ in left_behind(before) if not table.startswith("guarding_")}
    assert found == {"partners_worker"}
    with system("keys"):
        assert hold(ASKED).current == 2


def test_every_column_of_blind_keys_goes_over():
    with COLUMNS.open() as file:
        said = {(row["table"], row["column"]) for row in csv.DictReader(file) if "blind key" in row["why"]}
    there = {
        (table, column) for each in blind_keys.SETS for table, columns in each.tables.items() for column in columns
    }
    assert said - STAYS <= there and len(said) > 15
