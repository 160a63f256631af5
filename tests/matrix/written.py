"""What each cell of the matrix must answer, from `oracle.csv`.

That is written by hand from what each role is for, and never from the policy's code, of which nothing here knows: it is
what makes it worth comparing. A line says who gets in; whoever it does not name is refused (signed in) or sent to sign
in.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

ORACLE = Path(__file__).with_name("oracle.csv")
ROLES = (
    "screener", "officer", "health-practitioner", "school-lead", "out-of-hours",
    "hub-manager", "social-worker", "conference-chair", "hub-health", "general-practitioner", "supervisor",
    "adult-social-worker", "data-manager", "matching-reviewer", "matching-lead", "privacy-officer",
    "scrutineer", "administrator", "guardian",
)  # fmt: skip
ANONYMOUS = "anonymous"
METHODS = ("GET", "POST", "PUT", "DELETE")
SEARCHERS = {
    "screener", "officer", "health-practitioner", "school-lead", "out-of-hours", "hub-manager", "social-worker",
    "hub-health", "general-practitioner", "adult-social-worker",
}  # fmt: skip
WORKERS = SEARCHERS | {"conference-chair", "supervisor"}
REVIEWERS = {"matching-reviewer", "matching-lead"}
GROUPS = {
    "everybody": {*ROLES, ANONYMOUS},
    "signed-in": {*ROLES},
    "searchers": SEARCHERS,
    "breakers": SEARCHERS | {"conference-chair"},
    "glass-reviewers": {"supervisor", "hub-manager", "privacy-officer"},
    "printers": {"screener", "out-of-hours", "hub-manager", "social-worker"},
    "workers": WORKERS,
    "owing": WORKERS | REVIEWERS | {"privacy-officer", "guardian"},
    "reviewers": REVIEWERS,
    "referrers": SEARCHERS | {"supervisor"},
    "hub": {"screener", "out-of-hours", "hub-manager"},
    "nobody": set(),
}


@dataclass(frozen=True)
class Cell:
    """One question to the product: this route, by this method, as this role."""

    route: str
    method: str
    role: str


def oracle(path: Path = ORACLE) -> dict[Cell, str]:
    """What each cell must answer: in, no, sign-in, 401 or 405."""
    cells: dict[Cell, str] = {}
    with path.open(newline="") as file:
        for line in csv.DictReader(file):
            inside = {who for name in line["who"].split() for who in GROUPS.get(name, {name})}
            unknown = inside - GROUPS["everybody"]
            if unknown:
                raise ValueError(f"{line['route']}: {unknown}")
            for method in line["methods"].split():
                for role in (*ROLES, ANONYMOUS):
                    outside = "sign-in" if role == ANONYMOUS else "no"
                    cell = Cell(line["route"], method, role)
                    if cell in cells:
                        raise ValueError(f"{cell} is there twice")
                    cells[cell] = line["answer"] if role in inside else outside
    return cells
