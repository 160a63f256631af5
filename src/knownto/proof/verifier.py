#!/usr/bin/env python3
"""Check a Knownto ledger yourself: has anybody changed the record of who looked at what?

    python verifier.py export.jsonl --head head.txt [--since older_head.txt] [--key KEY]
    python verifier.py --receipt receipt.json [--key KEY] [--witness KEY]

You need Python 3.10 or newer and this one file; nothing has to be installed, nothing is sent anywhere.
`head.txt` is a signed head that you were given and have kept; `export.jsonl` is the ledger as it is now.
Answers: 0 = sound, 1 = tampering found (each place is named), 2 = could not check.

How it works. Every entry is turned into bytes (`canonical`), and hashed. The hashes are the leaves of a tree
(RFC 9162) whose root changes if any entry is changed, removed, added or moved. Every few seconds the root is
signed (Ed25519, RFC 8032) as a *head* (a C2SP signed note), which also names the head before it. Whoever has
kept one head can tell whether the entries it stood for are still the same. The *peaks* beside a head are the
roots of the complete trees that make up its root: with them each stretch of entries is checked on its own, so
that damage is narrowed down, and damage in one place does not hide damage in another.

The export is a file of JSON lines, in any order after the first:
    {"knownto_ledger_export": 1, "origin": "...", "keys": ["..."], "entries": 2, "heads": 1}
    {"index": 0, "leaf": "<hex>", "fields": {"at": 1790000000000000, "payload": {"hex": "..."}, ...}}
    {"index": 1, "leaf": "<hex>"}                  an entry that is not yours to read: its fingerprint only
    {"head": "<the signed note>", "peaks": ["<hex>"]}
    {"restored": "<a signed note>"}                a backup was put back, and the ledger says so itself
    {"cosignature": "<a witness's line>", "number": 7, "witness": "<its key>"}
An entry may also carry "sealed": "<base64>", the sealed payload whose SHA-256 its field "payload" holds.

A receipt is what was given with a disclosure: its file holds the one entry, its place, and the hashes beside its path
to a signed head. It needs no export: `--receipt` shows that this entry stands in the ledger that the head was signed
for, and that the code on the page or the print belongs to this entry and no other.

The product itself uses the functions below, so what it believes and what you can check are one thing.
"""
from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
NO_HEAD = bytes(32)  # what the first head names as the head before it
LARGEST = 2**53 - 1  # the largest integer that every language's JSON reads exactly


class NotCanonical(ValueError):
    """These fields have no single canonical form (a float, a None, a huge integer, a strange name)."""


class BadHead(ValueError):
    """This text is not a signed head, or this key not a public key."""


class CouldNotCheck(Exception):
    """The files cannot be read, so that nothing can be said about the ledger."""


# --- An entry's bytes -------------------------------------------------------------------------------------

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The one way to write an entry's fields as bytes: RFC 8785 JSON (names sorted, no blanks, UTF-8).

    Values are text, integers (times are microseconds since 1970, UTC), bytes (written as {"hex": "..."}) and
    lists of these. Leave a field out rather than giving None. Raises NotCanonical for anything else.
    """
    plain = {_name(name): _plain(value) for name, value in fields.items()}
    try:
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as problem:
        raise NotCanonical("text holds half a character (a lone surrogate)") from problem


def _name(name: object) -> str:
    if isinstance(name, str) and _NAME.match(name):
        return name
    raise NotCanonical("a field's name must be lower-case letters, digits and underscores")


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise NotCanonical("a value must be text, bytes, an integer up to 2^53-1, or a list of these")


def commitment(sealed: bytes) -> bytes:
    """What an entry's field `payload` must hold for these sealed bytes: their SHA-256."""
    return hashlib.sha256(sealed).digest()


def _keeps(written: bytes, sealed: bytes) -> bool:
    """Whether an entry's canonical bytes commit to exactly this payload (none at all, if it is empty).

    A quotation mark inside a text value is always escaped, so that this pattern can only be the field itself.
    """
    if not sealed:
        return b'"payload":' not in written
    return b'"payload":{"hex":"' + commitment(sealed).hex().encode() + b'"}' in written


# --- The tree (RFC 9162, section 2.1) ---------------------------------------------------------------------


def leaf_hash(written: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + written).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier(NamedTuple):
    """A tree reduced to what is needed to go on: its size, and its complete subtrees' roots."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @property
    def whole(self) -> bool:
        """A tree of this size has as many peaks as its size has binary ones."""
        return len(self.peaks) == bin(self.size).count("1") and all(len(peak) == 32 for peak in self.peaks)

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root

    def extended(self, leaves: Iterable[bytes]) -> Frontier:
        """The same tree after these leaf hashes; level by level, because that is several times as fast."""
        sha256, level, height = hashlib.sha256, list(leaves), 0
        size, waiting = self.size + len(level), dict(zip(_heights(self.size), self.peaks, strict=True))
        while level:
            if height in waiting:
                level.insert(0, waiting.pop(height))
            if len(level) % 2:
                waiting[height] = level.pop()
            pairs = zip(level[::2], level[1::2], strict=True)
            level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            height += 1
        return Frontier(size, tuple(waiting[height] for height in sorted(waiting, reverse=True)))

    def to_bytes(self) -> bytes:
        """Eight bytes of size (big-endian), then the peaks."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """Raises ValueError when the peaks do not fit the size."""
        peaks = tuple(stored[i:i + 32] for i in range(8, len(stored), 32))
        found = cls(int.from_bytes(stored[:8], "big"), peaks)
        if len(stored) < 8 or not found.whole:
            raise ValueError("not a stored frontier")
        return found


def _heights(size: int) -> list[int]:
    """How tall each peak of a tree of this size is, tallest first: 6 -> [2, 1]."""
    return [height for height in range(size.bit_length() - 1, -1, -1) if size >> height & 1]


def _bounds(size: int) -> Iterator[tuple[int, int]]:
    """Where each peak of a tree of this size starts and stops: 6 -> (0, 4), (4, 6)."""
    start = 0
    for height in _heights(size):
        yield start, start + (1 << height)
        start += 1 << height


def included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that this leaf hash stands at `place` in the log of that size and root."""
    if not 0 <= place < size:
        return False
    steps = list(path_to(place, 0, size))
    if len(steps) != len(proof):
        return False
    for (left, _), other in zip(reversed(steps), proof, strict=True):
        leaf = node_hash(leaf, other) if left else node_hash(other, leaf)
    return leaf == root


