"""The records that a hub holds, opened once for learning: inside a system's access, and entered in the ledger."""

from collections.abc import Iterator
from datetime import datetime

from knownto.access.acts import SYSTEM, system
from knownto.feeds.models import Record
from knownto.identity.held import held
from knownto.ledger import acts as ledger
from knownto.linkage import Cleaned, clean

AT_ONCE = 2000


def opened(now: datetime) -> list[Cleaned]:
    """Every record that partners hold now, cleaned. One entry says that they were read, how many and what for."""
    with system("learning"):
        found = [cleaned for ids in _batches() for cleaned in _cleaned(ids)]
        ledger.record(
            kind="linkage-learnt", by=SYSTEM, because="to estimate weights", detail={"records": len(found)}, now=now
        )
    return found


def _batches() -> Iterator[list[int]]:
    ids = list(Record.objects.filter(removed_at=None).order_by("pk").values_list("pk", flat=True))
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _cleaned(ids: list[int]) -> list[Cleaned]:
    there, _ = held(ids)
    return [clean(one.evidence) for one in there.values()]
