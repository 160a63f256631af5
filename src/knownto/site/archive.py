"""Continuous archiving, and going back to a moment: a copy of each database, and everything written since.

A base copy (pg_basebackup) and the write-ahead log, received as it is written (pg_receivewal), for data and keys apart:
whoever finds one of the two archives can open nothing, and the key file is in neither. The keys always go to the end of
their archive, whatever moment the data goes back to: a key that was destroyed since stays destroyed.
"""

import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knownto.site import servers
from knownto.site.embedded import CLUSTERS, Embedded, place
from knownto.site.servers import Server

SLOT = "knownto_archive"
STAMP = "%Y%m%dT%H%M%S.%fZ"
TOO_EARLY = "recovery ended before configured recovery target was reached"
FOLDERS = {"main": "KNOWNTO_ARCHIVE", "keys": "KNOWNTO_KEYS_ARCHIVE"}
SEGMENT = re.compile(r"[0-9A-F]{24}(\.partial)?$")
SECONDS_TO_RECOVER = 6 * 3600


class NoBackup(Exception):
    """There is no copy from before that moment."""


class NotRecovered(Exception):
    """PostgreSQL could not go back to that moment; its log says why."""


@dataclass(frozen=True)
class Archive:
    """What is kept of one cluster: `base/<moment>` copies, and `wal`."""

    cluster: Embedded | Server
    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    def copies(self) -> list[tuple[datetime, Path]]:
        """Whole copies, the oldest first, by the moment at which each was complete."""
        there = (self.folder / "base").glob("*Z") if self.folder.exists() else ()
        return sorted((datetime.strptime(each.name, STAMP).replace(tzinfo=UTC), each) for each in there)

    def before(self, moment: datetime | None) -> Path:
        """The newest copy that was complete by then. Raises NoBackup."""
        found = [path for at, path in self.copies() if moment is None or at <= moment]
        if not found:
            raise NoBackup(f"No copy of {self.cluster.name} was complete by {moment}.")
        return found[-1]


def archive_of(var: Path, cluster: str) -> Archive:
    """Of the servers that the environment names, or else of the embedded ones. Raises KeyError: see `servers`."""
    named = os.environ.get(FOLDERS[cluster])
    database = servers.from_environment()[cluster] if "DATABASE_URL" in os.environ else Embedded(var, cluster)
    return Archive(database, Path(named) if named else place(var) / "archive" / cluster)


def copy(archive: Archive) -> Path:
    """A base copy of a running cluster, complete when this returns. One at a time: a second waits for the first."""
    _ready(archive)
    making = archive.folder / "base" / "making"
    with (archive.folder / "copying").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(making, ignore_errors=True)
        arguments = ("-D", str(making), "-X", "stream", "--checkpoint=fast", "--no-password")
        archive.cluster.run("pg_basebackup", *archive.cluster.at(), *arguments)
        made = making.with_name(datetime.now(UTC).strftime(STAMP))
        making.rename(made)
    return made


def receive(archive: Archive) -> "subprocess.Popen[bytes]":
    """Start writing down the write-ahead log as it comes. What is received is on the disk before it is confirmed."""
    _ready(archive)
    arguments = ("-D", str(archive.wal), "--slot", SLOT, "--no-password")
    archive.cluster.run("pg_receivewal", *archive.cluster.at(), "--slot", SLOT, "--create-slot", "--if-not-exists")
    return archive.cluster.begin("pg_receivewal", *archive.cluster.at(), *arguments, "--synchronous")


@contextmanager
def received(archives: list[Archive]) -> Iterator[list["subprocess.Popen[bytes]"]]:
    running = [receive(each) for each in archives]
    try:
        yield running
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(30)


def caught_up(archive: Archive, seconds: float = 60) -> bool:
    """Is everything that is committed now in the archive? Waits up to so long."""
    reached = archive.cluster.sql("SELECT pg_current_wal_flush_lsn()").strip()
    behind = f"SELECT coalesce(min(flush_lsn) >= '{reached}', false) FROM pg_stat_replication"  # noqa: S608
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if archive.cluster.sql(f"{behind} WHERE application_name = 'pg_receivewal'").strip() == "t":
            return True
        time.sleep(0.1)
    return False


def forget(archive: Archive, days: int, now: datetime) -> int:
    """Remove copies older than that, and the log before the oldest one left: so long does what was destroyed last."""
    copies = archive.copies()
    old = [path for at, path in copies[:-1] if at < now - timedelta(days=days)]
    for path in old:
        shutil.rmtree(path)
    if old:
        label = (archive.copies()[0][1] / "backup_label").read_text()
        first = re.search(r"file ([0-9A-F]{24})", label)
        archive.cluster.run("pg_archivecleanup", str(archive.wal), first[1]) if first else None
    return len(old)


