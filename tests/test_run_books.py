"""What a run book tells somebody to type at night is a command that there is."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from knownto.site.command import parser

PROJECT = Path(__file__).resolve().parents[1]
BOOKS = PROJECT / "docs/run-books"
WANTED = {"lost-key", "wrong-link", "breach", "partner-silent", "address-leaked", "witness-refuses", "clock-stopped"}
PARTS = ("**You see**", "## First five minutes", "## Tell", "## It is over when")
LONGEST = 90  # lines: one page, on both sides


def pages():
    """Every page that tells somebody what to type."""
    return [*sorted(BOOKS.glob("*.md")), PROJECT / "docs/restoring.md", PROJECT / "docs/keys.md"]


def commands(text):
    """The lines of its blocks that are commands of ours, joined where they go on on the next line."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if re.match(r"(sudo .* )?knownto\s", line)]


def refused(line):
    """What the product's own parser says against it, or ""."""
    words = shlex.split(line, comments=True)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            parser().parse_args(words[words.index("knownto") + 1 :])
    except SystemExit:
        return f"{line}: {said.getvalue().splitlines()[-1]}"
    return ""


def test_every_command_is_one_that_there_is():
    lines = [line for page in pages() for line in commands(page.read_text())]
    assert len(lines) >= 20
    assert not [said for line in lines if (said := refused(line))]


@pytest.mark.parametrize(("planted", "said"), [
    ("knownto ledger mend", "invalid choice: 'mend'"), ("knownto restore", "required: --to"),
    ("knownto rescue --now", "invalid choice: 'rescue'"),
    ("knownto ledger verify --quietly", "unrecognized arguments: --quietly"),
])  # fmt: skip
def test_a_command_that_there_is_not_would_be_found(planted, said):
    text = f"# Page\n\n```sh\nls -l\n{planted}\n```\n"
    assert commands(text) == [planted] and said in refused(planted)


def test_what_goes_on_on_the_next_line_is_one_command():
    assert commands("```sh\nknownto keys serve \\\n   --socket a\n```") == ["knownto keys serve     --socket a"]


@pytest.mark.parametrize("name", sorted(WANTED))
def test_each_is_a_page_that_says_what_to_do_and_when_it_is_over(name):
    text = (BOOKS / f"{name}.md").read_text()
    assert all(part in text for part in PARTS) and len(text.splitlines()) <= LONGEST
    assert f"({name}.md)" in (BOOKS / "README.md").read_text()


def test_every_one_there_is_is_wanted_and_going_back_is_told_in_one_place():
    assert {page.stem for page in BOOKS.glob("*.md")} - {"README"} == WANTED
    assert "(../restoring.md#the-day-it-is-needed)" in (BOOKS / "README.md").read_text()


def test_services_that_they_name_are_those_that_are_installed():
    lines = [line for page in BOOKS.glob("*.md") for line in re.findall(r"systemctl \w+ ([^`\n]+)", page.read_text())]
    named = {unit for line in lines for unit in line.split()}
    files = {unit if "." in unit else f"{unit}.service" for unit in named}
    assert named and not [file for file in files if not (PROJECT / "deploy/systemd" / file).is_file()]
