"""What is handed to a cluster, and what comes back: files in a folder that the operator controls.

Out go cleaned records, each part sealed under a key made for this one run and kept in a file of its own: who finds a
part, or a disk that was not wiped, finds nothing. Back come beliefs: ids, bits and codes of agreement, and no value.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from knownto.linkage import Comparison, Model

ENDING = ".sealed"
MANIFEST = "manifest.json"
NONCE = 12
A_PART = 5_000  # records: about 1 MB


class Staged(NamedTuple):
    """One record on its way to the cluster: where it stands in the order of comparing (`near`, then `id`), its blind
    keys as signed numbers, and its cleaned form as JSON text."""

    id: int
    near: int
    tokens: list[int]
    cleaned: str


class Manifest(NamedTuple):
    """What was handed out: `state` of the hub then, how many records, the model's checksum, and the hub's own limits
    (a key that more than `cap` records share is passed over; `best` candidates are compared of each record)."""

    state: str
    records: int
    model: str
    cap: int
    best: int


class Believed(NamedTuple):
    """What the model says of two records; as a row of `identity`'s beliefs."""

    lower: int
    higher: int
    bits: float
    outcome: str
    levels: str


def belief(one: int, other: int, found: Comparison, model: Model) -> Believed:
    """What is believed of two records by a comparison that came to what is possible."""
    outcome = "match" if found.bits >= model.join else "possible"
    said = " ".join(f"{r.field}={r.level}" for r in found.reasons)[:400]
    return Believed(min(one, other), max(one, other), found.bits, outcome, said)


def make_key(file: Path) -> bytes:
    """A key for one run, in a file that only its owner can read. Raises FileExistsError: a key is never used again."""
    key = AESGCM.generate_key(256)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)
    return key


def write(records: Iterable[Staged], folder: Path, key: bytes) -> int:
    """Write the records in sealed parts; returns how many there were. `folder` must be empty or not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    each, number, written = iter(records), 0, 0
    while part := list(islice(each, A_PART)):
        name = f"{number:06}{ENDING}"
        (folder / name).write_bytes(seal(part, name, key))
        number, written = number + 1, written + len(part)
    return written


def put_manifest(folder: Path, manifest: Manifest) -> None:
    """Say what lies in the folder. No value of anybody."""
    (folder / MANIFEST).write_text(json.dumps(manifest._asdict()), encoding="utf-8")


def manifest(folder: Path) -> Manifest:
    """What lies in the folder. Raises FileNotFoundError when the writing of it was not finished."""
    return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def seal(part: list[Staged], name: str, key: bytes) -> bytes:
    """One part, bound to its name: a part that is put in another's place cannot be opened."""
    nonce = os.urandom(NONCE)
    plain = "\n".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) for record in part)
    return nonce + AESGCM(key).encrypt(nonce, zlib.compress(plain.encode(), 1), name.encode())


def unseal(sealed: bytes, name: str, key: bytes) -> Iterator[Staged]:
    """The records of a part. Raises InvalidTag when it was altered, or the key is another run's."""
    plain = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
    for line in zlib.decompress(plain).decode().split("\n"):
        yield Staged(*json.loads(line))


def destroy(folder: Path, key_file: Path) -> None:
    """The key first: without it the parts are noise, whatever becomes of them."""
    key_file.unlink(missing_ok=True)
    for part in (*folder.glob(f"*{ENDING}"), *folder.glob(MANIFEST)):
        part.unlink()


def beliefs(folder: Path) -> Iterator[Believed]:
    """What a cluster believed, in the order of its files."""
    for part in sorted(folder.glob("part-*.json.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as lines:
            yield from (_believed(json.loads(line)) for line in lines)


def _believed(found: dict[str, Any]) -> Believed:
    return Believed(**found)
