"""Ask from the command line: the same question, the same rules, the same record as the page's."""

import argparse
from datetime import date
from getpass import getpass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction

from knownto.access import clock
from knownto.access.refusals import Refused
from knownto.access.viewer import Viewer, viewer_of
from knownto.footprint import acts, open_search
from knownto.footprint.answers import Answer, Found
from knownto.footprint.pages.answer import HEADINGS, TEMPLATES
from knownto.footprint.pages.search import said_why
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.partners.models import Worker
from knownto.site import personas
from knownto.site.command import CommandError
from knownto.site.running import databases

SAID = {"nothing": "No contact found", "could_not_check": "Could not check", "too_common": "Too many share that",
        "shared_address": "A shared address: ask by name"}  # fmt: skip


def run(args: argparse.Namespace) -> int:
    with databases(args.var), transaction.atomic():
        return _ask(args, _viewer(args.sign_in))


def _viewer(name: str) -> Viewer:
    """Whoever signs in with password and second factor; in the demonstration, a persona by its code alone."""
    if settings.DEMO and (persona := personas.worker(name)):
        return viewer_of(persona, second_factor=True)
    worker = authenticate(None, username=name, password=getpass("Password: "))
    if worker is None or not _gives_code(worker):
        raise CommandError("the sign-in name, the password or the code is wrong")
    return viewer_of(worker, second_factor=True)


def _gives_code(worker: Worker) -> bool:
    factor = Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).first()
    return factor is not None and TOTP(factor).validate_code(getpass("Code from your second factor: "))


def _ask(args: argparse.Namespace, viewer: Viewer) -> int:
    why = Why(args.purpose, args.work)
    try:
        born = date.fromisoformat(args.born) if args.born else None
        question = Question(
            given=args.given, family=args.family, born=born, postcode=args.postcode, nhs_number=args.nhs_number
        )
        made = acts.search(by=viewer, question=question, why=why, now=clock.now())
        opened = open_search.own(viewer, made.id, clock.now())
        answer = acts.look_at_answer(by=viewer, search=opened, now=clock.now())
    except acts.TooLittle:
        raise CommandError("give two things you know of the person, or an NHS number") from None
    except ValueError:
        raise CommandError("give --born as year-month-day, such as 2014-05-31") from None
    except Refused as refused:
        raise CommandError(refused.because) from None
    _tell(answer, why)
    return 0


def _tell(answer: Answer, why: Why) -> None:
    if not isinstance(answer, Found):
        print(SAID[TEMPLATES[type(answer)]])
    else:
        print(HEADINGS[answer.sure])
        for who in answer.candidates:
            print(f"\n  {who.name}, {who.born}, {who.district}")
            for sign, reasons in (("+", who.reasons), ("-", who.against)):
                for reason in reasons:
                    print(f"    {sign} {reason}")
    print()
    for searched in answer.coverage.agencies:
        up_to = f", up to {searched.up_to:%-d %B %Y}" if searched.up_to else ""
        print(f"  {searched.name}: {searched.looked.replace('-', ' ')}{up_to}")
    for row in said_why(why):
        print(f"  {row}" if isinstance(row, str) else f"  {row.key}: {row.value}")
