"""Somebody takes everything but the key file: databases, data folders, write-ahead logs, dumps, received files, logs.

None of the borough's people is found in it, in any usual rendering; one that was planted is.
"""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knownto.site.embedded import CLUSTERS, Embedded
from proof_tests import stolen


@pytest.fixture(scope="module")
def taken(built, tmp_path_factory):
    """Everything there is to steal, with a dump of each database in the clear and compressed."""
    folder = tmp_path_factory.mktemp("taken")
    for name in CLUSTERS:
        cluster = Embedded(built, name)
        cluster.start()
        dump = cluster.run("pg_dump", "-h", str(cluster.socket), "-U", "postgres", "knownto")
        (folder / f"{name}.sql").write_text(dump)
        cluster.sql("CHECKPOINT")
        cluster.stop()
    return folder


@pytest.fixture(scope="module")
def wanted(built):
    return stolen.patterns(built / "town/truth", datetime.now(UTC).date())


def places(built, taken):
    data = [Embedded(built, name).folder for name in CLUSTERS]
    return [taken, *data, built / "received", built / "static"]


def test_nobody_is_found_in_what_was_stolen(built, taken, wanted, tmp_path):
    assert len(wanted) > 100_000
    assert stolen.hits(places(built, taken), wanted, tmp_path) == []


def test_somebody_planted_is_found(built, wanted, tmp_path):
    """The test of the test, in the data folder, in the dump's form and in a compressed file."""
    (name,) = [p for p in sorted(wanted) if p.isascii() and b" " in p][:1]
    for form, write in {"plain": Path.write_bytes, "gzip": _gzip}.items():
        folder = tmp_path / form
        folder.mkdir()
        write(folder / "planted", b"\0" * 1000 + name + b"\0" * 1000)
        assert stolen.hits([folder], wanted, tmp_path), form


def test_a_number_is_found_wherever_it_is_one(tmp_path):
    """On its own, quoted or between tabs; but not as ten of a longer number's digits, which happens by chance."""
    for text, is_theirs in ((b"9990009864", True), (b"x\t9990009864\t", True), (b'"9990009864"', True),
                            (b"{549990009864719335}", False), (b"\\xc67099900098640c", False)):  # fmt: skip
        (tmp_path / "stolen").mkdir(exist_ok=True)
        (tmp_path / "stolen/dump").write_bytes(text)
        assert bool(stolen.hits([tmp_path / "stolen"], {b"9990009864"}, tmp_path)) == is_theirs, text


def _gzip(path, data):
    subprocess.run(["gzip", "-c"], input=data, stdout=path.open("wb"), check=True)
