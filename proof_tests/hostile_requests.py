"""Requests as careless, broken or hostile clients might send them: bytes, from a seed. Standard library alone.

It is told where there is something to ask for (paths with `<kind:name>` in them, as any list of routes has them) and
with which cookies; it knows nothing else of the product. Each says what it is, so that it can be made again.
"""

import json
import random
import re
import string
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

MARK = "zq7<x'\">zq7"  # what no answer may give back as it is: it would be a script's beginning
SECRET = "Quillfeather-of-the-wire"  # a name that is sent in every place, and may be in no log
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Asked:
    """One exchange: its kind and number, the bytes, and whether the web server itself may refuse to read them."""

    kind: str
    number: int
    data: bytes
    broken: bool = False

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"


@dataclass
class Request:
    """An ordinary request, which a kind then makes extraordinary."""

    method: str
    path: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    version: str = "HTTP/1.1"

    def written(self, *, length: bool = True) -> bytes:
        headers = [*self.headers, ("Connection", "close")]
        if length and (self.body or self.method == "POST"):
            headers.append(("Content-Length", str(len(self.body))))
        head = f"{self.method} {self.path} {self.version}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers) + "\r\n"
        return head.encode("latin-1", "replace") + self.body


@dataclass(frozen=True)
class Known:
    """What the attacker knows: paths, whole cookies ('' is nobody's) and the host."""

    paths: Sequence[str]
    cookies: Sequence[str]
    host: str


Change = Callable[[random.Random, Request], bytes]

NASTY = [
    MARK, SECRET, "", " ", "\u202e" + SECRET, "\x00", "%00", "\ufeff", "\ud7ff", "\uffff", "𝒮" * 50, "é" * 300, "A" * 5_000,
    "' OR '1'='1", "'; DROP TABLE ledger_entry; --", "{{7*7}}", "${7*7}", "%s%n", "../../../etc/passwd", "..%2f..%2f", "-1", "0",
    "1e309", "NaN", "Infinity", "9" * 400, "٣", "2026-02-30", "0001-01-01", "99999-12-31", "true", "null", "[]", "{}", "a=b&c",
    "\r\nSet-Cookie: a=b", "javascript:alert(1)", "//evil.example/", "http://169.254.169.254/", "=1+1", "\\", "%", "%zz", "$(id)",
]  # fmt: skip
FIELDS = (
    "csrfmiddlewaretoken", "login", "password", "next", "family", "given", "postcode", "address", "born_day", "born_month",
    "born_year", "nhs_number", "phone", "purpose", "work", "why", "code", "worker", "team", "agency", "seen", "words", "rationale",
    "level", "move", "at", "about", "children", "role", "file", "before", "csv", "page", "draft", "intent", "receipt", "reference",
)  # fmt: skip
HEADERS = (
    "Host", "Cookie", "Referer", "Origin", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "HX-Request",
    "HX-Target", "HX-Current-URL", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-CSRFToken", "If-None-Match",
    "If-Modified-Since", "Range", "Content-Type", "Content-Encoding", "Idempotency-Key", "Expect", "X-HTTP-Method-Override", "Forwarded",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data", "text/plain", "application/xml", "",
    "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense", "multipart/form-data; boundary=",
)  # fmt: skip


def _quoted(text: str) -> str:
    safe = string.ascii_letters + string.digits + "-_."
    return "".join(c if c in safe else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in text)


def _nasty(chance: random.Random) -> str:
    if chance.random() < 0.15:
        return "".join(chr(chance.choice([chance.randrange(32, 127), chance.randrange(128, 0xD000)])) for _ in range(20))
    return chance.choice(NASTY)


def _form(chance: random.Random, fields: int = 5) -> bytes:
    return "&".join(f"{_quoted(chance.choice(FIELDS))}={_quoted(_nasty(chance))}" for _ in range(fields)).encode()


def _usual(chance: random.Random, known: Known, method: str = "") -> Request:
    """What a browser would send, to somewhere real, as somebody or nobody."""
    headers = [("Host", known.host)]
    if cookie := chance.choice(known.cookies):
        headers.append(("Cookie", cookie))
        if token := re.search(r"csrftoken=([^;]+)", cookie):
            headers.append(("X-CSRFToken", token[1]))
    return Request(method or chance.choice(["GET", "GET", "POST"]), _filled(chance, chance.choice(known.paths)), headers)


def _filled(chance: random.Random, path: str) -> str:
    """The path with something that could be there in each of its places."""
    return "/" + PLACE.sub(lambda place: _place(chance, place[1] or "str"), path)


