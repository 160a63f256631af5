"""One live resolve: from what a worker has to the people it may be about, in a hub of up to three million records.

Counted: cleaning, blinding, the look-up in the sealed index, keys, opening, comparing, deciding and reasons; not
the page and the ledger, which `searching` counts. Beside it, on the same rows and in the same run, what reads names in
the clear: pg_trgm with date and postcode, and Splink's comparison of one record with all.
"""

import gc
import json
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

from knownto import linkage
from knownto.access.acts import system
from knownto.footprint.question import Question
from knownto.identity import blind, finding, looking
from knownto.identity.answers import NothingKnown, TooCommon
from knownto.identity.cleaned import Opened
from knownto.identity.statements import rows
from knownto.site.benchmarks import Figure, apart, hub, percentile
from knownto.site.embedded import Embedded
from knownto.site.running import databases
from knownto.town import build, searches
from knownto.town.searches import Search

SLICES = {"small": (1, 3), "borough": (31, 95)}  # about 31,600 records each: growth is from the first to the second
ASKED, PEERS_ASKED, SPLINK_ASKED = 2000, 60, 5
WARM = 300
PEER = "bench_resolve_peer"
SHARES = (0.5, 0.95, 0.99)
AT_ONCE = 5000


def run(args: Namespace) -> Iterator[Figure]:
    """Time and size at two sizes of hub, and the peers at the larger."""
    var = hub.folder(args.var)
    before = None
    for slices in SLICES[args.size]:
        records = hub.grow(var, slices)
        told = apart.run(var, "resolving", var, "measure", slices)
        data = f"{records:,} records, {told['asked']:,} questions"
        yield from _figures(told, data)
        if before:
            yield Figure(
                "resolve, growth of p95", round(told["p95"] / before["p95"], 2), "times", data, note=before["data"]
            )
        before = told | {"data": f"from {records:,} records"}


def _figures(told: dict, data: str) -> Iterator[Figure]:
    peers = told["peers"]
    for share in SHARES:
        name = f"p{int(share * 100)}"
        beside = ("pg_trgm with date and postcode, in the clear", peers["pg_trgm"][name]) if peers else ("", None)
        yield Figure(f"resolve {name}", told[name], "ms", data, *beside)
    if peers and peers["splink"]:
        yield Figure(
            "resolve p50 beside Splink", told["p50"], "ms", data, "Splink, one record with all", peers["splink"]
        )
    elif peers:
        yield Figure("resolve p50 beside Splink", told["p50"], "ms", data, note="Splink not run: not installed")
    yield Figure("resolves, two processes", told["a_second"], "a second", data)
    yield Figure("resolve, held person among candidates", told["reached"], "%", data, note="at most 64")
    yield Figure("resolve, held person first", told["first"], "%", data)
    yield Figure("resolve, the same with a date of birth or a number", told["first_identified"], "%", data)
    yield Figure("keys and sealed identity, a million records", told["gigabytes"], "GB", data, "the limit set", 1.5)


# In processes of their own, on the hub


def here(var: str, what: str, slices: str, lane: str = "0") -> object:
    if what == "lane":
        return _times(questions(int(slices))[int(lane) :: 2])
    return _measured(Path(var), int(slices))


def questions(slices: int) -> list[tuple[linkage.Evidence, str | None]]:
    """What workers would ask, and the id of whom they mean (None: nobody held)."""
    town = build("region", hub.SEED, hub.ENDS)
    return [(_evidence(search), search.person_id) for search in searches(town, ASKED, 7, slices)]


def _evidence(search: Search) -> linkage.Evidence:
    known = search.known
    return Question(
        given=known.given_names,
        family=known.family_name,
        born=known.birth_date,
        age=known.estimated_age,
        address=known.address_line_1,
        postcode=known.postcode,
        nhs_number=known.nhs_number,
        phone=known.phone,
    ).evidence(hub.ENDS)


