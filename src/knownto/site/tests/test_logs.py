"""What is written to the log of the product's running: one line an event, in UTC, and nothing of anybody."""

import logging
import re
import sys

import pytest
from django.conf import settings

from knownto.site.logs import Bare


def line(name, message, *arguments, error=None):
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, arguments, error)
    record.created = 1_794_821_400.25  # 2026-11-16 09:30:00.25 UTC
    record.msecs = 250.0
    return Bare().format(record)


def failing():
    try:
        raise ValueError("Amelia Okafor-Lunt")
    except ValueError:
        return sys.exc_info()


def test_arguments_of_others_messages_are_dropped():
    said = line("django.request", "Not found: %s of %s", "/search/Amelia", "Okafor")
    assert "Amelia" not in said and "Okafor" not in said and said.endswith("Not found:")


def test_a_request_refused_for_what_it_holds_is_not_quoted():
    said = line("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'amelia-okafor.example'.")
    assert "amelia" not in said and said.endswith("django.security.DisallowedHost refused")


def test_an_error_is_its_type_and_place_and_not_its_text():
    said = line("knownto.worker", "A sweep failed.", error=failing())
    assert "Amelia" not in said and re.search(
        r"\[ValueError at tests/test_logs\.py:\d+\]$|ValueError at .*test_logs\.py:\d+\]$", said
    )


def test_times_are_utc_and_say_so():
    assert line("knownto", "x").startswith("2026-11-16T09:30:00.250Z ERROR knownto ")


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\x1b[2J", "\u2028", "\x00"])
def test_one_line_is_one_event_whatever_is_in_it(mark):
    said = line("knownto", "begin %s", f"{mark}2026-11-16T09:30:00.250Z INFO knownto all is well")
    assert said.isprintable() and len(said.splitlines()) == 1 and "all is well" in said


def test_logs_go_to_the_console_and_nowhere_else():
    handlers = settings.LOGGING["handlers"]
    assert [h["class"] for h in handlers.values()] == ["logging.StreamHandler"]
    assert {h["formatter"] for h in handlers.values()} == {"bare"}
    assert all(
        said["handlers"] == ["console"] for said in (settings.LOGGING["root"], *settings.LOGGING["loggers"].values())
    )
