"""Inspectors' questions: the right cases, in two clicks, and no names; a scrutineer sees no small number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework import acts
from knownto.casework.models import Invitation
from knownto.pathways.frontdoor import small_numbers, strategy
from knownto.pathways.frontdoor.inspectors_questions import QUESTIONS
from knownto.pathways.frontdoor.periods import Period, last_quarter
from knownto.pathways.frontdoor.tests import cases
from knownto.pathways.frontdoor.tests.contacts import client_of
from knownto.pathways.frontdoor.tests.test_strategy_pages import NAMES, text


def found(code, now):
    with system("test"):
        return QUESTIONS[code].find(Period((now - timedelta(days=30)).date(), (now + timedelta(days=120)).date()))


def hits(code, now):
    return [item.reference for item in found(code, now) if item.hit]


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), date(2026, 7, 1), date(2026, 9, 30)),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2025, 10, 1), date(2025, 12, 31)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 4, 1), date(2026, 6, 30)),  # July already in London
    ],
)
def test_the_last_quarter_is_the_one_that_is_over(now, first, last):
    assert last_quarter(now) == Period(first, last)


def test_a_period_holds_its_last_day_to_londons_midnight():
    june = Period(date(2026, 6, 1), date(2026, 6, 30))
    assert june.ends == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "hide"),
    [
        ([12, 3, 40], [True, True, False]),
        ([12, 0, 40], [False, False, False]),
        ([1, 5, 40], [True, True, False]),
        ([6, 6, 6], [False, False, False]),
        ([4], [True]),
    ],
)
def test_small_numbers_and_what_gives_them_away_are_hidden(counts, hide):
    assert small_numbers.hidden(counts, 5) == hide


@pytest.mark.parametrize(("count", "total"), [(1, 40), (5, 40), (38, 40), (3, 4)])
def test_a_share_of_few_is_not_said(count, total):
    assert str(count) not in small_numbers.of(count, total, 5).replace("5 or fewer", "")
    assert small_numbers.of(12, 40, 5) == "12 of 40"
    assert small_numbers.of(count, total, 0) == f"{count} of {total}"


def test_a_discussion_without_health_is_found_with_its_reason(borough, viewer_of, now):
    whole, less = cases.protection(now), cases.protection(now)
    cases.held(viewer_of, cases.called(viewer_of, whole, now), now)
    meeting = cases.called(viewer_of, less, now)
    cases.held(viewer_of, meeting, now, absent=("health",), why="On strike", why_not_quorate="It could not wait")
    assert hits("without-health", now) == [less.reference] == hits("not-quorate", now)
    assert hits("without-police", now) == []
    [item] = [each for each in found("without-health", now) if each.hit]
    assert item.cells[1:] == ("Health", "On strike", "Not sent")
    assert len(found("without-health", now)) == 2


def test_health_that_was_never_invited_is_found_too(borough, viewer_of, now):
    work = cases.protection(now)
    meeting = cases.called(viewer_of, work, now, without=("health",))
    cases.held(viewer_of, meeting, now, why_not_quorate="It could not wait")
    with system("test"):
        assert Invitation.objects.get(meeting=meeting, office="health").invited_at is None
    assert hits("without-health", now) == [work.reference]


def test_what_lies_outside_the_period_is_not_counted(borough, viewer_of, now):
    cases.held(viewer_of, cases.called(viewer_of, cases.protection(now), now), now)
    with system("test"):
        assert QUESTIONS["without-health"].find(Period(date(2026, 1, 1), date(2026, 3, 31))) == []


def test_every_question_has_an_answer(borough, viewer_of, now):
    work = cases.protection(now)
    cases.held(viewer_of, cases.called(viewer_of, work, now), now)
    cases.decided(viewer_of, work, "enquire", now)
    for code, question in QUESTIONS.items():
        for item in found(code, now):
            assert len(item.cells) == len(question.columns), code


def test_significant_harm_passed_without_a_discussion_is_found(borough, viewer_of, now):

    with system("test"):
        manager, rows = cases.actor("hub.manager"), [cases.contact(now), cases.contact(now)]
        for row, move, level in zip(rows, ("strategy", "advice"), (4, 2), strict=True):
            strategy.watch_harm(row, now)
            power = "council-manager" if move == "strategy" else "council"
            acts.decide(episode=row, choice=acts.Choice(move, power, "Why", level=level), by=manager, seen=0, now=now)
    assert hits("harm-unmet", now) == [rows[1].reference]


def test_two_clicks_and_no_names(borough, viewer_of):
    today = clock.now()
    work = cases.protection(today)
    meeting = cases.called(viewer_of, work, today)
    cases.held(viewer_of, meeting, today, absent=("health",), why_not_quorate="It could not wait")
    manager = client_of("hub.manager")
    address = reverse("frontdoor:inspect-one", args=["without-health"])
    assert address in manager.get(reverse("frontdoor:inspect")).content.decode()
    days = {"first_day": 1, "first_month": today.month, "first_year": today.year,
            "last_day": today.day, "last_month": today.month, "last_year": today.year}  # fmt: skip
    page = manager.get(address, days)
    assert work.reference in text(page) and reverse("frontdoor:episode", args=[work.id]) in page.content.decode()
    sheet = manager.get(reverse("frontdoor:inspect-csv", args=["without-health"]), days).content.decode()
    assert work.reference in sheet
    assert not any(name in text(page) + sheet for name in NAMES)
    scrutineer = client_of("scrutineer").get(address, days)
    assert scrutineer.status_code == 200
    assert work.reference not in text(scrutineer) and "not shown" in text(scrutineer)
    assert work.reference not in client_of("scrutineer").get(
        reverse("frontdoor:inspect-csv", args=["without-health"]), days
    ).content.decode()


def test_days_the_wrong_way_round_are_said_and_the_quarter_stays(borough):
    days = {"first_day": 5, "first_month": 5, "first_year": 2026, "last_day": 1, "last_month": 5, "last_year": 2026}
    page = client_of("hub.manager").get(reverse("frontdoor:inspect-one", args=["powers"]), days)
    assert "Last day must be on or after the first day" in text(page)


