"""The reviewers' pages: what is on them, what is not, and what one request does."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework.models import Ask, Episode
from knownto.disclosure.models import Disclosure
from knownto.identity import acts, queue
from knownto.identity.models import Opinion, Review, Ruling
from knownto.identity.tests.conftest import AMINA, Partners, people
from knownto.keyring.models import SealedRow
from knownto.ledger.models import Entry
from knownto.partners.reads import by_sign_in_name


@pytest.fixture
def sign_in(borough):
    def as_(name: str) -> Client:
        client = Client()
        client.force_login(by_sign_in_name(name), backend="knownto.site.sign_in.BySealedName")
        session, at = client.session, clock.now().timestamp()
        session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True})
        session.save()
        return client

    return as_


@pytest.fixture
def pairs(borough):
    """Three pairs of which the model is not sure, each of two agencies' records of one name."""
    with system("test"):
        partners = Partners()
        for number, name in enumerate(("Amina", "Blessing", "Chidi")):
            one = replace(AMINA, given_names=name, birth_date=AMINA.birth_date.replace(month=number + 1))
            partners.send(one, agency="police")
            partners.send(replace(one, given_names=name + "h", birth_date=None), agency="hospital")
        acts.catch_up(now=clock.now())
        queue.keep_all(now=clock.now())
        assert Review.objects.count() == 3
        return list(Review.objects.order_by("-rank", "since", "id"))


def say(client, page, answer, **more):
    """Press a button of that page."""
    shown = page.context["shown"]
    sent = {"review": shown.episode, "seen": shown.seen, "answer": answer} | more
    return client.post(page.context["to"], sent)


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_it_shows_both_records_and_says_in_words_where_they_agree(sign_in, pairs):
    page = sign_in("reviewer").get(reverse("identity:next"))
    shown = text(page)
    assert "14 Harbour Street" in shown and "Okonjo" in shown
    for words in ("Same", "Alike", "On one record only", "likelier for one person", "Not held", "Two people, for now"):
        assert words in shown, words
    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert "Okonjo" not in title and "Are these one person?" in title


def test_it_never_shows_why_an_agency_knows_them(sign_in, pairs):
    page = text(sign_in("reviewer").get(reverse("identity:next")))
    assert "Exploitation" not in page and "Domestic abuse" not in page and "exploitation" not in page


def test_it_records_the_look_and_that_it_crossed_to_the_reviewers_agency(sign_in, pairs):
    sign_in("reviewer").get(reverse("identity:next"))
    with system("test"):
        assert Entry.objects.filter(kind="review-opened").count() == 1
        crossed = set(Disclosure.objects.values_list("from_agency", "to_agency", "purpose"))
    assert crossed == {(a, "childrens-social-care", "accuracy") for a in ("police", "hospital")}


def test_one_request_answers_a_pair_and_shows_the_next(sign_in, pairs):
    client = sign_in("reviewer")
    page = client.get(reverse("identity:next"))
    first = page.context["shown"].episode
    page = say(client, page, "together")
    assert page.status_code == 200 and page.context["shown"].episode != first
    with system("test"):
        assert Review.objects.get(episode=first).answer == "together" and len(people()) == 5


def test_the_same_form_sent_twice_changes_nothing_and_says_so(sign_in, pairs):
    client = sign_in("reviewer")
    page = client.get(reverse("identity:next"))
    say(client, page, "together")
    again = say(client, page, "never", short="siblings")
    assert "Somebody else has answered" in text(again)
    with system("test"):
        assert Ruling.objects.get().kind == "together" and Opinion.objects.count() == 1


def test_it_asks_for_a_reason_where_one_is_needed_and_keeps_the_pair(sign_in, pairs):
    client = sign_in("reviewer")
    page = client.get(reverse("identity:next"))
    again = say(client, page, "never")
    assert "Say why" in text(again) and again.context["shown"].episode == page.context["shown"].episode
    with system("test"):
        assert not Ruling.objects.exists()
    assert say(client, again, "never", short="siblings").context["shown"].episode != page.context["shown"].episode


def test_it_gives_two_reviewers_two_pairs(sign_in, pairs):
    one = sign_in("reviewer").get(reverse("identity:next")).context["shown"].episode
    other = sign_in("reviewer.health").get(reverse("identity:next")).context["shown"].episode
    assert one != other


def test_skipping_and_undoing(sign_in, pairs):
    client = sign_in("reviewer")
    page = client.get(reverse("identity:next"))
    first = page.context["shown"].episode
    page = say(client, page, "skip")
    assert page.context["shown"].episode != first
    answered = page.context["shown"].records
    say(client, page, "apart")
    back = client.post(reverse("identity:undo-last"), follow=True)
    assert back.context["shown"].records == answered and back.context["shown"].answers
    with system("test"):
        assert Ruling.objects.get().undone_at


def test_the_second_reviewer_does_not_see_the_first_word(sign_in, pairs):
    client, other = sign_in("reviewer"), sign_in("reviewer.health")
    page = client.get(reverse("identity:next"))
    say(client, page, "unsure", words="Zebedee thinks so")
    with system("test"):
        ask = Ask.objects.get()
    shown = other.get(reverse("identity:second", args=[ask.pk]))
    assert "Zebedee" not in text(shown) and "What was said" not in text(shown)
    say(other, shown, "apart")
    decided = client.get(reverse("identity:pair", args=[page.context["shown"].episode]))
    assert "Zebedee" in text(decided) and not decided.context["shown"].answers


def test_the_queue_opens_no_record(sign_in, pairs, monkeypatch):
    opened, was = [], SealedRow.open_with

    def noted(row, key):
        opened.append(type(row).__name__)
        return was(row, key)

    monkeypatch.setattr(SealedRow, "open_with", noted)
    page = text(sign_in("lead.reviewer").get(reverse("identity:queue")))
    assert "Okonjo" not in page and "Hallowbridge Police" in page
    assert not {"Record", "Cleaned", "Opinion"} & set(opened)


def test_the_lists_and_histories_open(sign_in, pairs):
    client = sign_in("reviewer")
    page = client.get(reverse("identity:next"))
    person = page.context["shown"].pair.left.person
    say(client, page, "together")
    with system("test"):
        ruling = Ruling.objects.get().pk
    history = text(client.get(reverse("identity:person", args=[person])))
    assert "one person" in history and "Rosalind Aske" in history and "Okonjo" not in history
    assert "In force" in text(client.get(reverse("identity:decisions")))
    done = client.post(reverse("identity:undo", args=[ruling]), {"because": "A slip"}, follow=True)
    assert "It is undone" in text(done)
    for route in ("queue", "consequences", "evaluation"):
        assert client.get(reverse(f"identity:{route}")).status_code == 200


def test_my_teams_work_leads_to_the_pair(sign_in, pairs):
    page = text(sign_in("reviewer").get(reverse("casework:team")))
    with system("test"):
        episode = Episode.objects.filter(pathway="who-is-who").first()
    assert reverse("identity:pair", args=[episode.pk]) in page and "A reviewer" in page and "Okonjo" not in page


def test_everybody_else_is_shown_that_there_is_nothing(sign_in, pairs):
    for name in ("screener", "privacy", "administrator"):
        assert sign_in(name).get(reverse("identity:pair", args=[pairs[0].episode_id])).status_code == 404
