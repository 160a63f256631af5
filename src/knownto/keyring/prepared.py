"""Statements that come with every question: planned once on each connection, with parameters and answers in binary."""

from typing import Any

from django.db import connections
from psycopg import Cursor
from psycopg.rows import tuple_row


def ask(using: str, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that a prepared statement answers with, from the database of that alias."""
    connections[using].close_if_health_check_failed()  # as Django's own cursors do: it may have been away since
    connections[using].ensure_connection()
    connection = connections[using].connection
    with connections[using].wrap_database_errors, Cursor(connection, row_factory=tuple_row) as cursor:
        return cursor.execute(statement, parameters, prepare=True, binary=True).fetchall()
