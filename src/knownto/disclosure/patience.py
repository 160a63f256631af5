"""How long to wait before trying again. Pure: the same parcel and attempt always wait equally long.

The spread keeps a thousand parcels that failed together from coming back together; it is drawn from the parcel's id, so
that a test, and a second worker, come to the same time.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
FAULTS_IN_A_ROW = 5  # after as many, the other system is left in peace
SHORTEST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=5)  # so that what has waited a week starts within minutes of their return
SPREAD = 0.25


def next_try(parcel: UUID, attempts: int, now: datetime) -> datetime:
    """When a parcel that has failed `attempts` times is tried again."""
    return now + _doubled(FIRST, attempts, LONGEST) * _spread(parcel, attempts)


def rest_until(endpoint: UUID, faults: int, now: datetime) -> datetime | None:
    """Until when an endpoint with so many faults in a row is left in peace; None while it is not."""
    if faults < FAULTS_IN_A_ROW:
        return None
    return now + _doubled(SHORTEST_REST, faults - FAULTS_IN_A_ROW + 1, LONGEST_REST) * _spread(endpoint, faults)


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(first * 2 ** min(max(times - 1, 0), 20), longest)


def _spread(who: UUID, times: int) -> float:
    """Between 1 - SPREAD and 1 + SPREAD."""
    drawn = hashlib.sha256(who.bytes + times.to_bytes(4, "big")).digest()
    return 1 + SPREAD * (int.from_bytes(drawn[:4], "big") / 2**31 - 1)
