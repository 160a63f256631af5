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
from knownto.access.acts import record_refusal
from knownto.access.refusals import Refused
from knownto.access.viewer import Viewer, viewer_of
from knownto.footprint import acts, open_search
from knownto.footprint.answers import Answer, Found
from knownto.footprint.pages.answer import HEADINGS, TEMPLATES
from knownto.footprint.pages.search import said_why
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.ledger.acts import record
from knownto.partners.models import Worker
from knownto.partners.reads import by_sign_in_name
from knownto.site import personas
from knownto.site.command import CommandError
from knownto.site.running import databases
from knownto.site.sign_in import NOBODY

SAID = {"nothing": "No contact found", "could_not_check": "Could not check", "too_common": "Too many share that",
        "shared_address": "A shared address: ask by name"}  # fmt: skip


def run(args: argparse.Namespace) -> int:
    with databases(args.var):
        answer, why = _ask(args, _viewer(args.sign_in))
        _tell(answer, why)  # only now that it is committed: a reader who goes away must not undo the record
    return 0


def _viewer(name: str) -> Viewer:
    """Whoever signs in with password and second factor; in the demonstration, a persona by its code alone."""
    if settings.DEMO and (persona := personas.worker(name)):
        return viewer_of(persona, second_factor=True)
    worker = authenticate(None, username=name, password=getpass("Password: "))
    if worker is None or not _gives_code(worker):
        _failed(by_sign_in_name(name))
        raise CommandError("the sign-in name, the password or the code is wrong")
    if worker.first_password:
        raise CommandError("sign in on the page first, and choose a password of your own")
    return viewer_of(worker, second_factor=True)


def _failed(worker: Worker | None) -> None:
    about = [str(worker.pk)] if worker else []
    with transaction.atomic():
        record(kind="sign-in-failed", by=NOBODY, about=about, because="at the command line", now=clock.now())


def _gives_code(worker: Worker) -> bool:
    factor = Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).first()
    return factor is not None and TOTP(factor).validate_code(getpass("Code from your second factor: "))


def _ask(args: argparse.Namespace, viewer: Viewer) -> tuple[Answer, Why]:
    why = Why(args.purpose, args.work)
    try:
        return _asked(_question(args), why, viewer), why
    except acts.TooLittle:
        raise CommandError("give two things you know of the person, or an NHS number") from None
    except Refused as refused:
        record_refusal(viewer, code=refused.code, what="command:search", now=clock.now())
        raise CommandError(refused.because) from None


def _question(args: argparse.Namespace) -> Question:
    try:
        born = date.fromisoformat(args.born) if args.born else None
    except ValueError:
        raise CommandError("give --born as year-month-day, such as 2014-05-31") from None
    return Question(given=args.given, family=args.family, born=born, postcode=args.postcode, nhs_number=args.nhs_number)


@transaction.atomic
def _asked(question: Question, why: Why, viewer: Viewer) -> Answer:
    made = acts.search(by=viewer, question=question, why=why, now=clock.now())
    opened = open_search.own(viewer, made.id, clock.now())
    return acts.look_at_answer(by=viewer, search=opened, now=clock.now())


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
