"""Drills, in a process of their own: live for a while, go back to a random second, compare with what was acknowledged.

The life is short and real: copies are owed, carried to a partner's HTTPS server, taken back (which destroys their
keys), looks are written into the log, the log is numbered and shown to two partners' witnesses. What each act
acknowledged is kept here, outside the databases. Prints one JSON line a drill.
"""

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 (Django must be set up first)
from django.db import connections, transaction  # noqa: E402

from knownto.access import clock  # noqa: E402
from knownto.access.acts import system  # noqa: E402
from knownto.disclosure import endpoints, jobs, parcels  # noqa: E402
from knownto.disclosure.delivery import deliver  # noqa: E402
from knownto.disclosure.models import Parcel, Way  # noqa: E402
from knownto.disclosure.tests.partner import AUTHORITY, Partner  # noqa: E402
from knownto.keyring.acts import RESERVE, fetch  # noqa: E402
from knownto.ledger import acts as ledger  # noqa: E402
from knownto.ledger import reads, restores  # noqa: E402
from knownto.ledger.models import Entry  # noqa: E402
from knownto.ledger.sequence import sequence  # noqa: E402
from knownto.partners.models import Agency  # noqa: E402
from knownto.proof import StoredHead, verifier  # noqa: E402
from knownto.site import archive, restoring  # noqa: E402
from knownto.site.commands.restore import _notice  # noqa: E402
from knownto.site.running import databases  # noqa: E402
from knownto.witnessing import reads as witnessing  # noqa: E402
from knownto.witnessing import showing  # noqa: E402
from knownto.witnessing.tests.conftest import Running  # noqa: E402
from proof_tests.spending import each_of  # noqa: E402

BY = ledger.Actor(None, "police", "officer")
ACTS = int(os.environ.get("KNOWNTO_DRILL_ACTS", "60"))
# Of a large hub's size: that much more in each database, and a tenth of it again in each life, to be replayed.
GIGABYTES = float(os.environ.get("KNOWNTO_DRILL_GB", "0"))
ROWS_OF_A_GIGABYTE = 530_000  # of 1,900 letters, which PostgreSQL does not yet compress


@dataclass
class Model:
    """What was acknowledged, and when: before the act began, and after it was committed, by the database's clock."""

    made: dict[str, tuple[datetime, datetime, str]] = field(default_factory=dict)  # parcel: began, done, its words
    withdrawn: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    looked: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  # event of an entry


@dataclass
class Life:
    """One installation, its partner and its witnesses."""

    var: Path
    rng: random.Random
    model: Model = field(default_factory=Model)

    def found(self) -> None:
        now = clock.now()
        for code in ("police", "hospital"):
            Agency.objects.get_or_create(code=code, defaults={"name": code.title()})
        self.partner = Partner()
        endpoints.open_endpoint(agency="hospital", way=Way.HTTPS, where=self.partner.where, by=BY, now=now)
        self.witnesses = [Running(self.var / f"witness-{code}", code).taken_on(now) for code in ("police", "hospital")]

    def act(self) -> None:
        kind = self.rng.choices(["owe", "look", "withdraw", "carry", "number"], [5, 4, 2, 3, 4])[0]
        began = clock.now()
        getattr(self, f"_{kind}")(began)

    def _owe(self, began: datetime, to: str = "hospital") -> str:
        words = f"said {self.rng.random()}"
        with system("drill"):
            parcel = parcels.put(to_agency=to, child=uuid4(), kind="minutes", document={"words": words},
                                 by=BY, because="section-47", now=began)  # fmt: skip
        self.model.made[str(parcel.pk)] = (began, clock.now(), words)
        return str(parcel.pk)

    def _look(self, began: datetime) -> None:
        with transaction.atomic():
            entry = ledger.record(kind="search", by=BY, about=["p1"], detail={"asked": "name"}, now=began)
        self.model.looked[str(entry.event)] = (began, clock.now())

    def _withdraw(self, began: datetime) -> None:
        with system("drill"):
            there = Parcel.objects.filter(state="waiting", to_agency="hospital").order_by("?").first()
        if there:
            self.erase(str(there.pk), began)

    def erase(self, parcel: str, began: datetime) -> None:
        with system("drill"):
            gone = parcels.withdraw(parcel=parcel, by=BY, because="drill", now=began)
        if gone:
            self.model.withdrawn[parcel] = (began, clock.now())

    def _carry(self, began: datetime) -> None:
        deliver(now=clock.now, limit=2)

    def _number(self, began: datetime) -> None:
        sequence(clock.now())
        showing.show_all(clock.now())


