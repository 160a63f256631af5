"""A file arrives: it is sealed as it comes, remembered, and entered in the ledger, before anybody reads it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knownto.access.refusals import NotPossibleNow
from knownto.feeds.copies import Arrived, Copy
from knownto.feeds.models import Feed, File, State
from knownto.feeds.opening import opened
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency

# What a file with the same bytes must have come to for it to be enough: a refused one may be tried again.
STANDS = (State.RECEIVED, State.CHECKING, State.LANDING, State.HELD, State.LANDED)


class Manifest(BaseModel):
    """What the sender says about the file: rows without the headings, the SHA-256 of the bytes, and its day."""

    model_config = ConfigDict(strict=True, extra="ignore")

    rows: int = Field(ge=0)
    sha256: str = Field(default="", pattern=r"^([0-9a-fA-F]{64})?$")
    as_of: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")


class BadManifest(ValueError):
    """The manifest is not one. What it held is not repeated."""


def read_manifest(given: bytes | str | dict[str, Any] | None) -> dict[str, Any]:
    """The manifest as a plain dictionary, empty when there is none. Raises BadManifest."""
    if given is None:
        return {}
    try:
        said = json.loads(given) if isinstance(given, bytes | str) else given
        return Manifest.model_validate(said).model_dump(exclude_defaults=False)
    except (ValidationError, ValueError, RecursionError):
        raise BadManifest from None


@dataclass(frozen=True)
class Label:
    """What is known of a file before it is read."""

    agency: str
    mode: str
    as_of: date
    name: str = ""
    manifest: Any = None
    check_only: bool = False
    simulated: bool = False


def receive(label: Label, pieces: Iterable[bytes], *, by: Actor, now: datetime) -> File:
    """Seal and remember a file. The same bytes again are remembered as that, and go no further.

    Raises NotPossibleNow when the agency sends no feed, and Unreadable when there are too many bytes.
    """
    return receive_with_key(label, pieces, by=by, now=now)[0]


def receive_with_key(label: Label, pieces: Iterable[bytes], *, by: Actor, now: datetime) -> tuple[File, DataKey]:
    """As `receive`, for a caller that goes straight on and so needs the file's key."""
    must_be_connected(label.agency)
    [key] = keyring.create()
    copy = Copy(uuid4(), key)
    return remember(label, copy, copy.write(pieces), by=by, now=now), key


def must_be_connected(agency: str) -> None:
    """Raises NotPossibleNow when the agency sends no feed."""
    if Feed.objects.filter(agency=agency, agency__connected=True).exists():
        return
    if not Agency.objects.filter(code=agency, connected=True).exists():
        raise NotPossibleNow("not-connected", "This agency is not connected, so it cannot send files.")
    Feed.objects.get_or_create(agency_id=agency)


def remember(label: Label, copy: Copy, arrived: Arrived, *, by: Actor, now: datetime) -> File:
    """Remember a file whose copy has been written. If that fails there is no copy either."""
    try:
        return _remember(label, copy, arrived, by, now)
    except BaseException:
        copy.destroy()
        raise


def _remember(label: Label, copy: Copy, arrived: Arrived, by: Actor, now: datetime) -> File:
    with opened():
        file = _file(label, copy, arrived, by, now)
        file.save(force_insert=True)
        ledger.record(
            kind="file-received",
            by=by,
            about=[f"file:{file.id}"],
            because=_sort(label, file),
            now=now,
            simulated=label.simulated,
        )
    if file.same_as_id:
        copy.destroy()
    return file


def _sort(label: Label, file: File) -> str:
    """What came, for the ledger. The fingerprint is keyed: the SHA-256 of a short file would give its row away."""
    sort = "the same again" if file.same_as_id else "to be checked only" if label.check_only else label.mode
    return f"{sort}, as of {label.as_of}, fingerprint {file.same_bytes.hex()}"


def _file(label: Label, copy: Copy, arrived: Arrived, by: Actor, now: datetime) -> File:
    manifest, bad_manifest = _manifest(label)
    same_bytes = keyring.fingerprint(arrived.sha256.encode())
    same = None if label.check_only else _same(label, same_bytes, manifest)
    file = File(
        id=copy.file,
        agency_id=label.agency,
        mode=label.mode,
        as_of=label.as_of,
        check_only=label.check_only,
        simulated=label.simulated,
        same_bytes=same_bytes,
        same_as=same,
        state=State.SAME if same else State.RECEIVED,
        finished_at=now if same else None,
        size=arrived.size,
        lines=arrived.lines,
        has_manifest=bool(manifest),
        received_at=now,
        received_by=by.worker,
        came_by=by.role[:60],
        codes=["bad-manifest"] if bad_manifest else [],
    )
    file.seal_into({"name": label.name[-200:], "sha256": arrived.sha256, "manifest": manifest}, copy.key)
    return file


def _manifest(label: Label) -> tuple[dict[str, Any], bool]:
    try:
        return read_manifest(label.manifest), False
    except BadManifest:
        return {}, True


def _same(label: Label, same_bytes: bytes, manifest: dict[str, Any]) -> File | None:
    """The earlier file that this one repeats.

    The same bytes for a later day are news only when they can be: an empty delta on a quiet day, or a file whose
    manifest says that it is of that day. Otherwise it is yesterday's file under another name.
    """
    earlier = File.objects.filter(
        agency=label.agency, mode=label.mode, same_bytes=same_bytes, check_only=False, state__in=STANDS
    )
    same = earlier.order_by("-as_of", "-received_at").first()
    if same is None or same.as_of == label.as_of:
        return same
    quiet_day = label.mode == "delta" and same.rows == 0 and same.state == State.LANDED
    return None if quiet_day or manifest.get("as_of") == str(label.as_of) else same


def pieces_of(source: Path | bytes) -> Iterator[bytes]:
    """The bytes of a file on disk, or bytes themselves, in pieces."""
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as stream:
        while piece := stream.read(256 * 1024):
            yield piece


def key_of(file: File) -> DataKey:
    """The file's data key. Raises Shredded."""
    return keyring.key_of(keyring.fetch([file.key]), file.key)
