"""Statements over many rows at once: whole batches go to and from the database in one round trip each."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from psycopg import Cursor
from psycopg.rows import tuple_row


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run one statement with parameters bound by the server, results in binary; [] when it returns nothing."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection, row_factory=tuple_row) as cursor:
        cursor.execute(statement, parameters or None, binary=True)
        return cursor.fetchall() if cursor.description else []


def numbers(some: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL writes an array, which costs a tenth of binding each."""
    return "{" + ",".join(map(str, some)) + "}"


def changed(statement: str, *columns: list[Any]) -> None:
    """Run a statement whose parameters are columns of one length; nothing is sent for no rows."""
    if columns[0]:
        rows(statement, *columns)
