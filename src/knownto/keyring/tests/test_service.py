"""The key service answers those who may ask, up to their allowance, and writes down every ask with nobody's data."""

import argparse
import base64
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import OperationalError

from knownto.keyring import acts, asking, domain, keeper
from knownto.keyring.asking import KeysAway, KeysRefused, Service
from knownto.keyring.budget import Allowances, read_budgets
from knownto.keyring.master import StillNeeded, derive, make_key_file, read_key_file, replace_key_file
from knownto.keyring.models import WrappedKey
from knownto.keyring.service import Desk, Server, Written, drop_in_file, new_in_file

ME = os.geteuid()
LITTLE = {"web": {"open": (10.0, 0.0), "new": (10.0, 0.0), "blind": (10.0, 0.0), "state": (9.0, 9.0)}}


@contextmanager
def serving(folder: Path, *, allowed: dict[int, str] | None = None, said=None):
    """A service with a key file of its own, in this process; its socket."""
    file, path = folder / "keys.json", folder / "socket"
    make_key_file(file)
    users = {ME: "operator"} if allowed is None else allowed
    allowances = Allowances(said or read_budgets("ordinary"))
    server = Server(path, Desk(keeper.Keeper(file), users, allowances, Written(folder / "log")), 0o600)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield Service(str(path))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_it_made_it_opens_for_that_record_only(db, tmp_path):
    with serving(tmp_path) as service:
        apart = domain.Domain(WrappedKey, lambda: service)
        [key, other] = apart.create(2)
        sealed = key.seal(b"secret", table="t", column="c", row=1)
        assert apart.fetch([key.id])[key.id].open(sealed, table="t", column="c", row=1) == b"secret"
        swapped = WrappedKey.objects.get(pk=other.id).wrapped
        WrappedKey.objects.filter(pk=key.id).update(wrapped=swapped)
        with pytest.raises(acts.Tampered):
            apart.fetch([key.id])


def test_it_gives_the_same_blind_keys_as_the_file_itself(tmp_path):
    with serving(tmp_path) as service:
        here = keeper.Keeper(tmp_path / "keys.json")
        for operation in ("blind", "presented", "publics", "state"):
            said = keeper.asked_blind([b"a", b"b"], 1, 8)
            assert service.do(operation, said) == here.do(operation, said)


def test_whoever_is_not_on_its_list_is_told_nothing(tmp_path):
    with serving(tmp_path, allowed={ME + 1: "web"}) as service, pytest.raises(KeysRefused, match="not-allowed"):
        service.do("state", [])
    assert [json.loads(line)["answer"] for line in (tmp_path / "log").read_text().splitlines()] == ["not-allowed"]


def test_an_operation_that_is_not_the_callers_is_refused(tmp_path):
    with serving(tmp_path, allowed={ME: "web"}) as service:
        for operation in ("rewrap", "sign", "nonsense"):
            with pytest.raises(KeysRefused, match="too-much"):
                service.do(operation, [b"x"])


def test_grabbing_comes_to_the_end_of_its_allowance_and_health_says_so(tmp_path):
    with serving(tmp_path, allowed={ME: "web"}, said=LITTLE) as service:
        assert service.do("health", [])[0] == b"well"
        made = service.do("new", [os.urandom(16) for _ in range(10)])
        assert len(made) == 10
        with pytest.raises(KeysRefused, match="too-much"):
            service.do("new", [os.urandom(16)])
        assert service.do("health", [])[0] == b"refusing"


def test_an_allowance_fills_up_again_by_the_minute():
    at = [0.0]
    left = Allowances({"web": {"open": (10, 60)}}, clock=lambda: at[0])
    assert left.take(1, "web", "open", 10) and not left.take(1, "web", "open", 1)
    assert left.take(2, "web", "open", 10)  # each caller's own
    at[0] = 5
    assert not left.take(1, "web", "open", 6) and left.take(1, "web", "open", 5)


def test_its_log_names_nobody_and_holds_no_key(tmp_path):
    with serving(tmp_path) as service:
        service.do("blind", keeper.asked_blind([b"name\0Zebedee Quill"], 1, 8))
        [said] = service.do("new", [b"Zebedee Quill 16"])
    raw = (tmp_path / "log").read_bytes()
    lines = [json.loads(line) for line in raw.decode().splitlines()]
    assert [(line["what"], line["n"], line["answer"]) for line in lines] == [("blind", 1, "ok"), ("new", 1, "ok")]
    assert b"Zebedee" not in raw and said[2:34] not in raw and said[2:34].hex().encode() not in raw


