"""A sealed copy gives back what came, or fails: never part of it, and never something else."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knownto.feeds.copies import CHUNK, Copy, path_of
from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import Limits
from knownto.keyring.sealing import DataKey, Tampered


def copy():
    return Copy(uuid.uuid4(), DataKey.of(uuid.uuid4(), b"k" * 32))


@given(st.lists(st.integers(0, CHUNK + 5), max_size=5))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_gives_back_what_came_however_it_came(sizes):
    pieces = [bytes([n % 251]) * size for n, size in enumerate(sizes)]
    kept = copy()
    arrived = kept.write(pieces)
    with kept.open() as stream:
        assert stream.read() == b"".join(pieces)
    assert arrived.size == sum(sizes)


@pytest.fixture
def three_chunks():
    kept = copy()
    kept.write([b"a" * CHUNK, b"b" * CHUNK, b"c"])
    return kept


def read(kept):
    with kept.open() as stream:
        return stream.read()


def frames(data):
    found = []
    while data:
        length = 4 + int.from_bytes(data[:4], "big")
        found.append(data[:length])
        data = data[length:]
    return found


@pytest.mark.parametrize("order", [(0, 1), (0, 2), (1, 2), (0, 2, 1), (0, 1, 2, 2), (0, 1, 1, 2)])
def test_it_fails_when_chunks_were_left_out_or_moved(three_chunks, order):
    made = frames(three_chunks.path.read_bytes())
    three_chunks.path.write_bytes(b"".join(made[n] for n in order))
    with pytest.raises(Tampered):
        read(three_chunks)


def test_it_fails_when_a_bit_was_changed_or_another_files_copy_was_put_in_its_place(three_chunks):
    data = bytearray(three_chunks.path.read_bytes())
    data[100] ^= 1
    three_chunks.path.write_bytes(data)
    with pytest.raises(Tampered):
        read(three_chunks)
    other = Copy(uuid.uuid4(), three_chunks.key)
    other.write([b"x"])
    three_chunks.path.write_bytes(other.path.read_bytes())
    with pytest.raises(Tampered):
        read(three_chunks)


def test_it_reads_an_unharmed_copy_and_says_when_there_is_none(three_chunks):
    assert len(read(three_chunks)) == 2 * CHUNK + 1
    three_chunks.destroy()
    with pytest.raises(Unreadable, match="copy-gone"):
        read(three_chunks)


def test_it_leaves_nothing_of_what_is_too_big_or_broke_off(monkeypatch, received_folder):
    monkeypatch.setattr("knownto.feeds.copies.limits", lambda: Limits(bytes=10))
    with pytest.raises(Unreadable, match="too-big"):
        copy().write([b"12345678901"])

    def breaks():
        yield b"1"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        copy().write(breaks())
    assert not [path for path in received_folder.rglob("*") if path.is_file()]


def test_it_never_writes_what_came_in_the_clear(three_chunks):
    assert b"aaaaaaaa" not in path_of(three_chunks.file).read_bytes()