def _measured(var: Path, slices: int) -> dict:
    with databases(var):
        asked = questions(slices)
        took = _times(asked)["took"]
        right = _right(asked)
        size = _gigabytes(var)
        lanes = [apart.start(var, "resolving", var, "lane", slices, lane) for lane in (0, 1)]
        both = [apart.answer(lane) for lane in lanes]
        peers = _peers(var, asked) if slices > 1 else None
    return {
        "asked": len(asked),
        **{f"p{int(share * 100)}": _ms(took, share) for share in SHARES},
        "a_second": _together(both),
        **right,
        "gigabytes": size,
        "peers": peers,
    }


def _ms(seconds: list[float], share: float) -> float:
    return round(percentile(seconds, share) * 1000, 2)


def _times(asked: list[tuple[linkage.Evidence, str | None]]) -> dict:
    """Seconds each took, one after another on a warm connection; when the first began and the last ended."""
    took = []
    gc.collect()
    gc.freeze()  # as the web server does once it has started
    with system("bench"):
        for evidence, _ in asked[:WARM]:
            finding.search(evidence)
        begun = time.monotonic()
        for evidence, _ in asked:
            start = time.perf_counter()
            finding.search(evidence)
            took.append(time.perf_counter() - start)
        return {"took": took, "begun": begun, "ended": time.monotonic()}


def _together(lanes: list[dict]) -> float:
    """Resolves a second while both lanes were at it."""
    begun, ended = max(lane["begun"] for lane in lanes), min(lane["ended"] for lane in lanes)
    done = 0.0
    for lane in lanes:
        rate = len(lane["took"]) / (lane["ended"] - lane["begun"])
        done += rate * max(0.0, ended - begun)
    return round(done / max(ended - begun, 0.001), 0) if ended > begun else 0.0


def _right(asked: list[tuple[linkage.Evidence, str | None]]) -> dict[str, float]:
    """Whether whoever is meant, and held, is among the candidates, and is the first of those shown."""
    reached = first = held = identified = first_identified = 0
    with system("bench"):
        for evidence, meant in asked:
            records = _records_of(meant) if meant else ()
            if not records:
                continue
            held += 1
            tokens = blind.tokens(linkage.query_keys(linkage.clean(evidence)))
            candidates = blind.candidates({0: tokens}, cap=finding.CAP, best=looking.MOST_OPENED)[0].records
            reached += not records.isdisjoint(candidates)
            answer = finding.search(evidence)
            shown = () if isinstance(answer, NothingKnown | TooCommon) else answer.people
            right = bool(shown) and shown[0].record in records
            first += right
            if evidence.birth_date or evidence.nhs_number:
                identified, first_identified = identified + 1, first_identified + right
    return {
        "held": held,
        "reached": _percent(reached, held),
        "first": _percent(first, held),
        "first_identified": _percent(first_identified, identified),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 2)


def _records_of(name: str) -> set[int]:
    found = rows("SELECT record FROM identity_member WHERE person_id = %s", hub.person_id(name))
    return {record for (record,) in found}


TABLES = ("identity_blindkey", "identity_cleaned", "identity_member", "identity_person")
SIZE = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name"


def _gigabytes(var: Path) -> float:
    """Keys, cleaned forms, wrapped data keys and whose each record is, with their indexes, for a million records."""
    with hub.connected(var) as main, hub.connected(var, "keys") as keys:
        [size] = main.execute(SIZE, [list(TABLES)]).fetchone()
        [wrapped] = keys.execute(SIZE, [["keyring_wrappedkey"]]).fetchone()
        [records] = main.execute("SELECT count(*) FROM identity_cleaned").fetchone()
    return round(float(size + wrapped) / records * 1_000_000 / 2**30, 2)


# The peers, on the same people in the clear


