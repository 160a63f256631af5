#!/usr/bin/env python3
"""Be a witness of a Knownto ledger: keep what you were shown, so that nobody can show you another past later.

    python witness.py new --folder FOLDER --name police.example/witness        makes your key; prints its public part
    python witness.py serve --folder FOLDER --log LOGKEY --cert CERT --key KEY takes heads over HTTPS (--port 8443)
    python witness.py take --folder FOLDER --log LOGKEY FILE                   takes one that came by mail
    python witness.py status --folder FOLDER                                   how things stand
    python witness.py head --folder FOLDER                                     the last head, for `verifier.py --head`

You need Python 3.10 or newer and this one file; nothing has to be installed. LOGKEY is the ledger's public key
(name+id+key), which the partnership gives you on paper or by telephone, not through the ledger itself.

Whenever entries have been added, the ledger shows you its newest signed *head*, and a proof that the log it stands
for begins with the whole log of the last head that you saw (RFC 9162, section 2.1.4). You check the signature and
the proof, write the head down, and only then sign that you saw it. A log that is smaller than what you saw, or that
has another past, is not signed: it is written into `refused.log` and answered with 409, and `status` ends with 1
until a person has looked and moved that file away. A backup that was put back is no secret change if it is declared:
a note signed by the ledger that names the head that is lost and the head that is gone on from. It is taken, and kept
in `restored.log` for ever.

Exit codes of `status`: 0 all is well, 1 something was refused, 2 cannot be read, 3 nothing new for too long.

What is spoken is C2SP tlog-witness and tlog-cosignature, with POST /restored and GET /head besides. Nothing here is
shared with the product's own code: two who make the same mistake are one witness.
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import logging
import os
import re
import secrets
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

MOST_BYTES = 64 * 1024
SECONDS = 20  # for one request
DASH = "\u2014"
log = logging.getLogger("witness")


class Refused(Exception):
    """Not signed. `status` is HTTP's; 409 is what this program exists for."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


# --- Ed25519 (RFC 8032, section 5.1) ------------------------------------------------------------------------

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 (the square root of minus one)
Point = tuple[int, int, int, int]


