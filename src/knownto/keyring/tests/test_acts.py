"""What is sealed opens in its own place only, and not at all once its key is gone."""

from uuid import uuid4

import pytest

from knownto.keyring import acts
from knownto.keyring.sealing import Shredded, Tampered

PLACE = {"table": "t", "column": "c", "row": 1}


def test_it_opens_what_it_sealed(db):
    [key] = acts.create()
    assert acts.fetch([key.id])[key.id].open(key.seal(b"secret", **PLACE), **PLACE) == b"secret"


@pytest.mark.parametrize("moved", [{"table": "u"}, {"column": "d"}, {"row": 2}, {"version": 2}])
def test_it_refuses_what_was_moved_or_is_of_another_version(db, moved):
    [key] = acts.create()
    with pytest.raises(Tampered):
        key.open(key.seal(b"secret", **PLACE), **(PLACE | moved))


def test_it_refuses_every_single_altered_byte(db):
    [key] = acts.create()
    blob = key.seal(b"secret", **PLACE)
    for i in range(len(blob)):
        with pytest.raises(Tampered):
            key.open(blob[:i] + bytes([blob[i] ^ 1]) + blob[i + 1 :], **PLACE)


def test_it_opens_nothing_once_the_key_is_shredded(db):
    [key] = acts.create()
    assert acts.shred([key.id]) == 1
    with pytest.raises(Shredded):
        acts.key_of(acts.fetch([key.id]), key.id)


def test_it_gives_the_same_blind_key_for_the_same_value_and_kind_only(db):
    assert acts.token("name", "smith") == acts.token("name", "smith")
    assert acts.token("name", "smith") != acts.token("town", "smith")
    assert -(2**63) <= acts.token("name", str(uuid4())) < 2**63


def test_it_binds_small_secrets_to_their_context(db):
    blob = acts.wrap(b"seed", context="second factor")
    assert acts.unwrap(blob, context="second factor") == b"seed"
    with pytest.raises(Tampered):
        acts.unwrap(blob, context="session")


def test_it_never_prints_a_key(db):
    [key] = acts.create()
    assert repr(key) == f"DataKey({key.id})"


def test_it_hands_out_committed_keys_one_by_one_and_never_one_twice(committed):
    made = [acts.create()[0].id for _ in range(2 * acts.ORDINARY.in_reserve + 1)]
    assert len(set(made)) == len(made) == len(acts.fetch(made))
