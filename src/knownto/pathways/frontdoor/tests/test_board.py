"""The board: what is due first, whose it is, what is flagged; and as many queries for twenty as for five."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework.models import Statement
from knownto.pathways.frontdoor import board, recognised, screening
from knownto.pathways.frontdoor.board import Wanted
from knownto.pathways.frontdoor.tests.contacts import ORLA, PRIYA, anew, client_of, contact


@pytest.fixture
def screener(viewer_of):
    return viewer_of("screener")


def rows(by, now, **wanted):
    return board.board(by, Wanted(**wanted), now=now).rows


def queries(by, now):
    with CaptureQueriesContext(connection) as counted:
        board.board(by, Wanted(), now=now)
    return len(counted)


def test_what_is_due_next_comes_first_with_its_children(screener, now):
    green, red = contact(now, PRIYA, urgency="green"), contact(now, ORLA, urgency="red")
    shown = rows(screener, now)
    assert [row.id for row in shown] == [red.id, green.id]
    assert shown[0].children == ("Orla Wrenshaw",) and shown[0].due_for and shown[0].from_agency


def test_each_filter_shows_what_it_says(screener, viewer_of, now):
    mine, other = contact(now, urgency="red"), contact(now, PRIYA, urgency="green", writer="officer")
    screening.take(by=screener, episode=mine.id, seen=0, now=now)
    night = contact(now, ORLA)
    screening.to_night(by=screener, episode=night.id, why="He is at home.", seen=0, now=now)
    later = now + timedelta(hours=4, minutes=1)
    found = {
        "mine": rows(screener, now, whose="mine"),
        "nobody": rows(screener, now, whose="nobody", stage="received"),
        "red": rows(screener, now, urgency="red"),
        "police": rows(screener, now, agency="police"),
        "night": rows(screener, now, stage="with-night"),
        "late": rows(screener, later, late=True, urgency="red"),
    }
    assert {name: [row.id for row in shown] for name, shown in found.items()} == {
        "mine": [mine.id], "nobody": [other.id], "red": [mine.id], "police": [other.id], "night": [night.id],
        "late": [mine.id],
    }  # fmt: skip


def test_the_stages_are_counted_with_what_is_late(screener, now):
    contact(now, urgency="red"), contact(now, PRIYA)
    stages = {
        each.code: each for each in board.board(screener, Wanted(), now=now + timedelta(hours=1, minutes=1)).stages
    }
    assert (stages["received"].open, stages["received"].late) == (2, 1)
    assert stages["deciding"].open == 0


def test_a_child_who_was_seen_before_is_flagged_once_somebody_looked(screener, now):
    contact(now)
    second = contact(now, writer="officer")
    assert not any(row.looked for row in rows(screener, now))
    recognised.catch_up(now)
    flagged = {row.id: row.flags for row in rows(screener, now)}
    assert flagged[second.id] == ("possible-duplicate",)


def test_the_one_that_was_there_first_is_flagged_too(screener, now):
    first = contact(now)
    recognised.catch_up(now)
    contact(now + timedelta(minutes=1), writer="officer")
    recognised.catch_up(now + timedelta(minutes=2))
    assert {row.id: row.flags for row in rows(screener, now)}[first.id] == ("possible-duplicate",)


def test_of_many_alike_none_is_looked_up_for_each_of_the_others(screener, now):
    first = contact(now)
    for minute in range(1, 6):
        recognised.catch_up(now + timedelta(minutes=minute))
        contact(now + timedelta(minutes=minute), writer="officer")
    recognised.catch_up(now + timedelta(minutes=6))
    assert all(row.flags == ("possible-duplicate",) for row in rows(screener, now))
    with system("test"):
        assert Statement.objects.filter(kind=recognised.KIND, episode=first).count() == 2


def test_twenty_take_as_many_queries_as_five(screener, now):
    for _ in range(5):
        contact(now, PRIYA)
    recognised.catch_up(now)
    few = queries(screener, now)
    for number in range(15):
        contact(now, PRIYA, writer="officer" if number % 2 else "school.lead")
    recognised.catch_up(now)
    assert queries(screener, now) == few
    assert len(rows(screener, now)) == 20


def test_only_a_page_of_it_is_opened(screener, now):
    made = [contact(now, PRIYA) for _ in range(4)]
    first = board.board(screener, Wanted(), now=now, most=3)
    second = board.board(screener, Wanted(page=2), now=now, most=3)
    assert (len(first.rows), first.more, len(second.rows), second.more) == (3, True, 1, False)
    assert {row.id for row in (*first.rows, *second.rows)} == {each.id for each in made}


@pytest.mark.parametrize(
    "sign_in", ["school.lead", "officer", "social.worker", "supervisor", "privacy", "administrator"]
)
def test_it_is_the_hubs_alone(viewer_of, now, sign_in):
    with pytest.raises(NotYours):
        board.board(viewer_of("police.supervisor" if sign_in == "supervisor" else sign_in), Wanted(), now=now)


def test_health_in_the_hub_sees_it_and_opens_only_what_it_was_asked(viewer_of, now):
    contact(now)
    [row] = rows(viewer_of("hub.health"), now)
    assert not row.may_open


def test_the_page_says_late_in_words_and_the_sheet_names_nobody(screener, now):
    made = contact(clock.now() - timedelta(days=9))
    page = client_of("screener").get(reverse("frontdoor:board"))
    assert b"Overdue" in page.content and b"Tobias Wrenshaw" in page.content
    sheet = client_of("screener").get(reverse("frontdoor:board-csv")).content.decode()
    assert made.reference in sheet and "Tobias" not in sheet


def test_an_empty_board_says_so_and_an_unknown_one_is_not_there(borough):
    client = client_of("screener")
    assert b"Nothing here is open" in client.get(reverse("frontdoor:board")).content
    assert client.get(reverse("frontdoor:board") + "?board=considered").status_code == 404
    assert client.get(reverse("frontdoor:board") + "?page=x&late=2").status_code == 200


def test_a_closed_one_is_not_on_it(screener, now):
    made = contact(now)
    assert [row.id for row in rows(screener, now)] == [made.id]
    from knownto.pathways.frontdoor import deciding

    deciding.decide(by=screener, episode=made.id, move="advice", level=1, rationale="Told.", seen=0, now=now)
    assert rows(screener, now) == () and anew(made).closed_at
