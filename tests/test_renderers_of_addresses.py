"""Whatever reads where somebody lives, their school or their number is known, and what it shows has been cleared.

The list of what does is made anew from the source each time. `renderers.csv` says of each function what clears it
before anybody sees it (a function that, as is looked up too, asks the firewall), or why nobody ever sees it. One that
is not in it fails; so does one whose check was taken out.
"""

import ast
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "knownto"
TABLE = Path(__file__).with_name("renderers.csv")
LEADS = frozenset({"addresses", "postcode", "uprn", "phones", "emails", "school", "district"})
NAMED = frozenset({"school", "surgery", "postcode", "address"})
ASKS = frozenset({
    "clear", "clear_one", "known_for", "letter_for", "kept", "document", "must_not_leave", "blocks_for", "blocks_of",
})  # fmt: skip
# Engines and what makes data up show nobody anything; the firewall itself is what is asked.
APART = ("linkage", "learning", "town", "firewall", "worktime", "policy", "proof", "face", "site/benchmarks")


def functions(root: Path = SOURCE) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function there is, by module and name: ("footprint/told.py:district", its tree)."""
    for path in sorted(root.rglob("*.py")):
        at = path.relative_to(root).as_posix()
        if not at.startswith(APART) and "/tests/" not in f"/{at}" and "/migrations/" not in at:
            yield from ((f"{at}:{name}", tree) for name, tree in _in(ast.parse(path.read_text()), ""))


def _in(tree: ast.AST, before: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for each in ast.iter_child_nodes(tree):
        if isinstance(each, ast.ClassDef):
            yield from _in(each, f"{before}{each.name}.")
        elif isinstance(each, ast.FunctionDef):
            yield f"{before}{each.name}", each
        elif isinstance(each, ast.Assign | ast.AnnAssign) and any(isinstance(n, ast.Lambda) for n in ast.walk(each)):
            target = each.targets[0] if isinstance(each, ast.Assign) else each.target
            yield f"{before}{ast.unparse(target)}", each  # type: ignore[misc]


def leads_there(tree: ast.AST) -> bool:
    """Does it read where somebody lives, their school or their number?"""
    return any(
        (isinstance(each, ast.Attribute) and each.attr in LEADS and isinstance(each.ctx, ast.Load))
        or (isinstance(each, ast.Call) and _looks_up(each))
        for each in ast.walk(tree)
    )


def _looks_up(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "get"
        and bool(call.args)
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value in NAMED
    )


def asks(tree: ast.AST) -> bool:
    """Does it ask the firewall, itself or by what the house asks it with?"""
    called = (each.func for each in ast.walk(tree) if isinstance(each, ast.Call))
    return any((f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "")) in ASKS for f in called)


def table() -> dict[str, tuple[str, str]]:
    with TABLE.open(newline="") as file:
        return {line["function"]: (line["cleared_by"], line["why"]) for line in csv.DictReader(file)}


def faults(found: Iterable[tuple[str, ast.AST]], listed: dict[str, tuple[str, str]]) -> list[str]:
    """What is not on the list, what is there for nothing, and what is said to be cleared where nothing asks."""
    trees = dict(found)
    reads = {name for name, tree in trees.items() if leads_there(tree)}
    said = [f"{name} shows where somebody is, and nobody said what clears it" for name in sorted(reads - listed.keys())]
    said += [f"{name} is listed, and reads nothing of the kind" for name in sorted(listed.keys() - reads)]
    for name, (by, why) in listed.items():
        if not why or (by and (by not in trees or not asks(trees[by]))):
            said.append(f"{name}: {by or 'nothing'} does not ask the firewall")
    return said


def test_whatever_shows_where_somebody_is_has_been_cleared():
    assert not faults(functions(), table())


PLANTED = """
def shows(person):
    return person.evidence.addresses[0].postcode

def clears(people, reader):
    return clear(people, reader)

def cleared_no_more(people):
    return people
"""


@pytest.mark.parametrize(("listed", "fault"), [
    ({}, "nobody said what clears it"),
    ({"m:shows": ("m:clears", "x")}, ""),
    ({"m:shows": ("m:cleared_no_more", "x")}, "does not ask the firewall"),
    ({"m:shows": ("m:gone", "x")}, "does not ask the firewall"),
    ({"m:shows": ("", "")}, "does not ask the firewall"),
    ({"m:shows": ("m:clears", "x"), "m:clears": ("m:clears", "x")}, "reads nothing of the kind"),
])  # fmt: skip
def test_one_that_nobody_listed_or_whose_check_is_gone_is_found(listed, fault):
    planted = [(f"m:{name}", tree) for name, tree in _in(ast.parse(PLANTED), "")]
    said = faults(planted, listed)
    assert any(fault in each for each in said) if fault else not said
