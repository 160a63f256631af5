"""Whole batches of rows in one statement: arrays go to the database as they are, not as text in the statement."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def execute(statement: str, parameters: Sequence[Any], *, returning: bool = False) -> list[tuple[Any, ...]]:
    """Run a statement whose parameters the server binds. Inside a transaction only, like everything here."""
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]
        return cursor.fetchall() if returning else []


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into one list for each column."""
    return [list(column) for column in zip(*rows, strict=True)]
