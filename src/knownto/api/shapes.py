"""What is sent and answered, strictly: what is not described here is not accepted."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from knownto.feeds.reads import Report

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class About(Schema):
    """What is said of a file in the query. `rows` and `sha256` together are its manifest."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["snapshot", "delta"]
    as_of: Day = Field(description="The day that the file is about, as YYYY-MM-DD.")
    rows: Annotated[int, Field(ge=0)] | None = Field(None, description="Rows, without the headings.")
    sha256: Sha256 | None = None
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    check_only: bool = Field(False, description="Check it and take nothing in.")

    def manifest(self) -> dict | None:
        return None if self.rows is None else {"rows": self.rows, "sha256": self.sha256 or ""}


class Outcome(Schema):
    """What came of a file. Its state may still be on the way: ask again."""

    id: UUID
    state: Literal["received", "checking", "landing", "held", "landed", "refused", "turned-away", "same", "checked"]
    said: str
    reasons: list[str]
    mode: Literal["snapshot", "delta"]
    as_of: date
    received_at: datetime
    rows: int
    rows_bad: int
    rows_not_agreed: int
    added: int
    changed: int
    dropped: int
    put_aside: list[str]
    notices: list[str]
    same_as: UUID | None


class BadRow(Schema):
    """One fault. What the cell held is not repeated: it is in your file."""

    line: int
    column: str
    reason: str


class BadRows(Schema):
    """The first faults of a file, by line."""

    rows: list[BadRow]
    more: bool


class Fault(Schema):
    """Why a request was not taken."""

    code: str
    because: str


def outcome(report: Report) -> Outcome:
    file = report.file
    return Outcome(
        id=file.id,
        state=file.state.value,
        said=report.outcome,
        reasons=report.reasons,
        mode=file.mode,
        as_of=file.as_of,
        received_at=file.received_at,
        rows=file.rows,
        rows_bad=file.rows_bad,
        rows_not_agreed=file.rows_not_agreed,
        added=report.added,
        changed=report.changed,
        dropped=report.dropped,
        put_aside=report.put_aside,
        notices=report.notices,
        same_as=report.same_as,
    )


def bad_rows(report: Report) -> BadRows:
    found = [BadRow(line=cell.line, column=cell.field, reason=cell.reason) for cell in report.bad]
    return BadRows(rows=found, more=report.more_bad)