def _place(chance: random.Random, kind: str) -> str:
    usual = {"uuid": str(uuid.UUID(int=chance.getrandbits(128))), "int": str(chance.choice([0, 1, 7, 10**9, 10**30]))}
    return usual.get(kind, chance.choice(["police", "child", "health", "look", "strategy", "x" * 200, "a-b"]))


def _ids(chance: random.Random, request: Request) -> bytes:
    parts = request.path.split("/")
    parts[chance.randrange(1, len(parts))] = _quoted(_nasty(chance))[:3000]
    request.path = "/".join(parts) or "/"
    return request.written()


def _tricks(chance: random.Random, request: Request) -> bytes:
    how = chance.choice(("//", "/./", "/../", "/%2e%2e/", ";a=b/", "/\\/", "%00", "%2f", "/static/../", "/static/%2e%2e/%2e%2e/", "?", "/."))
    request.path = how + request.path if chance.random() < 0.4 else request.path.rstrip("/") + how
    request.path = request.path if request.path.startswith(("/", "?")) else "/" + request.path
    return request.written()


def _query(chance: random.Random, request: Request) -> bytes:
    request.path += "?" + _form(chance, chance.choice([1, 3, 300])).decode()
    return request.written()


def _posted(chance: random.Random, request: Request) -> bytes:
    request.method, request.body = "POST", _form(chance, chance.choice([1, 5, 30, 250]))
    request.headers.append(("Content-Type", TYPES[0]))
    return request.written()


def _typed(chance: random.Random, request: Request) -> bytes:
    body = chance.choice((_form(chance), b"\xff\xfe\x00", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
                          b"", chance.randbytes(300)))  # fmt: skip
    request.method, request.body = "POST", body
    request.headers.append(("Content-Type", chance.choice(TYPES)))
    return request.written()


def _multipart(chance: random.Random, request: Request) -> bytes:
    edge = chance.choice(["edge", "e" * 70, "e" * 500, "a b", "\u00e9"])
    name, file = _nasty(chance).replace("\r\n", " "), chance.choice(["../../x.csv", "a\x00.csv", MARK, "x" * 3000, "con.xlsx", ""])
    part = f'--{edge}\r\nContent-Disposition: form-data; name="{chance.choice(FIELDS)}"; filename="{file}"\r\n\r\n{name}\r\n'
    ends = chance.choice([f"--{edge}--\r\n", "", f"--{edge}", "\r\n"])
    request.method, request.body = "POST", (part * chance.choice([1, 3, 40]) + ends).encode("utf-8", "replace")
    request.headers.append(("Content-Type", f"multipart/form-data; boundary={edge}"))
    return request.written()


def _json(chance: random.Random, request: Request) -> bytes:
    deep = chance.choice([10, 1_000, 100_000])
    request.method = "POST"
    request.body = chance.choice((
        b"[" * deep, b"[" * deep + b"]" * deep, b'{"a":' * deep + b"1" + b"}" * deep, b'{"children": 1e999}', b'{"a": NaN}',
        b'{"a": 1, "a": 2}', ("{\"what_happened\": \"" + SECRET + "\", \"children\": []}").encode(), b"9" * 5_000, b'"\\ud800"', b"\xef\xbb\xbf{}",
        json.dumps({chance.choice(FIELDS): _nasty(chance) for _ in range(5)}).encode(), b"null", b"",
    ))  # fmt: skip
    request.headers.append(("Content-Type", "application/json"))
    return request.written()


def _header(chance: random.Random, request: Request) -> bytes:
    value = re.sub(r"[\r\n\0]", " ", _nasty(chance))[:4000]
    request.headers.append((chance.choice(HEADERS[2:]), value))
    return request.written()


def _cookies(chance: random.Random, request: Request) -> bytes:
    name = chance.choice(["sessionid", "csrftoken", "knownto_browser", "messages", "__proto__", "", "a b"])
    value = re.sub(r"[\r\n\0]", "", _nasty(chance))[:3500]
    request.headers.append(("Cookie", chance.choice((f"{name}={value}", value, "; ".join(f"c{n}=x" for n in range(300)), "=;=;=", f'{name}="'))))
    return request.written()


def _csrf(chance: random.Random, request: Request) -> bytes:
    token = chance.choice(["", "a" * 32, "b" * 64, MARK, "\u00e9" * 32])
    request.method = "POST"
    request.headers = [each for each in request.headers if each[0] != "X-CSRFToken"]
    request.headers += [("Content-Type", TYPES[0]), ("Origin", chance.choice(["null", "http://evil.example", "https://[", request.headers[0][1]]))]
    request.body = f"csrfmiddlewaretoken={_quoted(token)}&a={_quoted(SECRET)}".encode()
    return request.written()


