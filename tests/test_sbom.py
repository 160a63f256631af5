"""The bill of materials names what is really installed: the same packages, versions and hashes as the locks."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BILL = PROJECT / "docs/registers/sbom.cdx.json"


def in_the_locks(project=PROJECT):
    """{(name, version, hash)}, read in another way than the one that makes the bill."""
    found = set()
    for block in re.split(r"\n(?=[a-z0-9])", (project / "requirements/run.txt").read_text()):
        name, version = re.split(r"==|[ ;\\]", block.split("\n")[0])[:2]
        found |= {(name, version, part.split()[0]) for part in block.split("--hash=sha256:")[1:]}
    for path, said in json.loads((project / "package-lock.json").read_text())["packages"].items():
        if path:
            name = "/".join(path.split("/")[1:])
            found.add((name, said["version"], base64.b64decode(said["integrity"].split("-", 1)[1]).hex()))
    return found


def in_the_bill(bill=BILL):
    parts = json.loads(bill.read_text())["components"]
    return {(part["name"], part["version"], said["content"]) for part in parts for said in part["hashes"]}


def test_it_names_every_package_version_and_hash_of_the_locks_and_no_other():
    assert len(in_the_locks()) > 100
    assert in_the_bill() == in_the_locks(), "the locks have changed: run `make sbom`"


def test_it_is_cyclonedx_with_one_reference_a_part():
    bill = json.loads(BILL.read_text())
    parts = bill["components"]
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert len({part["bom-ref"] for part in parts}) == len(parts)
    assert all(part["purl"].startswith(("pkg:pypi/", "pkg:npm/")) and part["hashes"] for part in parts)


def test_what_a_server_has_is_required_and_in_it_with_the_same_version():
    text = (PROJECT / "requirements/production.txt").read_text()
    servers = set(re.findall(r"^([a-z0-9-]+)==([^ \n]+)", text, re.MULTILINE))
    bill = json.loads(BILL.read_text())["components"]
    required = {
        (p["name"], p["version"]) for p in bill if p["purl"].startswith("pkg:pypi") and p["scope"] == "required"
    }
    assert len(servers) > 30 and required == servers


def copied(tmp_path):
    for part in (
        "bin/sbom",
        "requirements/run.txt",
        "requirements/production.txt",
        "package-lock.json",
        "pyproject.toml",
        "docs/registers/sbom.cdx.json",
    ):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / part, tmp_path / part)
    return tmp_path


def ran(folder, *words):
    return subprocess.run([sys.executable, folder / "bin/sbom", *words], capture_output=True, text=True, check=False)


def test_a_package_that_was_changed_without_it_is_found(tmp_path):
    """The negative control: a lock that moved on, and one hash that is another."""
    there = copied(tmp_path)
    assert ran(there, "--check").returncode == 0
    lock = there / "requirements/run.txt"
    lock.write_text(re.sub(r"django==\S+", "django==6.1.99", lock.read_text(), count=1))
    told = ran(there, "--check")
    assert told.returncode == 1 and "run bin/sbom" in told.stdout
    changed = {
        (name, version) for name, version, _ in in_the_locks(there) ^ in_the_bill(there / BILL.relative_to(PROJECT))
    }
    assert {name for name, _ in changed} == {"django"} and ("django", "6.1.99") in changed
    assert ran(there).returncode == 0 and ran(there, "--check").returncode == 0
