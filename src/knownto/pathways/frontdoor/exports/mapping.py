"""A mapping: which heading of theirs holds which field of ours, and what their codes are for ours."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knownto.pathways.frontdoor.exports.fields import FIELDS

SHAPES = ("mosaic", "connect", "supervision")


class BadMapping(ValueError):
    """A mapping that cannot be used. `sentences` say why, for whoever wrote it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Strict):
    """One of their columns. `field` is one of ours; `fixed` is the same in every row; with neither it stays empty."""

    heading: str = Field(min_length=1)
    field: str = ""
    fixed: str = ""
    codes: str = ""
    longest: int = Field(0, ge=0, description="Longest text that their system takes; 0: any.")


class Shape(Strict):
    """A whole mapping. `of`: which contacts a row is usually made for."""

    name: str
    system: str
    note: str = ""
    of: Literal["decided", "referred"]
    column: list[Column] = Field(min_length=1)
    codes: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True)
class Mapped:
    """A shape as one agency uses it. `own`: the agency wrote it itself."""

    code: str
    shape: Shape
    own: bool


def mapping(code: str, agency: str) -> Mapped:
    """That shape, as the agency has it. Raises KeyError for a shape there is not, and BadMapping."""
    if code not in SHAPES:
        raise KeyError(code)
    own = _own(code, agency)
    text = own.read_text(encoding="utf-8") if own else _ours(code)
    return Mapped(code, read(text), own is not None)


def _own(code: str, agency: str) -> Path | None:
    """The agency's own file, where there is one: <agency>-<shape>.toml."""
    if not settings.MAPPINGS_FOLDER:
        return None
    there = Path(settings.MAPPINGS_FOLDER) / f"{agency}-{code}.toml"
    return there if there.is_file() else None


@cache
def _ours(code: str) -> str:
    return files(__package__).joinpath(f"{code}.toml").read_text(encoding="utf-8")


def read(text: str) -> Shape:
    """A mapping from what somebody wrote. Raises BadMapping with everything that is wrong with it."""
    try:
        shape = Shape.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadMapping([f"This is not a TOML file: {error}"]) from None
    except ValidationError as error:
        raise BadMapping([_said(each) for each in error.errors()]) from None
    if wrong := list(_wrong(shape)):
        raise BadMapping(wrong)
    return shape


def _said(error: Any) -> str:
    return f"{' '.join(str(part) for part in error['loc'])}: {error['msg']}"


def _wrong(shape: Shape) -> Iterator[str]:
    headings = [column.heading for column in shape.column]
    for column in shape.column:
        if column.field and column.field not in FIELDS:
            yield f"{column.heading}: there is no field {column.field}"
        if column.field and column.fixed:
            yield f"{column.heading}: give a field or what is fixed, not both"
        if column.codes and column.codes not in shape.codes:
            yield f"{column.heading}: there is no list of codes {column.codes}"
        if headings.count(column.heading) > 1:
            yield f"{column.heading}: this heading is there more than once"


def unmapped(shape: Shape) -> list[tuple[str, str]]:
    """(heading, our code) of every code of ours for which the mapping has none of theirs."""
    return [
        (column.heading, code)
        for column in shape.column
        if column.codes
        for code in (FIELDS[column.field].codes if column.field else ())
        if code not in shape.codes[column.codes]
    ]
