"""What the worker looks for, and how often, in seconds. Each finds what is owed from the database alone."""

from collections.abc import Callable

from knownto.access import clock
from knownto.casework import jobs as casework
from knownto.disclosure import jobs as disclosure
from knownto.feeds import jobs as feeds
from knownto.footprint import jobs as footprint
from knownto.glass import jobs as glass
from knownto.guarding import jobs as guarding
from knownto.identity import acts as identity
from knownto.identity import consequences, queue, rematching
from knownto.ledger.sequence import sequence
from knownto.pathways.frontdoor import copies, drafts, nights, protecting, recognised
from knownto.quality import jobs as quality
from knownto.witnessing import jobs as witnessing

SWEEPS: tuple[tuple[str, float, Callable[[], object]], ...] = (
    ("turn clocks", 5, casework.sweep),
    ("send mail", 10, casework.send_mail),
    ("tell the guardians who looked", 5, guarding.sweep),
    ("number the ledger", 2, lambda: sequence(clock.now())),
    ("show the witnesses", 5, witnessing.sweep),
    ("take in dropped and waiting files", 5, feeds.sweep),
    ("match what has landed", 3, lambda: identity.catch_up(now=clock.now(), limit=5000)),
    ("match everybody again by a new model", 3, lambda: rematching.sweep(now=clock.now())),
    ("check the quality of what partners hold", 10, quality.sweep),
    ("keep the review of who is who", 20, lambda: queue.keep(now=clock.now())),
    ("tell those who saw a wrong link", 5, lambda: consequences.tell_all(now=clock.now())),
    ("notice a feed that has not come", 60, feeds.notice_late),
    ("purge what is past its time", 3600, feeds.purge),
    ("close broken glass", 20, glass.sweep),
    ("close old searches", 300, footprint.sweep),
    ("destroy drafts that nobody finished", 3600, lambda: drafts.sweep(clock.now())),
    ("make the copies that are owed", 2, copies.sweep),
    ("make copies that nobody made", 3600, copies.sweep_all),
    ("look who was seen before", 2, lambda: recognised.catch_up(clock.now(), 20)),  # few: a stop is soon heard
    ("take copies to the partners", 2, disclosure.sweep),
    ("keep back what orders say", 300, lambda: protecting.catch_up(clock.now())),
    ("hand over what the night left", 60, lambda: nights.sweep(clock.now())),
)

# Who sweeps what, side by side. Time limits turn, and who looked is written in stone, within seconds; what is promised
# to somebody outside leaves within seconds too, however much there is to match.
LANES: dict[str, frozenset[str]] = {
    "prompt": frozenset({"turn clocks", "tell the guardians who looked", "number the ledger"}),
    "witnesses": frozenset({"show the witnesses"}),  # each may keep us waiting for as long as an attempt may take
    "outgoing": frozenset({"send mail", "make the copies that are owed", "take copies to the partners"}),
}
