"""Is the log whole? And the log as a file, for somebody who would rather check for themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from knownto.ledger.models import Entry, Head, Leaf, Restore, Waiting
from knownto.ledger.tree import heads, publics, whole_log
from knownto.proof import (
    Finding,
    StoredHead,
    examine,
    export_cosignature,
    export_head,
    export_header,
    export_line,
    export_restore,
)


@dataclass(frozen=True)
class Standing:
    """How the log stands: entries numbered, entries waiting to be, and the newest signed head."""

    numbered: int
    waiting: int
    head: str
    signed_at: datetime | None


def standing() -> Standing:
    head = Head.objects.order_by("-number").first()
    return Standing(
        head.size if head else 0, Waiting.objects.count(), head.note if head else "", head.at if head else None
    )


def verify(published: Iterable[StoredHead] = ()) -> list[Finding]:
    """Everything that is wrong with the log, and where. An empty list means that nothing was changed.

    An entry that is neither numbered nor waiting was taken out of the queue by hand: it is named too.
    """
    findings = examine(whole_log(), heads(), publics(), [list(published)], restores=declared())
    return findings + [_never_numbered(entry) for entry in _lost()]


def declared() -> list[str]:
    """The notes by which restores were declared, the oldest first."""
    return list(Restore.objects.exclude(declared_at=None).order_by("id").values_list("note", flat=True))


def _lost() -> Iterable[Entry]:
    numbered, waiting = Leaf.objects.values("entry"), Waiting.objects.values("entry")
    return Entry.objects.exclude(pk__in=numbered).exclude(pk__in=waiting).order_by("id")


def _never_numbered(entry: Entry) -> Finding:
    sentence = f"The entry of event {entry.event} was never numbered, and does not wait to be."
    return Finding("never_numbered", entry.pk, entry.pk, sentence)


def export(cosignatures: Iterable[tuple[int, str, str]] = ()) -> Iterator[str]:
    """The log as the lines of a file that the stand-alone verifier reads. Sealed payloads are left out.

    `cosignatures`: head's number, a witness's line, and its public key.
    """
    kept = heads()
    yield export_header(publics(), Leaf.objects.count(), len(kept))
    for entry in whole_log():
        yield export_line(entry._replace(payload=None))
    for head in kept:
        yield export_head(head)
    yield from map(export_restore, declared())
    for number, line, witness in cosignatures:
        yield export_cosignature(number, line, witness)
