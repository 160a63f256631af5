"""Signed heads: a fixed format, an Ed25519 that anyone can read, and no way to alter one byte."""

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from knownto.proof import BadHead, Frontier, PublicKey, Signer, head_verifies, leaf_hash, read_head, sign_head, verifier
from knownto.proof.heads import OutOfStep, fast_verifies
from knownto.proof.verifier import ed25519_verifies

from .ledgers import OWNER, START, THIEF

# RFC 8032, section 7.1: secret, public, message, signature.
RFC_8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f"
     "b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da08"
     "5ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18"
     "ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", hashlib.sha512(b"abc").hexdigest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909"
     "351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_it_accepts_the_signatures_of_the_rfc(secret, public, message, signature):
    case = [bytes.fromhex(text) for text in (public, message, signature)]
    assert ed25519_verifies(*case)
    assert not ed25519_verifies(case[0], case[1] + b"x", case[2])
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(case[1]) == case[2]


def altered(rng: random.Random, data: bytes) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1:]


@pytest.mark.parametrize("seed", range(60))
def test_it_agrees_with_a_well_known_library(seed):
    rng = random.Random(seed)
    secret, message = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32)), rng.randbytes(seed)
    public, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    for case in [(public, message, signature), (public, message, altered(rng, signature)),
                 (altered(rng, public), message, signature), (public, message + b"x", signature)]:
        assert ed25519_verifies(*case) == fast_verifies(*case)


def test_it_refuses_a_second_form_of_a_good_signature():
    """Adding the group's order to s gives another signature of the same text, if nobody looks."""
    _, public, message, signature = (bytes.fromhex(text) for text in RFC_8032[1])
    s = int.from_bytes(signature[32:], "little") + verifier._ORDER
    assert not ed25519_verifies(public, message, signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("public", [b"\xff" * 32, (2).to_bytes(32, "little"), b"", bytes(31)])
def test_it_refuses_what_is_no_public_key(public):
    assert not ed25519_verifies(public, b"", bytes(64))
    assert not ed25519_verifies(bytes.fromhex(RFC_8032[0][1]), b"", b"short")


TREE = Frontier().extended(map(leaf_hash, [b"one", b"two", b"three"]))
FIRST = sign_head(TREE, time=START, previous=None, signer=OWNER)
NOTE = """hallowbridge.example/ledger
3
Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=
time 1790000000000000
number 0
previous AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

\u2014 hallowbridge.example/ledger """ \
       "sn0LBo48YdDOhYkD51APn1CB659bUjR4OSviA/bQ22llPub7040T+9PqmpOHEKz67jGe1vYv6xaC0+aXMzTHxccP/QI=\n"


def test_the_format_of_a_head_never_changes():
    """Partners hold heads for years: this text is a promise."""
    assert FIRST.note == NOTE
    assert OWNER.public.text() == "hallowbridge.example/ledger+b27d0b06+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def test_a_head_says_what_was_signed():
    second = sign_head(TREE, time=START + 5, previous=FIRST, signer=OWNER)
    head = read_head(second.note)
    assert (head.origin, head.size, head.root, head.time, head.number) == (OWNER.origin, 3, TREE.root(), START + 5, 1)
    assert head.previous == hashlib.sha256(FIRST.note.encode()).digest() == read_head(FIRST.note).digest
    assert second.peaks == TREE.peaks


def test_only_the_ledgers_own_key_verifies_it():
    head = read_head(FIRST.note)
    assert head_verifies(head, [THIEF.public, OWNER.public])
    assert verifier.head_verifies(head, [OWNER.public])
    assert not head_verifies(head, [THIEF.public])
    assert not head_verifies(head, [Signer("another/ledger", OWNER.secret).public])
    assert not head_verifies(head, [PublicKey(OWNER.origin, OWNER.public.id, THIEF.public.raw)])


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_head_with_any_letter_changed_is_not_accepted(place, letter):
    changed = NOTE[:place] + letter + NOTE[place + 1:]
    try:
        accepted = head_verifies(read_head(changed), [OWNER.public])
    except BadHead:
        accepted = False
    assert accepted == (changed == NOTE)


@pytest.mark.parametrize("change", [lambda n: n + "\n", lambda n: n.replace("\n3\n", "\n03\n"), lambda n: "\n" + n,
                                    lambda n: n.replace("\n", "\r\n"), lambda n: n + n.split("\n\n")[1], lambda n: "",
                                    lambda n: n.replace("/QI=", "/QJ=")])
def test_a_head_has_one_spelling_only(change):
    with pytest.raises(BadHead):
        read_head(change(NOTE))


@pytest.mark.parametrize(("tree", "time"), [
    (Frontier(), START + 1), (TREE, START - 1), (Frontier(5, TREE.peaks + TREE.peaks), START + 1),
])
def test_it_signs_nothing_that_goes_back_or_is_broken(tree, time):
    with pytest.raises(OutOfStep):
        sign_head(tree, time=time, previous=FIRST, signer=OWNER)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", OWNER.public.text()[:-4] + "AAA=",
                                  "x" + OWNER.public.text()])
def test_it_refuses_what_is_no_published_key(text):
    with pytest.raises(BadHead):
        PublicKey.read(text)


def test_a_published_key_reads_back():
    assert PublicKey.read(f" {OWNER.public.text()}\n") == OWNER.public


def test_a_signer_never_shows_its_secret():
    assert OWNER.secret.hex() not in repr(OWNER) + str(OWNER) + f"{OWNER}"
    assert repr(OWNER.secret) not in repr([OWNER])
