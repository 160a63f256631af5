"""Which witness saw which head, and when; what is wrong with what is kept of them; and proofs of receipts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.disclosure.models import Disclosure
from knownto.ledger.models import Entry, Head, Restore
from knownto.ledger.proving import included
from knownto.ledger.tree import publics, with_about, written
from knownto.proof import BadHead, Finding, WitnessKey, cosigned_at, leaf_hash, receipt_file, receipt_of
from knownto.proof import Entry as Examined
from knownto.witnessing.models import Alarm, Cosignature, Witness

MOST_CODES = 64  # of one entry


@dataclass(frozen=True)
class Standing:
    """One witness. `behind` counts signed entries that it has not seen; `size` is how many it has."""

    witness: Witness
    number: int
    size: int
    behind: int
    signed_at: datetime | None  # by its own clock
    alarms: Sequence[Alarm]


def standing(viewer: Viewer) -> list[Standing]:
    """How each witness stands. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    head = Head.objects.order_by("-number").first()
    newest = head.size if head else 0
    return [_standing(each, newest) for each in Witness.objects.filter(closed_at=None).order_by("agency_id", "key")]


def _standing(witness: Witness, newest: int) -> Standing:
    last = witness.cosignatures.order_by("-at").first()
    alarms = list(witness.alarms.filter(cleared_at=None).order_by("raised_at"))
    behind = max(newest - witness.seen_size, 0)
    return Standing(witness, witness.seen_number, witness.seen_size, behind, last.at if last else None, alarms)


def signed_lately(viewer: Viewer, most: int = 30) -> list[Cosignature]:
    """What was signed last, the newest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Cosignature.objects.select_related("witness", "head").order_by("-at", "-id")[:most])


def restored(viewer: Viewer) -> list[Restore]:
    """The backups that were put back, the newest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Restore.objects.select_related("kept").order_by("-id"))


def kept() -> Iterator[tuple[int, str, str]]:
    """Every cosignature for an export: the head's number, the line, the witness's public key."""
    rows = Cosignature.objects.order_by("head_id", "id").values_list("head_id", "line", "witness__key")
    return rows.iterator()


def verify() -> list[Finding]:
    """Cosignatures that are not what their witness signed. A witness's own last head is asked of it, not of us."""
    rows = Cosignature.objects.select_related("head", "witness").order_by("id")
    return [_forged(row) for row in rows.iterator() if not _genuine(row)]


def _genuine(row: Cosignature) -> bool:
    try:
        return cosigned_at(row.head.note, row.line, WitnessKey.read(row.witness.key)) == int(row.at.timestamp())
    except BadHead:
        return False


def _forged(row: Cosignature) -> Finding:
    sentence = f"What {row.witness.key.partition('+')[0]} is said to have signed for head {row.head_id} is not its own."
    return Finding("cosignature_forged", 0, max(row.head.size - 1, 0), sentence, row.head_id)


def receipt_proof(disclosure: Disclosure) -> str | None:
    """The file by which that receipt is checked without us; None while its entry waits to be numbered."""
    entry = with_about(Entry.objects.filter(pk=disclosure.entry_id)).get()
    n = _number(entry.event, disclosure.receipt)
    found = included(entry.pk, _witnessed(entry))
    if found is None or n is None:
        return None
    data = written(entry)
    examined = Examined(found.index, data, leaf_hash(data))
    rows = Cosignature.objects.filter(head=found.head).select_related("witness")
    lines = [(row.line, row.witness.key) for row in rows]
    return receipt_file(disclosure.receipt, n, examined, found.head.note, found.proof, publics(), lines)


def _number(event: UUID, receipt: str) -> int | None:
    return next((n for n in range(MOST_CODES) if receipt_of(event.bytes, n) == receipt), None)


def _witnessed(entry: Entry) -> Head | None:
    """The first head over that entry that a witness has signed; None (the newest) where none has yet."""
    leaf = getattr(entry, "leaf", None)
    if leaf is None:
        return None
    signed = Cosignature.objects.filter(head__size__gt=leaf.index).order_by("head_id").first()
    return signed.head if signed else None
