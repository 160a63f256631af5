"""The whole search page, as a worker waits for it, beside pg_trgm on the same people in the clear."""

import http.client
import re
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import psycopg

from knownto.access.acts import system
from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.site.benchmarks import Figure, at_a_rate, percentile
from knownto.site.embedded import Embedded
from knownto.site.running import databases, serving
from knownto.town import build, searches
from knownto.town.searches import Search

A_SECOND, LANES = 10, 8
PORT = 8391
HOW_MANY = {"small": 300, "borough": 400}
SETTLING = 20  # seconds in which the worker does what it finds waiting at its start
PEER = "bench_peer"


def run(args: Namespace) -> list[Figure]:
    """p50, p95 and p99 of asking and being answered, over HTTP, signed in, at ten searches a second."""
    ends = datetime.fromisoformat((args.var / "year-ends").read_text()).date()
    asked = searches(build(args.size, args.seed, ends), HOW_MANY[args.size], 7)
    with databases(args.var):
        data = _in_the_clear(args)
        with serving(PORT):
            time.sleep(SETTLING)
            ours = _ours(asked)
        peers = _peers(args, asked)
    data = f"{args.size}: {data:,} records; {len(asked)} searches at {A_SECOND} a second"
    return [
        Figure(
            f"search page p{int(share * 100)}",
            round(percentile(ours, share) * 1000, 1),
            "ms",
            data,
            "pg_trgm, names in the clear, query only: no page, sealing, ledger or reasons",
            round(percentile(peers, share) * 1000, 1),
            "asking and answer together: two requests, each a whole page",
        )
        for share in (0.5, 0.95, 0.99)
    ]


class Browser:
    """One signed-in worker's browser, without the drawing."""

    def __init__(self) -> None:
        self.asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookies = SimpleCookie()

    def go(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it sends us on to, and the page."""
        headers = {"Cookie": "; ".join(f"{k}={m.value}" for k, m in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self.asking.request("GET" if form is None else "POST", path, urlencode(form or {}), headers)
        answer = self.asking.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        return answer.status, answer.headers.get("Location", ""), body

    def token(self, path: str) -> str:
        """The word that a form on that page must carry."""
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.go(path)[2])[1]

    def sign_in(self, code: str) -> None:
        self.go(f"/demo/{code}/", {"csrfmiddlewaretoken": self.token("/demo/")})
        self.word = self.token("/search/")

    def search(self, search: Search) -> None:
        form = question(search) | {"csrfmiddlewaretoken": self.word}
        status, onward, page = self.go("/search/", form)
        if status != 302 or self.go(onward)[0] != 200:
            raise RuntimeError(f"The search page answered {status}: {re.findall('error-message.*', page)[:3]}")


def question(search: Search) -> dict[str, str]:
    """What a worker types, as the form's fields."""
    known = search.known
    form = {
        "purpose": "child-concern",
        "work": "BENCH-1",
        "given": known.given_names,
        "family": known.family_name,
        "age": "" if known.estimated_age is None else str(known.estimated_age),
        "address": known.address_line_1,
        "postcode": known.postcode,
        "nhs_number": known.nhs_number,
        "phone": known.phone,
    }
    if known.birth_date:
        day = known.birth_date
        form |= {"born_day": str(day.day), "born_month": str(day.month), "born_year": str(day.year)}
    return form


def _ours(asked: tuple[Search, ...]) -> list[float]:
    search = searcher()
    at_a_rate(asked[:40], search, a_second=A_SECOND, lanes=LANES)  # warm: connections, caches
    return at_a_rate(asked, search, a_second=A_SECOND, lanes=LANES)


def searcher() -> Callable[[Search], None]:
    """Somebody signed in who searches, on a connection of each lane's own."""
    local, shared = threading.local(), Browser()
    shared.sign_in("screener")

    def search(piece: Search) -> None:
        if not hasattr(local, "browser"):
            local.browser = Browser()
            local.browser.cookies = shared.cookies
            local.browser.word = shared.word
        local.browser.search(piece)

    return search


def _in_the_clear(args: Namespace) -> int:
    """The peer's table, in a database of its own that is thrown away: returns how many records."""
    cluster = Embedded(args.var, "main")
    cluster.sql(f"DROP DATABASE IF EXISTS {PEER}")
    cluster.sql(f"CREATE DATABASE {PEER}")
    cluster.sql("CREATE EXTENSION pg_trgm; CREATE TABLE clear (name text, born date, postcode text)", PEER)
    into = "COPY clear FROM STDIN"
    with _peer(cluster) as peer, peer.cursor() as cursor, cursor.copy(into) as copy, system("bench"):
        rows = 0
        batch: list[Record] = []
        for record in Record.objects.filter(removed_at=None).order_by("id").iterator(2000):
            batch.append(record)
            if len(batch) == 2000:
                rows += _write(copy, batch)
                batch = []
        rows += _write(copy, batch)
    cluster.sql(
        "CREATE INDEX ON clear USING gin (name gin_trgm_ops); CREATE INDEX ON clear (born);"
        "CREATE INDEX ON clear (postcode); ANALYZE clear",
        PEER,
    )
    return rows


def _write(copy: psycopg.Copy, batch: list[Record]) -> int:
    for plain in keyring.open_rows(batch):
        said = plain["evidence"]
        addresses = said.get("addresses") or [{}]
        name = f"{said.get('given_names', '')} {said.get('family_name', '')}".lower()
        copy.write_row((name, said.get("birth_date"), addresses[0].get("postcode", "")))
    return len(batch)


def _peer(cluster: Embedded) -> psycopg.Connection:
    return psycopg.connect(host=str(cluster.socket), user="postgres", dbname=PEER, autocommit=True)


ASK = """SELECT name, born, postcode FROM clear WHERE name %% %(name)s
ORDER BY similarity(name, %(name)s) + (born = %(born)s)::int + (postcode = %(postcode)s)::int DESC NULLS LAST
LIMIT 10"""


def _peers(args: Namespace, asked: tuple[Search, ...]) -> list[float]:
    local = threading.local()
    cluster = Embedded(args.var, "main")

    def search(piece: Search) -> None:
        if not hasattr(local, "peer"):
            local.peer = _peer(cluster)
        known = piece.known
        name = f"{known.given_names} {known.family_name}".lower()
        local.peer.execute(ASK, {"name": name, "born": known.birth_date, "postcode": known.postcode}).fetchall()

    named = [piece for piece in asked if piece.known.family_name]
    at_a_rate(named[:40], search, a_second=A_SECOND, lanes=LANES)
    return at_a_rate(named, search, a_second=A_SECOND, lanes=LANES)
