"""Reading the registers: what they name, and what is wrong with them."""

import ast
import csv
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
REGISTERS = PROJECT / "docs/registers"
SKIPPED = {"pytest.skip", "pytest.xfail", "pytest.importorskip",
           "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}  # fmt: skip


def table(name):
    with (REGISTERS / name).open(newline="") as file:
        return list(csv.DictReader(file))


class EveryTest:
    """Every test there is, by its node id, and whether it may be skipped. Read from the source, once a file."""

    def __init__(self):
        self._files = {}

    def fault(self, node):
        """Why that node id proves nothing, or ""."""
        path, _, name = node.partition("::")
        if path not in self._files:
            file = PROJECT / path
            self._files[path] = (
                in_source(file.read_text()) if file.is_file() and file.name.startswith("test_") else None
            )
        there = self._files[path]
        if there is None:
            return f"there is no file of tests {path}"
        if name not in there:
            return f"there is no test {node}"
        return f"{node} may be skipped" if there[name] else ""


def in_source(text):
    """The tests of a file: {name: may it be skipped?}. One that may be skipped proves nothing."""
    tree = ast.parse(text)
    unsure = {name for n in tree.body for name in _names(n) if any(map(_is_skip, ast.walk(n)))}  # marks, and fixtures
    whole = "pytestmark" in unsure or any(
        _is_skip(p) for n in tree.body if isinstance(n, ast.Expr) for p in ast.walk(n)
    )
    return {
        node.name: whole or any(_is_skip(part) or unsure & set(_names(part)) for part in ast.walk(node))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _names(node):
    """What a statement of a file gives a name to, or what a part of a test calls or asks for by name."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    return [said for said in (getattr(node, "id", ""), getattr(node, "arg", "")) if said]


def _is_skip(node):
    return isinstance(node, ast.Attribute) and ast.unparse(node) in SKIPPED


def anchors(text):
    """The anchors of a page's headings, as GitHub makes them."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", outside, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def page_fault(where):
    """Why that page (`docs/x.md#part`) is no evidence, or ""."""
    path, _, anchor = where.partition("#")
    file = PROJECT / path
    if not file.is_file():
        return f"there is no page {path}"
    return f"{path} has no heading #{anchor}" if anchor and anchor not in anchors(file.read_text()) else ""


def links(page):
    """Where the links of a page of Markdown lead, those to this repository: [(as written, file, anchor)]."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            path, _, anchor = target.partition("#")
            yield target, (page.parent / path).resolve() if path else page, anchor
