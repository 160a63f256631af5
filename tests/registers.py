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


class Tests:
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
    marks = {n.targets[0].id: n for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)}
    marks = {name for name, n in marks.items() if any(map(_is_skip, ast.walk(n)))}
    whole = "pytestmark" in marks or any(_is_skip(p) for n in tree.body if isinstance(n, ast.Expr) for p in ast.walk(n))
    return {
        node.name: whole or any(_is_skip(part) or getattr(part, "id", "") in marks for part in ast.walk(node))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


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
