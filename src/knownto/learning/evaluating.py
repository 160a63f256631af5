"""Everything that is measured of a model, gathered into the one evaluation that the product shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knownto.learning import measuring
from knownto.learning.measuring import Measured
from knownto.learning.population import Known
from knownto.linkage import Model
from knownto.linkage.evaluation import Evaluation, Group, LabelledSet, SignedOff, Target, latest

LINKS_WRONG, MISSED, GAP, OFF = 0.0001, 0.01, 0.005, 0.01
NOT_KNOWN = (
    "Anything about real records: the town is invented, however its mistakes were measured.",
    "How two partners' mistakes depend on each other, as when one copies from another.",
    "Traditions and groups of fewer than fifty true pairs, which are left out of the tables.",
    "How often reviewers decide wrongly: found after review counts every pair put before a person as settled rightly.",
)


@dataclass(frozen=True)
class About:
    """What an evaluation says of itself: who signed the model off, what it was trained with, when it was measured."""

    signed_off: SignedOff | None
    trained_with: str
    today: date


def of_town(known: Known, model: Model, months: float, labelled: Sequence[LabelledSet], about: About) -> Evaluation:
    """The whole evaluation: the town's truth, and the labelled sets beside their peers."""
    found = measuring.measure(known, model)
    rows = measuring.reliability(found, model.possible)
    curve = measuring.thresholds(found, months)
    told = measuring.whole(found)
    traditions = measuring.groups(found, measuring.by_tradition(known))
    return Evaluation(
        model=model.name,
        checksum=model.checksum,
        trained_with=about.trained_with,
        signed_off=about.signed_off,
        measured_on=about.today.isoformat(),
        data=known.name,
        records=len(known.cleaned),
        true_pairs=len(found.true),
        whole=told,
        calibration_error=round(measuring.calibration_error(rows), 5),
        candidate_recall=round(found.reach, 5),
        records_a_month=round(len(known.cleaned) / months),
        false_links_a_month=round(told.wrong / months, 3),
        partners=measuring.groups(found, measuring.by_partners(known)),
        traditions=traditions,
        reliability=rows,
        thresholds=curve,
        sets=tuple(labelled),
        targets=tuple(targets(found, told, traditions, measuring.calibration_error(rows), labelled)),
        not_known=NOT_KNOWN,
    )


def targets(
    found: Measured, told: Group, traditions: Sequence[Group], off: float, labelled: Sequence[LabelledSet]
) -> list[Target]:
    """What was set beforehand, met or not."""
    wrong, missed = told.wrong / max(told.linked, 1), 1 - told.found
    shares = [g.found for g in traditions]
    gap = max(shares) - min(shares) if shares else 0.0
    rows = [
        Target("Links made by themselves that are wrong", "at most 0.01%", _percent(wrong, 4), wrong <= LINKS_WRONG),
        Target("True pairs missed after review", "at most 1%", _percent(missed), missed <= MISSED),
        Target("Gap between naming traditions", "at most 0.5 points", f"{100 * gap:.2f} points", gap <= GAP),
        Target("Calibration error", "at most 1 point", f"{100 * off:.2f} points", off <= OFF),
        Target(
            "True pairs that some key brings together", "at least 99.5%", _percent(found.reach), found.reach >= 0.995
        ),
    ]
    beaten = [one for one in labelled if one.peers]
    if beaten:
        won = sum(one.beaten for one in beaten)
        rows.append(
            Target(
                "Labelled sets on which the best peer is beaten",
                "every set",
                f"{won} of {len(beaten)}",
                won == len(beaten),
            )
        )
    return rows


def _percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f}%"


def with_earlier(path: Path | None, fresh: Sequence[LabelledSet]) -> list[LabelledSet]:
    """The sets measured now, and those measured before that were not measured now."""
    before = latest(path) if path and path.exists() else None
    names = {one.name for one in fresh}
    return [*(one for one in (before.sets if before else ()) if one.name not in names), *fresh]


def write(path: Path, told: Evaluation) -> None:
    path.write_text(json.dumps(told.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