def _peers(var: Path, asked: list[tuple[linkage.Evidence, str | None]]) -> dict:
    clear = var / "in-the-clear.csv"
    named = [evidence for evidence, _ in asked if evidence.family_name and evidence.given_names]
    try:
        _write_clear(clear, var)
        return {"pg_trgm": _pg_trgm(var, clear, named[:PEERS_ASKED]), "splink": _splink(clear, named[:SPLINK_ASKED])}
    finally:
        clear.unlink(missing_ok=True)


def _write_clear(clear: Path, var: Path) -> None:
    """The invented people as a table that hides nothing: thrown away after the run."""
    with hub.connected(var) as main, clear.open("w") as out:
        records = [record for (record,) in main.execute("SELECT record FROM identity_cleaned ORDER BY 1")]
        for start in range(0, len(records), AT_ONCE):
            with system("bench"):
                opened = Opened().get(records[start : start + AT_ONCE])
            for record, one in opened.items():
                postcode = next((p.postcode for p in one.places if p.postcode), "")
                cells = (str(record), " ".join(one.given).lower(), " ".join(one.family).lower(), _day(one), postcode)
                out.write(",".join(cells) + "\n")


def _day(one: linkage.Cleaned) -> str:
    return one.born.isoformat() if one.born else ""


TRGM = """SELECT name, born, postcode FROM clear WHERE name %% %(name)s
ORDER BY similarity(name, %(name)s) + (born = %(born)s)::int + (postcode = %(postcode)s)::int DESC NULLS LAST
LIMIT 10"""
CLEAR = """CREATE EXTENSION pg_trgm; CREATE TABLE raw (id bigint, given text, family text, born date, postcode text)"""
INDEXED = """CREATE TABLE clear AS SELECT given || ' ' || family AS name, born, postcode FROM raw; DROP TABLE raw;
CREATE INDEX ON clear USING gin (name gin_trgm_ops); CREATE INDEX ON clear (born); CREATE INDEX ON clear (postcode);
ANALYZE clear"""


def _pg_trgm(var: Path, clear: Path, asked: list[linkage.Evidence]) -> dict[str, float]:
    cluster = Embedded(var, "main")
    cluster.sql(f"DROP DATABASE IF EXISTS {PEER}")
    cluster.sql(f"CREATE DATABASE {PEER}")
    took = []
    with psycopg.connect(host=str(cluster.socket), user="postgres", dbname=PEER, autocommit=True) as peer:
        peer.execute(CLEAR)
        with peer.cursor() as cursor, cursor.copy("COPY raw FROM STDIN (FORMAT csv)") as copy, clear.open() as rows:
            while part := rows.read(1 << 20):
                copy.write(part)
        for statement in INDEXED.split(";"):
            peer.execute(statement)
        for one in asked:
            start = time.perf_counter()
            peer.execute(TRGM, _in_words(one)).fetchall()
            took.append(time.perf_counter() - start)
    cluster.sql(f"DROP DATABASE {PEER}")
    return {f"p{int(share * 100)}": _ms(took, share) for share in SHARES}


def _in_words(one: linkage.Evidence) -> dict[str, object]:
    postcode = next((a.postcode.replace(" ", "").upper() for a in one.addresses), "")
    return {"name": f"{one.given_names} {one.family_name}".lower(), "born": one.birth_date, "postcode": postcode}


def _splink(clear: Path, asked: list[linkage.Evidence]) -> float | None:
    """The median of Splink's one-record comparison, in ms; None where it is not installed."""
    if not (find_spec("splink") and find_spec("duckdb")):
        return None
    words = [{"given": one.given_names.lower(), "family": one.family_name.lower(), **_plain(one)} for one in asked]
    command = [sys.executable, str(Path(__file__).with_name("splink_peer.py")), str(clear)]
    done = subprocess.run(command, input=json.dumps(words), capture_output=True, text=True, check=True)
    return round(float(done.stdout.splitlines()[-1]), 1)


def _plain(one: linkage.Evidence) -> dict[str, str | None]:
    words = _in_words(one)
    return {"born": str(words["born"]) if words["born"] else None, "postcode": str(words["postcode"]) or None}
