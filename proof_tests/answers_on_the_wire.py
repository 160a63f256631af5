"""What is wrong with an answer, whatever was asked: the oracle of the hostile requests. Standard library alone."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from proof_tests.hostile_requests import MARK, SECRET, Asked

# What every answer of the product carries, errors too, and what stands in it.
HEADERS = {
    "content-security-policy": re.compile(r"default-src 'none'|default-src 'self'"),
    "x-content-type-options": re.compile("nosniff"),
    "x-frame-options": re.compile("DENY"),
    "referrer-policy": re.compile("no-referrer|same-origin"),
    "permissions-policy": re.compile(r"camera=\(\)"),
    "cross-origin-resource-policy": re.compile("same-origin"),
    "cross-origin-opener-policy": re.compile("same-origin"),
}
TRACES = (b"Traceback (most", b'File "/', b"site-packages", b"psycopg", b"DETAIL:", b"knownto.site.settings")
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
NUMBERS = re.compile(rb"(?<![0-9a-zA-Z+/=_-])\d{10,11}(?![0-9a-zA-Z+/=_-])")


@dataclass(frozen=True)
class Secrets:
    """Numbers of people of the borough, as digits."""

    numbers: frozenset[bytes]

    @classmethod
    def of(cls, truth: Path) -> "Secrets":
        found = set()
        with (truth / "people.csv").open(encoding="utf-8") as file:
            for person in csv.DictReader(file):
                found |= {re.sub(r"\D", "", person[what]).encode() for what in ("nhs_number", "phone")}
        return cls(frozenset(each for each in found if len(each) >= 10))

    def held_by(self, data: bytes) -> Iterator[bytes]:
        """Which of them stand there, however they are spaced."""
        closed = re.sub(rb"(?<=\d)[ -](?=\d)", b"", data)
        yield from (found for found in {*NUMBERS.findall(data), *NUMBERS.findall(closed)} if found in self.numbers)


def faults(asked: Asked, answer: bytes, secrets: Secrets) -> list[str]:
    """Everything that is wrong with it, in words."""
    return [f"{asked}: {fault}" for fault in _faults(asked, answer, secrets)]


def _faults(asked: Asked, answer: bytes, secrets: Secrets) -> Iterator[str]:
    if not answer:
        if not asked.broken:
            yield "was not answered"
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    status = STATUS.match(head)
    if status is None:
        yield f"was answered with {answer[:40]!r}"
        return
    if int(status[1]) >= 500:
        yield f"was answered {status[1].decode()}"
    if STATUS.search(body):
        yield "was answered twice"
    yield from (f"shows {trace.decode()}" for trace in TRACES if trace in answer)
    if MARK.encode() in answer:
        yield "gives back what would be a script"
    yield from (f"shows somebody's number, which ends in {found[-2:].decode()}" for found in secrets.held_by(body))
    yield from _headers(asked, head, body, int(status[1]))


def _headers(asked: Asked, head: bytes, body: bytes, status: int) -> Iterator[str]:
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    held = {name.strip().lower().decode("latin-1"): value.strip().decode("latin-1") for name, _, value in lines}
    if asked.broken and "content-security-policy" not in held:
        # The web server refused it before the product saw it: then there is nothing in it but that.
        if not 400 <= status < 500 or len(body) > 500 or SECRET.encode() in body:
            yield f"the web server itself answered {status} with more than a refusal"
        return
    yield from (f"has no right {name}" for name, value in HEADERS.items() if not value.search(held.get(name, "")))
    if "unsafe-" in held.get("content-security-policy", ""):
        yield "lets unsafe content in"
    if "server" in held and re.search(r"\d", held["server"]):
        yield "says which version it is"


def in_logs(log: bytes, secrets: Secrets) -> list[str]:
    """What of anybody, or of what was sent, stands in a log."""
    places = [log[max(0, found.start() - 80) : found.end()] for found in re.finditer(SECRET.encode(), log)]
    said = [f"the log holds what was sent: {place!r}" for place in places[:10]]
    said += [f"the log shows {trace.decode()}" for trace in (b"Traceback (most", b"DETAIL:") if trace in log]
    return said + [
        f"the log holds somebody's number, which ends in {each[-2:].decode()}" for each in secrets.held_by(log)
    ]
