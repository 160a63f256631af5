"""Patterns of looks: whom to ask about, what each pattern shows, and what it does not."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.assurance import watching
from knownto.assurance.watching import Sign
from knownto.face.parts import Column, Link, Row, Table
from knownto.partners import reads as partners
from knownto.partners.reads import Account
from knownto.policy import Permission

FIGURES = (
    ("Days back", "days"), ("People opened in a day, more than", "people_a_day"),
    ("Searches more than openings in a day", "unopened_a_day"),
    ("Days on which one person was opened", "same_person_days"),
    ("Questions for one piece of work", "one_work"), ("Uses of the purpose that asks least", "danger"),
    ("Nights", "nights"), ("Workers who looked at one person", "lookers"), ("Of so many agencies", "looker_agencies"),
    ("Searches by others from which a family name is common", "common_name"), ("On whose word", "authority"),
)  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """What a pattern is called, what its number and its words are, what it shows, and what it does not."""

    code: str
    heading: str
    times: str
    said: str
    shows: str
    not_shown: str


@cache
def patterns() -> tuple[Pattern, ...]:
    """In the order in which they are shown."""
    with Path(watching.__file__).with_name("patterns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Pattern(**line) for line in csv.DictReader(file))


@page(Permission.WHO_LOOKED)
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    found = watching.watched(request.viewer, request.now)
    people = {account.id: account for account in partners.accounts()}
    shown = [(p, _table(p, found.signs[p.code], people)) for p in patterns() if found.signs[p.code]]
    here = {
        "heading": "Patterns of looks",
        "since": localtime(found.since),
        "not_opened": found.not_opened,
        "shown": shown,
        "quiet": [p.heading for p in patterns() if not found.signs[p.code]],
        "figures": [Row(said, str(getattr(watching.figures(), name))) for said, name in FIGURES],
        "back": reverse("assurance:start"),
    }
    return render(request, "assurance/watching.html", here)


def _table(pattern: Pattern, signs: Sequence[Sign], people: dict) -> Table:
    of_workers = any(sign.worker for sign in signs)
    of_people = any(sign.person for sign in signs)
    columns = [*(["Who", "Agency"] if of_workers else []), *(["About"] if of_people else []), pattern.times, "Last"]
    columns += [pattern.said] if pattern.said else []
    rows = [_row(pattern, sign, people) for sign in signs]
    return Table(pattern.heading, [Column(name) for name in columns], rows, hide_caption=True, dense=True, scroll=True)


def _row(pattern: Pattern, sign: Sign, people: dict[object, Account]) -> tuple:
    who = people.get(sign.worker)
    row: tuple = ()
    if sign.worker:
        name, agency = (who.name, who.agency_name) if who else ("Unknown", "")
        row += (Link(name, reverse("assurance:worker", args=[sign.worker])), agency)
    if sign.person:
        row += (Link("Who looked at them", reverse("assurance:person-one", args=[sign.person])),)
    return (*row, sign.times, f"{localtime(sign.last):%d/%m/%Y %H:%M}", *([sign.said] if pattern.said else []))
