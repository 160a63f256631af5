"""PostgreSQL servers of one's own, as Debian keeps them: what `archive` and `restoring` ask of a database.

Copying goes over TLS, as the role that may replicate, and needs no rights on the machine. Putting back needs root on
the machine that the server runs on: its folder is replaced. Has the same methods as `embedded.Embedded`.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

SERVER_USER = "postgres"
SOCKET = "/var/run/postgresql"
DATABASE = "knownto"


class Server:
    """`cluster` is Debian's name of it, such as 17/knownto; `address` is where its copier connects."""

    def __init__(self, name: str, cluster: str, address: str) -> None:
        self.name = name
        self.version, _, self.cluster = cluster.partition("/")
        self.address = address
        self.folder = Path("/var/lib/postgresql") / self.version / self.cluster
        self.data = self.folder
        self.log = Path("/var/log/postgresql") / f"postgresql-{self.version}-{self.cluster}.log"

    def at(self) -> tuple[str, ...]:
        """How PostgreSQL's own tools reach it to copy."""
        return ("-d", self.address)

    def connect(self) -> "psycopg.Connection[Any]":
        """As its superuser where we are root on its machine, else as its copier."""
        if os.geteuid():
            return psycopg.connect(self.address)
        with _as_server():
            return psycopg.connect(f"host={SOCKET} port={self.port} user=postgres dbname={DATABASE}")

    @property
    def port(self) -> str:
        for line in self.run("pg_lsclusters", "-h").splitlines():
            version, cluster, port, *_ = line.split()
            if (version, cluster) == (self.version, self.cluster):
                return port
        raise RuntimeError(f"There is no PostgreSQL {self.version}/{self.cluster} on this machine.")

    def running(self) -> bool:
        if os.geteuid():
            parts = conninfo_to_dict(self.address)
            where = ("-h", str(parts["host"]), "-p", str(parts["port"]))
        else:
            where = ("-h", SOCKET, "-p", self.port)
        return self._ask("pg_isready", "-q", *where) == 0

    def sql(self, statement: str) -> str:
        """The first column of the first row, as text."""
        with self.connect() as connection:
            row = connection.execute(statement.encode()).fetchone()
        return {True: "t", False: "f"}.get(row[0], str(row[0])) if row else ""

    def start(self) -> bool:
        if self.running():
            return False
        self._ctl("start", check=True)
        return True

    def stop(self) -> None:
        self._ctl("stop")

    def aside(self) -> "Server":
        """Another on the same machine, for what is read from the end of the archive and thrown away."""
        name = f"{self.cluster}aside"
        if not (Path("/etc/postgresql") / self.version / name).exists():
            self.run("pg_createcluster", self.version, name)
        return Server(self.name, f"{self.version}/{name}", "")

    def remove(self) -> None:
        self.run("pg_dropcluster", "--stop", self.version, self.cluster)
        for each in self.folder.parent.glob(f"{self.cluster}-before-*"):
            shutil.rmtree(each)

    def control(self) -> str:
        """What a stopped one says of itself."""
        return self.run("pg_controldata", str(self.data))

    def make_folders(self) -> None:
        """They are Debian's."""

    def put_aside(self, moment: str) -> None:
        self.data.rename(self.folder.with_name(f"{self.cluster}-before-{moment}"))

    def adopt(self, wal: Path) -> Path:
        """The copy that was put in place becomes the server's own. Gives the log as the server may read it."""
        readable = self.folder.with_name(f"{self.cluster}-wal")
        shutil.rmtree(readable, ignore_errors=True)
        subprocess.run(["cp", "-a", str(wal), str(readable)], check=True)
        subprocess.run(["chown", "-R", f"{SERVER_USER}:{SERVER_USER}", str(self.data), str(readable)], check=True)
        for folder in (self.data, readable):
            folder.chmod(0o700)
        return readable

    def begin_recovery(self, settings: str) -> None:
        """Start it on data that was put there, going on from there by these settings."""
        (self.data / "recovery.signal").touch()
        (self.data / "postgresql.auto.conf").write_text(settings)
        for each in ("recovery.signal", "postgresql.auto.conf"):
            shutil.chown(self.data / each, SERVER_USER, SERVER_USER)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._ctl("start")

    def recovered(self) -> None:
        """What recovery needed is gone with it."""
        shutil.rmtree(self.folder.with_name(f"{self.cluster}-wal"), ignore_errors=True)

    def _ctl(self, what: str, *, check: bool = False) -> None:
        """By systemd, which would otherwise take a server that somebody else started for one that failed."""
        unit = f"postgresql@{self.version}-{self.cluster}"
        subprocess.run(["systemctl", "reset-failed", unit], capture_output=True, check=False)
        subprocess.run(["systemctl", what, unit], capture_output=True, check=check)

    def run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._program(program), *arguments], capture_output=True, text=True, cwd="/", check=False
        )
        if done.returncode:
            raise RuntimeError(f"PostgreSQL's {program} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def begin(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a program that goes on until it is told to stop. What it complains of goes to the journal."""
        return subprocess.Popen([self._program(program), *arguments], stdout=subprocess.DEVNULL, cwd="/")

    def hand_over(self, path: Path) -> None:
        """The archive is the copier's own."""

    def _ask(self, program: str, *arguments: str) -> int:
        return subprocess.run(
            [self._program(program), *arguments], capture_output=True, cwd="/", check=False
        ).returncode

    def _program(self, name: str) -> str:
        there = Path("/usr/lib/postgresql") / self.version / "bin" / name
        return str(there) if there.exists() else name


@contextmanager
def _as_server() -> Iterator[None]:
    """The server's own user, for as long as it takes to connect: it lets its superuser in by who asks."""
    os.seteuid(pwd.getpwnam(SERVER_USER).pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def from_environment() -> dict[str, Server]:
    """Both servers, as the environment names them. Raises KeyError with what is missing."""
    return {
        "main": Server("main", os.environ["KNOWNTO_CLUSTER"], os.environ["ARCHIVE_DATABASE_URL"]),
        "keys": Server("keys", os.environ["KNOWNTO_KEYS_CLUSTER"], os.environ["ARCHIVE_KEYS_DATABASE_URL"]),
    }
