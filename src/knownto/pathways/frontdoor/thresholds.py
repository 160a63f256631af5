"""Where the threshold lies: what each agency sent, at which level it was decided, and what that departed from.

Counts, nobody's name. An agency most of whose contacts need no service is not told that it sends too much: it is where
a conversation about thresholds begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from knownto.access.acts import Permission, Viewer
from knownto.casework.entering import listing
from knownto.casework.models import Decision, Episode
from knownto.partners import reads as partners
from knownto.pathways.frontdoor.periods import Period

BELOW = ("no-further-action", "advice")  # decided, and no service of the front door follows
EVERYBODY = "All agencies"


@dataclass(frozen=True, slots=True)
class Sent:
    """One agency's contacts. `decided` are those with an outcome of their own: what was joined or routed has none.

    `thought` are those whose referrer said a level, or that stood at one; `raised` and `lowered` of them were decided
    at another.
    """

    name: str
    came: int
    waiting: int
    apart: int
    decided: int
    below: int
    levels: tuple[int, int, int, int]
    thought: int
    raised: int
    lowered: int
    overridden: int
    challenged: int

    @property
    def share_below(self) -> str:
        """How many of those decided needed no service."""
        return f"{self.below * 100 // self.decided}%" if self.decided else "None decided"


def sent(viewer: Viewer, period: Period, *, now: datetime) -> list[Sent]:
    """Every agency that sent contacts in the period, the most first; all of them together last. Raises a Refused."""
    with listing(viewer, Permission.INSPECT, kind="thresholds-seen", now=now):
        inside = Episode.objects.filter(pathway="contact", opened_at__gte=period.starts, opened_at__lt=period.ends)
        counted = list(inside.order_by().values("from_agency").annotate(**_counts()))
        thought, challenged = _thought(inside), _challenged(inside)
    names = partners.agency_names()
    rows = [
        _row(names.get(each["from_agency"], ""), each, thought.get(each["from_agency"], {}), challenged)
        for each in counted
    ]
    rows.sort(key=lambda row: (-row.came, row.name))
    return [*rows, _together(rows)] if rows else []


def _counts() -> dict[str, Count]:
    levels = {f"level_{level}": Count("id", filter=Q(level=level)) for level in (1, 2, 3, 4)}
    apart = Q(state__in=("joined", "routed"))
    return levels | {
        "came": Count("id"),
        "waiting": Count("id", filter=Q(closed_at=None)),
        "apart": Count("id", filter=apart),
        "decided": Count("id", filter=Q(closed_at__isnull=False) & ~apart),
        "below": Count("id", filter=Q(state__in=BELOW)),
    }


def _thought(inside: "Iterable[Episode]") -> dict[str, dict[str, int]]:
    """By agency: how many decisions of a level there were beside another's thought, and which way they went."""
    of_a_level = Decision.objects.filter(episode__in=inside, level__isnull=False)
    counted = of_a_level.order_by().values("episode__from_agency").annotate(
        thought=Count("id", filter=Q(level_before__isnull=False)),
        raised=Count("id", filter=Q(level__gt=F("level_before"))),
        lowered=Count("id", filter=Q(level__lt=F("level_before"))),
        overridden=Count("id", filter=Q(override=True)),
    )  # fmt: skip
    return {each["episode__from_agency"]: each for each in counted}


def _challenged(inside: "Iterable[Episode]") -> dict[str, int]:
    """By agency: how many disagreements there were. None is a figure too: it is counted, not assumed."""
    found = Episode.objects.filter(pathway="challenge", parent__in=inside).order_by()
    return dict(found.values_list("parent__from_agency").annotate(Count("id")))


def _row(name: str, counted: dict, thought: dict[str, int], challenged: dict[str, int]) -> Sent:
    return Sent(
        name,
        *(counted[key] for key in ("came", "waiting", "apart", "decided", "below")),
        tuple(counted[f"level_{level}"] for level in (1, 2, 3, 4)),
        *(thought.get(key, 0) for key in ("thought", "raised", "lowered", "overridden")),
        challenged.get(counted["from_agency"], 0),
    )


def _together(rows: list[Sent]) -> Sent:
    def total(name: str) -> int:
        return sum(getattr(row, name) for row in rows)

    levels = tuple(sum(row.levels[place] for row in rows) for place in range(4))
    return Sent(
        EVERYBODY,
        *(total(name) for name in ("came", "waiting", "apart", "decided", "below")),
        levels,
        *(total(name) for name in ("thought", "raised", "lowered", "overridden", "challenged")),
    )
