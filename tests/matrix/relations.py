"""How somebody can stand to a piece of work, and what each page of it must answer them: `relations.csv`.

That is written by hand, from what each way of taking part is for. Whoever no line names gets in nowhere; and nobody
gets in by how they stand where `oracle.csv` does not let their role in. Nothing here knows the product.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.matrix.written import ROLES, Cell, oracle

RELATIONS = Path(__file__).with_name("relations.csv")
# Where they stand: in a team, or by what they did themselves while in a team that has nothing to do with it.
STANDING = (
    "hub", "night", "has-it", "had-it", "another-team", "asked", "other-team-of-asked", "invited",
    "other-team-of-sender", "another-agency", "sent", "takes-part", "took-part", "account-closed",
)  # fmt: skip
NOBODYS = {"account-closed": "sign-in"}


@dataclass(frozen=True)
class Stands:
    """One question: this page of the work, by somebody of this role, who stands so to it."""

    page: str
    relation: str
    role: str


def expected(path: Path = RELATIONS) -> dict[Stands, str]:
    """What each must answer: in, no, or sign-in."""
    roles_in = {cell.route: set[str]() for cell in oracle()}
    for cell, said in oracle().items():
        if cell == Cell(cell.route, "GET", cell.role) and said == "in":
            roles_in[cell.route].add(cell.role)
    found: dict[Stands, str] = {}
    with path.open(newline="") as file:
        for line in csv.DictReader(file):
            relations, roles = set(line["relations"].split()), set(line["roles"].split())
            if relations - set(STANDING) or roles - {*ROLES, "*"}:
                raise ValueError(f"{line['page']}: {relations - set(STANDING)} {roles - {*ROLES, '*'}}")
            for relation in STANDING:
                for role in ROLES:
                    cell = Stands(line["page"], relation, role)
                    inside = relation in relations and roles & {role, "*"} and role in roles_in[line["page"]]
                    if inside or cell not in found:
                        found[cell] = "in" if inside else NOBODYS.get(relation, "no")
    return found