def _method(chance: random.Random, request: Request) -> bytes:
    request.method = chance.choice(["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "get", "FOO", "X" * 19])
    return request.written()


def _host(chance: random.Random, request: Request) -> bytes:
    hosts = ["evil.example", "", "localhost:99999", "127.0.0.1@evil.example", "[::1", "a" * 300, "localhost, evil.example", MARK, SECRET]
    request.headers = [("Host", chance.choice(hosts)), *request.headers[1:]]
    return request.written()


def _host_twice(chance: random.Random, request: Request) -> bytes:
    request.headers = [*request.headers, ("Host", "evil.example")]
    return request.written()


def _line(chance: random.Random, request: Request) -> bytes:
    lines = ["GET", "GET /", "GET / HTTP/9.9", f"GET  /{SECRET} HTTP/1.1", "\x16\x03\x01\x02", f"{SECRET} / HTTP/1.1 more", "GET /\x00 HTTP/1.1", "GET http://[ HTTP/1.1",
             "GET * HTTP/1.1", f"GET /{'a' * 9_000} HTTP/1.1", "/ GET HTTP/1.1", "GET /\u00e9 HTTP/1.1", ""]  # fmt: skip
    return (chance.choice(lines) + f"\r\nHost: {request.headers[0][1]}\r\nConnection: close\r\n\r\n").encode("latin-1")


def _bad_headers(chance: random.Random, request: Request) -> bytes:
    bad = chance.choice([f"{SECRET}: x : y", f"{SECRET} : x", f": {SECRET}", f"{SECRET}", f" folded: {SECRET}", f"A: {SECRET}\rB: c", f"A\x00: {SECRET}",
                         "B: " + "y" * 9_000, "\r\n".join(f"H{n}: x" for n in range(150)), f"Content_Length: {SECRET}"])  # fmt: skip
    whole = request.written()
    first, _, rest = whole.partition(b"\r\n")
    return first + b"\r\n" + bad.encode("latin-1") + b"\r\n" + rest


def _smuggled(chance: random.Random, request: Request) -> bytes:
    """Two lengths that disagree, chunks that do not add up: whatever follows must not be answered as somebody else's."""
    hidden = f"GET /{SECRET} HTTP/1.1\r\nHost: {request.headers[0][1]}\r\n\r\n"
    lengths = chance.choice([
        "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content-Length: 4\r\nContent-Length: 60",
        "Transfer-Encoding: xchunked", "Transfer-Encoding:\tchunked", "Content-Length: +4", "Content-Length: -1", "Content-Length: 1_0", "Content-Length: 0x4",
        "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked",
    ])  # fmt: skip
    body = chance.choice(["0\r\n\r\n", "5\r\nabcde\r\n0\r\n\r\n", "zz\r\n", "-1\r\n", "fffffffffffffffff\r\na", "1;a=b\r\nx\r\n0\r\n\r\n", ""]) + hidden
    head = f"POST {request.path} HTTP/1.1\r\nHost: {request.headers[0][1]}\r\n{lengths}\r\nConnection: close\r\n\r\n"
    return (head + body).encode("latin-1", "replace")


def _noise(chance: random.Random, request: Request) -> bytes:
    return chance.randbytes(chance.randint(1, 3_000)) + b"\r\n\r\n"


def _flipped(chance: random.Random, request: Request) -> bytes:
    data = bytearray(request.written())
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(chance: random.Random, request: Request) -> bytes:
    request.method, request.body = "POST", _form(chance)
    request.headers.append(("Content-Type", TYPES[0]))
    whole = request.written()
    return whole[: chance.randrange(1, len(whole))]


# Each kind, and whether what it sends may be no HTTP at all, which the web server refuses before the product sees it.
KINDS: dict[str, tuple[Change, bool]] = {
    "ids": (_ids, False), "path tricks": (_tricks, False), "query": (_query, True), "form": (_posted, False), "content type": (_typed, False),
    "multipart": (_multipart, False), "json": (_json, False), "header": (_header, False), "cookies": (_cookies, False), "csrf": (_csrf, False),
    "method": (_method, True), "host": (_host, True), "host twice": (_host_twice, True), "request line": (_line, True), "bad headers": (_bad_headers, True), "smuggling": (_smuggled, True),
    "noise": (_noise, True), "flipped bytes": (_flipped, True), "cut short": (_cut, True),
}  # fmt: skip


def requests(known: Known, many: int, seed: str) -> Iterator[Asked]:
    """That many, each kind in its turn."""
    kinds = list(KINDS)
    for number in range(many):
        kind = kinds[number % len(kinds)]
        change, broken = KINDS[kind]
        chance = random.Random(f"{seed}/{kind}/{number}")
        yield Asked(kind, number, change(chance, _usual(chance, known)), broken)
