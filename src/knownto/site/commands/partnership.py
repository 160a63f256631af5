"""Found a partnership, change it, and say where an agency's record system takes its copies."""

import argparse

from knownto.access import clock
from knownto.disclosure import endpoints
from knownto.disclosure.destinations import NotAllowed
from knownto.disclosure.models import Way
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Agency
from knownto.site import founding
from knownto.site.command import CommandError
from knownto.site.running import databases

BY = Actor(None, "", "command line")


def run(args: argparse.Namespace) -> int:
    with databases(args.var):
        return DO[args.what](args)


def show(_: argparse.Namespace) -> int:
    print(founding.as_file(), end="")
    return 0


def plan(args: argparse.Namespace) -> int:
    _planned(args)
    print("Nothing was changed. knownto partnership apply does it.")
    return 0


def apply(args: argparse.Namespace) -> int:
    planned = _planned(args)
    founding.apply(planned, by=BY, now=clock.now())
    print(f"Done: {len(planned)} changes, each in the ledger." if planned else "It was so already.")
    for office, team in offices.without_a_team():
        print(
            f"Nobody is the office {office!r}: {team} is no team here. KNOWNTO_OFFICES names the file that says who is."
        )
    return 0


def endpoint(args: argparse.Namespace) -> int:
    """A new place for an agency's copies: an https address, or a folder."""
    if bool(args.at) == bool(args.folder):
        raise CommandError("say where: --at an https address, or --folder the name of one in KNOWNTO_OUT")
    way, where = (Way.HTTPS, args.at) if args.at else (Way.DROP, args.folder)
    try:
        secret = endpoints.open_endpoint(agency=_agency(args), way=way, where=where, by=BY, now=clock.now())
    except NotAllowed as refused:
        raise CommandError(str(refused)) from None
    print("Copies go there from now on, with what waits.")
    _show(secret)
    return 0


def secret(args: argparse.Namespace) -> int:
    _show(_of_endpoint(endpoints.new_secret, args))
    print("The former one signs beside it for a week.")
    return 0


def close(args: argparse.Namespace) -> int:
    _of_endpoint(endpoints.close_endpoint, args)
    print("Nothing is sent there any more. What waits, waits for the next place.")
    return 0


DO = {"show": show, "plan": plan, "apply": apply, "endpoint": endpoint, "secret": secret, "close": close}


def _planned(args: argparse.Namespace) -> list[founding.Change]:
    if not args.file:
        raise CommandError("say which file describes the partnership, with --file")
    try:
        wanted = founding.read(args.file)
    except founding.BadPartnership as wrong:
        raise CommandError(str(wrong)) from None
    planned = founding.changes(wanted)
    for change in planned:
        print(f"  {change.says}")
    for code in founding.left_alone(wanted):
        print(f"  left as it is, for the file does not name it: {code}")
    return planned


def _agency(args: argparse.Namespace) -> str:
    if not Agency.objects.filter(code=args.agency).exists():
        raise CommandError("say whose, with --agency and the code of an agency that is registered")
    return args.agency


def _of_endpoint(act, args):  # type: ignore[no-untyped-def]
    try:
        return act(agency=_agency(args), by=BY, now=clock.now())
    except endpoints.NoEndpoint:
        raise CommandError("copies go nowhere for that agency, or to a folder, which has no secret") from None


def _show(secret: str) -> None:
    if secret:
        print(f"Its secret, shown this once, for whoever checks the signatures:\n{secret}")