def plus(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        total = plus(total, total)
        if bit == "1":
            total = plus(total, point)
    return total


def packed(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    return (point[1] * inverse % P | (point[0] * inverse % P & 1) << 255).to_bytes(32, "little")


def unpacked(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * I % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = unpacked((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def number_of(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % Q


def secret_parts(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254, digest[32:]


def public_of(seed: bytes) -> bytes:
    return packed(times(secret_parts(seed)[0], BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix = secret_parts(seed)
    public, once = packed(times(scalar, BASE)), number_of(prefix, message)
    first = packed(times(once, BASE))
    return first + ((once + number_of(first, public, message) * scalar) % Q).to_bytes(32, "little")


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    point = unpacked(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= Q:
        return False
    minus = (P - point[0], point[1], 1, P - point[3])
    claimed = number_of(signature[:32], public, message)
    return packed(plus(times(s, BASE), times(claimed, minus))) == signature[:32]


# --- Notes and heads (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ----------------------------------


class Key(NamedTuple):
    """A public key as it is written: name+id+base64(kind and 32 bytes). Kind 1 signs logs, kind 4 witnesses."""

    name: str
    id: bytes
    raw: bytes
    kind: int

    @classmethod
    def of(cls, name: str, raw: bytes, kind: int) -> Key:
        return cls(name, hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + raw).digest()[:4], raw, kind)

    @classmethod
    def read(cls, text: str) -> Key:
        name, identity, encoded = text.strip().split("+", 2)
        data = base64.b64decode(encoded, validate=True)
        key = cls.of(name, data[1:], data[0])
        if len(data) != 33 or key.id.hex() != identity or key.kind not in (1, 4):
            raise ValueError("this is not a public key")
        return key

    def text(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.raw).decode()}"


class Head(NamedTuple):
    """A signed head. `size` entries have the Merkle root `root`; `digest` is what the next head names."""

    size: int
    root: bytes
    time: int
    number: int
    previous: bytes
    digest: bytes
    note: str


WHOLE = "(0|[1-9][0-9]{0,15})"
HEAD = re.compile(f"[^\\s+]+\n{WHOLE}\n([^\n]{{44}})\ntime {WHOLE}\nnumber {WHOLE}\nprevious ([^\n]{{44}})\n\\Z")
DECLARED = re.compile(f"[^\\s+]+\nrestored {WHOLE}\nkept {WHOLE} {WHOLE} ([^ \n]{{44}}) ([^ \n]{{44}})\n"
                      f"lost {WHOLE} {WHOLE} ([^ \n]{{44}}) ([^ \n]{{44}})\nbecause [^\n]*\n\\Z")


def signed_text(note: str, key: Key) -> str:
    """What the log signed, if it did. Raises Refused."""
    text, _, lines = note.partition("\n\n")
    text += "\n"
    if text.split("\n", 1)[0] != key.name:
        raise Refused(404, "another log's: its name is not the one that I watch")
    if lines.count("\n") != 1 or not lines.endswith("\n"):
        raise Refused(400, "a note has exactly one signature here")
    mark, name, encoded = (lines.strip().split(" ", 2) + ["", ""])[:3]
    data = strict(encoded)
    if (mark, name, data[:4]) != (DASH, key.name, key.id) or not verifies(key.raw, text.encode(), data[4:]):
        raise Refused(403, "not signed with the log's key")
    return text


def head_of(note: str, key: Key) -> Head:
    found = HEAD.match(signed_text(note, key))
    if not found:
        raise Refused(400, "signed, but not a head")
    size, root, at, number, previous = found.groups()
    digest = hashlib.sha256(note.encode()).digest()
    return Head(int(size), strict(root), int(at), int(number), strict(previous), digest, note)


def strict(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if not data or base64.b64encode(data).decode() != text:
        raise Refused(400, "this is not base64")
    return data


# --- The proof that a log only grew (RFC 9162, section 2.1.4.2) ----------------------------------------------


def pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does the log of `new` entries begin with the log of `old` entries?"""
    if old > new or any(len(part) != 32 for part in proof):
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old else hashlib.sha256(b"").digest())
    parts: list[bytes] = [*proof] if old & (old - 1) else [old_root, *proof]
    low, high = old - 1, new - 1
    while low & 1:
        low, high = low >> 1, high >> 1
    if not parts:
        return False
    before = after = parts[0]
    for part in parts[1:]:
        if not high:
            return False
        if low & 1 or low == high:
            before, after = pair(part, before), pair(part, after)
            while low and not low & 1:
                low, high = low >> 1, high >> 1
        else:
            after = pair(after, part)
        low, high = low >> 1, high >> 1
    return not high and (before, after) == (old_root, new_root)


# --- What is kept ---------------------------------------------------------------------------------------------


class Witness:
    """One witness of one log, and its folder. Everything is on disk before anything is signed."""

    def __init__(self, folder: Path, log_key: Key | None, *announced: Key) -> None:
        self.folder, self.log_key, self.lock = folder, log_key, threading.Lock()
        self.announced = announced  # keys that the log will sign with after this one
        kept = json.loads((folder / "key.json").read_text(encoding="utf-8"))
        self.name, self.seed = str(kept["name"]), bytes.fromhex(kept["secret"])
        self.public = Key.of(self.name, public_of(self.seed), 4)
        self._last = next(reversed(self.seen()), None)  # one process at a time writes in a folder

    def _key_of(self, note: str) -> Key:
        """Which of the log's keys this says it is signed with; the first, which it then is not, if none."""
        said = note.rpartition(" ")[2][:5]  # 30 of the 32 bits by which a signature names its key
        known = [key for key in (self.log_key, *self.announced) if key]
        return next((key for key in known if base64.b64encode(key.id).decode()[:5] == said), known[0])

    def seen(self) -> list[dict[str, Any]]:
        """The heads that still stand, the oldest first: what a declared restore took back is not among them."""
        standing: list[dict[str, Any]] = []
        for line in lines_of(self.folder / "heads.log"):
            if line.get("restored"):
                standing = [each for each in standing if each["size"] <= line["size"]]
            standing.append(line)
        return standing

    def last(self) -> dict[str, Any] | None:
        return self._last

    def _keep(self, line: dict[str, Any]) -> None:
        append(self.folder / "heads.log", line)
        self._last = line

    def take(self, body: str) -> str:
        """A head with its proof, as C2SP's add-checkpoint sends it. Gives the cosignature line. Raises Refused."""
        first, _, note = body.partition("\n\n")
        words = first.split("\n")
        if not re.fullmatch(f"old {WHOLE}", words[0]) or self.log_key is None:
            raise Refused(400, "the first line must be: old, and a size")
        head, proof = head_of(note, self._key_of(note)), [strict(word) for word in words[1:]]
        with self.lock:
            self._check(int(words[0][4:]), head, proof)
            now = int(time.time())
            self._keep({"seen": now} | written(head))
            return self._cosigned(head, now)

    def _check(self, claimed: int, head: Head, proof: Sequence[bytes]) -> None:
        last = self.last() or {"size": 0, "root": hashlib.sha256(b"").hexdigest(), "number": -1, "time": 0}
        if head.size < last["size"]:
            raise self._refuse(head, last, "it is smaller than what I saw: entries are gone")
        if head.size == last["size"] and head.root.hex() != last["root"]:
            raise self._refuse(head, last, "it is another log of the same size: a second history")
        if claimed != last["size"]:
            raise Refused(409, "that is not the size that I saw last")  # a crash between us: no accusation
        if not extends(last["size"], bytes.fromhex(last["root"]), head.size, head.root, proof):
            raise self._refuse(head, last, "it does not begin with what I saw: a second history")
        follows = head.number > last["number"] or head.digest.hex() == last.get("digest")
        named = head.number != last["number"] + 1 or last["number"] < 0 or head.previous.hex() == last["digest"]
        if not follows or not named or head.time < last["time"]:
            raise self._refuse(head, last, "it does not follow on the head that I saw last")

    def _refuse(self, head: Head, last: dict[str, Any], why: str) -> Refused:
        evidence = {"refused": int(time.time()), "why": why, "shown": written(head), "seen": last}
        append(self.folder / "refused.log", evidence)
        log.critical("REFUSED a head of %s entries; the last I saw has %s: %s", head.size, last["size"], why)
        return Refused(409, why)

    def _cosigned(self, head: Head, now: int) -> str:
        text = head.note.partition("\n\n")[0] + "\n"
        signature = sign(self.seed, f"cosignature/v1\ntime {now}\n{text}".encode())
        return f"{DASH} {self.name} {base64.b64encode(self.public.id + now.to_bytes(8, 'big') + signature).decode()}\n"

    def restored(self, body: str) -> str:
        """A restore as the log declares it: {"declaration", "kept", "old", "proof"}. Raises Refused."""
        try:
            said = json.loads(body)
            note, kept_note, old = str(said["declaration"]), str(said["kept"]), int(said["old"])
            proof = [strict(str(part)) for part in said["proof"]]
        except (ValueError, KeyError, TypeError):
            raise Refused(400, "this is not a declaration") from None
        if self.log_key is None:
            raise Refused(400, "no log is watched")
        found, kept = DECLARED.match(signed_text(note, self._key_of(note))), head_of(kept_note, self._key_of(kept_note))
        if not found or strict(found[5]) != kept.digest:
            raise Refused(400, "signed, but it does not declare that this head was gone back to")
        with self.lock:
            return self._went_back(found, note, kept, old, proof)

    def _went_back(self, found: re.Match[str], note: str, kept: Head, old: int, proof: Sequence[bytes]) -> str:
        digest = hashlib.sha256(note.encode()).hexdigest()
        if any(line["digest"] == digest for line in lines_of(self.folder / "restored.log")):
            return self._cosigned(kept, int(time.time()))
        last = self.last()
        lost_number, lost_size = int(found[6]), int(found[7])
        if last and (last["size"], last["number"]) > (lost_size, lost_number):
            raise self._refuse(kept, last, "a restore was declared that does not own up to all that I saw")
        if last and last["number"] == lost_number and last["digest"] != strict(found[9]).hex():
            raise self._refuse(kept, last, "a restore was declared that names another head than I saw")
        before = [each for each in self.seen() if each["size"] <= kept.size]
        under: dict[str, Any] = before[-1] if before else {"size": 0, "root": hashlib.sha256(b"").hexdigest()}
        if old != under["size"]:
            raise Refused(409, str(under["size"]))
        if not extends(under["size"], bytes.fromhex(under["root"]), kept.size, kept.root, proof):
            raise self._refuse(kept, last or under, "a restore was declared to a log with another past")
        now = int(time.time())
        append(self.folder / "restored.log", {"declared": now, "digest": digest, "declaration": note, "last": last})
        self._keep({"seen": now, "restored": True} | written(kept))
        log.critical("DECLARED RESTORE: of %s entries %s are gone", lost_size, lost_size - kept.size)
        return self._cosigned(kept, now)


def written(head: Head) -> dict[str, Any]:
    return {"size": head.size, "root": head.root.hex(), "number": head.number, "time": head.time,
            "digest": head.digest.hex(), "note": head.note}


def append(path: Path, line: dict[str, Any]) -> None:
    """On the disk when this returns. A line half written before (a power cut) is closed first."""
    with path.open("ab+") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - 1, 0))
        half = file.read(1) not in (b"", b"\n")
        file.write((b"\n" if half else b"") + json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """Whatever was written whole. A line half written was never signed for."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            yield json.loads(line)
        except ValueError:
            log.warning("%s has a line that was half written; it was never signed for", path.name)


# --- Over HTTPS --------------------------------------------------------------------------------------------------


class Asked(BaseHTTPRequestHandler):
    """Two things can be told, and one asked."""

    witness: Witness
    timeout = SECONDS
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        last = self.witness.last()
        if self.path != "/head" or last is None:
            self._answer(404, "nothing\n")
        else:
            self._answer(200, last["note"])

    def do_POST(self) -> None:
        doing: dict[str, Callable[[str], str]] = {
            "/add-checkpoint": self.witness.take, "/restored": self.witness.restored}
        length = self.headers.get("content-length", "")
        if self.path not in doing or not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._answer(404 if self.path not in doing else 413, "no\n")
            return
        try:
            self._answer(200, doing[self.path](self.rfile.read(int(length)).decode()))
        except Refused as refused:
            self._refused(refused)
        except UnicodeDecodeError:
            self._answer(400, "not text\n")

    def _refused(self, refused: Refused) -> None:
        if refused.status != 409:
            self._answer(refused.status, f"{refused}\n")
            return
        last = self.witness.last()
        size = str(refused) if str(refused).isdigit() else last["size"] if last else 0
        self._answer(409, f"{size}\n", "text/x.tlog.size")

    def _answer(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Heads are logged where they are kept; who asks is nobody's business."""


class Server(ThreadingHTTPServer):
    """The handshake of one who is slow holds up nobody else: it is made in that one's own thread."""

    daemon_threads = True
    context: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(SECONDS)
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.info("a request broke off: %s", sys.exc_info()[0])


def server(witness: Witness, host: str, port: int, cert: str = "", key: str = "") -> Server:
    made = Server((host, port), type("AskedHere", (Asked,), {"witness": witness}))
    if cert:
        made.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.context.load_cert_chain(cert, key or None)
    return made


# --- The command -----------------------------------------------------------------------------------------------


def new(said: argparse.Namespace) -> int:
    said.folder.mkdir(parents=True, exist_ok=True)
    path = said.folder / "key.json"
    if not re.fullmatch(r"[^\s+]+", said.name):
        raise ValueError("a name has no blanks and no plus sign")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"name": said.name, "secret": secrets.token_hex(32)}, file)
    print(Witness(said.folder, None).public.text())
    return 0


def serve(said: argparse.Namespace) -> int:
    witness = Witness(said.folder, *map(Key.read, said.log))
    made = server(witness, said.host, said.port, said.cert, said.key)
    threading.Thread(target=listen_for_silence, args=[witness, said.silent], daemon=True).start()
    log.warning("witness %s listens on %s:%s", witness.public.text(), said.host, made.server_address[1])
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        made.server_close()
    return 0


def listen_for_silence(witness: Witness, minutes: int) -> None:
    while True:
        time.sleep(60)
        last = witness.last()
        if last and time.time() - last["seen"] > minutes * 60:
            log.error("SILENT: nothing new for %s minutes", int(time.time() - last["seen"]) // 60)


def take(said: argparse.Namespace) -> int:
    try:
        print(Witness(said.folder, *map(Key.read, said.log)).take(said.file.read_text(encoding="utf-8")), end="")
    except Refused as refused:
        print(f"REFUSED: {refused}.")
        return 1
    return 0


def status(said: argparse.Namespace) -> int:
    witness = Witness(said.folder, None)
    refused, last = list(lines_of(said.folder / "refused.log")), witness.last()
    for line in lines_of(said.folder / "restored.log"):
        print(f"RESTORE DECLARED on {moment(line['declared'])}. The log's own note:\n{line['declaration']}")
    for line in refused:
        print(f"REFUSED on {moment(line['refused'])}: a head of {line['shown']['size']} entries. Why: {line['why']}.")
    if last is None:
        print("No head has been seen yet.")
        return 1 if refused else 3
    print(f"The last head has {last['size']} entries and number {last['number']}; seen {moment(last['seen'])}.")
    if refused:
        print("Keep refused.log: it is the evidence. Ask the partnership, and not by way of the product.")
        return 1
    if time.time() - last["seen"] > said.silent * 60:
        print(f"SILENT for {int(time.time() - last['seen']) // 60} minutes: ask why.")
        return 3
    return 0


def head(said: argparse.Namespace) -> int:
    last = Witness(said.folder, None).last()
    print(last["note"] if last else "", end="")
    return 0 if last else 3


def moment(seconds: int) -> str:
    return time.strftime("%d %B %Y at %H:%M:%S UTC", time.gmtime(seconds))


def arguments() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parts = whole.add_subparsers(dest="command", required=True)
    for function in (new, serve, take, status, head):
        part = parts.add_parser(function.__name__)
        part.set_defaults(does=function)
        part.add_argument("--folder", type=Path, required=True, help="where everything is kept")
        if function in (serve, take):
            part.add_argument("--log", required=True, action="append",
                              help="the ledger's public key: name+id+key; once more for one that it has announced")
        if function in (serve, status):
            part.add_argument("--silent", type=int, default=60, metavar="MINUTES", help="how long is too long")
    parts.choices["new"].add_argument("--name", required=True, help="yours, such as police.example/witness")
    parts.choices["take"].add_argument("file", type=Path)
    for flag, default in (("--host", "0.0.0.0"), ("--cert", ""), ("--key", "")):  # noqa: S104 (partners reach it)
        parts.choices["serve"].add_argument(flag, default=default)
    parts.choices["serve"].add_argument("--port", type=int, default=8443)
    return whole


def main(given: Sequence[str] | None = None) -> int:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    said = arguments().parse_args(given)
    try:
        return int(said.does(said))
    except (OSError, ValueError, KeyError) as problem:
        print(f"Could not: {problem or type(problem).__name__}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