def go_back(life: Life, moment: datetime, keys_too: bool) -> restoring.Restored:
    """As the command does it; the databases are up again when this returns."""
    connections.close_all()
    RESERVE.clear()
    done = restoring.restore(life.var, moment, keys_moment=moment if keys_too else None)
    for each in archive.both(life.var).values():
        each.cluster.start()
    _notice(done.lost.head)
    return done


def compared(life: Life, moment: datetime) -> list[str]:
    """Everything that differs from what was acknowledged by that moment."""
    wrong, model = [], life.model
    with system("drill"):
        rows = {str(row.pk): row for row in Parcel.objects.all()}
        events = set(map(str, Entry.objects.filter(kind="search").values_list("event", flat=True)))
    for what, there, acknowledged in (("copies", set(rows), model.made), ("looks", events, model.looked)):
        must = {key for key, at in acknowledged.items() if at[1] <= moment}
        may = {key for key, at in acknowledged.items() if at[0] <= moment}
        wrong += [f"{len(must - there)} {what} lost"] * bool(must - there)
        wrong += [f"{len(there - may)} {what} that were not there yet"] * bool(there - may)
    keys = fetch(row.key for row in rows.values())
    for key, row in rows.items():
        if key in model.withdrawn:
            wrong += [f"erased, and opens again: {row.state}"] * (row.key in keys)
        elif row.sealed and row.open_with(keys[row.key])["document"]["words"] != model.made[key][2]:
            wrong.append("other words than were written")
    return wrong


def duplicates(life: Life) -> int:
    """Requests that brought the partner what it had: not one, whether or not it would have known them by their id."""
    ids = [arrived.said["id"] for arrived in life.partner.arrived]
    return len(ids) - len(set(ids))


def held(life: Life) -> list[str]:
    """Undeclared: the outbox holds, and everybody who kept a head shouts."""
    before = len(life.partner.arrived)
    jobs.sweep()
    time.sleep(0.5)
    seen = [StoredHead(each.witness.last()["note"]) for each in life.witnesses]
    wrong = ["something left before it was declared"] * (len(life.partner.arrived) != before)
    return wrong + ["nobody noticed an undeclared restore"] * (not reads.verify(seen))


def declared(life: Life) -> list[str]:
    """Declared: witnesses sign again, the verifier says so, and what waits leaves once."""
    restores.declare(by=BY, because="A drill.", now=clock.now())
    sequence(clock.now())
    seen = [StoredHead(each.witness.last()["note"]) for each in life.witnesses]
    wrong = ["a witness does not sign after the declaration"] * (showing.show_all(clock.now()) != 2)
    deliver(now=clock.now, limit=200)
    wrong += [finding.sentence for finding in reads.verify(seen) + witnessing.verify()]
    return wrong + _verifier(life, seen)


