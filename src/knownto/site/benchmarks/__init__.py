"""Speed and memory, measured: each figure beside its peer's where there is one, on this machine, in one run."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Queue
from threading import Thread


@dataclass(frozen=True)
class Figure:
    """One figure. `ratio` is the peer's over ours where less is better: above 1, ours is better."""

    name: str
    figure: float
    unit: str
    data: str
    peer: str = ""
    peer_figure: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if not self.peer_figure or not self.figure else round(self.peer_figure / self.figure, 2)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def at_a_rate[T](work: Iterable[T], do: Callable[[T], object], *, a_second: float, lanes: int) -> list[float]:
    """Start one piece of work every 1/`a_second` seconds whether or not the last has ended; seconds each took.

    Time is counted from when it should have started: waiting for a lane is part of what somebody would have waited.
    """
    waiting: Queue[tuple[float, T] | None] = Queue()
    took: list[float] = []

    def lane() -> None:
        while (given := waiting.get()) is not None:
            due, piece = given
            do(piece)
            took.append(time.monotonic() - due)

    threads = [Thread(target=lane) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    for number, piece in enumerate(work):
        due = begun + number / a_second
        time.sleep(max(0.0, due - time.monotonic()))
        waiting.put((due, piece))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return took
