"""How an agency refers, month by month and team by team: counts, marks, and what is said of the child.

Counts of its own people's work for its own supervisors: of teams, never of a named worker (no ranking of people).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from knownto.access.acts import Permission, Viewer
from knownto.casework import words
from knownto.casework.entering import listing
from knownto.casework.models import Episode, Statement
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.supervising import rubric, sent_by

ABOUT_A_YEAR = timedelta(days=366)
NO_TEAM = "No team"
BELOW = (1, 2)  # levels of need that early help meets, without the council's statutory services


@dataclass(frozen=True)
class Sent:
    """What is counted of one referral."""

    team: str
    month: str
    referral: Referral
    marks: dict[str, int]
    level: int | None = None


@dataclass(frozen=True)
class Measure:
    """One month of one team. Shares are of the children in its referrals; None where there were none."""

    month: str
    team: str
    sent: int
    marked: int
    average: float | None
    voice: float | None
    impact: float | None
    aware: float | None
    below: int
    decided_below: int


@dataclass(frozen=True)
class VideoGap:
    """Of a team: in how many nobody said whether body-worn video was on, or it was not; and the AWARE prompt's use."""

    team: str
    sent: int
    not_answered: int
    not_on: int
    no_reference: int
    children: int
    aware: int


@dataclass(frozen=True)
class Trends:
    """The last months by team, newest first, and the average mark of each criterion over all of them."""

    measures: list[Measure]
    averages: dict[str, float]


def trends(viewer: Viewer, now: datetime) -> Trends:
    """How it went in the last year. Raises a Refused."""
    found = _sent(viewer, now)
    grouped: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for each in found:
        grouped[each.month, each.team].append(each)
    measures = [_measure(month, team, sent) for (month, team), sent in sorted(grouped.items(), reverse=True)]
    return Trends(measures, average_by_criterion(found))


def video(viewer: Viewer, now: datetime) -> list[VideoGap]:
    """The exceptions, by team. Raises a Refused."""
    grouped: dict[str, list[Sent]] = defaultdict(list)
    for each in _sent(viewer, now):
        grouped[each.team].append(each)
    return [_gap(team, sent) for team, sent in sorted(grouped.items())]


def _sent(viewer: Viewer, now: datetime) -> list[Sent]:
    with listing(viewer, Permission.SUPERVISE, kind="supervise-trends", now=now):
        rows = {row.id: row for row in sent_by(viewer.agency).filter(opened_at__gt=now - ABOUT_A_YEAR)}
        said = list(Statement.objects.filter(episode__in=rows, kind__in=("referral", "quality")).order_by("at"))
        referrals: dict = {}
        marks: dict = {}
        for row, plain in zip(said, words.opened(said), strict=True):
            if row.kind == "referral":
                referrals.setdefault(row.episode_id, plain)
            else:
                marks[row.episode_id] = plain.get("marks", {})
        return [
            Sent(_team(rows[key]), _month(rows[key]), Referral.from_json(plain), marks.get(key, {}), rows[key].level)
            for key, plain in referrals.items()
        ]


def _team(row: Episode) -> str:
    return row.from_team.name if row.from_team else NO_TEAM


def _month(row: Episode) -> str:
    return f"{localtime(row.opened_at):%Y-%m}"


def _measure(month: str, team: str, sent: Sequence[Sent]) -> Measure:
    children = [child for each in sent for child in each.referral.children]
    marks = [mark for each in sent for mark in each.marks.values()]
    return Measure(
        month,
        team,
        len(sent),
        sum(bool(each.marks) for each in sent),
        round(sum(marks) / len(marks), 1) if marks else None,
        share(bool(child.words) for child in children),
        share(bool(child.impact) for child in children),
        share(bool(child.lived) for child in children),
        sum(each.referral.level_thought in BELOW for each in sent),
        sum(each.level in BELOW for each in sent),
    )


def share(answers: Iterable[bool]) -> float | None:
    """How much of it, from 0 to 1."""
    found = list(answers)
    return sum(found) / len(found) if found else None


def _gap(team: str, sent: Sequence[Sent]) -> VideoGap:
    videos = [each.referral.body_worn_video for each in sent]
    children = [child for each in sent for child in each.referral.children]
    return VideoGap(
        team,
        len(sent),
        sum(video is None for video in videos),
        sum(video is not None and not video.on for video in videos),
        sum(video is not None and video.on and not video.reference for video in videos),
        len(children),
        sum(bool(child.lived) for child in children),
    )


def average_by_criterion(sent: Sequence[Sent]) -> dict[str, float]:
    """The average mark of each criterion, where anything was marked."""
    found = {each.code: [s.marks[each.code] for s in sent if each.code in s.marks] for each in rubric()}
    return {code: round(sum(marks) / len(marks), 1) for code, marks in found.items() if marks}