def recover(archive: Archive, cluster: Embedded | Server, moment: datetime | None) -> None:
    """Make `cluster` what the archive's was at that moment, or at the archive's end. Its own data is put aside.

    It is stopped when this returns. Raises NoBackup, NotRecovered.
    """
    base = archive.before(moment)
    cluster.stop()
    cluster.make_folders()
    if cluster.data.exists():
        cluster.put_aside(datetime.now(UTC).strftime(STAMP))
    subprocess.run(["cp", "-a", str(base), str(cluster.data)], check=True)
    wal = cluster.adopt(archive.wal)
    if not _replayed(wal, cluster, moment):
        _replayed(wal, cluster, None)  # nothing was written after that moment: the end is that moment
    cluster.stop()
    cluster.recovered()
    if cluster is archive.cluster:
        go_on(archive)


def _replayed(wal: Path, cluster: Embedded | Server, moment: datetime | None) -> bool:
    """False where the log ends before that moment."""
    lines = [f'restore_command = \'cp "{wal}/%f" "%p" 2>/dev/null || cp "{wal}/%f.partial" "%p"\'']
    if moment:
        lines += [f"recovery_target_time = '{moment.isoformat()}'", "recovery_target_action = 'promote'"]
    log = cluster.log
    begun = log.stat().st_size if log.exists() else 0
    cluster.begin_recovery("\n".join(lines) + "\n")
    end = time.monotonic() + SECONDS_TO_RECOVER
    while time.monotonic() < end:
        said = log.read_text(errors="replace")[begun:] if log.exists() else ""
        if TOO_EARLY in said:
            cluster.stop()
            return False
        if "FATAL" in said and not cluster.running() and "the database system is" not in said.split("FATAL")[-1]:
            raise NotRecovered(f"See {log}.")
        if cluster.running() and cluster.sql("SELECT pg_is_in_recovery()").strip() == "f":
            return True
        time.sleep(0.2)
    raise NotRecovered(f"Still not done after {SECONDS_TO_RECOVER} seconds; see {log}.")


def go_on(archive: Archive) -> None:
    """The archive goes on from where its stopped cluster has gone back to, and not from what is lost by it.

    What was received after that is put aside: a receiver would go on from its end, which the server no longer has. What
    the server has begun since is copied, so that the archive is whole before anything is received again.
    """
    written, histories = archive.cluster.data / "pg_wal", sorted((archive.cluster.data / "pg_wal").glob("*.history"))
    timeline = histories[-1].stem
    parted = _segment(re.findall(r"^\d+\t(\S+)", histories[-1].read_text(), re.M)[-1])
    reached = _segment(re.search(r"checkpoint location: +(\S+)", archive.cluster.control())[1])  # type: ignore[index]
    aside = archive.folder / f"lost-{datetime.now(UTC).strftime(STAMP)}"
    aside.mkdir()
    for each in sorted(archive.wal.glob("0*")):
        if SEGMENT.match(each.name) and each.name[:8] < timeline and each.name[8:24] >= parted:
            each.rename(aside / each.name)
    fresh = [each for each in written.glob(f"{timeline}*") if parted <= each.name[8:24] <= reached]
    for each in [*histories, *fresh]:
        unfinished = each.name[8:24] == reached
        shutil.copy(each, archive.wal / f"{each.name}{'.partial' if unfinished else ''}")
    _same_owner(archive)


def _segment(position: str) -> str:
    """The last 16 letters of the name of the piece of the log that this position is in: 16 MB each."""
    high, low = (int(part, 16) for part in position.split("/"))
    return f"{high:08X}{low >> 24:08X}"


def _same_owner(archive: Archive) -> None:
    """Whoever receives goes on with what was put there."""
    if os.geteuid() == 0:
        there = archive.folder.stat()
        for each in [*archive.folder.glob("lost-*"), *archive.wal.iterdir()]:
            os.chown(each, there.st_uid, there.st_gid)


def both(var: Path) -> dict[str, Archive]:
    return {name: archive_of(var, name) for name in CLUSTERS}


def _ready(archive: Archive) -> None:
    for folder in (archive.folder, archive.folder / "base", archive.wal):
        folder.mkdir(parents=True, exist_ok=True)
        archive.cluster.hand_over(folder)
