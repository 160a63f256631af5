"""What must be true of the project's own files."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.splitlines()]


def test_every_dependency_says_what_it_is_for():
    lines = (PROJECT / "pyproject.toml").read_text().splitlines()
    said = tomllib.loads("\n".join(lines))["project"]
    wanted = said["dependencies"] + [d for group in said["optional-dependencies"].values() for d in group]
    for dependency in wanted:
        line = next(line for line in lines if f'"{dependency}"' in line)
        assert "#" in line.split(f'"{dependency}"')[1], f"{dependency} has no reason"


@pytest.mark.parametrize("name", ["run", "test", "uv", "node"])
def test_every_package_is_pinned_with_hashes_and_no_address(name):
    text = (PROJECT / f"requirements/{name}.txt").read_text()
    packages = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert packages and all("==" in line and line.endswith("\\") for line in packages)
    assert "://" not in text and text.count("--hash=sha256:") >= len(packages)


def test_the_page_assets_are_pinned_by_integrity_and_no_address():
    locked = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in said and "resolved" not in said for path, said in locked.items() if path)


def test_no_third_party_asset_is_committed():
    assert not [p for p in tracked() if "vendor" in p.parts or "node_modules" in p.parts]


def test_no_key_or_database_is_committed():
    assert not [p for p in tracked() if p.suffix in {".pem", ".sqlite3", ".dump"} or p.name == "keys.json"]


def test_each_function_level_import_is_a_mistake():
    """Held by the style check; here, that the check is really on."""
    rules = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["select"]
    assert "PLC0415" in rules


def test_no_module_is_a_drawer_for_odds_and_ends():
    names = {p.stem for p in tracked("src/*.py")}
    assert not names & {"utils", "helpers", "common", "manager", "misc"}


def test_the_imports_contract_turns_red_when_an_engine_reaches_up(tmp_path):
    """The negative control of the direction of imports."""
    for part in ("pyproject.toml", "src", "proof_tests", "tests"):
        subprocess.run(["cp", "-r", PROJECT / part, tmp_path], check=True)
    planted = tmp_path / "src/knownto/linkage/planted.py"
    planted.write_text("from knownto.keyring import acts\n")
    command = [PROJECT / ".venv/bin/lint-imports", "--no-cache", "--config", tmp_path / "pyproject.toml"]
    environment = {"PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}", "PATH": "/usr/bin:/bin"}
    checked = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 1 and "knownto.linkage.planted" in checked.stdout