def path_to(place: int, start: int, stop: int) -> Iterator[tuple[bool, tuple[int, int]]]:
    """From the root down: whether the leaf lies to the left, and what lies on the other side."""
    while stop - start > 1:
        middle = start + split(stop - start)
        if place < middle:
            yield True, (middle, stop)
            stop = middle
        else:
            yield False, (start, middle)
            start = middle


def split(size: int) -> int:
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


# --- Ed25519, written as RFC 8032 section 5.1 explains it -------------------------------------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, x*y = T/Z


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def _packed(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _unpacked(data: bytes) -> _Point | None:
    """The curve point that 32 bytes stand for, or None if they stand for none."""
    number = int.from_bytes(data, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _unpacked((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1, 1, 0)


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this 64-byte signature of the message was made by the owner of this 32-byte public key."""
    point = _unpacked(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= _ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    minus: _Point = (_P - point[0], point[1], 1, _P - point[3])
    return _packed(_add(_times(s, _BASE), _times(k, minus))) == signature[:32]


# --- Heads ------------------------------------------------------------------------------------------------


class PublicKey(NamedTuple):
    """A C2SP verifier key: the ledger's name, four bytes that identify the key, the Ed25519 public key."""

    name: str
    id: bytes
    raw: bytes

    @classmethod
    def of(cls, name: str, raw: bytes) -> PublicKey:
        return cls(name, hashlib.sha256(name.encode() + b"\n\x01" + raw).digest()[:4], raw)

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """From `name+id+key`. Raises BadHead."""
        name, _, rest = text.strip().partition("+")
        identity, _, encoded = rest.partition("+")
        data = _unbase64(encoded)
        key = cls.of(name, data[1:])
        if len(data) != 33 or data[0] != 1 or key.id.hex() != identity:
            raise BadHead("this is not a public key as Knownto publishes it (name+id+key)")
        return key

    def text(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([1]) + self.raw).decode()}"


class StoredHead(NamedTuple):
    """A head as a database or a file holds it: the signed note, and the peaks of its tree if any."""

    note: str
    peaks: tuple[bytes, ...] = ()


class Head(NamedTuple):
    """What a signed note says. `time`: microseconds since 1970, UTC; `digest`: what the next head names."""

    origin: str
    size: int
    root: bytes
    time: int
    number: int
    previous: bytes
    key_id: bytes
    signature: bytes
    signed: bytes
    digest: bytes


_NOTE = re.compile(
    "([^\\s+]+)\n(0|[1-9][0-9]{0,15})\n([^\n]{44})\ntime ([1-9][0-9]{0,15})\nnumber (0|[1-9][0-9]{0,15})\n"
    "previous ([^\n]{44})\n\n\u2014 ([^\\s+]+) ([^\n]+)\n\\Z"
)


def head_text(origin: str, size: int, root: bytes, time: int, number: int, previous: bytes) -> str:
    """The text that is signed: a C2SP checkpoint (origin, size, root) with three lines more."""
    return (f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
            f"time {time}\nnumber {number}\nprevious {base64.b64encode(previous).decode()}\n")


def read_head(note: str) -> Head:
    """Take a signed note apart; says nothing yet about who signed it. Raises BadHead."""
    found = _NOTE.match(note)
    if not found:
        raise BadHead("this is not a signed head")
    origin, size, root, time, number, previous, name, signature = found.groups()
    data = _unbase64(signature)
    signed = note[:note.rindex("\n\n") + 1].encode()
    if name != origin or len(data) != 68:
        raise BadHead("this head's signature line is not in order")
    digest = hashlib.sha256(note.encode()).digest()
    return Head(origin, int(size), _unbase64(root), int(time), int(number), _unbase64(previous),
                data[:4], data[4:], signed, digest)


def signed_note(text: str, key: PublicKey, signature: bytes) -> str:
    """The text with its signature below it, as C2SP signed notes have it."""
    return f"{text}\n\u2014 {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def _unbase64(text: str) -> bytes:
    """Strictly: a second spelling of the same bytes would be a second text for the same head."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadHead("this is not base64") from problem
    if base64.b64encode(data).decode() != text:
        raise BadHead("this is not base64 in its usual spelling")
    return data


Verifies = Callable[[bytes, bytes, bytes], bool]


class Restore(NamedTuple):
    """A declared restore: the ledger went back to `kept` (number, size, digest); heads up to `lost` are gone."""

    time: int
    kept: tuple[int, int, bytes]
    lost: tuple[int, int, bytes]
    because: str
    digest: bytes

    def excuses(self, head: Head) -> bool:
        """Whether this head is one that was lost. The last of them is named outright."""
        number, size, digest = self.lost
        if not (self.kept[0] < head.number <= number and self.kept[1] <= head.size <= size):
            return False
        return head.digest == digest if head.number == number else True


_RESTORED = re.compile(
    "([^\\s+]+)\nrestored ([1-9][0-9]{0,15})\n"
    "kept ([0-9]{1,16}) ([0-9]{1,16}) ([^ \n]{44}) ([^ \n]{44})\n"
    "lost ([0-9]{1,16}) ([0-9]{1,16}) ([^ \n]{44}) ([^ \n]{44})\n"
    "because ([^\n]*)\n\n\u2014 ([^\\s+]+) ([^\n]+)\n\\Z"
)


def restore_text(origin: str, time: int, kept: Head, lost: Head, because: str) -> str:
    """The text of a declaration that is signed. No head can be read as one, nor the other way round."""
    def named(head: Head) -> str:
        root, digest = base64.b64encode(head.root).decode(), base64.b64encode(head.digest).decode()
        return f"{head.number} {head.size} {root} {digest}"
    words = " ".join(because.split())
    return f"{origin}\nrestored {time}\nkept {named(kept)}\nlost {named(lost)}\nbecause {words}\n"


def read_restore(note: str, keys: Iterable[PublicKey], verifies: Verifies | None = None) -> Restore:
    """A declaration, its signature checked. Raises BadHead."""
    found = _RESTORED.match(note)
    if not found:
        raise BadHead("this is not a declared restore")
    data, text = _unbase64(found[13]), note[:note.rindex("\n\n") + 1]
    signed = (verifies or ed25519_verifies)
    if found[1] != found[12] or not any(
            (key.name, key.id) == (found[1], data[:4]) and signed(key.raw, text.encode(), data[4:]) for key in keys):
        raise BadHead("this restore was not declared with the ledger's key")
    return Restore(int(found[2]), (int(found[3]), int(found[4]), _unbase64(found[6])),
                   (int(found[7]), int(found[8]), _unbase64(found[10])), found[11],
                   hashlib.sha256(note.encode()).digest())


class WitnessKey(NamedTuple):
    """A witness's public key (C2SP tlog-cosignature): its name, four bytes that identify it, the Ed25519 key."""

    name: str
    id: bytes
    raw: bytes

    @classmethod
    def read(cls, text: str) -> WitnessKey:
        """From `name+id+key`. Raises BadHead."""
        name, _, rest = text.strip().partition("+")
        identity, _, encoded = rest.partition("+")
        data = _unbase64(encoded)
        key = cls(name, hashlib.sha256(name.encode() + b"\n" + data).digest()[:4], data[1:])
        if len(data) != 33 or data[0] != 4 or key.id.hex() != identity:
            raise BadHead("this is not a witness's public key (name+id+key)")
        return key


def cosigned_at(note: str, line: str, key: WitnessKey, verifies: Verifies = ed25519_verifies) -> int | None:
    """When (seconds since 1970) that witness says it saw this head; None if the line is not its own."""
    found = re.match("\u2014 ([^\\s+]+) ([^\n]+)\n?\\Z", line)
    data = _unbase64(found[2]) if found else b""
    if found is None or found[1] != key.name or data[:4] != key.id or len(data) != 76:
        return None
    seconds = int.from_bytes(data[4:12], "big")
    message = f"cosignature/v1\ntime {seconds}\n{note[:note.rindex(chr(10) * 2) + 1]}".encode()
    return seconds if verifies(key.raw, message, data[12:]) else None


def head_verifies(head: Head, keys: Iterable[PublicKey], verifies: Verifies = ed25519_verifies) -> bool:
    """Whether one of these keys signed the head, for the ledger whose name the head carries."""
    return any(verifies(key.raw, head.signed, head.signature)
               for key in keys if (key.name, key.id) == (head.origin, head.key_id))


# --- Looking for tampering ---------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One stored entry: its place (from 0), its canonical bytes (None if withheld), its stored leaf hash, and
    its sealed payload (None if not at hand, b"" if there is none)."""

    place: int
    written: bytes | None
    leaf: bytes
    payload: bytes | None = None


class Finding(NamedTuple):
    """Something that an untouched ledger cannot show. It lies in entries `first` to `last` (both included);
    `head` is the number of the head concerned, if it is about one."""

    kind: str
    first: int
    last: int
    sentence: str
    head: int | None = None


def examine(entries: Iterable[Entry], heads: Iterable[StoredHead], keys: Iterable[PublicKey],
            published: Iterable[Sequence[StoredHead]] = (), receipts: Iterable[bytes] = (),
            verifies: Verifies = ed25519_verifies, restores: Iterable[str] = ()) -> list[Finding]:
    """Everything that is wrong with a ledger, and where; nothing at all for one that nobody touched.

    `restores` are the notes by which the ledger declares that it went back to an earlier head: what outsiders were
    shown in between is then lost, and said to be, rather than a second history.

    `entries` are streamed in stored order; `heads` are all that the ledger holds; `published` are the heads
    that people outside have kept, one sequence for each of them; `receipts` are leaf hashes that were handed
    out. Without a published head nobody can tell a ledger from an older copy of itself, nor from one that the
    holder of the signing key rewrote; and entries newer than the newest head are protected by receipts alone.
    Needs 32 bytes of memory an entry.
    """
    keyring, findings = list(keys), list[Finding]()
    declared = list(_declared(restores, keyring, verifies, findings))
    trusted = _genuine_heads(list(heads), keyring, verifies, findings)
    own = [head for head, _ in trusted]
    known = [_published_heads(heads, keyring, verifies, own, findings) for heads in published]
    rows = _Rows(max([head.size for heads in [own, *known] for head in heads], default=0))
    rows.declared = {f'"because":"{each.digest.hex()}"'.encode(): each for each in declared}
    rows.read(entries, set(receipts))
    findings += rows.found()
    findings += _Comparison(rows).with_heads(trusted)
    for heads_kept in known:
        standing = [head for head in heads_kept if not any(each.excuses(head) for each in declared)]
        findings += _compared_with_published(rows, standing, own)
    if rows.next and not trusted and not findings:
        findings.append(Finding("unsigned", 0, rows.next - 1, "There is no head: nothing here is signed."))
    return sorted(findings, key=lambda finding: (finding.first, finding.last, finding.kind))


def _declared(notes: Iterable[str], keys: list[PublicKey], verifies: Verifies,
              findings: list[Finding]) -> Iterator[Restore]:
    for note in notes:
        try:
            yield read_restore(note, keys, verifies)
        except BadHead as problem:
            findings.append(Finding("restore_forged", 0, 0, f"A restore is not declared as it must be: {problem}."))


def _about(head: Head, kind: str, first: int, what: str) -> Finding:
    last = max(head.size - 1, 0)
    sentence = f"Head {head.number} (of {head.size} entries) {what}."
    return Finding(kind, min(first, last), last, sentence, head.number)


def _which(noun: str, first: int, last: int) -> str:
    """The start of a sentence: "Entry 3 is", "Heads 4 to 6 are"."""
    plural = {"Entry": "Entries", "entry": "entries", "Head": "Heads"}[noun]
    return f"{noun} {first} is" if first >= last else f"{plural} {first} to {last} are"


# First the heads: which of them can be relied on?

_Trusted = tuple[Head, Frontier]  # a genuine head, and its tree where its peaks are sound (otherwise size 0)


def _genuine_heads(heads: list[StoredHead], keys: list[PublicKey], verifies: Verifies,
                   findings: list[Finding]) -> list[_Trusted]:
    """From the newest back: a head is genuine if the genuine head after it names it, or else if it is signed.

    So one signature vouches for all heads before it, and a year of them takes no longer than hashing them.
    """
    readable = sorted(_readable(heads, findings), key=lambda row: row[0].number)
    findings += _numbered([head for head, _ in readable])
    named: dict[int, bytes] = {}
    genuine: list[_Trusted] = []
    for place in range(len(readable) - 1, -1, -1):
        head, peaks = readable[place]
        since = readable[place - 1][0].size if place else 0
        wrong = _wrong_with(head, since, named.get(head.number), keys, verifies)
        if wrong:
            findings.append(wrong)
            continue
        named[head.number], named[head.number - 1] = head.digest, head.previous
        genuine.append((head, _tree(head, peaks, since, findings)))
    genuine.reverse()
    findings += _in_step([head for head, _ in genuine])
    return genuine


def _readable(heads: list[StoredHead], findings: list[Finding]) -> Iterator[tuple[Head, tuple[bytes, ...]]]:
    seen: set[bytes] = set()
    size = 0
    for row, stored in enumerate(heads):
        try:
            head = read_head(stored.note)
        except BadHead:
            sentence = f"Head {row} cannot be read: it was overwritten."
            findings.append(Finding("head_forged", size, size, sentence, row))
            continue
        if head.digest in seen:
            findings.append(_about(head, "head_repeated", size, "is there twice"))
            continue
        seen.add(head.digest)
        size = head.size
        yield head, stored.peaks


def _wrong_with(head: Head, since: int, named: bytes | None, keys: list[PublicKey],
                verifies: Verifies) -> Finding | None:
    if head.digest == named:
        return None
    if not any((key.name, key.id) == (head.origin, head.key_id) for key in keys):
        return _about(head, "head_unknown_key", since, "is signed with a key that is not this ledger's")
    if not head_verifies(head, keys, verifies):
        return _about(head, "head_forged", since, "was changed or forged: its signature does not fit")
    if named is not None:
        return _about(head, "forked", since, "is signed, but the head after it follows a different one")
    return None


def _tree(head: Head, peaks: tuple[bytes, ...], since: int, findings: list[Finding]) -> Frontier:
    tree = Frontier(head.size, peaks)
    if tree.whole and tree.root() == head.root:
        return tree
    if peaks:
        findings.append(_about(head, "peaks_changed", since, "has peaks that do not make up its root"))
    return Frontier()


def _numbered(heads: list[Head]) -> Iterator[Finding]:
    """Heads are numbered from 0 without a gap."""
    number = size = 0
    for head in heads:
        if head.number > number:
            sentence = f"{_which('Head', number, head.number - 1)} missing."
            yield Finding("head_missing", size, max(head.size - 1, size), sentence, number)
        number, size = head.number + 1, head.size


def _in_step(heads: list[Head]) -> Iterator[Finding]:
    for older, newer in zip(heads, heads[1:], strict=False):
        if newer.size < older.size or newer.time < older.time:
            yield _about(newer, "head_out_of_step", older.size, "is smaller or earlier than the last")


def _published_heads(published: Iterable[StoredHead], keys: list[PublicKey], verifies: Verifies,
                     own: list[Head], findings: list[Finding]) -> list[Head]:
    """The heads that one outsider kept. One that the ledger holds word for word is checked already."""
    held = {head.digest for head in own}
    known: list[Head] = []
    for stored in published:
        head = read_head(stored.note)
        if head.digest in held or head_verifies(head, keys, verifies):
            known.append(head)
        else:
            findings.append(_about(head, "published_head_unsigned", 0, "as kept is not signed with this key"))
    return sorted(known, key=lambda head: (head.size, head.number))


# Then the entries, each in the place that it claims for itself.


class _Rows:
    """What the entries say, as one leaf hash each."""

    def __init__(self, signed: int) -> None:
        self.signed = signed                # how many entries the heads speak of: gaps beyond are not filled
        self.next = 0                       # one more than the last place seen
        self.buffer = bytearray()           # leaf hashes worked out from the fields
        self.stored: dict[int, bytes] = {}  # stored leaf hashes, only where they differ from those
        self.holes: set[int] = set()
        self.findings: list[Finding] = []
        self.declared: dict[bytes, Restore] = {}  # restores whose own entry has not come by yet

    @property
    def held(self) -> int:
        return len(self.buffer) // 32

    def read(self, entries: Iterable[Entry], receipts: set[bytes]) -> None:
        for entry in entries:
            leaf = _own_leaf(entry)
            if entry.place == self.next and self.next == self.held:
                self.buffer += leaf
                self.next += 1
            else:
                self._misplaced(entry.place, leaf)
            self._checked(entry, leaf)
            receipts.discard(leaf)
            if self.declared and entry.written is not None:
                self._recorded(entry.written)
        for receipt in sorted(receipts):
            sentence = f"The entry with receipt {receipt.hex()} is not in the ledger."
            first, last = sorted((self.signed, self.next))  # had it been signed for, it would be missed there
            self.findings.append(Finding("receipt_missing", first, last, sentence))

    def _checked(self, entry: Entry, leaf: bytes) -> None:
        if leaf != entry.leaf:
            self.stored[entry.place] = entry.leaf
            self._one("entry_changed", entry.place, "is no longer what its stored fingerprint says")
        at_hand = entry.payload is not None and entry.written is not None
        if at_hand and not _keeps(entry.written or b"", entry.payload or b""):
            self._one("payload_changed", entry.place, "has a sealed payload that is not the one recorded")

    def _recorded(self, written: bytes) -> None:
        for needle in [each for each in self.declared if each in written and b'"kind":"restored"' in written]:
            del self.declared[needle]

    def _one(self, kind: str, place: int, what: str) -> None:
        self.findings.append(Finding(kind, place, place, f"Entry {place} {what}."))

    def _misplaced(self, place: int, leaf: bytes) -> None:
        if place in self.holes:
            self.holes.discard(place)
            self.buffer[place * 32:place * 32 + 32] = leaf
            self._one("out_of_order", place, "is stored out of order")
        elif place < self.next:
            self._one("number_repeated", place, "has a number already taken: one of the two was put in")
        else:
            self._jump(place, leaf)

    def _jump(self, place: int, leaf: bytes) -> None:
        """Entries are missing before this one. Their places stay empty as far as the heads speak of them."""
        filled = max(min(place, self.signed), self.held)
        self.holes.update(range(self.held, filled))
        self.buffer += bytes(32) * (filled - self.held)
        if place > max(filled, self.next):
            self.findings.append(_missing(max(filled, self.next), place - 1))
        if place == filled:
            self.buffer += leaf
        self.next = place + 1

    def found(self) -> list[Finding]:
        for restore in self.declared.values():
            sentence = "A restore is declared beside the ledger, but no entry in it says so."
            self.findings.append(Finding("restore_unrecorded", restore.kept[1], self.next, sentence))
        return self.findings + [_missing(first, last) for first, last in _runs(sorted(self.holes))]

    def leaves(self, start: int, stop: int, stored: bool = False) -> list[bytes] | None:
        """Leaf hashes of these places (as stored, where asked and different); None if one is missing."""
        if start < 0 or stop > self.held or self.holes and not self.holes.isdisjoint(range(start, stop)):
            return None
        data = bytes(self.buffer[start * 32:stop * 32])
        found = [data[i:i + 32] for i in range(0, len(data), 32)]
        return [self.stored.get(start + i, leaf) for i, leaf in enumerate(found)] if stored else found


def _own_leaf(entry: Entry) -> bytes:
    """From its fields, or as stored if they are withheld. A leaf of another length could pass for two."""
    if entry.written is not None:
        return leaf_hash(entry.written)
    return entry.leaf if len(entry.leaf) == 32 else bytes(32)


def _missing(first: int, last: int) -> Finding:
    return Finding("entry_missing", first, last, f"{_which('Entry', first, last)} missing.")


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """[3, 4, 5, 9] -> (3, 5), (9, 9)."""
    start = 0
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            yield numbers[start], number
            start = i + 1


# Then one against the other, piece by piece, each piece on its own evidence.


class _Piece(NamedTuple):
    """Entries whose hashes, appended to `base`, must give `expected`: the last peak, or the whole root."""

    start: int
    stop: int
    base: Frontier
    expected: bytes
    by_root: bool = False


def _pieces(tree: Frontier, head: Head, reached: Frontier) -> Iterator[_Piece]:
    """What a head adds to a tree that is already known.

    With peaks: each new peak on its own (and any that should have stayed the same, but did not).
    Without: the whole stretch, by the root.
    """
    if not reached.size:
        yield _Piece(tree.size, head.size, tree, head.root, by_root=True)
        return
    before = dict(zip(_bounds(tree.size), tree.peaks, strict=True))
    for (start, stop), peak in zip(_bounds(head.size), reached.peaks, strict=True):
        if before.get((start, stop)) != peak:
            grows = start < tree.size < stop
            yield _Piece(tree.size, stop, tree, peak) if grows else _Piece(start, stop, Frontier(), peak)


class _Comparison:
    """Finds pieces that do not fit, and whether what follows has moved (so that entries went, or came in)."""

    NEAR = (-1, 1, -2, 2, -3, 3, -4, 4)

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows
        self.shift = 0  # by how many places entries have moved so far
        self.failing: list[tuple[_Piece, int | None]] = []  # pieces that do not fit; the shift at which they would
        self.findings: list[Finding] = []
        self.places: dict[bytes, int] = {}
        self.changed = sorted(rows.stored)

    def with_heads(self, trusted: list[_Trusted]) -> list[Finding]:
        tree = Frontier()
        size = 0
        for head, reached in trusted:
            if head.size > tree.size or reached.size:
                for piece in _pieces(tree, head, reached):
                    self._check(piece)
            tree, size = self._known(tree, head, reached), max(size, head.size)
        self._report("not_as_signed")
        self._end(size)
        return self.findings

    def _known(self, tree: Frontier, head: Head, reached: Frontier) -> Frontier:
        """The tree to go on from: a head's own peaks, or else the entries if they fit its root."""
        if reached.size or head.size <= tree.size:
            return reached if reached.size else tree
        leaves = self.rows.leaves(tree.size + self.shift, head.size + self.shift)
        built = tree.extended(leaves or ())
        return built if built.root() == head.root else tree

    def _check(self, piece: _Piece) -> None:
        # Where the stored fingerprints fit and the fields do not, the change of the fields is found already.
        if self._fits(piece, self.shift) or self._fits(piece, self.shift, stored=True):
            self._report("not_as_signed")
            return
        shift = next((shift for shift in self._elsewhere(piece) if self._fits(piece, shift)), None)
        before = self.failing[-1][1] if self.failing else None
        if shift is not None and (piece.stop - piece.start > 1 or shift == before):
            self._moved(piece, shift)
        else:  # one entry that turns up elsewhere may only have been swapped: wait for the next to agree
            self.failing.append((piece, shift))

    def _fits(self, piece: _Piece, shift: int, stored: bool = False) -> bool:
        start, stop = piece.start + shift, piece.stop + shift
        if stored and bisect_left(self.changed, start) == bisect_left(self.changed, stop):
            return False
        leaves = self.rows.leaves(start, stop, stored)
        if leaves is None:
            return False
        tree = piece.base.extended(leaves)
        return (tree.root() if piece.by_root else tree.peaks[-1]) == piece.expected

    def _elsewhere(self, piece: _Piece) -> list[int]:
        """By how much a piece may have moved. One entry's own hash is looked up, however far it went."""
        hints = [hint for _, hint in self.failing[-1:] if hint is not None]
        if piece.stop - piece.start == 1 and not piece.base.size:
            place = self._first_place_of(piece.expected)
            return hints + ([] if place is None else [place - piece.start])
        return hints + [self.shift + step for step in self.NEAR]

    def _first_place_of(self, leaf: bytes) -> int | None:
        if not self.places:
            data = bytes(self.rows.buffer)
            self.places = {data[i:i + 32]: i // 32 for i in range(len(data) - 32, -1, -32)}
        return self.places.get(leaf)

    def _moved(self, piece: _Piece, shift: int) -> None:
        """What follows is genuine but stands elsewhere: entries were taken out or put in just before it."""
        kind = "entry_missing" if shift < self.shift else "entry_added"
        start = piece.start
        while self.failing and self.failing[-1][1] == shift:
            start = self.failing.pop()[0].start
        if not self.failing and kind == "entry_added":
            self._tell(kind, start + self.shift, start + shift - 1)
        self._report(kind)
        self.shift = shift

    def _report(self, kind: str) -> None:
        """One finding for each unbroken stretch of pieces that do not fit."""
        if not self.failing:
            return
        first = min(piece.start for piece, _ in self.failing) + self.shift
        last = max(piece.stop for piece, _ in self.failing) - 1 + self.shift
        proved = self._proved() - 1 + self.shift
        known = self.rows.leaves(max(first, 0), min(last, proved) + 1) is not None
        self._tell(kind if known or kind != "not_as_signed" else "incomplete", first, min(last, proved))
        if proved < last:
            self._tell("unproved", proved + 1, last)
        self.failing = []

    def _proved(self) -> int:
        """How far failing pieces fail on their own evidence: of roots without peaks only the first does."""
        roots = [piece.stop for piece, _ in self.failing if piece.by_root]
        return min(roots) if len(roots) == len(self.failing) else self.failing[-1][0].stop

    def _tell(self, kind: str, first: int, last: int) -> None:
        first, last = max(first, 0), max(first, last, 0)
        self.findings.append(Finding(kind, first, last, f"{_which('Entry', first, last)} {_WHAT[kind]}."))
        for place in range(first, min(last + 1, self.rows.held)):
            self._copy(place)

    def _copy(self, place: int) -> None:
        """An entry that is an exact copy of an earlier one is named."""
        leaf = bytes(self.rows.buffer[place * 32:place * 32 + 32])
        original = self._first_place_of(leaf)
        if place not in self.rows.holes and original is not None and original < place:
            sentence = f"Entry {place} is a copy of entry {original}."
            self.findings.append(Finding("entry_repeated", place, place, sentence))

    def _end(self, size: int) -> None:
        """Entries that heads were signed for but that are gone; and copies among those not signed yet."""
        end = size + self.shift
        if self.rows.next < end:
            lost = _which("entry", self.rows.next, end - 1)
            sentence = f"The ledger stops early: {lost} signed for, but gone."
            self.findings.append(Finding("cut_short", self.rows.next, end - 1, sentence))
        for place in range(max(end, 0), self.rows.held):
            self._copy(place)


_WHAT = {
    "not_as_signed": "not as signed: changed, replaced or moved",
    "incomplete": "not all there, so that the rest of them cannot be proved",
    "unproved": "not proved, because of what is wrong before them",
    "entry_missing": "not as signed: one or more were taken out there, and later ones renumbered",
    "entry_added": "not as signed: one or more were put in there, and later ones renumbered",
}


def _compared_with_published(rows: _Rows, known: list[Head], own: list[Head]) -> Iterator[Finding]:
    """What outsiders were told, against what the ledger says now: rolled back, or a second history?"""
    held = {head.number: head for head in own}
    newest = max(own, key=lambda head: head.number, default=None)
    tree, agreed = Frontier(), 0
    for head in known:
        mine = held.get(head.number)
        if mine is not None and mine.digest == head.digest:
            agreed = max(agreed, head.size)
            continue
        if mine is not None:
            yield _about(head, "forked", agreed, "was published, but the ledger holds another in its place")
        elif newest is None or head.number > newest.number:
            since = newest.size if newest else 0
            yield _about(head, "head_missing", since, "was published, but the ledger no longer holds it")
        if head.size > rows.next:
            lost = _which("entry", rows.next, head.size - 1)
            sentence = f"The ledger was rolled back or cut: {lost} gone."
            yield Finding("rolled_back", rows.next, head.size - 1, sentence, head.number)
            continue
        leaves = rows.leaves(tree.size, head.size)
        built = tree if leaves is None else tree.extended(leaves)
        if built.size == head.size and built.root() == head.root:
            tree, agreed = built, head.size
        else:
            yield _about(head, "forked", agreed, "was published, but the entries are not those it stood for")


# --- The command ------------------------------------------------------------------------------------------


class Export:
    """An export file, read line by line each time it is asked, so that its size does not matter."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.withheld = self.newest = 0
        lines = self._lines()
        header = next(lines, {})
        if header.get("knownto_ledger_export") != FORMAT:
            raise CouldNotCheck(f"{path} is not a ledger export of format {FORMAT} (see its first line).")
        self.keys = [PublicKey.read(key) for key in header.get("keys", [])]
        self.heads: list[StoredHead] = []
        self.restores: list[str] = []
        self.cosignatures: list[tuple[int, str, str]] = []
        for line in lines:
            if "head" in line:
                self.heads.append(StoredHead(line["head"], tuple(map(bytes.fromhex, line.get("peaks", ())))))
            elif "restored" in line:
                self.restores.append(line["restored"])
            elif "cosignature" in line:
                self.cosignatures.append((line["number"], line["cosignature"], line["witness"]))

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line, object_pairs_hook=_once, parse_float=_refuse,
                                     parse_constant=_refuse)
                except ValueError as problem:
                    raise CouldNotCheck(f"{self.path}, line {number}: {problem}") from problem

    def entries(self) -> Iterator[Entry]:
        for line in self._lines():
            if "index" in line:
                yield self._entry(line)

    def _entry(self, line: dict[str, Any]) -> Entry:
        written = canonical({k: _thawed(v) for k, v in line["fields"].items()}) if "fields" in line else None
        sealed = base64.b64decode(line["sealed"], validate=True) if "sealed" in line else None
        self.withheld += written is None
        self.newest = max(self.newest, line["index"] + 1)
        return Entry(line["index"], written, bytes.fromhex(line["leaf"]), sealed)


def export_line(entry: Entry) -> str:
    """One entry as a line of an export, without its line end; withheld if it has no canonical bytes."""
    line: dict[str, Any] = {"index": entry.place, "leaf": entry.leaf.hex()}
    if entry.written is not None:
        line["fields"] = json.loads(entry.written)
    if entry.payload:
        line["sealed"] = base64.b64encode(entry.payload).decode()
    return json.dumps(line, ensure_ascii=False)


def export_head(head: StoredHead) -> str:
    return json.dumps({"head": head.note, "peaks": [peak.hex() for peak in head.peaks]}, ensure_ascii=False)


def export_restore(note: str) -> str:
    return json.dumps({"restored": note}, ensure_ascii=False)


def export_cosignature(number: int, line: str, witness: str) -> str:
    return json.dumps({"cosignature": line, "number": number, "witness": witness}, ensure_ascii=False)


def export_header(keys: Sequence[PublicKey], entries: int, heads: int) -> str:
    origin = keys[0].name if keys else ""
    return json.dumps({"knownto_ledger_export": FORMAT, "origin": origin, "entries": entries, "heads": heads,
                       "keys": [key.text() for key in keys]}, ensure_ascii=False)


def _thawed(value: Any) -> Any:
    """The bytes that an export writes as {"hex": "..."}."""
    if isinstance(value, dict):
        if set(value) != {"hex"}:
            raise NotCanonical('only {"hex": "..."} may be an object')
        return bytes.fromhex(value["hex"])
    return [_thawed(item) for item in value] if isinstance(value, list) else value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice would show a reader one value and hash another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


def _read_note(path: Path) -> StoredHead:
    """A head from a file, forgiving what mail and editors do to line ends."""
    lines = path.read_text(encoding="utf-8-sig").strip().splitlines()
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    try:
        read_head(text)
    except BadHead as problem:
        raise CouldNotCheck(f"{path}: {problem}.") from problem
    return StoredHead(text)


def _read_key(given: str) -> PublicKey:
    return PublicKey.read(_file_or_text(given))


def _file_or_text(given: str) -> str:
    path = Path(given)
    return path.read_text(encoding="utf-8") if path.is_file() else given


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Check that nobody has changed a Knownto ledger since the head that you kept was signed.",
        epilog="Exit code: 0 sound, 1 tampering found, 2 could not check.")
    parser.add_argument("export", type=Path, nargs="?", help="the ledger's export (JSON lines)")
    parser.add_argument("--receipt", type=Path, help="instead of an export: the file of one receipt")
    parser.add_argument("--witness", action="append", default=[],
                        help="a witness's public key, which you were given by that witness: it must have signed too")
    parser.add_argument("--head", type=Path, action="append", default=[],
                        help="a signed head that you have kept (may be given several times)")
    parser.add_argument("--since", type=Path, action="append", default=[],
                        help="an older head: check that the ledger only grew since then")
    parser.add_argument("--key", action="append", default=[],
                        help="the ledger's public key, or a file holding it; otherwise the export's own is used, "
                             "which the head that you kept must then confirm")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    arguments = _arguments(given)
    try:
        return _receipt_checked(arguments) if arguments.receipt else _checked(arguments)
    except (CouldNotCheck, OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        print(f"COULD NOT CHECK. {problem or type(problem).__name__}")
        print("This says nothing about the ledger, good or bad. Ask for the file again.")
        return 2


def _checked(arguments: argparse.Namespace) -> int:
    if not arguments.export or not arguments.head:
        raise CouldNotCheck("Give the ledger's export, and with --head a head that you have kept.")
    export = Export(arguments.export)
    published = [_read_note(path) for path in [*arguments.head, *arguments.since]]
    keys = [_read_key(key) for key in arguments.key] or export.keys
    findings = examine(export.entries(), export.heads, keys, [published], restores=export.restores)
    witnesses = [WitnessKey.read(_file_or_text(each)) for each in arguments.witness]
    findings += _cosignatures(export, witnesses)
    for note in export.restores:
        _say_restored(note, keys)
    return _tampered(findings) if findings else _sound(export, published)


def _cosignatures(export: Export, witnesses: list[WitnessKey]) -> Iterator[Finding]:
    """Each line that is kept of a witness that you named must be that witness's, over the head that it stands by."""
    notes = {read_head(stored.note).number: stored.note for stored in export.heads if _NOTE.match(stored.note)}
    for key in witnesses:
        own = [(number, line) for number, line, witness in export.cosignatures if WitnessKey.read(witness) == key]
        for number, line in own:
            if number not in notes or cosigned_at(notes[number], line, key) is None:
                sentence = f"What {key.name} is said to have signed for head {number} is not its signature."
                yield Finding("cosignature_forged", 0, 0, sentence, number)
        if not own:
            yield Finding("no_cosignature", 0, 0, f"{key.name} has signed no head of this ledger.")


def _say_restored(note: str, keys: list[PublicKey]) -> None:
    try:
        restore = read_restore(note, keys)
    except BadHead:
        return  # a finding says so already
    moment = datetime.fromtimestamp(restore.time // 10**6, timezone.utc)  # noqa: UP017 (Python 3.10)
    print(f"RESTORED, DECLARED on {moment:%d %B %Y at %H:%M:%S} UTC: back from head {restore.lost[0]} to head "
          f"{restore.kept[0]}; {restore.lost[1] - restore.kept[1]} signed entries were lost. {restore.because}")


# --- Receipts ---------------------------------------------------------------------------------------------

RECEIPT_MARKS = "0123456789ABCDEFGHJKMNPQRSTVWXY"  # Crockford's base 32 without Z: 31 marks, a prime


def receipt_with_check(body: str) -> str:
    """Eight marks with the ninth that catches a slip, in groups."""
    check = sum(weight * RECEIPT_MARKS.index(mark) for weight, mark in enumerate(body, start=2)) % len(RECEIPT_MARKS)
    return f"{body[:4]}-{body[4:]}-{RECEIPT_MARKS[check]}"


def receipt_of(event: bytes, n: int) -> str:
    """The n-th receipt (from 0) of the entry with this event id: whoever holds the code can tell which entry it is."""
    number = int.from_bytes(hashlib.sha256(b"knownto receipt\0" + event + n.to_bytes(4, "big")).digest()[:16], "big")
    body = ""
    for _ in range(8):
        number, mark = divmod(number, len(RECEIPT_MARKS))
        body += RECEIPT_MARKS[mark]
    return receipt_with_check(body)


def receipt_file(receipt: str, n: int, entry: Entry, head: str, proof: Sequence[bytes], keys: Sequence[PublicKey],
                 cosignatures: Sequence[tuple[str, str]]) -> str:
    """The file by which a receipt is checked alone. `cosignatures`: each witness's line and public key."""
    return json.dumps({"knownto_receipt": FORMAT, "receipt": receipt, "n": n, "index": entry.place,
                       "fields": json.loads(entry.written or b"{}"), "proof": [part.hex() for part in proof],
                       "head": head, "keys": [key.text() for key in keys],
                       "cosignatures": [{"line": line, "witness": key} for line, key in cosignatures]},
                      ensure_ascii=False, indent=1)


def receipt_faults(said: Mapping[str, Any], keys: Sequence[PublicKey],
                   witnesses: Sequence[WitnessKey] = ()) -> list[str]:
    """What is wrong with a receipt's file: nothing, if its entry is in the ledger that its head was signed for."""
    fields, head = {k: _thawed(v) for k, v in said["fields"].items()}, read_head(said["head"])
    leaf, proof = leaf_hash(canonical(fields)), [bytes.fromhex(part) for part in said["proof"]]
    faults = []
    if not head_verifies(head, keys):
        faults.append("the head is not signed with the ledger's key")
    if not included(leaf, said["index"], head.size, proof, head.root):
        faults.append("the entry is not in the ledger that this head was signed for, or was changed since")
    if receipt_of(bytes.fromhex(fields["event"]), said["n"]) != said["receipt"]:
        faults.append("the receipt's code belongs to another entry")
    lines = [(each["line"], WitnessKey.read(each["witness"])) for each in said["cosignatures"]]
    for key in witnesses:
        if not any(key == other and cosigned_at(said["head"], line, key) for line, other in lines):
            faults.append(f"{key.name} has not signed that it saw this head")
    return faults


def _receipt_checked(arguments: argparse.Namespace) -> int:
    said = json.loads(arguments.receipt.read_text(encoding="utf-8-sig"), object_pairs_hook=_once,
                      parse_float=_refuse, parse_constant=_refuse)
    if said.get("knownto_receipt") != FORMAT:
        raise CouldNotCheck(f"{arguments.receipt} is not the file of a receipt of format {FORMAT}.")
    keys = [_read_key(key) for key in arguments.key] or [PublicKey.read(key) for key in said["keys"]]
    faults = receipt_faults(said, keys, [WitnessKey.read(_file_or_text(each)) for each in arguments.witness])
    for stored in map(_read_note, arguments.head):
        if read_head(stored.note).digest != read_head(said["head"]).digest:
            faults.append("its head is not the one that you kept (ask for the receipt against that head)")
    if faults:
        print(f"NOT PROVED: {'; '.join(faults)}.")
        return 1
    return _receipt_sound(said, bool(arguments.key), arguments.witness)


def _receipt_sound(said: Mapping[str, Any], key_given: bool, witnesses: Sequence[str]) -> int:
    head, fields = read_head(said["head"]), said["fields"]
    at, signed = (datetime.fromtimestamp(each // 10**6, timezone.utc)  # noqa: UP017 (Python 3.10)
                  for each in (fields["at"], head.time))
    print(f"PROVED. Receipt {said['receipt']} is of entry {said['index']} of the ledger {head.origin}:")
    print(f"{fields['kind']}, on {at:%d %B %Y at %H:%M:%S} UTC, by {fields['agency'] or 'the product itself'}"
          f"{', for ' + fields['purpose'] if fields['purpose'] else ''}.")
    print(f"It stood there when head {head.number} (of {head.size} entries) was signed,")
    print(f"on {signed:%d %B %Y at %H:%M:%S} UTC.")
    if witnesses:
        print(f"Seen and signed by {len(witnesses)} of the witnesses that you named.")
    if not key_given:
        print("The key was taken from the file itself. Compare it with the one that the partnership publishes:")
        print("\n".join(said["keys"]))
    return 0


def _tampered(findings: list[Finding], shown: int = 50) -> int:
    print(f"TAMPERING FOUND: {len(findings)} finding{'s' * (len(findings) != 1)}.")
    for number, finding in enumerate(findings[:shown], 1):
        print(f"{number:4}. {finding.sentence} [{finding.kind}]")
    if len(findings) > shown:
        print(f"      and {len(findings) - shown} more.")
    print("Entries are counted from 0. Keep the export and your head: together they are the evidence.")
    return 1


def _sound(export: Export, published: list[StoredHead]) -> int:
    heads = [read_head(stored.note) for stored in [*export.heads, *published]]
    newest = max(heads, key=lambda head: (head.size, head.number))
    moment = datetime.fromtimestamp(newest.time // 10**6, timezone.utc)  # noqa: UP017 (Python 3.10)
    print(f"SOUND. {newest.size} entries are exactly those that head {newest.number} was signed for,")
    print(f"on {moment:%d %B %Y at %H:%M:%S} UTC, and every head that you gave agrees with them.")
    if export.withheld:
        print(f"{export.withheld} entries are shown as fingerprints only: not for you to read.")
    if export.newest > newest.size:
        print(f"Newer entries not signed yet, of which nothing can be said: {export.newest - newest.size}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
