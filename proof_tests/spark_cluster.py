"""A real cluster of Spark on this machine: a master and two workers, each a process of its own, on loopback only."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

STARTING = 90  # seconds
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


class NoCluster(Exception):
    """It did not come up; its last words are in the message."""


class Cluster:
    """`master` is its address, `conf` what a session must say to be let in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.master = f"spark://127.0.0.1:{self.port}"
        self.conf = {
            "spark.authenticate": "true",
            "spark.authenticate.secret": secrets.token_hex(16),
            "spark.network.crypto.enabled": "true",
            "spark.network.timeout": "600s",  # two cores do everything else here too
            "spark.worker.timeout": "600",
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        settings = self.folder / "spark.conf"
        settings.write_text("".join(f"{name} {value}\n" for name, value in self.conf.items()))
        settings.chmod(0o600)
        web = ["--webui-port", "0", "--properties-file", str(settings)]
        self._run("master", MASTER, "--host", "127.0.0.1", "--port", str(self.port), *web)
        self._wait("master", "Starting Spark master")
        for name in ("worker-1", "worker-2"):
            self._run(name, WORKER, "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", *web, self.master)
        for name in ("worker-1", "worker-2"):
            self._wait(name, "Successfully registered with master")

    def _run(self, name: str, *words: str) -> None:
        home = Path(find_spec("pyspark").origin).parent
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_WORKER_DIR": str(self.folder / f"{name}-work"),
            "SPARK_LOCAL_DIRS": str(self.folder / f"{name}-spill"),
        }
        with self._log(name).open("wb") as log:
            command = [str(home / "bin" / "spark-class"), *words]
            self._processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _wait(self, name: str, words: str) -> None:
        until = time.monotonic() + STARTING
        while words not in self._log(name).read_text(errors="replace"):
            if time.monotonic() > until:
                raise NoCluster(self._log(name).read_text(errors="replace")[-2000:])
            time.sleep(0.3)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that runs until the end of the block. Raises NoCluster."""
    made = Cluster(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
