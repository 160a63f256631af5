"""The tree, against the published Certificate Transparency vectors, RFC 9162's own example, and pymerkle."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from knownto.proof import (
    Frontier,
    consistent,
    included,
    leaf_hash,
    micros,
    node_hash,
    prove_consistency,
    prove_inclusion,
    subtrees,
    verifier,
)

CT_LEAVES = [leaf_hash(bytes.fromhex(text)) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_PATHS = {
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
}
CT_GROWTH = {
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (8, 8): [],
}


def root_of(leaves) -> bytes:
    return Frontier().extended(leaves).root()


@pytest.mark.parametrize("size", range(9))
def test_it_has_the_published_roots(size):
    assert root_of(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("place", "size"), CT_PATHS)
def test_it_makes_the_published_inclusion_proofs(place, size):
    proof = prove_inclusion(place, size, subtrees(CT_LEAVES))
    assert [part.hex() for part in proof] == CT_PATHS[place, size]


@pytest.mark.parametrize(("older", "newer"), CT_GROWTH)
def test_it_makes_the_published_consistency_proofs(older, newer):
    proof = prove_consistency(older, newer, subtrees(CT_LEAVES))
    assert [part.hex() for part in proof] == CT_GROWTH[older, newer]


def test_it_makes_the_proofs_of_the_rfcs_example():
    """RFC 9162, section 2.1.5, in its own letters."""
    a, b, c, d, e, f, j = leaves = CT_LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, at = node_hash(g, h), subtrees(leaves)
    last = node_hash(i, j)
    assert prove_inclusion(0, 7, at) == [b, h, last]
    assert prove_inclusion(3, 7, at) == [c, g, last]
    assert prove_inclusion(4, 7, at) == [f, j, k]
    assert prove_inclusion(6, 7, at) == [i, k]
    assert prove_consistency(3, 7, at) == [c, d, g, last]
    assert prove_consistency(4, 7, at) == [last]
    assert prove_consistency(6, 7, at) == [i, j, k]


@pytest.fixture(scope="module")
def oracle():
    """Another program's tree of sixty leaves."""
    other = InmemoryTree()
    for number in range(60):
        other.append_entry(bytes([number]))
    return other


LEAVES = [leaf_hash(bytes([number])) for number in range(60)]


@pytest.mark.parametrize("size", range(1, 61))
def test_it_agrees_with_pymerkle_about_roots_and_proofs(oracle, size):
    assert root_of(LEAVES[:size]) == oracle.get_root(size)
    for place in range(size):
        path = oracle.prove_inclusion(place + 1, size).path
        assert prove_inclusion(place, size, subtrees(LEAVES)) == path[1:]
    for older in range(1, size):
        proof = prove_consistency(older, size, subtrees(LEAVES))
        assert consistent(older, oracle.get_root(older), size, oracle.get_root(size), proof)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_shows_what_it_should_and_nothing_else(size):
    root, at = root_of(LEAVES[:size]), subtrees(LEAVES)
    for place in range(size):
        proof = prove_inclusion(place, size, at)
        assert included(LEAVES[place], place, size, proof, root)
        assert not included(LEAVES[place + 1], place, size, proof, root)
        assert not included(LEAVES[place], place + 1, size, proof, root)
        assert not included(LEAVES[place], place, size, [*proof, root], root)
        assert not included(LEAVES[place], place, size, proof, bytes(32))
    for older in range(size + 1):
        proof, before = prove_consistency(older, size, at), root_of(LEAVES[:older])
        assert consistent(older, before, size, root, proof)
        assert not consistent(older, bytes(32), size, root, proof)
        assert not consistent(older, before, size, bytes(32), proof) or older == 0
        assert not consistent(older, before, size, root, [*proof, root])
        assert not proof or not consistent(older, before, size, root, proof[1:])


def test_a_log_that_was_rewritten_has_no_consistency_proof():
    other = [leaf_hash(b"another story"), *LEAVES[1:20]]
    for older in range(1, 20):
        proof = prove_consistency(older, 20, subtrees(other))
        assert not consistent(older, root_of(LEAVES[:older]), 20, root_of(other), proof)


@pytest.mark.parametrize("call", [
    lambda: prove_inclusion(3, 3, subtrees(LEAVES)), lambda: prove_inclusion(-1, 3, subtrees(LEAVES)),
    lambda: prove_consistency(4, 3, subtrees(LEAVES)),
])
def test_it_refuses_to_prove_what_cannot_be(call):
    with pytest.raises(ValueError, match="log"):
        call()


@given(st.lists(st.integers(0, 40), max_size=8))
def test_appending_in_batches_gives_the_same_tree(batches):
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(sum(batches))]
    grown, done = Frontier(), 0
    for batch in batches:
        grown, done = grown.extended(leaves[done:done + batch]), done + batch
        assert grown.whole
        assert Frontier.from_bytes(grown.to_bytes()) == grown
    assert grown == Frontier().extended(leaves)


@pytest.mark.parametrize("stored", [b"", b"x" * 7, bytes(7) + b"\x01", bytes(8) + bytes(32), bytes(7) + b"\x01" + b"x"])
def test_it_refuses_a_stored_tree_that_is_not_whole(stored):
    with pytest.raises(ValueError, match="not a stored frontier"):
        Frontier.from_bytes(stored)


@settings(max_examples=300)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))
def test_microseconds_are_exact_in_any_zone(naive):
    moment = naive.replace(tzinfo=UTC)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros(moment)) == moment
    assert micros(moment.astimezone(timezone(timedelta(hours=5)))) == micros(moment)


def test_microseconds_of_a_time_without_zone_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        micros(datetime(2026, 1, 1))


def test_hashing_leaves_and_nodes_alike_would_be_noticed(monkeypatch):
    """Negative control: without the prefixes, a node could pass for an entry."""
    monkeypatch.setattr(verifier, "node_hash", lambda left, right: leaf_hash(left + right))
    proof = prove_inclusion(0, 8, subtrees(CT_LEAVES))
    assert not included(CT_LEAVES[0], 0, 8, proof, root_of(CT_LEAVES))
