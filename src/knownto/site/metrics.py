"""What whatever watches the product may count, as Prometheus reads it: how many and how old, about nobody.

A WSGI application of its own, on a socket of this machine, without keys: it could open nothing that it counts. Agencies
are named, since somebody must ring them; nobody's team, work, place or person is.
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import accumulate
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knownto.site.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django must be set up first)
from django.core.signals import request_started  # noqa: E402
from django.db import connection  # noqa: E402

from knownto.access import clock  # noqa: E402
from knownto.access.acts import system  # noqa: E402
from knownto.site.latencies import BOUNDS, added_up  # noqa: E402

# Each: its name, what it is, the label of its rows, and a question that answers with (label, number). %(now)s is now.
GAUGES: tuple[tuple[str, str, str, str], ...] = (
    ("jobs", "Jobs of the worker, by how they stand", "state",
     "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"),
    ("clocks_overdue", "Time limits that ran out and still run", "",
     "SELECT '', count(*) FROM casework_clock WHERE stopped_at IS NULL AND due_at < %(now)s"),
    ("clocks_unturned", "Time limits that ran out and that nobody has been told of yet", "",
     "SELECT '', count(*) FROM casework_clock WHERE stopped_at IS NULL AND reddened_at IS NULL AND due_at < %(now)s"),
    ("ledger_unnumbered", "Entries of the log that have no number yet", "", "SELECT '', count(*) FROM ledger_waiting"),
    ("ledger_unnumbered_seconds", "How old the oldest of them is", "",
     "SELECT '', coalesce(extract(epoch FROM %(now)s - min(e.at)), 0) "
     "FROM ledger_waiting w JOIN ledger_entry e ON e.id = w.entry_id"),
    ("witness_silent_seconds", "How long each witness has signed nothing", "agency",
     "SELECT agency_id, extract(epoch FROM %(now)s - max(coalesce(answered_at, opened_at))) FROM witnessing_witness "
     "WHERE closed_at IS NULL GROUP BY 1"),
    ("feed_late_seconds", "How long an agency's daily file has been overdue", "agency",
     "SELECT agency_id, coalesce(extract(epoch FROM %(now)s - overdue_since), 0) FROM feeds_feed"),
    ("copies_waiting", "Copies on their way to a partner's own system", "agency",
     "SELECT to_agency_id, count(*) FROM disclosure_parcel WHERE state = 'waiting' GROUP BY 1"),
    ("copies_waiting_seconds", "How old the oldest of them is", "agency",
     "SELECT to_agency_id, extract(epoch FROM %(now)s - min(made_at)) FROM disclosure_parcel "
     "WHERE state = 'waiting' GROUP BY 1"),
    ("notices_unmailed", "Notices that no mail has gone out for (all of them, where there is no mail server)", "",
     "SELECT '', count(*) FROM casework_notice WHERE mailed_at IS NULL"),
)  # fmt: skip


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    request_started.send(application)  # as for a page: a connection that went bad is made anew
    try:
        lines = list(_gauges(clock.now()))
    except Exception as error:  # the databases are away: that is what is to be said
        lines = [f"# {type(error).__name__}"]
    up = len(lines) > 1
    text = "\n".join([*_said("up", "gauge", "Do the databases answer", [("", int(up))], ""), *lines, *_latencies()])
    start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
    return [text.encode() + b"\n"]


def _gauges(now: datetime) -> Iterable[str]:
    with system("metrics"), connection.cursor() as cursor:
        for name, words, label, question in GAUGES:
            cursor.execute(question, {"now": now})
            yield from _said(name, "gauge", words, cursor.fetchall(), label)


def _said(name: str, kind: str, words: str, rows: Iterable[tuple[str, Any]], label: str) -> list[str]:
    head = [f"# HELP knownto_{name} {words}.", f"# TYPE knownto_{name} {kind}"]
    return head + [f"knownto_{name}{_label(label, value)} {float(number):g}" for value, number in rows]


def _label(name: str, value: str) -> str:
    return f'{{{name}="{value}"}}' if name else ""


def _latencies() -> list[str]:
    counts, total = added_up(settings.LATENCIES_FOLDER)
    upto = list(accumulate(counts))
    name = "knownto_request_seconds"
    rows = [f'{name}_bucket{{le="{bound:g}"}} {n}' for bound, n in zip(BOUNDS, upto, strict=False)]
    rows += [f'{name}_bucket{{le="+Inf"}} {upto[-1]}', f"{name}_sum {total:.6f}", f"{name}_count {upto[-1]}"]
    return [f"# HELP {name} How long answers took, of all pages together.", f"# TYPE {name} histogram", *rows]
