"""The registers say which control meets what, and which test proves it. They are held to it here."""

import ast
import re
from collections import Counter

import pytest

from tests.registers import PROJECT, REGISTERS, EveryTest, anchors, in_source, links, page_fault, table

TESTS = EveryTest()
# How many requirements each section of ASVS 5.0.0 has and of which level, in their order: "1.2" has ten, the last of
# level 3. Read from the edition's own table (docs_en/OWASP_..._5.0.0_en.csv); it counts 70, 183 and 92.
SECTIONS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222",
    "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
LEVELS = {f"{section}.{n}": level for section, said in SECTIONS.items() for n, level in enumerate(said, 1)}
STATES = {"met", "in part", "gap", "not here", "by whoever runs it"}
RISK = {"1", "2", "3", "4", "5"}


def asvs_faults(rows):
    """What is wrong with the register of requirements."""
    counted = Counter(row["id"] for row in rows)
    said = [f"{id_} is not there" for id_ in LEVELS.keys() - counted.keys()]
    said += [f"{id_} is there {n} times" for id_, n in counted.items() if n > 1]
    for row in rows:
        said += [f"{row['id']}: {fault}" for fault in _row_faults(row)]
    return said


def _row_faults(row):
    tests, pages = row["tests"].split(), row["pages"].split()
    if row["level"] != LEVELS.get(row["id"]):
        yield f"is not of level {row['level']}"
    if row["status"] not in STATES:
        yield f"'{row['status']}' is no state"
    if len(row["requirement"]) < 8 or len(row["how"]) < 5:
        yield "says too little"
    if row["status"] == "met" and not tests and not pages:
        yield "is said to be met, and nothing proves it"
    if row["status"] == "by whoever runs it" and not pages:
        yield "is left to whoever runs it, and no page tells them"
    yield from filter(None, [*map(TESTS.fault, tests), *map(page_fault, pages)])


def test_every_requirement_is_there_once_and_what_it_names_proves_it():
    assert Counter(LEVELS.values()) == {"1": 70, "2": 183, "3": 92}
    assert not asvs_faults(table("asvs.csv"))


GOOD = {"id": "1.1.1", "level": "2", "requirement": "Input is decoded once", "status": "met", "how": "It is.",
        "tests": "tests/test_registers.py::test_a_page_is_evidence_only_where_its_heading_is", "pages": ""}  # fmt: skip


@pytest.mark.parametrize(("planted", "fault"), [
    ({"tests": "tests/test_registers.py::test_gone"}, "1.1.1: there is no test tests/test_registers.py::test_gone"),
    ({"tests": "tests/test_nothing.py::test_x"}, "1.1.1: there is no file of tests tests/test_nothing.py"),
    ({"tests": "tests/registers.py::table"}, "1.1.1: there is no file of tests tests/registers.py"),
    ({"tests": ""}, "1.1.1: is said to be met, and nothing proves it"),
    ({"tests": "", "status": "by whoever runs it"}, "1.1.1: is left to whoever runs it, and no page tells them"),
    ({"pages": "docs/nowhere.md"}, "1.1.1: there is no page docs/nowhere.md"),
    ({"pages": "README.md#nothing-of-the-kind"}, "1.1.1: README.md has no heading #nothing-of-the-kind"),
    ({"level": "1"}, "1.1.1: is not of level 1"), ({"status": "perhaps"}, "1.1.1: 'perhaps' is no state"),
    ({"how": ""}, "1.1.1: says too little"), ({"id": "1.1.9"}, "1.1.1 is not there"),
])  # fmt: skip
def test_a_row_that_proves_nothing_is_found(planted, fault):
    others = [row for row in table("asvs.csv") if row["id"] != "1.1.1"]
    assert not asvs_faults([*others, GOOD])
    assert fault in asvs_faults([*others, GOOD | planted])


def test_a_requirement_that_is_there_twice_is_found():
    assert "1.1.1 is there 2 times" in asvs_faults([*table("asvs.csv"), GOOD])


SKIPPED = """
import pytest
@pytest.mark.skipif(slow, reason="x")
def test_marked(): pass
def test_within():
    pytest.skip("not today")
@pytest.mark.xfail
def test_hoped_for(): pass
only_here = pytest.mark.skipif(not here, reason="x")
@only_here
def test_by_another_name(): pass
@pytest.fixture
def machine():
    pytest.skip("none here")
def test_on_a_machine(machine): pass
def test_sound(): pass
"""


def test_one_that_may_be_skipped_proves_nothing():
    found = in_source(SKIPPED)
    assert found == {"test_marked": True, "test_within": True, "test_hoped_for": True,
                     "test_by_another_name": True, "test_on_a_machine": True, "test_sound": False}  # fmt: skip
    assert in_source("import pytest\npytest.importorskip('x')\ndef test_a(): pass") == {"test_a": True}
    assert in_source("import pytest\npytestmark = pytest.mark.skip\ndef test_a(): pass") == {"test_a": True}


