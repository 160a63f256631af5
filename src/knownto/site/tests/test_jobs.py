"""A job that no worker knows is never done: every module's are registered by starting the product, and nothing else."""

import ast
import json
import subprocess
import sys
from pathlib import Path

from procrastinate.contrib.django import app

import knownto

SOURCE = Path(knownto.__file__).parent
ASK = """
import json, django
django.setup()
from procrastinate.contrib.django import app
print(json.dumps(sorted(task.func.__module__ for task in app.tasks.values())))
"""


def with_tasks(path: Path) -> bool:
    """Does the file hold anything decorated as a task?"""
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    return any("app.task" in ast.unparse(mark) for function in functions for mark in function.decorator_list)


def modules() -> set[str]:
    files = (path for path in SOURCE.glob("*/jobs.py") if with_tasks(path))
    return {f"knownto.{path.parent.name}.jobs" for path in files}


def test_it_registers_the_jobs_of_every_module_by_starting_alone():
    started = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert modules() <= set(json.loads(started.stdout))


def test_it_knows_where_the_jobs_are():
    assert {"knownto.feeds.jobs", "knownto.identity.jobs"} <= modules()


def test_every_job_has_a_queue_of_its_own_name():
    ours = [task for task in app.tasks.values() if task.func.__module__.startswith("knownto.")]
    assert ours and all(task.queue in task.func.__module__ for task in ours)
