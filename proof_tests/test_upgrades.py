"""A lived-in borough goes down to the oldest tables that its steps honestly go back to, and up again, with its data.

As in production: on real servers, as the role that owns the tables and passes by no wall. What must survive is compared
cell by cell; what a step going back takes with it is listed here, so that nobody takes one back without knowing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import django
import psycopg
import pytest
from psycopg import sql

from knownto.site.embedded import Embedded

django.setup()

from django.db import connections  # noqa: E402 (Django must be set up first)
from django.db.migrations.loader import MigrationLoader  # noqa: E402

COPY = "lived_in"
HELD = "SELECT count(*), md5(coalesce(string_agg(h, '' ORDER BY h), '')) FROM (SELECT md5(ROW({})::text) h FROM {}) x"
MIGRATE = """
import json, sys, django
django.setup()
from django.core.management import call_command
for step in json.loads(sys.argv[1]):
    for database in ("default", "keys"):
        call_command("migrate", *step, database=database, verbosity=0)
"""
Columns = dict[tuple[str, str], list[str]]
Held = dict[tuple[str, str], tuple[int, str]]
OURS = "knownto."
# Steps that data stands in the way of: going back over them is refused, and a copy must be put back instead.
REFUSED = {
    "disclosure": "0002_casework",  # what the product itself shared has no worker, whom the step before wants
}


def steps() -> dict[str, list[str]]:
    """Each of our apps' steps, the first first."""
    loader = MigrationLoader(None)
    apps: dict[str, list[str]] = {}
    for (app, name), step in loader.disk_migrations.items():
        if type(step).__module__.startswith(OURS):
            apps.setdefault(app, []).append(name)
    return {app: sorted(names) for app, names in apps.items()}


def irreversible() -> set[str]:
    loader = MigrationLoader(None)
    return {
        f"{app}.{name}"
        for (app, name), step in loader.disk_migrations.items()
        if type(step).__module__.startswith(OURS) and not all(each.reversible for each in step.operations)
    }


class LivedIn:
    """A copy of the borough's two databases, on its own servers."""

    def __init__(self, clusters: dict[str, Embedded]) -> None:
        self.clusters = clusters
        for each in clusters.values():
            each.sql(f"DROP DATABASE IF EXISTS {COPY}")
            each.sql(f"CREATE DATABASE {COPY} TEMPLATE knownto OWNER knownto_owner")

    def migrate(self, *steps: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """Each in turn, in one process, as the owner of the tables: () is everything, up."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KNOWNTO", "DATABASE", "KEYS_"))}
        owner = f"postgresql://knownto_owner@/{COPY}?host="
        address = {name: f"{owner}{each.socket}" for name, each in self.clusters.items()}
        environment = kept | {
            "KNOWNTO_VAR": str(self.clusters["main"].folder), "KNOWNTO_SECRET": "none", "KNOWNTO_AS_OWNER": "1",
            "DJANGO_SETTINGS_MODULE": "knownto.site.settings",
            "DATABASE_URL": address["main"], "KEYS_DATABASE_URL": address["keys"],
        }  # fmt: skip
        command = [sys.executable, "-c", MIGRATE, json.dumps(steps)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def connect(self, cluster: str) -> "psycopg.Connection":
        return psycopg.connect(f"host={self.clusters[cluster].socket} user=postgres dbname={COPY}")

    def untouched(self, cluster: str) -> "psycopg.Connection":
        """The borough itself, which was never taken down."""
        return self.clusters[cluster].connect()

    def columns(self) -> Columns:
        """Columns of every table of ours, by server and table. Generated ones follow from others."""
        asked = """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
            AND table_name NOT LIKE 'django_%' AND table_name NOT LIKE 'procrastinate_%' ORDER BY 1, 2"""
        found: Columns = {}
        for cluster in self.clusters:
            with self.connect(cluster) as connection:
                for table, column in connection.execute(asked):
                    found.setdefault((cluster, table), []).append(column)
        return found

    def remove(self) -> None:
        for each in self.clusters.values():
            each.sql(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")


def held(connect: Callable[[str], "psycopg.Connection"], columns: Columns) -> Held:
    """How many rows each of those tables has, and what is in those columns, in no order."""
    found = {}
    for (cluster, table), names in columns.items():
        asked = sql.SQL(HELD).format(sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table))
        with connect(cluster) as connection:
            found[cluster, table] = connection.execute(asked).fetchone()
    return found


@pytest.fixture(scope="module")
def lived_in(built):
    clusters = {name: Embedded(built, name) for name in ("main", "keys")}
    started = [each for each in clusters.values() if each.start()]
    copy = LivedIn(clusters)
    yield copy
    copy.remove()
    connections.close_all()
    for each in started:
        each.stop()


def in_both(one: Columns, other: Columns) -> Columns:
    """The tables of both, with the columns of both."""
    shared = {key: [name for name in one[key] if name in other[key]] for key in one.keys() & other.keys()}
    return {key: names for key, names in shared.items() if names}


def changed(before: Held, after: Held) -> list[str]:
    return sorted(table for cluster, table in before if after[cluster, table] != before[cluster, table])


def oldest() -> list[tuple[str, ...]]:
    """To which step each app goes back: its first, or the last that data does not let it go back over."""
    return [(app, REFUSED.get(app, names[0])) for app, names in steps().items() if len(names) > 1]


def refused_over_data(copy: LivedIn) -> None:
    """It says so, and says what to do, rather than losing what stands in the way."""
    for app in REFUSED:
        done = copy.migrate((app, steps()[app][0]))
        assert done.returncode == 1 and f"There is no way back over {app}.{REFUSED[app]}" in done.stderr, done.stderr[
            -500:
        ]


def test_every_step_says_how_it_is_taken_back():
    assert irreversible() == set()


def test_down_and_up_again_keeps_what_was_there(lived_in):
    before = lived_in.columns()
    whole = held(lived_in.connect, before)
    assert sum(rows for rows, _ in whole.values()) > 10_000  # a borough in which people have lived
    done = lived_in.migrate(*oldest())
    assert done.returncode == 0, done.stderr[-1500:]
    survives = in_both(before, lived_in.columns())
    assert survives != before and len(survives) > 30
    assert changed(held(lived_in.untouched, survives), held(lived_in.connect, survives)) == []
    refused_over_data(lived_in)
    assert lived_in.migrate(()).returncode == 0
    assert lived_in.columns() == before
    assert changed(held(lived_in.untouched, survives), held(lived_in.connect, survives)) == []


def test_a_cell_that_a_step_lost_would_be_seen(lived_in):
    agencies = {("main", "partners_agency"): lived_in.columns()["main", "partners_agency"]}
    with lived_in.connect("main") as connection:
        connection.execute("UPDATE partners_agency SET name = name || ' ' WHERE code = 'police'")
    assert changed(held(lived_in.untouched, agencies), held(lived_in.connect, agencies)) == ["partners_agency"]
