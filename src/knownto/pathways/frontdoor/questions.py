"""The questions of a referral, read from `questions.toml` (or the file that KNOWNTO_QUESTIONS names), and who is asked
which of them, in what order.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

LIVED, FACTORS, EFFECT = "lived_", "factors", "effect_"
OF_EACH = {"child": "children", "adult": "adults"}


@dataclass(frozen=True, slots=True)
class Named:
    """A part of the AWARE prompt, or a factor of a parent: its code, its words, and a hint."""

    code: str
    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a page. `type` is text, words, date, number, phone, choice, choices or tick."""

    name: str
    type: str
    label: str
    hint: str = ""
    called: str = ""
    options: Any = ()
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    later: bool = False
    inline: bool = False
    look: str = ""
    max: int = 0
    width: int = 0
    rows: int = 4
    suffix: str = ""

    def asked(self, kind: str, agency: str, number: int) -> bool:
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.agencies or agency in self.agencies)
            and (not self.later or number > 1)
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One thing asked. `each`: "" once, or of each "child" or "adult"."""

    code: str
    title: str
    section: str
    kinds: tuple[str, ...]
    questions: tuple[Question, ...]
    each: str = ""
    hint: str = ""
    add: str = ""
    template: str = "frontdoor/refer_page.html"
    optional_for: str = ""
    optional_title: str = ""

    def title_for(self, kind: str) -> str:
        return self.optional_title if self.optional_for == kind else self.title

    def asked(self, kind: str, agency: str, number: int = 1) -> tuple[Question, ...]:
        """What this worker is asked on it."""
        return tuple(each for each in self.questions if each.asked(kind, agency, number))


@dataclass(frozen=True, slots=True)
class Step:
    """One page of one referral: `number` counts children or adults from 1, and is 0 where it is asked once."""

    page: Page
    number: int = 0


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(settings.QUESTIONS_FILE).read_text(encoding="utf-8"))


@cache
def aware() -> tuple[Named, ...]:
    """The AWARE prompt's parts, as they are used here."""
    return tuple(Named(**part) for part in _file()["aware"]["part"])


def aware_note() -> str:
    return _file()["aware"]["note"]


def aware_training() -> str:
    """The address of the training in the prompt, "" where none is set. Raises ValueError for one that is not https."""
    found: str = _file()["aware"].get("training", "")
    if found and not found.startswith("https://"):
        raise ValueError("The address of the AWARE training must begin with https://")
    return found


@cache
def factors() -> tuple[Named, ...]:
    return tuple(Named(**factor) for factor in _file()["factor"])


@cache
def pages() -> Mapping[str, Page]:
    """Every page by its code, in their order."""
    return {said["code"]: _page(dict(said)) for said in _file()["page"]}


def _page(said: dict[str, Any]) -> Page:
    questions = [_question(field) for field in said.pop("field", ())]
    if said.pop("aware", False):
        questions += [Question(f"{LIVED}{part.code}", "words", part.name, part.hint, rows=2) for part in aware()]
    if said.pop(FACTORS, False):
        questions += _factor_questions()
    said["kinds"] = tuple(said["kinds"])
    return Page(**said, questions=tuple(questions))


def _question(said: dict[str, Any]) -> Question:
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return Question(**said | lists)


def _factor_questions() -> Iterator[Question]:
    options = tuple((each.code, each.name, each.hint, [f"{EFFECT}{each.code}"]) for each in factors())
    yield Question(FACTORS, "choices", "Tick what you know or suspect", options=options)
    for each in factors():
        yield Question(f"{EFFECT}{each.code}", "words", "What does it do to the child?", called="its effect", rows=2)


def steps(kind: str, children: int, adults: int) -> list[Step]:
    """The pages of a referral in the order in which they are asked, each child and each adult in their turn.

    Pages that describe who somebody is come at least once; what follows of them only where there is somebody.
    """
    count = {"child": children, "adult": adults}
    found: list[Step] = []
    for run in _runs(kind):
        each = run[0].each
        if not each:
            found += [Step(page) for page in run]
            continue
        least = 1 if any(page.add for page in run) else 0
        found += [Step(page, number) for number in range(1, max(least, count[each]) + 1) for page in run]
    return found


def _runs(kind: str) -> list[list[Page]]:
    """Pages that follow one another and are asked of each of the same: all of the first child, then of the second."""
    runs: list[list[Page]] = []
    for page in pages().values():
        if kind not in page.kinds:
            continue
        if runs and page.each and not page.add and runs[-1][0].each == page.each:
            runs[-1].append(page)
        else:
            runs.append([page])
    return runs
