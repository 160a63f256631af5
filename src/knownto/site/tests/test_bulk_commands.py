"""A first load by its command lines, end to end: handed out, compared without a cluster, taken back."""

import json
from contextlib import nullcontext
from random import Random

import pytest
from django.db import transaction

from knownto.access import acts as access
from knownto.feeds.models import Record
from knownto.identity import acts
from knownto.identity.models import Belief
from knownto.identity.tests.conftest import Partners, people
from knownto.learning import staging
from knownto.linkage.model import OWN
from knownto.linkage.signing import sign
from knownto.linkage.tests.invented import Registry, written
from knownto.site import command
from knownto.site.commands import bulk

PEOPLE = 60  # each with two or three records


@pytest.fixture
def load(db, now, monkeypatch):
    """Records that have landed, and are not read yet."""
    monkeypatch.setattr(bulk, "databases", lambda _: nullcontext())
    with access.system("test"):
        partners, chance = Partners(), Random(8)
        for person in Registry(7).people(PEOPLE):
            for agency in chance.sample(("police", "hospital", "school"), chance.choice((2, 2, 3))):
                partners._add(written(person, chance), agency)
        partners.land(list(Record.objects.order_by("pk").values_list("pk", flat=True)))
        yield


def on_one_machine(now):
    """What the hub itself believes of the load, and its people; and then as if it never had."""
    point = transaction.savepoint_create()
    acts.catch_up(now=now)
    told = held(), people()
    transaction.savepoint_rollback(point)
    return told


def held() -> dict[tuple[int, int], tuple]:
    rows = Belief.objects.values_list("lower", "higher", "bits", "outcome", "levels")
    return {(lower, higher): tuple(rest) for lower, higher, *rest in rows}


def handed_back(folder) -> dict[tuple[int, int], tuple]:
    return {(one.lower, one.higher): tuple(one[2:]) for one in staging.beliefs(folder)}


@pytest.fixture
def run(tmp_path):
    places = {name: ["--" + name, str(tmp_path / name)] for name in ("stage", "key", "beliefs")}

    def ran(what: str, *names: str, more: tuple[str, ...] = ()) -> int:
        return command.main(["linkage", what, *(word for name in names for word in places[name]), *more])

    return ran


def test_the_command_lines_come_to_what_one_machine_believes(load, run, tmp_path, now, capsys):
    alone, groups = on_one_machine(now)
    assert run("bulk-export", "stage", "key") == 0 and not Belief.objects.exists()
    assert run("bulk", "stage", "key", "beliefs") == 0
    assert handed_back(tmp_path / "beliefs") == alone and len(alone) > PEOPLE
    assert run("bulk-load", "stage", "key", "beliefs") == 0
    assert held() == alone and people() == groups and len(groups) > 1
    assert not (tmp_path / "key").exists() and list((tmp_path / "stage").iterdir()) == []
    assert f"{len(alone):,} beliefs" in capsys.readouterr().out


def test_what_another_model_believes_differs_and_is_not_taken_back(load, run, tmp_path, now, capsys):
    """The negative control: one weight is another, signed as if it were the real one."""
    told = json.loads(OWN.read_text(encoding="utf-8"))
    told["weights"]["birth"]["exact"] += 0.001
    (tmp_path / "other.json").write_text(json.dumps(told), encoding="utf-8")
    sign(tmp_path / "other.json")
    alone, _ = on_one_machine(now)
    assert run("bulk-export", "stage", "key") == 0
    assert run("bulk", "stage", "key", "beliefs", more=("--model", str(tmp_path / "other.json"))) == 0
    other = handed_back(tmp_path / "beliefs")
    assert any(other[pair][0] != alone[pair][0] for pair in other.keys() & alone.keys())
    assert run("bulk-load", "stage", "key", "beliefs") != 0
    assert "another model" in capsys.readouterr().err and not Belief.objects.exists()


def test_a_part_that_was_altered_is_not_compared(load, run, tmp_path):
    assert run("bulk-export", "stage", "key") == 0
    [part] = (tmp_path / "stage").glob(f"*{staging.ENDING}")
    part.write_bytes(part.read_bytes()[:-1] + bytes([part.read_bytes()[-1] ^ 1]))
    with pytest.raises(Exception) as raised:
        run("bulk", "stage", "key", "beliefs")
    assert type(raised.value).__name__ == "InvalidTag" and not (tmp_path / "beliefs").exists()
