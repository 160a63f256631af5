"""How long answers took, counted by each web process in a small file of its own, for `metrics` to add up.

Not by page and not by person: what was asked for says who is being looked for.
"""

import mmap
import os
import struct
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; what took longer is counted after the last
COUNTS = struct.Struct(f"<{len(BOUNDS) + 1}Qd")  # how many up to each bound, and the sum of seconds


class Latencies:
    """Middleware, outermost of ours. Does nothing where KNOWNTO_LATENCIES names no folder."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._file: mmap.mmap | None = None
        self._process = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.LATENCIES_FOLDER:
            return self.get_response(request)
        begun = time.monotonic()
        try:
            return self.get_response(request)
        finally:
            self._count(time.monotonic() - begun)

    def _count(self, seconds: float) -> None:
        with self._lock:
            counted = self._counted()
            *counts, total = COUNTS.unpack_from(counted)
            counts[bisect_left(BOUNDS, seconds)] += 1
            COUNTS.pack_into(counted, 0, *counts, total + seconds)

    def _counted(self) -> mmap.mmap:
        """This process's own file: one that was forked does not count into its parent's."""
        if self._file is None or self._process != os.getpid():
            self._process = os.getpid()
            path = Path(settings.LATENCIES_FOLDER) / str(self._process)
            path.write_bytes(bytes(COUNTS.size))
            with path.open("r+b") as file:
                self._file = mmap.mmap(file.fileno(), COUNTS.size)
        return self._file


def added_up(folder: str) -> tuple[list[int], float]:
    """Answers up to each bound and beyond the last, and the seconds of all of them, of every process that counted."""
    found = [COUNTS.unpack(path.read_bytes()) for path in Path(folder).iterdir()] if folder else []
    columns = list(zip(*found, strict=True)) if found else [(0,)] * (len(BOUNDS) + 2)
    *counts, total = (sum(column) for column in columns)
    return counts, total
