"""Everything that is measured of a model, gathered into the one evaluation that the product shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knownto.learning import measuring
from knownto.learning.measuring import Measured
from knownto.learning.population import Known
from knownto.linkage import Model
from knownto.linkage.evaluation import Evaluation, Group, LabelledSet, SignedOff, Target, latest

LINKS_WRONG, MISSED, GAP, OFF = 0.0001, 0.01, 0.005, 0.01
BEATEN = "Labelled sets on which the best peer is beaten"
TELLING = 2000  # true pairs: where 1 in 100 is missed, so many tell it within 0.45 points, 19 times of 20
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


def of_town(
    known: Known, found: Measured, model: Model, months: float, labelled: Sequence[LabelledSet], about: About
) -> Evaluation:
    """The whole evaluation: what was measured where the truth is known, and the labelled sets beside their peers."""
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
    missed = 1 - told.found
    rows = [
        _wrong(told),
        Target("True pairs missed after review", "at most 1%", _percent(missed), missed <= MISSED),
        _gap(traditions),
        Target("Calibration error", "at most 1 point", f"{100 * off:.2f} points", off <= OFF),
        Target(
            "True pairs that some key brings together", "at least 99.5%", _percent(found.reach), found.reach >= 0.995
        ),
    ]
    return [*rows, *_labelled(labelled)]


def _labelled(sets: Sequence[LabelledSet]) -> list[Target]:
    beside = [one for one in sets if one.peers]
    won = sum(one.beaten for one in beside)
    return [Target(BEATEN, "every set", f"{won} of {len(beside)}", won == len(beside))] if beside else []


def keep(path: Path, fresh: LabelledSet) -> None:
    """Write one labelled set's figures beside everything else that was measured before."""
    told, sets = Evaluation.from_json(json.loads(path.read_text(encoding="utf-8"))), with_earlier(path, [fresh])
    rest = tuple(target for target in told.targets if target.what != BEATEN)
    write(path, replace(told, sets=tuple(sets), targets=(*rest, *_labelled(sets))))


def _wrong(told: Group) -> Target:
    """Met only where so many links were made that chance alone can hardly have hidden more wrong ones."""
    share, most = told.wrong / max(told.linked, 1), measuring.at_most(told.wrong, told.linked)
    figure = f"{_percent(share, 4)}: {told.wrong} of {told.linked:,}; with 95% confidence at most {_percent(most, 4)}"
    return Target("Links made by themselves that are wrong", "at most 0.01%", figure, most <= LINKS_WRONG)


def _gap(traditions: Sequence[Group]) -> Target:
    """Between groups so large that chance moves none of them by more than 0.3 points."""
    what = f"Gap between naming traditions of {TELLING:,} true pairs and more, found after review"
    told = sorted((g for g in traditions if g.true >= TELLING), key=lambda g: g.found)
    if len(told) < 2:
        return Target(what, "at most 0.5 points", "groups too small to tell", False)
    gap = told[-1].found - told[0].found
    least, most = (f"{g.name.replace('_', ' ')} {_percent(g.found)}" for g in (told[0], told[-1]))
    return Target(what, "at most 0.5 points", f"{100 * gap:.2f} points ({least}, {most})", gap <= GAP)


def _percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f}%"


def with_earlier(path: Path | None, fresh: Sequence[LabelledSet]) -> list[LabelledSet]:
    """The sets measured now, and those measured before that were not measured now."""
    before = latest(path) if path and path.exists() else None
    names = {one.name for one in fresh}
    return [*(one for one in (before.sets if before else ()) if one.name not in names), *fresh]


def write(path: Path, told: Evaluation) -> None:
    path.write_text(json.dumps(told.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