def test_without_it_nothing_is_answered_rather_than_nothing_known(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    with pytest.raises(KeysAway) as away:
        Service(str(tmp_path / "nobody")).do("state", [])
    assert isinstance(away.value, OperationalError)  # what a search makes of that: footprint's tests


def test_one_that_starts_anew_is_waited_for(tmp_path):
    with serving(tmp_path) as service:
        before = service.do("presented", [b"x"])
    with serving(tmp_path):
        assert service.do("presented", [b"x"]) == before


def test_more_than_a_message_holds_goes_in_several(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 4)
    with serving(tmp_path) as service:
        said = keeper.asked_blind((str(i).encode() for i in range(11)), 1, 8)
        assert service.do("blind", said) == keeper.Keeper(tmp_path / "keys.json").do("blind", said)


def test_rubbish_ends_its_connection_and_nothing_else(tmp_path):
    with serving(tmp_path) as service:
        for rubbish in (b"\xff" * 64, b"\0\0\0\2\xff\xff\xff\xff\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n"):
            connection = Service(str(tmp_path / "socket"))._connection()
            connection.sendall(rubbish)
            connection.close()
        assert service.do("state", [])


def test_a_new_key_file_is_taken_at_the_next_ask(tmp_path):
    with serving(tmp_path) as service:
        [said] = service.do("new", [b"i" * 16])
        assert said[:2] == b"\0\1"
        file = tmp_path / "keys.json"
        replace_key_file(file, read_key_file(file).with_new("seal"))
        assert service.do("new", [b"i" * 16])[0][:2] == b"\0\2"
        [again] = service.do("rewrap", [keeper.place(b"i" * 16, 1, said[34:])])
        replace_key_file(file, read_key_file(file).without("seal", [1]))
        assert service.do("open", [keeper.place(b"i" * 16, 1, said[34:])]) == [b""]
        assert service.do("open", [keeper.place(b"i" * 16, 2, again[2:])]) == [said[2:34]]


def test_it_needs_neither_django_nor_a_database():
    loaded = "[m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')]"
    said = f"import sys, knownto.keyring.service; print({loaded})"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def in_file(file: Path, kind: str) -> argparse.Namespace:
    return argparse.Namespace(file=file, kind=kind)


def test_whoever_owns_the_file_adds_a_key_and_drops_the_old_one(tmp_path):
    file = tmp_path / "keys.json"
    make_key_file(file)
    old = keeper.Keeper(file).do("publics", [])
    for kind in ("seal", "sign"):
        new_in_file(in_file(file, kind))
    assert keeper.Keeper(file).do("publics", [])[0] == old[0]  # announced, it does not sign yet
    for kind in ("seal", "sign"):
        drop_in_file(in_file(file, kind))
    held = read_key_file(file)
    assert sorted(held.keys["seal"]) == sorted(held.keys["sign"]) == [2] and file.stat().st_mode & 0o777 == 0o600
    assert keeper.Keeper(file).do("publics", [])[1:] == old  # what it signed is still checked


def test_the_newest_key_is_never_dropped_nor_a_kind_that_is_not_replaced(tmp_path):
    file = tmp_path / "keys.json"
    make_key_file(file)
    before = file.read_bytes()
    with pytest.raises(StillNeeded):
        read_key_file(file).without("seal", [1])
    with pytest.raises(StillNeeded):
        new_in_file(in_file(file, "inner"))
    assert file.read_bytes() == before


def test_a_file_older_than_small_secrets_opens_what_was_sealed_with_it(tmp_path):
    file = tmp_path / "keys.json"
    make_key_file(file)
    raw = json.loads(file.read_text())
    secret = derive(base64.b64decode(raw["seal"]["1"]), "small secrets")
    file.write_text(json.dumps({kind: raw[kind] for kind in ("seal", "index", "sign")}))
    nonce = os.urandom(12)
    blob = nonce + AESGCM(secret).encrypt(nonce, b"seed", b"second factor")
    assert keeper.Keeper(file).do("small-open", [b"second factor", blob]) == [b"\x02seed"]
