"""Take in one agency's file."""

import argparse
from datetime import date

from knownto.access import clock
from knownto.feeds import acts as feeds
from knownto.feeds import reads
from knownto.identity import acts as identity
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency
from knownto.site.command import CommandError
from knownto.site.running import databases


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise CommandError(f"there is no file {args.file}")
    try:
        as_of = date.fromisoformat(args.as_of)
    except ValueError:
        raise CommandError("give --as-of as year-month-day, such as 2026-11-21") from None
    with databases(args.var):
        return _load(args, as_of)


def _load(args: argparse.Namespace, as_of: date) -> int:
    known = sorted(Agency.objects.filter(connected=True).values_list("code", flat=True))
    if args.agency not in known:
        raise CommandError(f"{args.agency} sends no feed here; these do: {', '.join(known) or 'none'}")
    by, now = Actor(None, args.agency, "command line"), clock.now()
    manifest = {"rows": args.rows} if args.rows else None
    file = feeds.take_in(args.file, agency=args.agency, mode=args.mode, as_of=as_of, by=by, now=now, manifest=manifest)
    identity.catch_up(now=clock.now())
    _tell(reads.for_sender(args.agency, file.id))
    return 0 if file.state in ("landed", "same") else 1


def _tell(report: reads.Report) -> None:
    """The report, as the page has it; what a bad cell held is for the page alone."""
    print(report.outcome)
    for sentence in [*report.reasons, *report.put_aside, *report.notices]:
        print(f"  {sentence}")
    for cell in report.bad:
        print(f"  line {cell.line}, {cell.field}: {cell.reason}")
    if report.more_bad:
        print("  and more: the feeds page has them all.")
