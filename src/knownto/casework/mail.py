"""Notices by mail, to the teams that have an address: the kind, the reference and the product's own address, no more.

Mail is read on telephones, over shoulders and by whoever has the mailbox now, so nothing about anybody is ever in it.
A notice is mailed until the server accepts it, in the order in which they were written, each as one message whose id
follows from the notice: killed between sending and noting that it was sent, it goes again as the same message.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import Q
from django.urls import reverse

from knownto.access.acts import SYSTEM, system
from knownto.casework.models import Notice
from knownto.casework.telling import SAYS
from knownto.ledger import acts as ledger
from knownto.partners.models import Team

log = logging.getLogger(__name__)

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20  # to one team; what is more comes as one list, so that a bad day does not bury the mailbox
IN_A_LIST = 200
TEAMS_A_ROUND = 50
KEPT = timedelta(days=1)  # what was read on the page that long ago is not mailed any more
SECONDS = 10
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class BadMailAddress(ValueError):
    """KNOWNTO_MAIL_URL cannot be read."""


@dataclass
class Rests:
    """Teams whose address was refused are left in peace for a while, so that they hold up nobody else."""

    until: dict[int, datetime] = field(default_factory=dict)
    length: dict[int, timedelta] = field(default_factory=dict)

    def resting(self, team: int, now: datetime) -> bool:
        return team in self.until and self.until[team] > now

    def refused(self, team: int, now: datetime) -> None:
        self.length[team] = min(self.length.get(team, FIRST_REST / 2) * 2, LONGEST_REST)
        self.until[team] = now + self.length[team]

    def accepted(self, team: int) -> None:
        self.until.pop(team, None)
        self.length.pop(team, None)


def server(url: str) -> EmailBackend:
    """The way to the mail server: smtp://, smtp+tls:// (STARTTLS) or smtps://[user:password@]host[:port]."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadMailAddress("KNOWNTO_MAIL_URL must be smtp://, smtp+tls:// or smtps:// and a host")
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
        timeout=SECONDS,
    )


def send_owed(*, now: Callable[[], datetime], rests: Rests) -> int:
    """Send what is owed, team by team; gives how many messages the server accepted. Never raises for the server."""
    if not settings.MAIL_URL:
        return 0
    way, sent = server(settings.MAIL_URL), 0
    try:
        teams = _with_mail(now())
        if teams:
            way.open()
        for team in teams:
            if not rests.resting(team.pk, now()):
                sent += _to_team(team, way, rests, now)
    except (OSError, SMTPException) as error:  # the server itself: everybody waits, and nothing is lost
        log.warning("mail server: %s", type(error).__name__)
    finally:
        way.close()
    return sent


def _with_mail(now: datetime) -> list[Team]:
    """The teams that have mail waiting, whoever waits longest first."""
    with system("mail"):
        waiting = _waiting(now).order_by("at").values_list("to_team", flat=True)[: IN_A_LIST * TEAMS_A_ROUND]
        order = list(dict.fromkeys(waiting))[:TEAMS_A_ROUND]
        teams = Team.objects.in_bulk(order)
    return [teams[pk] for pk in order]


def _waiting(now: datetime):  # type: ignore[no-untyped-def]
    fresh = Q(seen_at=None) | Q(at__gt=now - KEPT)
    return Notice.objects.filter(fresh, mailed_at=None, to_team__isnull=False).exclude(to_team__email="")


def _to_team(team: Team, way: EmailBackend, rests: Rests, now: Callable[[], datetime]) -> int:
    """One after the other, until nothing waits or the hour's number is reached; the last of the hour is a list."""
    sent = 0
    try:
        while _one(team, way, now):
            sent += 1
        rests.accepted(team.pk)
    except (SMTPDataError, SMTPRecipientsRefused) as error:  # this team's mail waits, the others' does not
        _refused(team, way, rests, now, error)
    return sent


def _refused(team: Team, way: EmailBackend, rests: Rests, now: Callable[[], datetime], error: Exception) -> None:
    log.warning("mail to team %s: %s", team.pk, type(error).__name__)
    rests.refused(team.pk, now())
    way.close()


def _one(team: Team, way: EmailBackend, now: Callable[[], datetime]) -> bool:
    """Send the next message to that team and note it, in one transaction; False when there is none to send now."""
    with system("mail"):
        at = now()
        allowed = MOST_AN_HOUR - _sent_lately(team, at)
        rows = _waiting(at).filter(to_team=team).select_for_update(of=("self",), skip_locked=True).order_by("at", "id")
        batch = list(rows[: IN_A_LIST if allowed == 1 else 1]) if allowed > 0 else []
        if not batch:
            return False
        way.send_messages([message(team, batch)])
        Notice.objects.filter(pk__in=[row.pk for row in batch]).update(mailed_at=at)
        because = f"{len(batch)} notices" if len(batch) > 1 else batch[0].kind
        ledger.record(kind="mailed", by=SYSTEM, about=[f"team:{team.pk}"], because=because, now=at)
        return True


def _sent_lately(team: Team, now: datetime) -> int:
    """How many messages went to that team in the last hour: those of one list bear one time."""
    lately = Notice.objects.filter(to_team=team, mailed_at__gt=now - AN_HOUR)
    return lately.values("mailed_at").distinct().count()


def message(team: Team, rows: Sequence[Notice]) -> EmailMessage:
    """One notice, or a list of them, as a message. Nothing in it but kinds, references and where to sign in."""
    lines = [f"{SAYS[row.kind]}{f': {row.reference}' if row.reference else ''}" for row in rows]
    subject = f"Knownto: {lines[0]}" if len(rows) == 1 else f"Knownto: {len(rows)} notices"
    where = f"{settings.ADDRESS.rstrip('/')}{reverse('casework:notices')}"
    body = "\n".join(
        [*lines, "", f"Sign in to read more: {where}", "", "Please do not write to this address about anybody."]
    )
    sender = settings.MAIL_FROM
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    number = str(rows[0].pk) if len(rows) == 1 else f"{rows[0].pk}-{rows[-1].pk}"
    headers = {"Message-ID": f"<notice-{number}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body + "\n", sender, [team.email], headers=headers)
