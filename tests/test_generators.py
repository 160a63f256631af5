"""What makes a proof's data, and what says which answer is right, share no code with the product: `make lint` holds it.

Here: that whatever shares none is held to that for good, and that the contract is red for one that does.
"""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TOLD = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
NAME = "Generators and oracles share no code with what they test"
[CONTRACT] = [contract for contract in TOLD["contracts"] if contract["name"] == NAME]
FOLDERS = ("proof_tests", "tests/matrix")
NEITHER = {"proof_tests.spark_cluster"}  # starts and stops a cluster: it makes no data and judges nothing


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def takes_nothing(path):
    return not {name.split(".")[0] for name in imported(path)} & {"knownto", "django"}


def test_whatever_takes_nothing_from_the_product_is_held_to_it():
    helpers = [
        path
        for folder in FOLDERS
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if not path.name.startswith(("test_", "__init__", "conftest"))
    ]
    pure = {".".join(path.relative_to(PROJECT).with_suffix("").parts) for path in helpers if takes_nothing(path)}
    assert pure - NEITHER == set(CONTRACT["source_modules"])


def test_the_contract_is_red_for_a_generator_that_takes_something_through_another(tmp_path):
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "__init__.py").write_text('"""Planted."""\n')
    (planted / "maker.py").write_text("from planted import between\n")
    (planted / "between.py").write_text("from knownto.linkage import clean\n")
    (tmp_path / "contract.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["planted"]\ninclude_external_packages = true\n'
        f'[[tool.importlinter.contracts]]\nname = "{NAME}"\ntype = "forbidden"\nsource_modules = ["planted.maker"]\n'
        f"forbidden_modules = {CONTRACT['forbidden_modules']}\n"
    )
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", tmp_path / "contract.toml"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 1 and f"{NAME} BROKEN" in said.stdout, said.stdout + said.stderr
    assert "planted.between -> knownto (l.1)" in " ".join(said.stdout.split()), said.stdout
