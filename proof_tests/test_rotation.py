"""Every kind of key gives way to a new one while searches, referrals' keys and files go on: nothing fails, and every
answer stays what it was. KNOWNTO_ROTATIONS says how many rounds (1; a campaign 10).

The keys are with key services, as processes of their own, as they are in production.
"""

import csv
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from psycopg.conninfo import make_conninfo

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.wall import ROLE
from knownto.feeds import acts as feeds
from knownto.footprint.tests.partnership import BY, _csv, borough, sign_in
from knownto.guarding.models import Staff
from knownto.identity.catching_up import catch_up
from knownto.keyring import acts, guard, rotating
from knownto.keyring.acts import ORDINARY
from knownto.keyring.asking import Service
from knownto.keyring.generations import PEOPLE, hold
from knownto.keyring.guard import GUARDED
from knownto.keyring.keeper import place
from knownto.keyring.master import make_key_file, read_key_file, replace_key_file
from knownto.keyring.models import WrappedKey
from knownto.ledger import reads as ledger
from knownto.ledger.models import Entry, Head
from knownto.ledger.sequence import sequence
from knownto.ledger.tree import publics
from knownto.proof import head_verifies, read_head
from knownto.site import small_secrets
from knownto.site.commands import keys

ROUNDS = int(os.environ.get("KNOWNTO_ROTATIONS", "1"))
MORE_KEYS = 1000  # so that wrapping anew takes several turns
PATIENCE = 300  # seconds until this proof says that nothing moves
SERVICES = (("ordinary", "KEY_FILE", "KEYS_SOCKET"), ("guards", "GUARD_KEY_FILE", "GUARD_KEYS_SOCKET"))
ASKED = {"purpose": "child-concern", "work": "C-1", "given": "Amelia", "family": "Okafor-Lunt", "age": "10"}
BLIND = Path(__file__).parents[1] / "tests/clear_columns.csv"  # which columns hold blind keys, by its own account
STAYS = {"ledger_about"}  # in the log, which is never written anew
PUT_BESIDE = """
import sys, time, django
django.setup()
from knownto.identity import rekeying
from knownto.keyring.acts import ORDINARY
from knownto.site import blind_keys
rekeying.AT_ONCE = 1
def tell(done):
    print(done, flush=True)
    time.sleep(3600 if done == 3 else 0)
blind_keys.turn_anew(ORDINARY, tell)
"""
PLACE = {"table": "proof", "column": "sealed", "row": 1}


@pytest.fixture
def services(committed, tmp_path, settings) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Both key services on files of their own, and this process asking them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with _asking(settings, tmp_path):
        running = [_serve(domain, settings, file, socket) for domain, file, socket in SERVICES]
        try:
            assert isinstance(acts.asked(), Service) and isinstance(guard.asked(), Service)
            _until(lambda: all(Path(getattr(settings, socket)).exists() for _, _, socket in SERVICES))
            yield running
        finally:
            for each in running:
                each.kill()
                each.wait()


@contextmanager
def _asking(settings, folder) -> Iterator[None]:
    for domain, file, socket in SERVICES:
        setattr(settings, file, folder / f"{domain}.json")
        setattr(settings, socket, str(folder / f"{domain}.socket"))
        make_key_file(getattr(settings, file))
    _forget()
    try:
        yield
    finally:
        _forget()


def _forget() -> None:
    """Whom this process asks, and the keys that it holds in reserve: they are of other master keys."""
    acts.RESERVE.clear()
    acts.asked.cache_clear()
    guard.asked.cache_clear()


