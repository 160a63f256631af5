"""One wrong link from beginning to end, through pages alone: two records that a reviewer took for one person, everybody
who was then shown both, the link undone, and each of them saying that they know."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework.models import Ask, Notice
from knownto.footprint.tests.partnership import sign_in
from knownto.identity import acts, consequences, queue
from knownto.identity.decided import labelled_pairs
from knownto.identity.tests.conftest import AMINA, Partners
from knownto.partners.reads import by_sign_in_name

QUESTION = {"given": "Amina", "family": "Okonjo", "born_day": "9", "born_month": "3", "born_year": "2014"}
WHY = {"purpose": "child-concern", "work": "MASH 4411"}


@pytest.fixture
def two_records(borough):
    """One name at one home, one of them without a date of birth: the model asks a reviewer."""
    with system("test"):
        partners = Partners()
        partners.send(AMINA, agency="police")
        partners.send(replace(AMINA, given_names="Aminah", birth_date=None), agency="hospital")
        acts.catch_up(now=clock.now())
        queue.keep_all(now=clock.now())


@pytest.fixture
def as_(borough):
    """The browser of somebody who has signed in with both factors."""

    def signed_in(name: str) -> Client:
        client = Client()
        sign_in(client, by_sign_in_name(name))
        return client

    return signed_in


def say(client, page, answer):
    shown = page.context["shown"]
    return client.post(page.context["to"], {"review": shown.episode, "seen": shown.seen, "answer": answer})


def looks(client) -> str:
    """Search, open the first person found, and give back what is shown."""
    answer = client.post(reverse("footprint:search"), WHY | QUESTION)
    shown = words(client.get(f"{answer.url}1/"))
    assert "Okonjo" in shown
    return shown


def words(page) -> str:
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def wrong_links(client) -> str:
    return words(client.get(reverse("identity:consequences")))


def told(name: str) -> Ask:
    with system("test"):
        consequences.tell_all(now=clock.now())
        return Ask.objects.get(to_worker=by_sign_in_name(name).pk)


def knows(client, ask) -> str:
    """Read what it is about, which names nobody, and say that one knows."""
    about = words(client.get(reverse("identity:acknowledge", args=[ask.pk])))
    assert "Okonjo" not in about and "was of two people" in about
    sent = {"done": "nothing", "text": ""}
    return words(client.post(reverse("identity:acknowledge", args=[ask.pk]), sent, follow=True))


def test_a_link_is_made_used_undone_and_followed_to_the_last_who_says_that_they_know(two_records, as_):
    reviewer, screener, officer = as_("reviewer"), as_("screener"), as_("officer")
    say(reviewer, reviewer.get(reverse("identity:next")), "together")
    for client in (screener, officer):
        looks(client)
    assert "There are none" in wrong_links(reviewer)

    back = reviewer.post(reverse("identity:undo-last"), follow=True)
    asks = [told(name) for name in ("screener", "officer")]
    assert "0 of 2" in wrong_links(reviewer)
    looks(screener)  # undone is undone: this look owes nobody an answer

    assert "that you know closes this" in knows(screener, asks[0])
    assert "1 of 2" in wrong_links(reviewer) and "Everybody knows" not in wrong_links(reviewer)
    knows(officer, asks[1])
    assert "2 of 2" in wrong_links(reviewer) and "Everybody knows" in wrong_links(reviewer)

    say(reviewer, back, "apart")
    with system("test"):
        [learnt] = labelled_pairs()
        assert learnt.decision == "apart" and not learnt.one_person
        assert not Notice.objects.filter(kind="wrong-link", to_worker=by_sign_in_name("reviewer").pk).exists()


def test_whoever_was_shown_one_record_alone_is_not_told(two_records, as_):
    """Negative control: it is the look at both that makes somebody owe an answer."""
    reviewer, screener = as_("reviewer"), as_("screener")
    looks(screener)
    say(reviewer, reviewer.get(reverse("identity:next")), "together")
    reviewer.post(reverse("identity:undo-last"))
    with system("test"):
        consequences.tell_all(now=clock.now())
        assert not Ask.objects.exists()