def _verifier(life: Life, seen: list[StoredHead]) -> list[str]:
    export, head = life.var / "export.jsonl", life.var / "head.txt"
    export.write_text("\n".join(reads.export(witnessing.kept())) + "\n")
    head.write_text(seen[0].note)
    command = [sys.executable, "-I", verifier.__file__, str(export), "--head", str(head)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    sound = said.returncode == 0 and "RESTORED, DECLARED" in said.stdout
    return [] if sound else [f"the verifier says: {said.stdout[-300:]}"]


def drill(life: Life, number: int, *, to_the_end: bool = False) -> dict:
    """One: copy, live, go back to a random moment of it, compare, declare, go on.

    `to_the_end`: to when the last copy was owed and not yet carried, and the one that is erased was still there.
    """
    archives = archive.both(life.var)
    with archive.received(list(archives.values())):
        for each in archives.values():
            archive.copy(each)
        life._number(clock.now())  # so that there is a head to go back to
        erased_later = life._owe(clock.now(), to="police")  # who have no system yet, so that it waits until the end
        fill(archives, GIGABYTES / 10)
        begun = clock.now()
        for _ in range(ACTS):
            life.act()
            restoring.copy_destroyed(archives) if life.rng.random() < 0.3 else None
        life._owe(clock.now())
        ended = clock.now()
        life.erase(erased_later, ended)
        deliver(now=clock.now, limit=200)
        life._number(clock.now())
        restoring.copy_destroyed(archives)
        assert all(archive.caught_up(each) for each in archives.values())
    moment = ended if to_the_end else begun + (ended - begun) * life.rng.uniform(0.1, 0.9)
    done = go_back(life, moment, keys_too=number % 2 == 1)
    wrong = compared(life, moment)
    lost = restores.holding()
    wrong += held(life) + declared(life) if lost else []
    forget_what_was_lost(life)
    return {"drill": number, "seconds": round(done.seconds, 1), "wrong": wrong, "duplicates": duplicates(life),
            "lost_entries": done.lost.entries, "held": lost, "destroyed_again": done.destroyed_again,
            "gigabytes": sum(map(size, archives.values())),
            "kept": len(life.model.made), "back": round((ended - moment).total_seconds(), 2)}  # fmt: skip


def size(one: archive.Archive) -> float:
    """Gigabytes of that database."""
    return int(one.cluster.sql("SELECT pg_database_size('knownto')")) / 1e9


def fill(archives: dict[str, archive.Archive], gigabytes: float) -> None:
    """Make each database that much larger."""
    rows = int(gigabytes * ROWS_OF_A_GIGABYTE)
    for each in archives.values() if rows else ():
        each.cluster.sql("CREATE TABLE IF NOT EXISTS filling (n bigint, words text)", "knownto")
        each.cluster.sql(
            f"INSERT INTO filling SELECT n, repeat('x', 1900) FROM generate_series(1, {rows}) n", "knownto"
        )


def forget_what_was_lost(life: Life) -> None:
    """The next drill starts from what there is."""
    with system("drill"):
        there = set(map(str, Parcel.objects.values_list("pk", flat=True)))
        events = set(map(str, Entry.objects.filter(kind="search").values_list("event", flat=True)))
    life.model.made = {key: value for key, value in life.model.made.items() if key in there}
    life.model.looked = {key: value for key, value in life.model.looked.items() if key in events}


# What each plant leaves out, and with what in its place.
PLANTS = {
    "what was destroyed": ("destroyed_since", lambda _: []),
    "what had left": ("_note_what_had_left", lambda *_: None),
}


def planted(life: Life, plant: str, missing: tuple[str, Any]) -> dict:
    """A drill without one of the things that a restore puts right: it must be seen that it is missing."""
    name, nothing = missing
    there, before = getattr(restoring, name), duplicates(life)
    setattr(restoring, name, nothing)
    try:
        done = drill(life, 1, to_the_end=True)
    finally:
        setattr(restoring, name, there)
    return done | {"plant": plant, "duplicates": done["duplicates"] - before}


def main(drills: int, seed: str) -> None:
    var = Path(settings.VAR)
    AUTHORITY.cert_pem.write_to_path(var / "authority.pem")
    settings.PARTNER_CA, settings.PRIVATE_ENDPOINTS = str(var / "authority.pem"), True
    with databases(var):
        life = Life(var, random.Random(seed))
        life.found()
        fill(archive.both(var), GIGABYTES)
        for number in each_of(drills):
            print(json.dumps(drill(life, number)), flush=True)  # noqa: T201
        for plant, missing in PLANTS.items():
            print(json.dumps(planted(life, plant, missing)), flush=True)  # noqa: T201
    connections.close_all()
    for each in archive.both(var).values():
        each.cluster.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