def _serve(domain: str, settings, file: str, socket: str) -> "subprocess.Popen[bytes]":
    words = ["--domain", domain, "--file", str(getattr(settings, file)), "--socket", getattr(settings, socket)]
    command = [sys.executable, "-m", "knownto.keyring.service", *words, "--log", f"{getattr(settings, file)}.log"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


@dataclass
class Load:
    """What goes on all the while: each thing again and again in a thread of its own, its failures kept."""

    things: dict[str, Callable[[], None]]
    done: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def __enter__(self) -> "Load":
        self.threads = [Thread(target=self._go_on, args=item, daemon=True) for item in self.things.items()]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    def _go_on(self, name: str, do: Callable[[], None]) -> None:
        try:
            while not self.stop.is_set():
                try:
                    do()
                except Exception as error:
                    self.failed.append(f"{name}: {type(error).__name__} {error}")
                self.done[name] = self.done.get(name, 0) + 1
        finally:
            connections.close_all()

    def goes_round(self, times: int = 2) -> None:
        """Wait until everything was begun and ended again since now: nothing from before is still under way."""
        before = dict(self.done)
        _until(lambda: all(self.done.get(name, 0) >= before.get(name, 0) + times for name in self.things))


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "nothing moves"
        time.sleep(0.02)


class Town:
    """A partnership to which files come, and who searches it."""

    def __init__(self) -> None:
        self.town = borough(clock.now())
        self.town.tell()
        self.clients = [self._client(name) for name in ("One", "Two")]
        self.answers = [self._answer(client) for client in self.clients]
        [self.guarded] = guard.create()
        self.sealed = self.guarded.seal(b"sealed", **PLACE)
        with system("guard"):
            Staff.objects.create(token=guard.token("staff nhs", "9990000018"), owner=guard.token("staff owner", "1"))
        self.files = 0

    def _client(self, name: str) -> Client:
        client = Client(raise_request_exception=True)
        sign_in(client, self.town.worker("screener", name=name))
        return client

    def _answer(self, client: Client) -> str:
        """Who the page says was found, and why."""
        sent = client.post(reverse("footprint:search"), ASKED)
        assert sent.status_code == 302, sent.status_code
        page = client.get(sent["Location"])
        assert page.status_code == 200 and "Amelia" in page.content.decode(), page.status_code
        return " | ".join(re.findall(r"Same [a-z ]+|Amelia Okafor-Lunt|Born \d{4}", page.content.decode()))

    def search(self, which: int) -> None:
        assert self._answer(self.clients[which]) == self.answers[which], "another answer"

    def land(self) -> None:
        """The hospital's file comes again with a new visitor, of whom nobody asks."""
        self.files += 1
        self.town.knows("hospital", f"N{self.files}", {"family_name": "Vostrikov", "given_names": f"Number{self.files}"}
                        | {"date_of_birth": "1950-01-01"}, "admission", "maternity", 9)  # fmt: skip
        taken = feeds.take_in(
            _csv(self.town.rows["hospital"]), agency="hospital", mode="snapshot", by=BY, now=clock.now(),
            as_of=self.town.today, name=f"again_{self.files}.csv",
        )  # fmt: skip
        assert taken.state == "landed", (taken.state, taken.faults)

    def guard(self) -> None:
        with system("guard"):
            assert Staff.objects.filter(token=guard.token("staff nhs", "9990000018")).exists()
        assert guard.fetch([self.guarded.id])[self.guarded.id].open(self.sealed, **PLACE) == b"sealed"
        guard.create()

    def number(self) -> None:
        sequence(clock.now())

    def match(self) -> None:
        catch_up(now=clock.now())

    def load(self) -> Load:
        return Load({"search": lambda: self.search(0), "again": lambda: self.search(1), "land": self.land,
                     "match": self.match, "guard": self.guard, "number": self.number})  # fmt: skip


def test_every_kind_of_key_is_replaced_while_everything_goes_on(services, monkeypatch, settings):
    monkeypatch.setattr(rotating, "AT_ONCE", 200)
    town = Town()
    for domain in (ORDINARY, GUARDED):
        domain.create(MORE_KEYS)
    with town.load() as load:
        load.goes_round()
        for _ in range(ROUNDS):
            for rotation in ROTATIONS:
                rotation(load, settings)
                load.goes_round()
    assert load.failed == []
    assert min(load.done.values()) >= 8 * ROUNDS  # it was under load
    assert ledger.verify() == []
    signed_by = {read_head(head.note).key_id for head in Head.objects.all()}
    assert len(signed_by) == ROUNDS + 1 == Entry.objects.filter(because="signing-keys").count() + 1


def _wrapping_keys(load: Load, settings) -> None:
    _rotated("seal", ORDINARY, load, settings)


def _guards_keys(load: Load, settings) -> None:
    _rotated("guards", GUARDED, load, settings)


def _rotated(name: str, domain, load: Load, settings) -> None:
    """Broken off on the way, begun again; afterwards what the old key wrapped opens no more."""
    old, _ = domain.create(2)
    was = _wrapped(domain, old.id)
    keys.new(name)
    with pytest.raises(InterruptedError):
        rotating.wrap_anew(domain, _break_off)
    left = rotating.wrapped_by(domain)
    assert len(left) == 2 and min(left.values()) > 0, left
    keys.rotate(name)
    newest = rotating.numbers(domain.asked(), "seal")
    assert len(newest) == 1 and set(rotating.wrapped_by(domain)) == set(newest)
    assert domain.asked().do("open", [was]) == [b""], "the old key still opens"
    assert domain.fetch([old.id]).keys() == {old.id}


def _wrapped(domain, identity) -> bytes:
    row = domain.model.objects.get(pk=identity)
    return place(identity.bytes, row.master, bytes(row.wrapped))


def _break_off(so_far: int) -> None:
    if so_far >= 2 * 200:
        raise InterruptedError


def _index_key(load: Load, settings) -> None:
    """Killed while new blind keys are put beside the old ones, and gone on with; afterwards none that there was is
    left, and the old key makes none that is there."""
    before, was = _blind(), rotating.numbers(acts.asked(), "index")[-1]
    keys.new("index")
    _killed_while_put_beside(settings)
    with system("test"):
        assert hold(PEOPLE).coming == was + 1
    load.goes_round()  # some are keyed by both now, and some by the old one only
    keys.rotate("index")
    after = _blind()
    assert not {at for at in before if before[at] & after[at] and not at[0].startswith("guarding_")}
    assert all(
        before[at] for at in (("feeds_record", "token"), ("feeds_contact", "token"), ("partners_worker", "sign_in"))
    )
    assert rotating.numbers(acts.asked(), "index") == [was + 1]


def _killed_while_put_beside(settings) -> None:
    urls = {"DATABASE_URL": _url("default"), "KEYS_DATABASE_URL": _url("keys")}
    services = {f"KNOWNTO_{name}": str(getattr(settings, name)) for _, *names in SERVICES for name in names}
    child = subprocess.Popen(
        [sys.executable, "-c", PUT_BESIDE], env=os.environ | urls | services, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    while int(child.stdout.readline()) < 3:
        pass
    child.kill()
    child.wait()


def _url(alias: str) -> str:
    said = connections[alias].settings_dict
    parts = {"host": said["HOST"], "dbname": said["NAME"], "user": said["USER"], "options": f"-c role={ROLE}"}
    return make_conninfo(**parts)


def _guards_index_key(load: Load, settings) -> None:
    before = _blind()
    keys.rotate("guards-index")
    after = _blind()
    assert before["guarding_staff", "token"] and not {at for at in GUARDED_ONES if before[at] & after[at]}


def _blind() -> dict[tuple[str, str], set[object]]:
    """Every blind key that is stored, by table and column."""
    found = {}
    with BLIND.open() as file:
        said = [(row["table"], row["column"]) for row in csv.DictReader(file) if "blind key" in row["why"]]
    for table, column in said:
        with system("guard" if table.startswith("guarding_") else "keys"), connection.cursor() as cursor:
            if table not in STAYS:
                cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
                found[table, column] = {value for (value,) in cursor.fetchall()}
    return found


def _small_secrets(load: Load, settings) -> None:
    """In one go: nothing that was sealed with the old key is still on its way into a table."""
    keys.rotate("small")
    assert list(small_secrets.sealed_by()) == rotating.numbers(acts.asked(), "small")


def _signing_key(load: Load, settings) -> None:
    """Announced, it does not sign yet; once the old one is dropped, it does, and old heads are still known."""
    before = publics()[0]
    keys.new("sign")
    keys.wrap_anew("sign")
    assert publics()[0] == before and len(set(publics())) == len(publics())
    load.goes_round()
    sequence(clock.now())
    keys.drop("sign")
    assert publics()[0] != before and before in publics()
    old = Head.objects.order_by("number").first()
    assert head_verifies(read_head(old.note), publics())


ROTATIONS = (_wrapping_keys, _guards_keys, _index_key, _guards_index_key, _small_secrets, _signing_key)
GUARDED_ONES = (("guarding_staff", "token"), ("guarding_staff", "owner"))


def test_a_rotation_that_forgets_the_old_key_is_seen(services, settings):
    """The planted fault: a new key takes the place of the old one, and nothing was wrapped anew."""
    town = Town()
    with town.load() as load:
        load.goes_round()
        held = read_key_file(settings.KEY_FILE)
        replace_key_file(settings.KEY_FILE, held.with_new("seal").without("seal", [1]))
        load.goes_round()
        replace_key_file(settings.KEY_FILE, held)
    assert any("Tampered" in each for each in load.failed if each.startswith("search")), load.failed[:5]
    assert not [each for each in load.failed if each.startswith("guard")]  # the other domain knows nothing of it
    with pytest.raises(keys.CommandError, match="still sealed with an older key"):
        keys.new("seal")
        keys.drop("seal")


def test_a_key_service_that_starts_anew_is_noticed_by_nobody(services, settings, monkeypatch):
    monkeypatch.setattr("knownto.keyring.asking.PATIENCE", PATIENCE)  # on a busy machine a process starts slowly
    town = Town()
    with town.load() as load:
        for which, (domain, file, socket) in enumerate(SERVICES):
            load.goes_round()
            services[which].kill()
            services[which].wait()
            services[which] = _serve(domain, settings, file, socket)
        load.goes_round()
    assert load.failed == []


def test_without_the_key_service_nobody_is_said_to_be_unknown(services, monkeypatch):
    town = Town()
    client = Client(raise_request_exception=False)
    client.cookies = town.clients[0].cookies
    for each in services:
        each.kill()
        each.wait()
    monkeypatch.setattr("knownto.keyring.asking.PATIENCE", 0.2)
    answer = client.post(reverse("footprint:search"), ASKED)
    said = answer.content.decode()
    assert answer.status_code == 500 and "does not mean that somebody is not known" in said, answer.status_code
    assert WrappedKey.objects.exists()
