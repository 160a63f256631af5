"""The one clock: the database's. Several web servers then agree, whatever their own clocks say."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The database's time, to the microsecond, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
