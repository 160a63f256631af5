"""Check the ledger, export it, print its newest head."""

import argparse
import sys

from knownto.ledger import reads
from knownto.proof import StoredHead
from knownto.site.command import CommandError
from knownto.site.running import databases


def run(args: argparse.Namespace) -> int:
    with databases(args.var):
        return {"verify": verify, "export": export, "head": head}[args.what](args)


def verify(args: argparse.Namespace) -> int:
    kept = [StoredHead(args.head.read_text())] if args.head else []
    findings = reads.verify(kept)
    standing = reads.standing()
    for finding in findings:
        print(f"entries {finding.first}-{finding.last}: {finding.sentence}")
    if findings:
        print(f"TAMPERING FOUND: {len(findings)} finding(s).")
        return 1
    print(f"Sound: {standing.numbered} entries as signed; {standing.waiting} not yet numbered (a few seconds' worth).")
    if not kept:
        print("Checked against this ledger's own heads. Give --head with one kept elsewhere to rule out a roll-back.")
    return 0


def export(args: argparse.Namespace) -> int:
    if not args.to:
        raise CommandError("say which file to write, with --to")
    with args.to.open("w", encoding="utf-8") as file:
        for line in reads.export():
            file.write(line + "\n")
    print(f"Written to {args.to}. A partner checks it with verifier.py and a head they kept.")
    return 0


def head(args: argparse.Namespace) -> int:
    sys.stdout.write(reads.standing().head)
    return 0
