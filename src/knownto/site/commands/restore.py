"""Go back to a moment: both databases, to be declared before anything leaves again."""

import argparse
import os
import pwd
from datetime import UTC, datetime
from pathlib import Path

from knownto.access import clock
from knownto.ledger import restores
from knownto.site import archive, restoring
from knownto.site.archive import NoBackup, NotRecovered
from knownto.site.command import CommandError
from knownto.site.commands.backup import named
from knownto.site.running import databases

MOST_SHOWN = 200


def run(args: argparse.Namespace) -> int:
    named(args.var)
    try:
        done = restoring.restore(args.var, _moment(args.to), keys_moment=_moment(args.keys_to))
    except (NoBackup, NotRecovered) as problem:
        raise CommandError(str(problem)) from None
    _start(args.var)
    _step_down()
    with databases(args.var):
        held = _notice(done.lost.head)
    _tell(done, held)
    return 0


def _start(var: Path) -> None:
    """Servers of one's own go on running; embedded ones run for as long as somebody needs them."""
    if "DATABASE_URL" in os.environ:
        for each in archive.both(var).values():
            each.cluster.start()


def _step_down() -> None:
    """Root was needed to put the databases' folders back. The rest is the operator's, whom the key service knows."""
    if operator := os.environ.get("KNOWNTO_OPERATOR"):
        there = pwd.getpwnam(operator)
        os.initgroups(operator, there.pw_gid)
        os.setgid(there.pw_gid)
        os.setuid(there.pw_uid)


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
    print(f"Put back in {done.seconds:.0f} seconds. {done.destroyed_again} keys came back and were destroyed again.")
    print(f"Lost: {lost.entries} entries of the log, {len(lost.referrals)} pieces of work opened since.")
    for reference, agency, at in lost.referrals[:MOST_SHOWN]:
        print(f"  {reference} from {agency}, {at:%Y-%m-%d %H:%M:%S} UTC: ask for it again")
    print(f"Not sent again, though it left since: {len(lost.arrived)} copies, {len(lost.mailed)} notices.")
    if held:
        print("Nothing leaves until it is declared: knownto ledger declare --because '...'")
    print("Take a new copy soon: knownto backup")
