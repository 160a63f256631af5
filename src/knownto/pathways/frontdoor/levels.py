"""The words for the four levels of need: what they are today, what they were, and how they are changed."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.partners import reads as partners
from knownto.pathways.frontdoor.models import Descriptor

LEVELS = (1, 2, 3, 4)


class NoWords(ValueError):
    """A level without a name or words would leave whoever decides without guidance."""


@dataclass(frozen=True)
class Level:
    """The words for one level. `since` is None for the words that the product comes with, `by` None for them too."""

    level: int
    name: str
    words: str
    since: datetime | None = None
    by: UUID | None = None
    who: str = ""


def current(now: datetime) -> dict[int, Level]:
    """The words in force at that moment, by level: the hub's own where it has written any, or those we come with."""
    rows = Descriptor.objects.filter(since__lte=now).order_by("level", "since", "id")
    return _own() | {row.level: _level(row) for row in rows}


def history(level: int) -> list[Level]:
    """Every wording that a level has had, newest first, each with who wrote it."""
    rows = list(Descriptor.objects.filter(level=level).order_by("-since", "-id"))
    names = partners.names([row.by for row in rows])
    return [*(_level(row, names.get(row.by, "")) for row in rows), _own()[level]]


def change(*, by: Viewer, level: int, name: str, words: str, now: datetime) -> Level:
    """From now on that level is described so. What was decided before was decided by the words of its day.

    Raises NoWords, KeyError for a level there is not, and a Refused.
    """
    if not name.strip() or not words.strip():
        raise NoWords
    _own()[level]
    detail = {"level": level, "name": name, "words": words}
    with asking(by, Request(Permission.DESCRIPTORS), kind="levels-changed", detail=detail, now=now):
        made = Descriptor.objects.create(
            level=level, name=name.strip(), words=words.strip(), since=now, by=by.worker_id
        )
        return _level(made)


def _level(row: Descriptor, who: str = "") -> Level:
    return Level(row.level, row.name, row.words, row.since, row.by, who)


@cache
def _own() -> dict[int, Level]:
    table = tomllib.loads(files(__package__).joinpath("levels.toml").read_text(encoding="utf-8"))
    return {each["level"]: Level(each["level"], each["name"], each["words"].strip()) for each in table["level"]}
