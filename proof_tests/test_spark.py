"""A load compared on a cluster of Spark, and the same load compared on one machine: the same beliefs, to 1e-9 of a bit.

The records are really held (sealed, keyed, in PostgreSQL) and really handed out; the cluster is a master and two
workers on this machine. Needs `bin/setup train` and `bin/java`; `make proof` runs both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from knownto.access import acts as access
from knownto.access.refusals import NotPossibleNow
from knownto.feeds.models import Record
from knownto.identity import acts, blind, bulk, matching
from knownto.identity.models import Belief
from knownto.identity.tests.conftest import BY, NOW, Partners, people
from knownto.learning import staging
from knownto.linkage import load_model, tables
from knownto.linkage.model import OWN
from knownto.linkage.signing import sign
from knownto.linkage.tests.invented import Registry
from knownto.linkage.tests.invented import written as said_of
from proof_tests.spark_cluster import cluster

PEOPLE = 1_000  # each with two or three records
SETTINGS = {"spark.executor.memory": "600m", "spark.sql.shuffle.partitions": "4", "spark.driver.host": "127.0.0.1"}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("spark")) as made:
        yield made


@pytest.fixture
def staged(db, tmp_path):
    """A hub with a first load in it, keyed, and the same load in a folder for the cluster."""
    with access.system("test"):
        partners, chance = Partners(), Random(8)
        for person in Registry(7).people(PEOPLE):
            for agency in chance.sample(("police", "hospital", "school"), chance.choice((2, 2, 3))):
                partners._add(said_of(person, chance), agency)
        partners.land([record for (record,) in _ids()])
        bulk.key_all(now=NOW)
        key = staging.make_key(tmp_path / "key")
        out = (staging.Staged(o.id, o.near, o.tokens, o.cleaned) for o in bulk.hand_out(by=BY, now=NOW))
        written = staging.write(out, tmp_path / "stage", key)
        assert written > 2 * PEOPLE
        limits = blind.MOST_OF_A_KEY, matching.MOST_CANDIDATES
        manifest = staging.Manifest(bulk.state(), written, load_model().checksum, *limits)
        staging.put_manifest(tmp_path / "stage", manifest)
        yield tmp_path


def _ids():
    return Record.objects.order_by("pk").values_list("pk")


def on_the_cluster(spark, folder: Path, to: str, *more: str) -> dict[tuple[int, int], staging.Believed]:
    """What the cluster believes, by pair."""
    command = [sys.executable, "-m", "knownto.learning.bulk", "--spark", spark.master, *more]
    for name in ("stage", "key"):
        command += [f"--{name}", str(folder / name)]
    command += ["--beliefs", str(folder / to)]
    for name, value in (spark.conf | SETTINGS).items():
        command += ["--conf", f"{name}={value}"]
    source = str(Path(bulk.__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
    environment |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return {(one.lower, one.higher): one for one in staging.beliefs(folder / to)}


def on_one_machine() -> tuple[dict[tuple[int, int], tuple[float, str, str]], set[frozenset[int]]]:
    """What the hub itself believes of the same load, and its people; and then as if it never had."""
    point = transaction.savepoint_create()
    acts.catch_up(now=NOW)
    found = Belief.objects.values_list("lower", "higher", "bits", "outcome", "levels")
    told = {(lower, higher): rest for lower, higher, *rest in found}, people()
    transaction.savepoint_rollback(point)
    return told


def unlike(here, there) -> list[tuple[int, int]]:
    """The pairs of which the two paths do not believe the same."""
    wrong = set(here) ^ set(there)
    for pair in set(here) & set(there):
        bits, outcome, levels = here[pair]
        one = there[pair]
        if abs(one.bits - bits) > 1e-9 or (one.outcome, one.levels) != (outcome, levels):
            wrong.add(pair)
    return sorted(wrong)


def test_the_cluster_believes_what_one_machine_does(spark, staged):
    alone, groups = on_one_machine()
    found = on_the_cluster(spark, staged, "beliefs")
    assert len(alone) > PEOPLE and not people()
    assert unlike(alone, found) == []
    for worker in ("worker-1", "worker-2"):
        assert "Asked to launch executor" in (spark.folder / f"{worker}.log").read_text(errors="replace")
    assert left_lying(spark.folder, staged) == []
    bulk.take_back(found.values(), of=bulk.state(), checksum=load_model().checksum, by=BY, now=NOW)
    assert people() == groups


def test_it_goes_red_for_one_weight_that_differs(spark, staged, tmp_path):
    """The negative control: the same load by a model with one weight changed, signed as if it were the real one."""
    model = tmp_path / "other.json"
    document = json.loads(OWN.read_text(encoding="utf-8"))
    document["weights"]["birth"]["exact"] += 0.001
    model.write_text(json.dumps(document), encoding="utf-8")
    checksum = sign(model)
    found = on_the_cluster(spark, staged, "others", "--model", str(model))
    alone, _ = on_one_machine()
    assert unlike(alone, found)
    with pytest.raises(NotPossibleNow):
        bulk.take_back(found.values(), of=bulk.state(), checksum=checksum, by=BY, now=NOW)


def left_lying(*folders: Path) -> list[Path]:
    """Files in which somebody's family name can be read: parts are sealed, spills encrypted, and beliefs hold none."""
    names = [r["name"].encode() for r in _names() if len(r["name"]) > 6][:200]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(name in path.read_bytes() for name in names)]


def _names():
    return list(tables.rows("families.csv"))
