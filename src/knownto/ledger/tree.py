"""From rows to the tree and back: an entry's canonical fields, the newest head, and the whole log as a stream."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry, Head
from knownto.proof import Entry as Examined
from knownto.proof import Frontier, PublicKey, Signer, StoredHead, canonical, micros

PEAK = 32


class _Kept(Signer):
    """Signs by asking whoever keeps the key: the secret itself is never here."""

    @property
    def public(self) -> PublicKey:
        return PublicKey.of(self.origin, keyring.publics()[0])

    def sign(self, text: str) -> bytes:
        return keyring.sign(text)


def signer() -> Signer:
    """The installation's signer: its name is in every head, so that two installations' heads cannot be confused."""
    return _Kept(settings.LEDGER_NAME, b"")


def publics() -> list[PublicKey]:
    """The signer's public key first; then those of keys that will sign, and of those that did."""
    return [PublicKey.of(settings.LEDGER_NAME, raw) for raw in keyring.publics()]


def fields(entry: Entry, about: list[str]) -> dict[str, Any]:
    """What is hashed of an entry: everything in it; the sealed payload, where there is one, by its SHA-256."""
    return {
        "event": entry.event.hex,
        "at": micros(entry.at),
        "simulated": int(entry.simulated),
        "kind": entry.kind,
        "worker": entry.worker.hex if entry.worker else "",
        "agency": entry.agency,
        "role": entry.role,
        "purpose": entry.purpose,
        "because": entry.because,
        "agreement": entry.agreement,
        "about": about,
    } | ({"payload": bytes(entry.commitment)} if entry.sealed else {})


def written(entry: Entry) -> bytes:
    """The canonical bytes of an entry fetched with `with_about`."""
    return canonical(fields(entry, sorted(a.subject for a in entry.about.all())))


def with_about(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.prefetch_related("about")


def stored(head: Head) -> StoredHead:
    peaks = bytes(head.peaks)
    return StoredHead(head.note, tuple(peaks[i : i + PEAK] for i in range(0, len(peaks), PEAK)))


def newest() -> tuple[StoredHead | None, Frontier]:
    """The newest head and the tree it stands for; None and an empty tree before the first."""
    head = Head.objects.order_by("-number").first()
    return (stored(head), Frontier(head.size, stored(head).peaks)) if head else (None, Frontier())


def whole_log() -> Iterator[Examined]:
    """Every numbered entry in order, with what is stored of its place in the tree. Streams."""
    entries = with_about(Entry.objects.select_related("leaf").filter(leaf__isnull=False).order_by("leaf__index"))
    for entry in entries.iterator(chunk_size=2000):
        yield Examined(entry.leaf.index, written(entry), bytes(entry.leaf.hash), bytes(entry.sealed))


def heads() -> list[StoredHead]:
    return [stored(head) for head in Head.objects.order_by("number")]
