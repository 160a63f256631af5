"""Whatever holds a key or speaks TLS is on a list, and no cryptography is weak."""

import ast
import base64
import csv
import json
import os
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher

from knownto.keyring.master import make_key_file
from knownto.keyring.sealing import NONCE, DataKey

PROJECT = Path(__file__).resolve().parents[1]
LIST = PROJECT / "docs/registers/cryptography.csv"
ABOUT = {
    "cryptography",
    "hmac",
    "ssl",
    "argon2",
    "nacl",
    "Crypto",
}  # plain digests and the system's chance are everywhere
# MD5 and SHA-1, ciphers and modes of the past, and chance that can be guessed
WEAK = re.compile(
    r"\b(md5|sha1|MD5|SHA1|DES|TripleDES|RC4|ARC4|Blowfish|ECB|CBC|PKCS1v15|PKCS7)\b|CERT_NONE|_create_unverified|verify=False"
)


def modules():
    for path in sorted((PROJECT / "src/knownto").rglob("*.py")):
        if not {"tests", "migrations", "town", "benchmarks"} & set(path.parts):
            yield path, path.read_text()


def uses(text):
    """Which libraries of cryptography it imports: {"hmac", ...}."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found & ABOUT


def package(path):
    return path.relative_to(PROJECT / "src/knownto").parts[0]


def listed():
    with LIST.open() as file:
        return {(line["package"], line["library"]): line for line in csv.DictReader(file)}


def found():
    return {(package(path), library) for path, text in modules() for library in uses(text)}


def test_whatever_uses_cryptography_is_listed_with_what_it_is_for():
    assert not found() - listed().keys(), "uses cryptography, and is not in docs/registers/cryptography.csv"
    assert not listed().keys() - found(), "listed, and uses none"
    assert all(line["algorithms"] and len(line["for"]) > 10 for line in listed().values())


def test_one_that_nobody_listed_would_be_found():
    assert uses("import os, ssl\nfrom cryptography.hazmat import x\nfrom .hmac import y") == {"ssl", "cryptography"}


def weak(text):
    code = "\n".join(line.split("#")[0] for line in text.splitlines())
    return [m[0] for m in WEAK.finditer(code)] + re.findall(r"^(?:import|from) random\b", text, re.MULTILINE)


def test_nothing_weak_is_used():
    chance = {"learning"}  # draws samples, in no request (the imports contract holds that)
    assert not [
        (str(path), what) for path, text in modules() for what in weak(text)
        if not (package(path) in chance and "random" in what)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "planted", ["hashlib.md5(x)", "modes.ECB()", "ssl.CERT_NONE", "import random", "httpx.get(u, verify=False)"]
)
def test_something_weak_would_be_found(planted):
    assert weak(planted)


def test_passwords_are_hashed_with_argon2id():
    hasher = get_hasher("default")
    parameters = hasher.params()
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert parameters.type.name == "ID" and parameters.memory_cost >= 19_456 and parameters.time_cost >= 2


def within(said):
    """Every text within a document, however deep."""
    if isinstance(said, dict | list):
        for part in said.values() if isinstance(said, dict) else said:
            yield from within(part)
    elif isinstance(said, str):
        yield said


def test_keys_are_of_256_bits(tmp_path):
    make_key_file(tmp_path / "keys.json")
    keys = [base64.b64decode(text) for text in within(json.loads((tmp_path / "keys.json").read_text()))]
    assert len(keys) >= 3 and len(set(keys)) == len(keys) and {len(key) for key in keys} == {32}


def test_no_nonce_is_ever_the_same():
    key = DataKey.of(uuid4(), os.urandom(32))
    nonces = {key.seal(b"the same", table="t", column="c", row=1)[1 : 1 + NONCE] for _ in range(1_000)}
    assert len(nonces) == 1_000 and NONCE == 12
