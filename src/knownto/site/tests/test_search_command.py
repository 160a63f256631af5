"""Asked from a terminal, the same record is kept: before anything is shown, and also of what is refused."""

from argparse import Namespace
from contextlib import nullcontext

import pytest

from knownto.access.viewer import viewer_of
from knownto.ledger.models import Entry
from knownto.site.command import CommandError
from knownto.site.commands import search
from knownto.site.tests import people


@pytest.fixture
def ask(committed, monkeypatch):
    """Ask as a screener who has signed in."""
    someone = people.worker("screener")
    monkeypatch.setattr(search, "databases", lambda _: nullcontext())
    monkeypatch.setattr(search, "_viewer", lambda _: viewer_of(someone, second_factor=True))

    def asked(**said):
        given = {"purpose": "child-concern", "work": "C-1", "given": "Nemone", "family": "Absentia"}
        rest = {"born": "2016-02-03", "postcode": "", "nhs_number": "", "var": None, "sign_in": ""}
        return search.run(Namespace(**rest | given | said))

    return asked


def kinds():
    return sorted(Entry.objects.exclude(kind="grant").values_list("kind", flat=True))


def test_it_keeps_the_record_when_the_reader_goes_away_in_the_middle(ask, monkeypatch):
    """`knownto search ... | head -1` sees a line and breaks the pipe: what was seen must still be in the ledger."""

    def broken(*_):
        raise BrokenPipeError

    monkeypatch.setattr(search, "_tell", broken)
    with pytest.raises(BrokenPipeError):
        ask()
    assert kinds() == ["answer", "search"]


def test_it_records_what_it_refuses(ask):
    with pytest.raises(CommandError):
        ask(purpose="police-attendance")
    [refusal] = Entry.objects.filter(kind="refusal")
    assert refusal.because == "no-lawful-purpose"


def test_it_records_a_wrong_password_and_lets_nobody_in_with_a_given_one(committed, monkeypatch):
    someone = people.worker("screener", first_password=True)
    monkeypatch.setattr(search, "getpass", lambda _: "wrong")
    with pytest.raises(CommandError):
        search._viewer("screener.childrens-social-care")
    [entry] = Entry.objects.filter(kind="sign-in-failed")
    assert [each.subject for each in entry.about.all()] == [str(someone.pk)]
    monkeypatch.setattr(search, "getpass", lambda _: people.PASSWORD)
    monkeypatch.setattr(search, "_gives_code", lambda _: True)
    with pytest.raises(CommandError):
        search._viewer("screener.childrens-social-care")
