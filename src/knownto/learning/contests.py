"""Our model of a labelled set, learnt without its labels, beside other people's matchers on it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from knownto.learning import clustering, documents, measuring, pairs, sets, training
from knownto.learning.labelled import Labelled
from knownto.learning.training import Learnt
from knownto.linkage import Model, compare
from knownto.linkage.evaluation import LabelledSet, Method
from knownto.linkage.model import made

SEED = 1
WIN = 0.01  # of F1, or half of the best peer's remaining error where that is less
Peer = Callable[[Labelled], Method | list[Method]]


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
