"""Mail through a real SMTP server: nothing about anybody, everything once, however the server behaves."""

import re
import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from knownto.access.acts import system
from knownto.casework import acts, mail
from knownto.casework.models import Notice
from knownto.casework.telling import SAYS, tell
from knownto.partners import acts as partners
from knownto.partners.offices import front_door_of

POLICE, NURSES = "hub@police.example.org", "nurses@hospital.example.org"


class Server:
    """A mail server on this machine. `says` answers each RCPT in turn, then 250; `data` likewise each message."""

    def __init__(self):
        self.got, self.recipients, self.data, self.running = [], {}, [], None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if said := self.recipients.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data:
            return self.data.pop(0)
        self.got.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    def up(self):
        self.running = Controller(self, hostname="127.0.0.1", port=self.port)
        self.running.start()

    def down(self):
        if self.running:
            self.running.stop()
            self.running = None

    def to(self, address):
        return [message for at, message in self.got if at == address]


@pytest.fixture
def server(settings):
    made = Server()
    settings.MAIL_URL, settings.ADDRESS = f"smtp://127.0.0.1:{made.port}", "https://front-door.example.org"
    settings.MAIL_FROM = "no-reply@front-door.example.org"
    made.up()
    yield made
    made.down()


@pytest.fixture
def ticking(now):
    """A clock that moves by a second whenever it is read; `ticking.on(...)` moves it further."""

    class Ticking:
        at = now + timedelta(minutes=5)

        def __call__(self):
            self.at += timedelta(seconds=1)
            return self.at

        def on(self, **by):
            self.at += timedelta(**by)

    return Ticking()


@pytest.fixture
def rests():
    return mail.Rests()


@pytest.fixture
def team(casework):
    """The police hub, with an address of its own; nobody else has one."""
    return reached("police", POLICE, casework.now)


def reached(agency, email, now):
    found = front_door_of(agency)
    for each in type(found).objects.exclude(email=""):
        if each.pk != found.pk and email == POLICE:
            type(found).objects.filter(pk=each.pk).update(email="")
    from knownto.ledger.acts import Actor

    route = {"phone": found.phone, "hours": found.hours, "email": email}
    return partners.set_route(by=Actor(None, "", "system"), now=now, agency=agency, team=found.code, **route)


def notices(team, number, now, kind="asked"):
    with system("test"):
        for each in range(number):
            tell(
                kind,
                episode=None,
                team=team,
                sort=f"{kind}:{team.pk}:{each}:{now:%s}",
                now=now + timedelta(seconds=each),
            )


def unmailed():
    with system("test"):
        return Notice.objects.filter(mailed_at=None).exclude(to_team=None).exclude(to_team__email="").count()


def send(ticking, rests):
    return mail.send_owed(now=ticking, rests=rests)


def whole(message):
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), message.get_content()])


def test_a_message_says_what_kind_which_reference_and_where_and_nothing_else(casework, team, server, ticking, rests):
    ask = casework.ask(casework.contact(), words="Has Tobias Wrenshaw been seen at 4 Tallow Row?")
    assert send(ticking, rests) == 1 and send(ticking, rests) == 0
    [message] = server.to(POLICE)
    assert message["Subject"] == f"Knownto: {SAYS['asked']}: {ask.reference}"
    assert message.get_content_type() == "text/plain"
    allowed = {SAYS["asked"], ask.reference, "https://front-door.example.org/work/notices/"}
    said = message.get_content()
    for words in allowed:
        assert words in said
        said = said.replace(words, "")
    assert " ".join(said.split()) == ": Sign in to read more: Please do not write to this address about anybody."
    assert not leaks(whole(message))


def leaks(text):
    return [word for word in ("Tobias", "Wrenshaw", "Tallow", "QK1", "2016", "seen at") if word in text]


def test_the_search_for_leaks_finds_one_that_is_planted(casework, team, server, ticking, rests, monkeypatch):
    """The negative control: mail that told what was asked would be caught by the test before this."""
    said = dict(SAYS, asked="Has Tobias Wrenshaw been seen at 4 Tallow Row?")
    monkeypatch.setattr(mail, "SAYS", said)
    casework.ask(casework.contact())
    send(ticking, rests)
    assert leaks(whole(server.to(POLICE)[0])) == ["Tobias", "Wrenshaw", "Tallow", "seen at"]


