"""Ask them: what the asker said why for, told to one team, answered, and read; and nothing that a feed says."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import answering, asked_of
from knownto.casework.models import Answer, Ask, Episode
from knownto.casework.register import pathway
from knownto.disclosure.models import Disclosure
from knownto.footprint import acts, asking_them, open_search
from knownto.footprint.asking_them import Asking
from knownto.footprint.question import Question
from knownto.footprint.tests.partnership import sign_in
from knownto.footprint.why import Why
from knownto.partners.models import Team, Worker

WHY = Why("child-concern", "C-104")
AMY = Question(given="Amelia", family="Okafor-Lunt", born=date(2016, 2, 3), phone="07700 900123", sex="F")
NOBODY = Question(given="Nemone", family="Absentia", born=date(2011, 5, 6))


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#x27;", "'")


def in_team(town, role, agency, team, name):
    viewer = town.viewer(role, agency, name)
    Worker.objects.filter(pk=viewer.worker_id).update(team=Team.objects.get(agency=agency, code=team))
    return viewer


@pytest.fixture
def asker(town):
    return in_team(town, "screener", "childrens-social-care", "mash", "Sunita Rao")


@pytest.fixture
def officer(town):
    return in_team(town, "officer", "police", "response", "Gareth Pike")


def searched(viewer, now, question=AMY, why=WHY):
    return open_search.own(viewer, acts.search(by=viewer, question=question, why=why, now=now).id, now)


def response_team():
    return Team.objects.get(agency="police", code="response")


def ask(viewer, now, *, place=1, tell=("born",), question=AMY, why=WHY, search=None, today=False):
    asking = Asking(response_team(), "Is anything open?", today, tell)
    found = search or searched(viewer, now, question, why)
    return asking_them.ask_them(by=viewer, search=found, place=place, asking_=asking, now=now)


def read(viewer, row, now):
    with answering.looking(viewer, row.pk, now=now) as here:
        return asked_of.read(here, now)


def test_the_team_reads_the_question_the_reason_and_the_chosen_facts_and_no_more(asker, officer, now):
    seen = read(officer, ask(asker, now), now)
    assert (
        seen.question == "Is anything open?" and seen.purpose == "child-concern" and "Children Act 2004" in seen.basis
    )
    assert dict(seen.about) == {"Name": "Amelia Okafor-Lunt", "Born": "3 February 2016"}
    assert seen.asker.agency == "Children's social care" and seen.asker.phone == "01632 960201"
    everything = str(seen)
    assert "07700" not in everything and "C-104" not in everything  # neither the number nor the asker's reference
    assert "Family safeguarding" not in everything and "child_protection" not in everything  # nor what a feed says


def test_to_ask_is_to_tell_and_so_is_the_answer(asker, officer, now):
    row = ask(asker, now)
    answering.reply(by=officer, ask=row.pk, answer=Answer.NOTHING_KNOWN, now=now)
    with system("test"):
        crossed = list(Disclosure.objects.filter(work=row.episode_id).order_by("at", "how"))
    assert {(each.how, each.from_agency, each.to_agency) for each in crossed} == {
        ("ask", "childrens-social-care", "police"),
        ("answer", "police", "childrens-social-care"),
    }
    assert all(each.person is not None for each in crossed)


def test_the_answer_closes_the_loop_only_once_the_asker_has_read_it(asker, officer, now):
    row = ask(asker, now)
    answering.reply(by=officer, ask=row.pk, answer=Answer.ANSWERED, words="A plan since May.", now=now)
    with system("test"):
        episode = Episode.objects.get(pk=row.episode_id)
        assert episode.state == "answered" and episode.worker_id == asker.worker_id and episode.next_due
    assert read(officer, row, now).answer_words == "A plan since May."  # whoever answered does not close it
    with system("test"):
        assert Episode.objects.get(pk=row.episode_id).closed_at is None
    assert read(asker, row, now).answer_words == "A plan since May."
    with system("test"):
        assert Episode.objects.get(pk=row.episode_id).state == "done"


def test_what_is_taken_back_leaves_nothing_to_read(asker, officer, now):
    row = ask(asker, now)
    answering.withdraw(by=asker, ask=row.pk, because="Found out", now=now)
    with system("test"):
        assert Episode.objects.get(pk=row.episode_id).state == "done"


def test_today_is_sooner_than_two_working_days(asker, now):
    assert asking_them.due_by(True, now) < asking_them.due_by(False, now)
    row = ask(asker, now, today=True)
    with system("test"):
        assert Ask.objects.select_related("clock").get(pk=row.pk).clock.due_at == asking_them.due_by(True, now)


def test_the_same_worker_does_not_ask_the_same_team_twice_about_one_person(asker, officer, now):
    search = searched(asker, now)
    row = ask(asker, now, search=search)
    with pytest.raises(asking_them.AlreadyAsked) as before:
        ask(asker, now, search=search)
    assert before.value.ask == row.pk
    answering.reply(by=officer, ask=row.pk, answer=Answer.NOTHING_KNOWN, now=now)
    assert ask(asker, now, search=search).pk != row.pk


def test_whoever_was_not_found_can_be_asked_about_as_they_were_typed(asker, officer, now):
    seen = read(officer, ask(asker, now, place=0, question=NOBODY), now)
    assert dict(seen.about) == {"Name": "Nemone Absentia", "Born": "6 May 2011"}


def test_somebody_of_the_household_is_told_of_as_they_were_shown_and_not_as_another_was_typed(asker, officer, now):
    from knownto.disclosure.models import How

    search = searched(asker, now)
    acts.open_footprint(by=asker, search=search, place=1, how=How.VIEW, now=now)
    again = open_search.own(asker, search.id, now)
    brother = len(again.people) + 1
    assert again.reached
    seen = read(officer, ask(asker, now, place=brother, search=again, tell=("born", "area", "phone")), now)
    assert dict(seen.about) == {"Name": "Joseph Okafor-Lunt", "Born": "2018", "Area": "QK1"}


def test_a_search_leads_to_its_own_people_alone_and_not_to_anothers(asker, officer, now):
    search = searched(asker, now)
    with pytest.raises(NotYours):
        ask(asker, now, search=search, place=len(search.people) + len(search.reached) + 1)
    with pytest.raises(NotYours):
        open_search.own(officer, search.id, now)


def test_below_section_47_how_the_family_stands_goes_along(asker, officer, now):
    told = Why("section-17", "C-104", family="told")
    assert read(officer, ask(asker, now, why=told), now).legal == "The family has been told."
    from dataclasses import replace

    from knownto.access.refusals import NoLawfulReason

    search = searched(asker, now, why=told)
    with pytest.raises(NoLawfulReason):  # what the search could not have been made without, this cannot either
        ask(asker, now, search=replace(search, why=Why("section-17", "C-104")))


def test_an_account_without_a_team_is_told_to_ring(town, now):
    with pytest.raises(NotPossibleNow):
        ask(town.viewer("screener"), now)


def test_the_pathway_is_one_that_casework_takes(town):
    assert pathway("request").read == "read"


# Pages


def browser(worker):
    client = Client()
    sign_in(client, worker)
    return client


def test_one_click_from_a_footprint_leads_to_a_question_that_is_written_already(town_today):
    viewer = in_team(town_today, "screener", "childrens-social-care", "mash", "Sunita Rao")
    client = browser(Worker.objects.get(pk=viewer.worker_id))
    search = searched(viewer, clock.now())
    page = client.get(reverse("footprint:footprint", args=[search.id, 1])).content.decode()
    address = reverse("footprint:ask", args=[search.id, 1, response_team().pk])
    assert f'href="{address}"' in page
    form = client.get(address)
    said = text(form)
    assert "Ask Response" in said and "our reference: C-104" in said and "Children Act 2004" in said
    assert "That is by" in said and "Amelia Okafor-Lunt" in said
    empty = client.post(address, {"question": "", "soon": "days"})
    assert "Enter what you want to know" in text(empty)
    sent = client.post(address, {"question": "Anything open?", "soon": "today", "tell": ["born"]}, follow=True)
    assert "They have been asked" in text(sent) and "Not seen yet" in text(sent)
    assert "Question about somebody" in text(client.get(reverse("casework:asked")))


def test_an_agency_that_sends_no_feed_can_be_asked_from_the_answer(town_today):
    viewer = in_team(town_today, "screener", "childrens-social-care", "mash", "Sunita Rao")
    client = browser(Worker.objects.get(pk=viewer.worker_id))
    search = searched(viewer, clock.now(), NOBODY)
    page = client.get(reverse("footprint:answer", args=[search.id])).content.decode()
    fire = Team.objects.get(agency="fire")
    assert reverse("footprint:ask", args=[search.id, 0, fire.pk]) in page


def test_ones_own_team_is_not_asked_and_nor_is_one_that_is_not_there(town_today):
    viewer = in_team(town_today, "screener", "childrens-social-care", "mash", "Sunita Rao")
    client = browser(Worker.objects.get(pk=viewer.worker_id))
    search = searched(viewer, clock.now())
    own = Team.objects.get(agency="childrens-social-care", code="mash")
    for team in (own.pk, 999_999):
        assert client.get(reverse("footprint:ask", args=[search.id, 1, team])).status_code == 404
