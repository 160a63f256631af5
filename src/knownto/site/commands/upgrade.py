"""Bring both databases' tables and the page assets up to this release, as their owner, who serves nobody."""

import argparse
import os

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from knownto.site.command import CommandError
from knownto.site.running import django, migrate


def run(args: argparse.Namespace) -> int:
    if "OWNER_DATABASE_URL" not in os.environ:
        raise CommandError("this is for servers of your own: OWNER_DATABASE_URL names nobody")
    migrate()
    django("collectstatic", "--no-input", "--verbosity", "0")
    print("Both databases are as this release wants them.")
    return 0


def outstanding() -> dict[str, int]:
    """How many steps each database still wants, by its alias."""
    return {alias: len(_plan(alias)) for alias in ("default", "keys")}


def _plan(alias: str) -> list[object]:
    executor = MigrationExecutor(connections[alias])
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
