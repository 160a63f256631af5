"""Measure in a process of its own, on databases of its own: its settings, its memory and its connections are its own.

`python -m knownto.site.benchmarks.apart MODULE WORDS...` calls that benchmark's `here` once Django is set up, and
prints what it returns as the last line.
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django


def start(var: Path, module: str, *words: object) -> "subprocess.Popen[str]":
    """Start a benchmark's `here(*words)` on the databases in that folder."""
    environment = os.environ | {"KNOWNTO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "knownto.site.settings"}
    command = [sys.executable, "-m", __name__, module, *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def answer(process: "subprocess.Popen[str]") -> Any:
    """What it returned. Raises RuntimeError when it failed; its own words are on the terminal."""
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("A part of the benchmark failed; the lines above say why.")
    return json.loads(said.splitlines()[-1])


def run(var: Path, module: str, *words: object) -> Any:
    return answer(start(var, module, *words))


if __name__ == "__main__":
    django.setup()
    here = import_module(f"knownto.site.benchmarks.{sys.argv[1]}").here
    print(json.dumps(here(*sys.argv[2:])))  # noqa: T201