def test_while_the_server_is_down_nothing_is_lost_and_then_everything_comes_once_in_order(
    casework, team, server, ticking, rests
):
    server.down()
    notices(team, 5, casework.now)
    for _ in range(3):
        assert send(ticking, rests) == 0
    assert unmailed() == 5
    server.up()
    assert send(ticking, rests) == 5 and send(ticking, rests) == 0 and unmailed() == 0
    ids = [message["Message-ID"] for message in server.to(POLICE)]
    assert len(set(ids)) == 5
    numbers = [int(re.search(r"notice-(\d+)@", each)[1]) for each in ids]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("said", ["451 Try later", "452 Full", "550 No such mailbox"])
def test_what_the_server_puts_off_or_refuses_is_tried_again_and_holds_up_nobody_else(
    casework, team, server, ticking, rests, said
):
    nurses = reached("hospital", NURSES, casework.now)
    notices(team, 2, casework.now)
    notices(nurses, 2, casework.now + timedelta(seconds=10))
    server.recipients[POLICE] = said
    assert send(ticking, rests) == 2 and len(server.to(NURSES)) == 2 and not server.to(POLICE)
    assert send(ticking, rests) == 0  # left in peace for a while
    del server.recipients[POLICE]
    ticking.on(minutes=2)
    assert send(ticking, rests) == 2 and len(server.to(POLICE)) == 2 and unmailed() == 0


def test_a_message_that_is_put_off_after_it_was_written_comes_as_the_same_message(
    casework, team, server, ticking, rests
):
    notices(team, 1, casework.now)
    server.data.append("451 Try later")
    assert send(ticking, rests) == 0
    ticking.on(minutes=2)
    assert send(ticking, rests) == 1 and len(server.to(POLICE)) == 1


def test_killed_between_sending_and_noting_it_the_same_message_goes_again(
    casework, team, server, ticking, rests, monkeypatch
):
    """Whoever receives it knows it by its id, so that in effect it came once."""
    notices(team, 1, casework.now)

    class Killed(BaseException):
        pass

    def killed(**_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(mail.ledger, "record", killed)
        with pytest.raises(Killed):
            send(ticking, rests)
    assert unmailed() == 1
    send(ticking, rests)
    first, second = server.to(POLICE)
    assert first["Message-ID"] == second["Message-ID"] and first.get_content() == second.get_content()


def test_a_bad_day_fills_no_mailbox(casework, team, server, ticking, rests):
    notices(team, 60, casework.now)
    assert send(ticking, rests) == mail.MOST_AN_HOUR and unmailed() == 0
    *single, listed = server.to(POLICE)
    assert len(single) == 19 and listed["Subject"] == "Knownto: 41 notices"
    assert listed.get_content().count(SAYS["asked"]) == 41
    notices(team, 3, casework.now, kind="red")
    assert send(ticking, rests) == 0
    ticking.on(hours=1)
    assert send(ticking, rests) == 3 and unmailed() == 0


def test_without_a_server_notices_stay_on_the_page(casework, team, settings, ticking, rests):
    settings.MAIL_URL = ""
    notices(team, 2, casework.now)
    assert send(ticking, rests) == 0 and unmailed() == 2


def test_what_was_read_long_ago_and_teams_without_an_address_get_no_mail(casework, team, server, ticking, rests):
    notices(team, 2, casework.now - timedelta(days=3))
    notices(front_door_of("fire"), 1, casework.now)
    with system("test"):
        first = Notice.objects.filter(to_team=team).order_by("id").first()
        Notice.objects.filter(pk=first.pk).update(seen_at=casework.now, seen_by=casework.worker().pk)
    assert send(ticking, rests) == 1


def test_a_reminder_is_mailed_and_so_is_that_a_time_limit_is_close(casework, team, server, ticking, rests):
    casework.ask(casework.contact(urgency="red"))
    acts.sweep(casework.now + timedelta(hours=3))
    ticking.on(hours=3)
    send(ticking, rests)
    subjects = [message["Subject"] for message in server.to(POLICE)]
    assert [subject.split(": ")[1] for subject in subjects] == [SAYS["asked"], SAYS["amber"], SAYS["reminder"]]


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail.example.org:25", ""])
def test_an_address_that_is_none_is_refused_by_name(url):
    with pytest.raises(mail.BadMailAddress):
        mail.server(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, False),
        ("smtp+tls://a:b%40c@mail.example.org", "mail.example.org", 587, True, False),
        ("smtps://mail.example.org:4650", "mail.example.org", 4650, False, True),
    ],
)
def test_the_way_to_the_server_is_read_from_one_setting(url, host, port, tls, ssl):
    way = mail.server(url)
    assert (way.host, way.port, way.use_tls, way.use_ssl) == (host, port, tls, ssl)
    assert way.password in ("", "b@c")
