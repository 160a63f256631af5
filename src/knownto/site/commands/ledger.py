"""Check the ledger, export it, print its newest head; take on witnesses; declare a restore."""

import argparse
import sys

from knownto.access import clock
from knownto.access.acts import SYSTEM
from knownto.disclosure.destinations import NotAllowed
from knownto.disclosure.posting import Failed
from knownto.ledger import reads, restores
from knownto.ledger.tree import publics
from knownto.partners.models import Agency
from knownto.proof import BadHead, StoredHead
from knownto.site.command import CommandError
from knownto.site.running import databases
from knownto.witnessing import acts, asking
from knownto.witnessing import reads as witnessing
from knownto.witnessing.models import Witness


def run(args: argparse.Namespace) -> int:
    with databases(args.var):
        return DO[args.what](args)


def verify(args: argparse.Namespace) -> int:
    kept = [StoredHead(args.head.read_text())] if args.head else []
    seen, unheard = _heads_of_witnesses()
    findings = reads.verify([*kept, *seen]) + witnessing.verify()
    standing = reads.standing()
    for finding in findings:
        print(f"entries {finding.first}-{finding.last}: {finding.sentence}")
    for agency in unheard:
        print(f"The witness of {agency} could not be asked what it saw last.")
    for note in reads.declared():
        print(f"Restored, declared:\n{note}")
    if restores.holding():
        print("A backup was put back and nobody has declared it: nothing leaves. See knownto ledger declare.")
    if findings:
        print(f"TAMPERING FOUND: {len(findings)} finding(s).")
        return 1
    print(f"Sound: {standing.numbered} entries as signed; {standing.waiting} not yet numbered (a few seconds' worth).")
    if seen:
        print(f"Compared with the last heads that {len(seen)} witnesses say they saw.")
    elif not kept:
        print("Checked against this ledger's own heads. Give --head with one kept elsewhere to rule out a roll-back.")
    return 0


def export(args: argparse.Namespace) -> int:
    if not args.to:
        raise CommandError("say which file to write, with --to")
    with args.to.open("w", encoding="utf-8") as file:
        for line in reads.export(witnessing.kept()):
            file.write(line + "\n")
    print(f"Written to {args.to}. A partner checks it with verifier.py and a head they kept.")
    return 0


def head(args: argparse.Namespace) -> int:
    sys.stdout.write(reads.standing().head)
    return 0


def _heads_of_witnesses() -> tuple[list[StoredHead], list[str]]:
    """What each says it saw last; and the agencies whose witness does not answer."""
    seen, unheard = [], []
    for witness in Witness.objects.filter(closed_at=None).order_by("agency_id"):
        try:
            seen.append(StoredHead(asking.last_head(witness)))
        except (Failed, BadHead):
            unheard.append(witness.agency_id)
    return seen, unheard


def key(_: argparse.Namespace) -> int:
    """The key that signs comes first. Those after it are announced, or signed before: whoever checks needs them all."""
    for each in publics():
        print(each.text())
    return 0


def witness(args: argparse.Namespace) -> int:
    if not (args.agency and args.at and args.key):
        raise CommandError("say whose it is, where it listens and its public key: --agency, --at, --key")
    if not Agency.objects.filter(pk=args.agency).exists():
        raise CommandError("there is no agency of that code")
    try:
        acts.open_witness(agency=args.agency, where=args.at, key=args.key, by=SYSTEM, now=clock.now())
    except (NotAllowed, BadHead) as problem:
        raise CommandError(str(problem)) from None
    print("Taken on: the worker shows it every head from now on.")
    return 0


def witness_gone(args: argparse.Namespace) -> int:
    found = Witness.objects.filter(key=args.key, closed_at=None).first()
    if found is None:
        raise CommandError("say which, with --key and the public key of a witness that is shown heads")
    acts.close_witness(witness=found, by=SYSTEM, now=clock.now())
    left = Witness.objects.filter(closed_at=None).count()
    print(f"Let go: it is shown nothing more, and what it signed stays. {left} are left; two are the least.")
    return 0


def witnesses(_: argparse.Namespace) -> int:
    """Exit status 1 while one of them is silent or refuses."""
    alarmed = False
    for each in Witness.objects.filter(closed_at=None).order_by("agency_id"):
        raised = [alarm.get_kind_display() for alarm in each.alarms.filter(cleared_at=None)]
        alarmed = alarmed or bool(raised)
        signed = f"{each.answered_at:%Y-%m-%d %H:%M:%S} UTC" if each.answered_at else "never"
        print(f"{each.agency_id}: {each.seen_size} entries, last signed {signed}. {'; '.join(raised)}")
    return 1 if alarmed else 0


def declare(args: argparse.Namespace) -> int:
    if not args.because:
        raise CommandError("say why, with --because: a sentence about nobody")
    try:
        restore = restores.declare(by=SYSTEM, because=args.because, now=clock.now())
    except restores.NothingToDeclare:
        raise CommandError("no backup was put back, or it has been declared") from None
    print(f"{restore.note}\nDeclared. Witnesses are told, and what waits leaves again.")
    return 0


DO = {
    "verify": verify,
    "export": export,
    "head": head,
    "key": key,
    "witness": witness,
    "witness-gone": witness_gone,
    "witnesses": witnesses,
    "declare": declare,
}
