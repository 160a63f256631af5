"""How much is read before something is refused, held or given up: figures that an installation can change.

Each can be set in the settings as FEEDS_<NAME>. The defaults serve a borough: 500,000 rows are 150 MB.
"""

from dataclasses import dataclass, fields
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class Limits:
    """Caps on what is read, shares at which a file is refused or held, and how long things are kept."""

    bytes: int = 1024 * 1024 * 1024
    rows: int = 2_000_000
    columns: int = 100
    cell: int = 1_000  # characters; no column of the contract may be longer
    line: int = 64 * 1024  # characters of one line of a CSV file
    workbook_bytes: int = 30 * 1024 * 1024
    workbook_unpacked: int = 160 * 1024 * 1024  # bytes, all parts of the workbook together
    workbook_ratio: int = 200  # unpacked to packed, of one part: spreadsheets reach about 40
    workbook_cells: int = 2_500_000  # about 100,000 rows of every column
    rejected: int = 50_000  # bad rows written down in full; more are only counted
    bad_share: float = 0.05
    bad_least: int = 10
    bad_half: float = 0.5  # more than this share refuses however few the rows are
    drop_share: float = 0.02
    drop_least: int = 20
    batch: int = 4_000  # rows staged, or records landed, at a time
    at_once: int = 2_000  # rows that are dealt with while the sender waits
    months_held: int = 36
    days_received: int = 90  # the sealed copy is kept for replay this long
    settled_seconds: int = 5  # a dropped file must have kept its size this long


@cache
def limits() -> Limits:
    """The figures in force."""
    said = {f.name: getattr(settings, f"FEEDS_{f.name.upper()}", f.default) for f in fields(Limits)}
    return Limits(**said)
