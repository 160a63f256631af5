"""Weights learnt and measured: train, fit, evaluate, keys, sign-off. What each does is in `knownto.learning`."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from knownto.learning import attacking, evaluating, labelled, measuring, population, reaching, signing_off
from knownto.learning.labelled import Labelled
from knownto.learning.measuring import Measured
from knownto.linkage import Cleaned, Model, load_model
from knownto.linkage.evaluation import Evaluation, LabelledSet, Method, SignedOff
from knownto.linkage.model import OWN, ModelDamaged, made
from knownto.site.command import CommandError
from knownto.site.commands import bulk, rematch
from knownto.site.running import databases

MONTHS = 12.0
SETS = ("febrl", "rldata", "past")


def run(args: argparse.Namespace) -> int:
    try:
        return _PARTS[args.what](args)
    except (labelled.NotLabelled, signing_off.NotSignable, ModelDamaged, FileNotFoundError) as refused:
        raise CommandError(str(refused)) from refused


def train(args: argparse.Namespace) -> int:
    """Learn weights, and where the truth is known propose thresholds from the curve; nobody has signed it yet."""
    training, documents = _extra("training"), _extra("documents")
    records, known, some = _records(args)
    start = documents.base()
    if some:
        start = _extra("sets").blank(start, some)
    people = args.people or start["people"]
    print(f"Learning from {len(records):,} records; nothing is read of who is who.", flush=True)
    learnt = training.learn(records, made(start), seed=args.seed, people=people)
    said = f"Splink's expectation-maximisation on {args.source}, {len(records):,} records; see learnt.left_as_judged"
    document = documents.trained(start, learnt, records, name=args.name or args.source, source=said, seed=args.seed)
    if args.names:
        document["names"] = _with_traditions(documents.frequencies(records), made(start))
    if known:
        document = _with_thresholds(args, documents, document)
    to = args.to or Path("model.json")
    print(f"Written to {to}, checksum {signing_off.write(to, document)[:16]}. It is refused until it is signed off.")
    return 0


def _with_thresholds(args: argparse.Namespace, documents: Any, document: dict[str, Any]) -> dict[str, Any]:
    """The document with the thresholds that the curve proposes, and the curve: measured on the other towns, where more
    than one is named, since what was learnt from one looks better there than it is."""
    model, seeds = made(document), args.town_seed[1:] or args.town_seed
    known, found = _measured(args, model, seeds)
    steps = measuring.thresholds(found, MONTHS)
    proposal = signing_off.proposed(steps, false_share=args.wrong, missed_share=args.missed)
    rows = measuring.lifted(known, model, found)
    proposal |= signing_off.proposed_to_lift(rows, false_share=args.wrong, join=proposal["join"])
    print(f"Proposed from the curve of {known.name}: " + ", ".join(f"{k} {v:.1f} bits" for k, v in proposal.items()))
    told = {**document, "thresholds": {**document["thresholds"], **proposal}, "curve_of": known.name}
    return documents.fitted(told, found, steps)


def _measured(args: argparse.Namespace, model: Model, seeds: Sequence[int]) -> tuple[population.Known, Measured]:
    """Towns of these seeds, one after another, and what was measured of all of them together."""
    towns = (population.known(args.size, seed, slices=args.parts) for seed in seeds)
    known, found = measuring.pooled((town, measuring.measure(town, model)) for town in towns)
    known.name = population.called(args.size, seeds, args.parts)
    return known, found


def fit(args: argparse.Namespace) -> int:
    """Fit a model's curve of probabilities to towns whose truth is known; its weights and thresholds stay."""
    document = json.loads((args.model or OWN).read_text(encoding="utf-8"))
    told = {part: said for part, said in document.items() if part not in ("checksum", "signed_off")}
    known, found = _measured(args, made(told), args.town_seed)
    told |= {"curve": measuring.curve(found), "curve_of": known.name}
    to = args.to or Path("model.json")
    signed = signing_off.write(to, told)
    print(f"Fitted to {known.name}, {len(known.cleaned):,} records. Written to {to}, checksum {signed[:16]}.")
    print("It is refused until it is signed off.")
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Measure a model on the town and on labelled sets, beside peers, and write what the product shows."""
    sets = []
    for some in _chosen(args):
        sets.append(_told(_extra("contests").of_set(some, _peers(args, some))))
        if args.to and args.to.exists():
            evaluating.keep(args.to, sets[-1])
    if args.labelled or args.sets_only:
        return 0
    document = json.loads((args.model or OWN).read_text(encoding="utf-8"))
    model = load_model(args.model)
    known, found = _measured(args, model, args.town_seed)
    signed = document.get("signed_off")
    with_ = document.get("learnt", {}).get("with", "judgement")
    about = evaluating.About(SignedOff(**signed) if signed else None, with_, datetime.now(UTC).date())
    told: Evaluation = evaluating.of_town(known, found, model, MONTHS, evaluating.with_earlier(args.to, sets), about)
    _summary(told)
    if args.to:
        evaluating.write(args.to, told)
        print(f"Written to {args.to}")
    return 0


def keys(args: argparse.Namespace) -> int:
    """What each candidate key adds and costs, what is lost without it, and what a thief of the index could guess."""
    known = population.known(args.size, args.town_seed[0], slices=args.parts)
    told = reaching.report(known.cleaned, known.person)
    print(f"{told.records:,} records, {told.true_pairs:,} true pairs")
    print(f"all kinds together: {told.together:.4%} of them, {told.cost:.1f} pairs a record")
    _table(("kind", "keys", "alone", "only it", "cost", "median", "widest", "too wide"), map(_reach, told.kinds))
    print("\nGuessed from the blind index and public tables alone, by records of each kind:")
    guessed = ((g.kind, f"{g.records:,}", f"{g.right:.3%}", f"{g.base:.3%}") for g in attacking.attack(known.cleaned))
    _table(("kind", "records", "right", "base rate"), guessed)
    return 0


def _reach(k: reaching.Reach) -> tuple[str, ...]:
    shares = f"{k.keys_a_record:.2f}", f"{k.alone:.3%}", f"{k.only:.3%}", f"{k.cost:.2f}"
    return k.kind, *shares, str(k.typical), str(k.widest), str(k.passed_over)


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    for first, *others in (heading, *rows):
        print(f"{first:40}" + "".join(f"{one:>10}" for one in others))


def sign(args: argparse.Namespace) -> int:
    """Put a person's name under a model's thresholds."""
    on = date.fromisoformat(args.on) if args.on else datetime.now(UTC).date()
    told = signing_off.sign_off(args.model, name=args.name, role=args.role, on=on)
    print(f"Signed off by {args.name}, {args.role}, {on.isoformat()}. Checksum {told}")
    return 0


_PARTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "train": train,
    "fit": fit,
    "evaluate": evaluate,
    "keys": keys,
    "sign-off": sign,
    **bulk.PARTS,
    **rematch.PARTS,
}


def _extra(name: str) -> Any:
    """A part of learning that needs what `bin/setup train` installs."""
    if not all(map(find_spec, ("splink", "duckdb", "pandas"))):
        raise CommandError("Splink is not installed: run bin/setup train first.")
    return import_module(f"knownto.learning.{name}")


def _records(args: argparse.Namespace) -> tuple[list[Cleaned], population.Known | None, Labelled | None]:
    """The records to learn from, and their truth or labels where there are any: those are not learnt from."""
    if args.source == "town":
        known = population.known(args.size, args.town_seed[0], slices=args.parts)
        return known.cleaned, known, None
    if args.source == "held":
        with databases(args.var):
            return import_module("knownto.learning.heldrecords").opened(datetime.now(UTC)), None, None
    if not args.labelled:
        raise CommandError("say which file, with --labelled")
    some = _read(args)
    return some.cleaned, None, some


def _read(args: argparse.Namespace) -> Labelled:
    """The labelled files that are named; what each column was taken for is said."""
    some = labelled.read(args.labelled, args.map, args.id, args.cluster, beside=args.beside, pairs=args.pairs)
    for line in some.meaning.told():
        print(f"  {line}")
    return some


def _with_traditions(found: dict[str, dict[str, float]], model: Any) -> dict[str, dict[str, tuple[float, str]]]:
    tradition = {"given": model.given_tradition, "family": model.family_tradition}
    return {part: {n: (per, tradition[part].get(n, "")) for n, per in some.items()} for part, some in found.items()}


def _chosen(args: argparse.Namespace) -> Iterator[Labelled]:
    if args.labelled:
        yield _read(args)
        return
    for name in SETS:
        if name in args.sets.split(","):
            told = getattr(_extra("sets"), name)()
            yield from [told] if isinstance(told, Labelled) else told


def _peers(args: argparse.Namespace, some: Labelled) -> list[Callable[[Labelled], Method | list[Method]]]:
    if not args.peers:
        return []
    if not find_spec("recordlinkage"):
        raise CommandError("The peers are not installed: run bin/setup train first.")
    peers = import_module("knownto.learning.peers")
    return [peers.by_splink, peers.by_recordlinkage, *([peers.by_dedupe] if args.dedupe else [])]


def _told(one: LabelledSet) -> LabelledSet:
    print(f"{one.name}: {one.records:,} records, {one.true_pairs:,} true pairs", flush=True)
    _table(("  matcher", "precision", "recall", "F1", "clustered"), map(_method, (one.ours, *one.peers)))
    if one.peers:
        print(
            f"  needed to beat the best peer: {one.needed:.4f}: {'beaten' if one.beaten else 'NOT beaten'}", flush=True
        )
    return one


def _summary(told: Evaluation) -> None:
    print(f"{told.data}: {told.records:,} records, {told.true_pairs:,} true pairs")
    for target in told.targets:
        print(f"  {'met    ' if target.met else 'NOT met'} {target.what}: {target.figure} ({target.wanted})")
    print(f"  wrong links a month: {told.false_links_a_month}, linked by themselves {told.whole.recall:.2%}")
    groups = (
        (f"  {g.name}", f"{g.true:,}", f"{g.recall:.2%}", f"{g.found:.2%}", str(g.wrong))
        for g in (*told.traditions, *told.partners)
    )
    _table(("  group", "true", "linked", "found", "wrong"), groups)


def _method(one: Method) -> tuple[str, ...]:
    after = f"{one.clustered.f1:.4f}" if one.clustered else ""
    return f"  {one.name}", *(f"{share:.4f}" for share in (one.pairs.precision, one.pairs.recall, one.pairs.f1)), after
