"""One small mistake in a package's source at a time, and whether its own tests notice. Standard library and pytest.

Each mistake is made in the syntax tree, and tried in a process of its own, which is given the mistaken source in place
of the module's. A mistake that makes the tests run for ever is noticed by the processor time that they may take. Run as
a program, so that nothing of what is mistaken has been loaded before:

    python -m proof_tests.mutants knownto.policy.glass src/knownto/policy/tests --share 20 --seed today

One line of JSON for each mistake that was tried. Tests that are red without any end it with status 2.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import json
import os
import random
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, ModuleType

SECONDS = 120  # of processor time
SURVIVED, KILLED = 0, 1  # as the process that tried it ends
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One mistake: in which module, on which line, what (`was`, and what it is now), and the source with it."""

    module: str
    line: int
    kind: str
    was: str
    now: str
    source: str

    @property
    def name(self) -> str:
        """How it is known in the list of those that are explained: no line number, which any edit would move."""
        return f"{self.module}: {self.kind}: {self.was} -> {self.now}"


def mutants(module: str, source: str, seed: str = "", share: int = 1) -> list[Mutant]:
    """Every mistake that there is to make in it; or one in `share` of them, drawn by the seed."""
    tree = ast.parse(source)
    ignored = set(_ignored(tree))
    places = [
        (at, number)
        for at, node in enumerate(ast.walk(tree))
        if id(node) not in ignored
        for number, _ in enumerate(_mistakes(node))
    ]
    made = [each for place in places if (each := _made(module, source, *place)).now != each.was]
    drawn = random.Random(f"{seed}/{module}").sample(range(len(made)), -(-len(made) // share))
    return [made[at] for at in sorted(drawn)]


def _made(module: str, source: str, at: int, number: int) -> Mutant:
    tree = ast.parse(source)
    node = next(islice(ast.walk(tree), at, None))
    was = _said(node)
    kind, change = list(_mistakes(node))[number]
    change(node)
    line = getattr(node, "lineno", 0)
    return Mutant(module, line, kind, was, _said(node), ast.unparse(ast.fix_missing_locations(tree)))


def _said(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:160]


def _ignored(tree: ast.AST) -> Iterator[int]:
    """Annotations, docstrings, decorators of classes and what only names things: a mistake there changes nothing."""
    for node in ast.walk(tree):
        hints = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hints += [node, node.value]
        if isinstance(node, ast.ClassDef):
            hints += node.decorator_list  # frozen or not: nothing in the product tries to change one
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            hints.append(node)
        yield from (id(inner) for hint in hints if hint is not None for inner in ast.walk(hint))


def _mistakes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    if isinstance(node, ast.Compare):
        yield "compared otherwise", _first_swapped
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in SWAPPED:
        yield "another operator", _operator_swapped
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", _affirmed
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        yield "another value", lambda target: setattr(target, "value", _other(target.value))
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "never", lambda target: setattr(target, "test", ast.Constant(False))
        yield "always", lambda target: setattr(target, "test", ast.Constant(True))
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "returns nothing", lambda target: setattr(target, "value", ast.Constant(None))
    if isinstance(node, ast.Raise):
        yield "raises another", lambda target: setattr(target, "exc", ast.Name("RuntimeError", ast.Load()))
    if isinstance(node, ast.Set | ast.List | ast.Tuple) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for place in range(len(node.elts)):
            yield f"without its {place + 1}.", lambda target, place=place: target.elts.pop(place)


def _first_swapped(target: ast.AST) -> None:
    target.ops[0] = SWAPPED[type(target.ops[0])]()  # type: ignore[attr-defined]


def _operator_swapped(target: ast.AST) -> None:
    target.op = SWAPPED[type(target.op)]()  # type: ignore[attr-defined]


def _affirmed(target: ast.AST) -> None:
    """Twice not: the same as not at all."""
    target.operand = ast.UnaryOp(ast.Not(), target.operand)  # type: ignore[attr-defined]


def _other(value: bool | int) -> bool | int:
    return not value if isinstance(value, bool) else value + 1


class _Mistaken(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives that module with the mistake in it, and leaves every other alone."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object, target: ModuleType | None = None):
        if name != self.mutant.module:
            return None
        found = importlib.util.find_spec(name.rpartition(".")[0])
        [folder] = found.submodule_search_locations
        file = Path(folder) / f"{name.rpartition('.')[2]}.py"
        return importlib.util.spec_from_file_location(name, file, loader=self)

    def get_source(self, name: str) -> str:
        return self.mutant.source

    def get_code(self, name: str) -> CodeType:
        return compile(self.mutant.source, f"<mutant of {name}>", "exec")

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__name__), module.__dict__)  # noqa: S102 (that is what it is for)


def tried(mutant: Mutant | None, tests: list[str]) -> bool:
    """Was it noticed? Without a mutant: are the tests green as they are? Raises RuntimeError where they did not run."""
    child = os.fork()
    if not child:
        os._exit(_in_the_child(mutant, tests))
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return True  # out of processor time
    code = os.waitstatus_to_exitcode(ended)
    if code not in (SURVIVED, KILLED):
        raise RuntimeError(f"{mutant and mutant.name}: the tests ended with {code}")
    return code == KILLED


def _in_the_child(mutant: Mutant | None, tests: list[str]) -> int:
    import pytest  # noqa: PLC0415 (the parent must not have anything loaded that a mistake could reach)

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    if mutant is not None:
        sys.meta_path.insert(0, _Mistaken(mutant))
    without = [word for plugin in ("cacheprovider", "django", "xdist") for word in ("-p", f"no:{plugin}")]
    usual = ["-q", "-x", "-c", os.devnull, "--hypothesis-seed=0", *without]
    first = Path(tests[0])
    folder = str(first if first.is_dir() else first.parent)
    code = pytest.main([*usual, "--import-mode=importlib", "--rootdir", folder, "--confcutdir", folder, *tests])
    # A mistake that stops the tests from being collected has been noticed too.
    return SURVIVED if code == 0 else KILLED if code in (1, 2) else 9


def source_of(module: str) -> str:
    """Where it stands, read without loading it."""
    return (Path(__file__).parent.parent / "src" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


def main() -> int:
    said = argparse.ArgumentParser()
    said.add_argument("module")
    said.add_argument("tests", nargs="+")
    said.add_argument("--share", type=int, default=1)
    said.add_argument("--seed", default="")
    given = said.parse_args()
    if tried(None, given.tests):
        return 2
    for mutant in mutants(given.module, source_of(given.module), given.seed, given.share):
        noticed = tried(mutant, given.tests)
        print(json.dumps({"name": mutant.name, "line": mutant.line, "noticed": noticed}), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
