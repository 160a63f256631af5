"""Open the first account of all, on an installation that has none: whoever opens the others."""

import argparse

from django.db import transaction

from knownto.access import clock
from knownto.ledger.acts import Actor
from knownto.partners import acts, reads
from knownto.site.command import CommandError
from knownto.site.first_password import generated
from knownto.site.running import databases

OPERATOR = Actor(None, "", "operator")
ROLE = "administrator"


def run(args: argparse.Namespace) -> int:
    with databases(args.var), transaction.atomic():
        if any(account.open and ROLE in account.roles for account in reads.accounts()):
            raise CommandError("there is an administrator already, who opens accounts on the page Accounts")
        password = generated()
        try:
            _open(args, password)
        except acts.NotAllowed as refused:
            raise CommandError(str(refused)) from None
    print(f"Sign-in name: {args.sign_in}\nFirst password: {password}")
    print("It is shown once, and changed at the first sign-in, where a second factor is set up too.")
    return 0


def _open(args: argparse.Namespace, password: str) -> None:
    now = clock.now()
    if not any(each.code == args.agency for each in reads.agencies()):
        acts.add_agency(by=OPERATOR, now=now, code=args.agency, name=args.agency_name or args.agency)
    acts.open_account(
        by=OPERATOR, now=now, name=args.name, sign_in_name=args.sign_in, agency=args.agency, roles=[ROLE],
        password=password, first_password=True,
    )  # fmt: skip
