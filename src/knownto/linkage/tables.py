"""The cleaning tables, read once from the CSV files in `data/`: what is a title, a placeholder, a
nickname."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """Each line of a table, as heading -> text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _word_kinds() -> dict[str, frozenset[str]]:
    return {r["kind"]: frozenset(_split(r["words"])) for r in rows("words.csv")}


def _split(words: str) -> list[str]:
    return words.split("|") if "|" in words else words.split()


def _spellings(part: str) -> dict[str, str]:
    chosen = [r for r in rows("spellings.csv") if r["part"] == part]
    standard = {r["name"] for r in chosen}
    return {v: r["name"] for r in chosen for v in r["variants"].split() if v not in standard}


def _full_names() -> dict[str, tuple[str, ...]]:
    """Every name, short or full, that a nickname may stand for: ALEX -> (ALEXANDER, ALEXANDRA)."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for r in rows("nicknames.csv"):
        full = STANDARD_GIVEN.get(r["full"], r["full"])
        found[full].add(full)
        for short in r["short"].split():
            found[STANDARD_GIVEN.get(short, short)].add(full)
    return {name: tuple(sorted(full)) for name, full in found.items()}


def _names(part: str, counted: str) -> frozenset[str]:
    """Every name in its own right that a table knows: two of them are two names, and no slip of one another."""
    found = {r["name"] for r in rows(counted)} | {r["name"] for r in rows("spellings.csv") if r["part"] == part}
    listed = {n for r in rows("names_known.csv") if r["part"] == part for n in r["names"].split()}
    return frozenset(found | listed)


_WORDS = _word_kinds()
STANDARD_GIVEN = _spellings("given")
STANDARD_FAMILY = _spellings("family")
FULL_NAMES = _full_names()
NAMES_GIVEN = _names("given", "forenames.csv") | FULL_NAMES.keys()
NAMES_FAMILY = _names("family", "families.csv")
FALSE_DATES = frozenset(date.fromisoformat(r["date"]) for r in rows("false_dates.csv"))

TITLES = _WORDS["title"]
PLACEHOLDERS = _WORDS["placeholder"]
PLACEHOLDER_PHRASES = tuple(sorted(_WORDS["phrase"], key=lambda p: (-len(p), p)))
BABY = _WORDS["baby"]
BABY_MORE = _WORDS["baby_more"]
CUSTOMARY_FIRST = _WORDS["customary_first"]
FEMALE_COMPANIONS = _WORDS["companion_female"]
MALE_COMPANIONS = _WORDS["companion_male"]
LAST_ONLY = _WORDS["last_only"]
COMPANIONS = FEMALE_COMPANIONS | MALE_COMPANIONS
JOIN_NEXT = _WORDS["join_next"]
JOIN_NEXT_GIVEN = _WORDS["join_next_given"]
PARTICLES = _WORDS["particle"]
GLUED = _WORDS["glued"]
AFTER_NAMES = _WORDS["after_name"]
FAMILY_FIRST = _WORDS["family_first"]
VIETNAMESE_MIDDLE = _WORDS["vietnamese_middle"]
SERVANT_OF = _WORDS["servant_of"]
HONOURING = _WORDS["honouring"]
DROPPED = _WORDS["drop"]
YOUNGER = _WORDS["generation_younger"]
OLDER = _WORDS["generation_older"]
NO_ABODE = _WORDS["no_abode"]
COMMUNAL = _WORDS["communal"]
CARE_OF = _WORDS["care_of"]
FLAT_WORDS = _WORDS["flat_word"]
FALSE_POSTCODES = _WORDS["false_postcode"]
