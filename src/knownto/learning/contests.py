"""Our model of a labelled set, learnt without its labels, beside other people's matchers on it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from knownto.learning import clustering, documents, fitting, measuring, sets
from knownto.learning.labelled import Labelled
from knownto.linkage import Model, compare
from knownto.linkage.evaluation import LabelledSet, Method
from knownto.linkage.model import made

SEED = 1
_log = logging.getLogger(__name__)
WIN = 0.01  # of F1, or half of the best peer's remaining error where that is less
Peer = Callable[[Labelled], Method | list[Method]]


def of_set(some: Labelled, peers: Iterable[Peer] = ()) -> LabelledSet:
    """Our model learnt from the set's records without its labels, and each peer's, beside the labels."""
    methods: list[Method] = []
    for peer in peers:
        methods += _told(peer, some)
    ours = _ours(some)
    best = max((m.best for m in methods), default=0.0)
    needed = best + min(WIN, (1 - best) / 2) if methods else 0.0
    return LabelledSet(
        name=some.name,
        source=some.source,
        records=len(some.cleaned),
        true_pairs=some.true_pairs,
        ours=ours,
        peers=tuple(methods),
        needed=round(needed, 6),
        beaten=ours.best >= needed,
    )


def _told(peer: Peer, some: Labelled) -> list[Method]:
    """What a peer makes of a set; one that cannot read a strange file is said to be missing and ends nothing."""
    try:
        told = peer(some)
    except Exception as failed:  # noqa: BLE001 - another's programme may fail in any way
        _log.warning("%s could not be run on %s: %s", peer.__name__, some.name, type(failed).__name__)
        return []
    return told if isinstance(told, list) else [told]


def learnt(some: Labelled) -> tuple[Model, fitting.Seen, list[float]]:
    """The engine's model for a set, learnt from its records alone, and the bits of every pair worth a look."""
    start = made(sets.blank(documents.base(), some))
    if not some.rules:  # the rules for families are for families: a set without them has its own
        start = replace(start, guards=())
    model, seen, bits = fitting.fitted(some.cleaned, start, seed=SEED, first=some.first)
    if some.rules:
        return model, seen, [_bits(some, model, x, y) for x, y in seen.pairs]
    return model, seen, bits.tolist()


def _bits(some: Labelled, model: Model, x: int, y: int) -> float:
    return compare(some.cleaned[x], some.cleaned[y], model).bits


def _ours(some: Labelled) -> Method:
    model, seen, told = learnt(some)
    bits = dict(zip(seen.pairs, told, strict=True))
    linked = {pair for pair, b in bits.items() if b >= clustering.EVEN}
    if some.first is None:
        of = clustering.clusters(len(some.cleaned), bits, partial(_bits, some, model))
    else:
        of = clustering.matched(some.first, len(some.cleaned), bits, partial(_bits, some, model), model.prior)
    return Method(
        "Knownto",
        measuring.score(linked, some.true),
        measuring.score(some.asked(clustering.pairs_of(of)), some.true),
        "trained without labels; the threshold is even odds, chosen without labels",
    )
