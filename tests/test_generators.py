"""What makes a proof's data, and what says which answer is right, share no code with the product: `make lint` holds it.

Here: that it is held of those that are there, and that it is red for one that takes something through another.
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


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_each_that_the_contract_names_is_there_and_takes_nothing_even_where_it_is_not_at_the_top():
    for name in CONTRACT["source_modules"]:
        path = PROJECT.joinpath(*name.split(".")).with_suffix(".py")
        assert not {each.split(".")[0] for each in imported(path)} & {"knownto", "django"}, name


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
