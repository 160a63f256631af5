"""An empty Debian 13 for an installation to be tried on: a root folder, and systemd as process 1 of its own namespaces.

Its network is a loopback and nothing else, so whatever is installed or served there needs nothing from outside. The
root's packages come from the distribution once, and are kept.
"""

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
KEPT = PROJECT / "var" / "production"
IMAGES = Path("/var/cache/knownto-proof")  # beside apt's own: a clone that is thrown away does not throw this away
TRIES = 3
SUITE = "trixie"
SECONDS_TO_BOOT = 300
PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

# Process 1 of new namespaces: an own root, /proc, /dev, /run and cgroups, and then the init that a server would have.
BOOT = r"""
set -e
R=$1
mount --make-rprivate /
mount --bind "$R" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs -o ro sysfs "$R/sys"
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for d in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do set -- $d; mknod -m 666 "$R/dev/$1" c 1 "$2"; done
mknod -m 666 "$R/dev/tty" c 5 0
mkdir "$R/dev/shm" "$R/dev/pts" "$R/dev/mqueue" "$R/dev/hugepages"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$R/dev/pts"
ln -s pts/ptmx "$R/dev/ptmx"
for d in "fd /proc/self/fd" "stdin /proc/self/fd/0" "stdout /proc/self/fd/1" "stderr /proc/self/fd/2"; do
    set -- $d; ln -s "$2" "$R/dev/$1"
done
mount -t tmpfs -o mode=755 tmpfs "$R/run"
ip link set lo up
mkdir -p "$R/old"
cd "$R"
pivot_root . old
exec </dev/null >/dev/null 2>&1
exec env -i container=proof PATH=/usr/sbin:/usr/bin /usr/lib/systemd/systemd --log-target=journal --show-status=no
"""


class NotHere(Exception):
    """This machine cannot have a Debian of its own; the sentence says why."""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str


def packages() -> list[str]:
    return (PROJECT / "deploy" / "packages").read_text().split()


def able() -> None:
    """Makes sure that one can be made. Raises NotHere: no root, no packages of the distribution's, no namespaces."""
    if os.geteuid() != 0:
        raise NotHere("an empty Debian needs root")
    if not shutil.which("mmdebstrap"):
        if not shutil.which("apt-get"):
            raise NotHere("an empty Debian needs mmdebstrap, which Debian's own package brings")
        _again("apt-get", "update", "-qq")
        _again("apt-get", "install", "--yes", "--no-install-recommends", "mmdebstrap")
    if subprocess.run(["unshare", "-mpniuC", "--fork", "true"], capture_output=True, check=False).returncode:
        raise NotHere("this machine lets nobody make namespaces")
    image()


def _quietly(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"{command[0]} failed: {(done.stderr or done.stdout)[-500:]}")


def _again(*command: str) -> None:
    """What fetches from elsewhere may fail once and not again."""
    for _ in range(TRIES - 1):
        with suppress(NotHere):
            return _quietly(*command)
    return _quietly(*command)


def image() -> Path:
    """A tar of a Debian with the packages that the guide's first step installs, made once for each list of them."""
    mark = hashlib.sha256(" ".join(packages()).encode()).hexdigest()[:10]
    path = IMAGES / f"{SUITE}-{mark}.tar"
    if not path.exists():
        IMAGES.mkdir(parents=True, exist_ok=True)
        making = path.with_suffix(f".{os.getpid()}.tar")
        leave_out = [f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("doc", "man", "locale")]
        _again(
            "mmdebstrap", "--quiet", "--variant=minbase", *leave_out, '--aptopt=Acquire::Languages "none"',
            '--aptopt=Acquire::Check-Valid-Until "false"', f"--include={','.join(packages())}",
            SUITE, str(making), f"deb [signed-by={_keyring()}] {_mirror()} {SUITE} main",
        )  # fmt: skip
        making.rename(path)
    return path


def _keyring() -> str:
    return "/usr/share/keyrings/debian-archive-keyring.gpg"


def _mirror() -> str:
    """Where this machine's own apt gets Debian's packages from."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(ORIGIN)"], capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        site, _, origin = line.partition(" ")
        if origin == "Debian" and re.search(r"/debian/?$", site):
            return site
    raise NotHere("this machine's apt names no place of Debian's packages")


class Machine:
    """One Debian that runs. Commands run as root inside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        command = ["unshare", "-mpniuC", "--fork", "--kill-child=KILL", "sh", "-c", BOOT, "boot", str(root)]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.first = self._first()
        self._until("systemctl is-system-running | grep -Eq 'running|degraded'", SECONDS_TO_BOOT)

    def _first(self) -> int:
        end = time.monotonic() + 60
        children = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children")
        while time.monotonic() < end and self.running.poll() is None:
            if found := children.read_text().split():
                return int(found[0])
            time.sleep(0.05)
        raise NotHere(f"no init started: {self.running.stderr.read()[-500:] if self.running.stderr else ''}")

    def _until(self, test: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.running.poll() is not None:
                raise NotHere(f"init ended: {self.running.stderr.read()[-500:] if self.running.stderr else ''}")
            if self.run(test).status == 0:
                return
            time.sleep(0.2)
        raise AssertionError(f"after {seconds} s still not: {test}\n{self.run('systemctl --no-pager --failed').out}")

    def run(self, script: str, given: str = "") -> Said:
        """Run it there as root, all of its output together."""
        command = ["nsenter", "-t", str(self.first), "-m", "-p", "-n", "-i", "-u", "-C", "-r", "-w"]
        command += ["/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8", f"PATH={PATH}"]
        done = subprocess.run(
            [*command, "sh", "-c", f"cd /root; {script}"], input=given, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, errors="replace",
        )  # fmt: skip
        return Said(done.returncode, done.stdout)

    def do(self, script: str) -> str:
        """Run what must succeed."""
        said = self.run(script)
        assert said.status == 0, f"{script}\n{said.out[-4000:]}"
        return said.out

    def wait_for(self, test: str, seconds: float = 300) -> None:
        self._until(test, seconds)

    def stop(self) -> None:
        self.running.kill()  # takes process 1 with it, and that everything in there
        self.running.wait()


@contextmanager
def empty_debian(folder: Path) -> Iterator[Machine]:
    """A fresh one in that folder, thrown away afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-C", str(folder), "-xf", str(image())], check=True)
    machine = Machine(folder)
    try:
        yield machine
    finally:
        machine.stop()
        shutil.rmtree(folder, ignore_errors=True)
