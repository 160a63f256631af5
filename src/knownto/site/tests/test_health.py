"""What is said to whatever watches the product: which part is down, how many, how old; nothing about anybody."""

import re

import pytest

from knownto.site import health, latencies, metrics

pytestmark = pytest.mark.usefixtures("db")


def test_each_part_is_named_and_up(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"database": "up", "keys-database": "up", "keys": "up", "guards-keys": "up"}


def test_what_is_down_is_said_without_its_words(client, monkeypatch):
    def away() -> str:
        raise RuntimeError("secret words of a driver")

    monkeypatch.setitem(health.LOOKS, "keys-database", away)
    answer = client.get("/health/")
    assert answer.status_code == 503 and answer.json()["keys-database"] == "down"
    assert "secret" not in answer.content.decode() and answer.json()["database"] == "up"


def test_alive_is_said_while_nothing_else_is_there(client, monkeypatch):
    monkeypatch.setattr(health, "LOOKS", {})
    assert client.get("/health/live").json() == {"web": "up"}
    assert "no-store" in client.get("/health/live")["Cache-Control"]


@pytest.fixture
def said(monkeypatch):
    """Asks, in the test's own transaction, which the beginning of a request would end."""
    monkeypatch.setattr(metrics.request_started, "send", lambda _: None)
    return lambda: b"".join(metrics.application({}, lambda *_: None)).decode()


def test_every_number_is_named_explained_and_about_nobody(said):
    text = said()
    assert "\nknownto_up 1\n" in text
    for name, *_ in metrics.GAUGES:
        assert f"# TYPE knownto_{name} gauge" in text
    labels = set(re.findall(r"[{,](\w+)=", text))
    assert labels <= {"state", "agency", "le"}


def test_a_database_that_is_away_is_a_number_too(said, monkeypatch):
    monkeypatch.setattr(metrics, "GAUGES", (("x", "X", "", "SELECT a FROM nowhere"),))
    text = said()
    assert "\nknownto_up 0\n" in text and "nowhere" not in text


def test_answers_of_all_processes_are_counted_together(client, settings, tmp_path):
    settings.LATENCIES_FOLDER = str(tmp_path)
    for process in (1, 2):
        counts = [0] * (len(latencies.BOUNDS) + 1)
        counts[0] = process
        (tmp_path / f"other-{process}").write_bytes(latencies.COUNTS.pack(*counts, 0.5))
    client.get("/health/live")
    counts, seconds = latencies.added_up(str(tmp_path))
    assert sum(counts) == 4 and seconds > 1.0
