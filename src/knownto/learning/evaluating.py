"""Everything that is measured of a model, gathered into the one evaluation that the product shows."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knownto.learning import clustering, documents, measuring, pairs, sets, training
from knownto.learning.labelled import Labelled
from knownto.learning.measuring import Measured
from knownto.learning.population import Known
from knownto.learning.training import Learnt
from knownto.linkage import Model, compare
from knownto.linkage.evaluation import Evaluation, Group, LabelledSet, Method, SignedOff, Target
from knownto.linkage.model import made

SEED = 1
WIN = 0.01  # of F1, or half of the best peer's remaining error where that is less
LINKS_WRONG, MISSED, GAP, OFF = 0.0001, 0.01, 0.005, 0.01
Peer = Callable[[Labelled], Method | list[Method]]
NOT_KNOWN = (
    "Anything about real records: the town is invented, however its mistakes were measured.",
    "How two partners' mistakes depend on each other, as when one copies from another.",
    "Traditions and groups of fewer than fifty true pairs, which are left out of the tables.",
    "How often reviewers decide wrongly: found after review counts every pair put before a person as settled rightly.",
)


def of_set(some: Labelled, peers: Iterable[Peer] = ()) -> LabelledSet:
    """Our model learnt from the set's records without its labels, and each peer's, beside the labels."""
    methods: list[Method] = []
    for peer in peers:
        told = peer(some)
        methods += told if isinstance(told, list) else [told]
    ours = _ours(some)
    best = max((_final(m) for m in methods), default=0.0)
    needed = best + min(WIN, (1 - best) / 2) if methods else 0.0
    return LabelledSet(
        name=some.name,
        source=some.source,
        records=len(some.cleaned),
        true_pairs=some.true_pairs,
        ours=ours,
        peers=tuple(methods),
        needed=round(needed, 6),
        beaten=_final(ours) >= needed,
    )


def _final(method: Method) -> float:
    return max(method.pairs.f1, method.clustered.f1 if method.clustered else 0.0)


def learnt_model(some: Labelled) -> tuple[Model, Learnt]:
    """The engine's model for a set, learnt from its records alone, and what it was learnt from."""
    document = sets.blank(documents.base(), some)
    start = _ruled(made(document), some)
    learnt = training.learn(some.cleaned, start, seed=SEED, people=len(some.cleaned), settle=some.rules)
    told = documents.trained(document, learnt, some.cleaned, name=some.name, source=some.source, seed=SEED)
    return _ruled(made(told), some), learnt


def _ruled(model: Model, some: Labelled) -> Model:
    """The rules for families are for families: a set without them has its own."""
    return model if some.rules else replace(model, guards=())


def _ours(some: Labelled) -> Method:
    model, learnt = learnt_model(some)
    near, looked = learnt.looked
    if model.guards:
        bits = {(x, y): compare(some.cleaned[x], some.cleaned[y], model).bits for x, y in near}
    else:
        bits = {pair: pairs.weighed(one, model) for pair, one in zip(near, looked, strict=True)}
    true = clustering.pairs_of(some.person)
    linked = {pair for pair, b in bits.items() if b >= clustering.EVEN}
    of = clustering.clusters(
        len(some.cleaned), bits, lambda x, y: compare(some.cleaned[x], some.cleaned[y], model).bits
    )
    return Method(
        "Knownto",
        measuring.score(linked, true),
        measuring.score(clustering.pairs_of(of), true),
        "trained without labels; the threshold is even odds, chosen without labels",
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


def write(path: Path, told: Evaluation) -> None:
    path.write_text(json.dumps(told.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
