"""Go back to a moment: both databases, to be declared before anything leaves again."""

import argparse
import os
from datetime import UTC, datetime

from knownto.access import clock
from knownto.ledger import restores
from knownto.site import restoring
from knownto.site.archive import NoBackup, NotRecovered
from knownto.site.command import CommandError
from knownto.site.running import databases

MOST_SHOWN = 200


def run(args: argparse.Namespace) -> int:
    if "DATABASE_URL" in os.environ:
        raise CommandError("on servers of your own PostgreSQL's tools do this: docs/restoring.md says how")
    try:
        done = restoring.restore(args.var, _moment(args.to), keys_moment=_moment(args.keys_to))
    except (NoBackup, NotRecovered) as problem:
        raise CommandError(str(problem)) from None
    with databases(args.var):
        held = _notice(done.lost.head)
    _tell(done, held)
    return 0


def _moment(text: str) -> datetime | None:
    """`latest` is the end of the archive. Without a zone it is UTC."""
    if text == "latest":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("write the moment as 2026-11-22T14:03:00, in UTC, or latest") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _notice(head: str) -> bool:
    """Was anything lost that somebody had been shown? Then nothing leaves until it is declared."""
    try:
        restores.found(head, clock.now())
    except restores.NothingLost:
        return False
    return True


def _tell(done: restoring.Restored, held: bool) -> None:
    lost = done.lost
    print(
        f"Put back in {done.seconds:.0f} seconds. {done.destroyed_again} keys came back and were destroyed again."
    )
    print(f"Lost: {lost.entries} entries of the log, {len(lost.referrals)} pieces of work opened since.")
    for reference, agency, at in lost.referrals[:MOST_SHOWN]:
        print(f"  {reference} from {agency}, {at:%Y-%m-%d %H:%M:%S} UTC: ask for it again")
    print(f"Not sent again, though it left since: {len(lost.arrived)} copies, {len(lost.mailed)} notices.")
    if held:
        print("Nothing leaves until it is declared: knownto ledger declare --because '...'")
    print("Take a new copy soon: knownto backup")