def test_a_page_is_evidence_only_where_its_heading_is():
    assert anchors("# One, two\n```sh\n# no heading\n```\n## Who's there?") == {"one-two", "whos-there"}


def hazard_faults(rows):
    """What is wrong with the hazard log."""
    said = [f"{id_} is there {n} times" for id_, n in Counter(row["id"] for row in rows).items() if n > 1]
    for row in rows:
        said += [f"{row['id']}: {fault}" for fault in _hazard_faults(row)]
    return said


def _hazard_faults(row):
    before, after = _risk(row, "before"), _risk(row, "after")
    if any(len(row[part]) < 10 for part in ("hazard", "cause", "effect", "control")):
        yield "says too little"
    if not row["owner"]:
        yield "has no owner"
    if before is None or after is None:
        yield "is rated from 1 to 5"
    elif after > before or after >= 15:
        yield f"is left with a risk of {after}, from {before}"
    if row["status"] not in {"controlled", "accepted", "open"}:
        yield f"'{row['status']}' is no state"
    if not row["tests"].split():
        yield "has no control that a test proves"
    yield from filter(None, map(TESTS.fault, row["tests"].split()))


def _risk(row, when):
    severity, likelihood = row[f"severity_{when}"], row[f"likelihood_{when}"]
    return int(severity) * int(likelihood) if {severity, likelihood} <= RISK else None


def test_every_hazard_is_controlled_by_what_a_test_proves():
    rows = table("hazards.csv")
    assert len(rows) >= 40 and not hazard_faults(rows)


@pytest.mark.parametrize(("planted", "fault"), [
    ({"tests": ""}, "has no control that a test proves"),
    ({"tests": "tests/test_registers.py::test_gone"}, "there is no test"),
    ({"owner": ""}, "has no owner"), ({"severity_after": "5", "likelihood_after": "5"}, "is left with a risk of 25"),
    ({"likelihood_before": "often"}, "is rated from 1 to 5"), ({"cause": ""}, "says too little"),
    ({"status": "fine"}, "no state"),
])  # fmt: skip
def test_a_hazard_that_nothing_controls_is_found(planted, fault):
    first, *others = table("hazards.csv")
    found = hazard_faults([first | planted, *others])
    assert len(found) == 1 and fault in found[0]


COMPONENTS = {"web process", "worker", "key service", "main database", "keys database", "backups", "witness",
              "partner's credential", "worker's account", "guardian's account", "privacy officer's account",
              "administrator's account", "developer's machine", "proxy"}  # fmt: skip


def test_what_a_compromise_surrenders_is_said_of_every_component():
    rows = table("compromise.csv")
    assert {row["component"] for row in rows} == COMPONENTS and len(rows) == len(COMPONENTS)
    for row in rows:
        assert all(len(row[part]) > 20 for part in ("surrenders", "keeps", "do")), row["component"]
        assert row["tests"].split() and not list(filter(None, map(TESTS.fault, row["tests"].split()))), row["component"]
    told = (REGISTERS / "compromise.md").read_text()
    assert all(f"| {row['component']} |" in told and row["surrenders"] in told for row in rows)


def test_the_counts_on_the_registers_page_are_those_of_the_registers():
    told = (REGISTERS / "README.md").read_text()
    rows = table("asvs.csv")
    for level in "123":
        states = Counter(row["status"] for row in rows if row["level"] == level)
        counts = " | ".join(str(states[s]) for s in ("met", "in part", "gap", "by whoever runs it", "not here"))
        assert f"| L{level} | {counts} |" in told
    gaps = [f"{row['id']} " for row in rows if row["status"] == "gap"]
    assert all(f"| {gap}" in told for gap in gaps)


def test_every_link_of_these_pages_leads_somewhere():
    pages = [*REGISTERS.glob("*.md"), *(PROJECT / "docs/run-books").glob("*.md"), PROJECT / "docs/README.md",
             PROJECT / "docs/security.md", PROJECT / "SECURITY.md", PROJECT / "README.md"]  # fmt: skip
    gone = [f"{page.name}: {said}" for page in pages for said, file, anchor in links(page)
            if not file.exists() or (anchor and anchor not in anchors(file.read_text()))]  # fmt: skip
    assert len(pages) >= 14 and not gone


def test_a_link_that_leads_nowhere_would_be_found(tmp_path):
    (tmp_path / "page.md").write_text("# Here\n[a](#here) [b](gone.md) [c](https://example.org)")
    found = list(links(tmp_path / "page.md"))
    assert [said for said, file, _ in found if not file.exists()] == ["gone.md"] and len(found) == 2


def test_nothing_in_a_register_is_somebody_elses_sentence():
    """The standard's own requirements begin with one word; none of ours does."""
    assert not [row["id"] for row in table("asvs.csv") if re.match(r"Verify that", row["requirement"])]


def test_the_reader_of_tests_reads_this_very_file():
    names = in_source((PROJECT / "tests/test_registers.py").read_text())
    here = ast.parse((PROJECT / "tests/test_registers.py").read_text())
    assert len(names) == sum(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in here.body)
