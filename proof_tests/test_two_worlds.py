"""Nobody can tell a world with a sealed person in it from one without them: not by a byte, not by the work it takes.

How often is a campaign's figure (KNOWNTO_WORLDS pairs of searches, timed); that it is so is shown here each time.
"""

import os
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.utils.timezone import localdate

from knownto.access.pages import routes
from knownto.assurance import words
from knownto.feeds import handlers
from knownto.footprint import acts as footprint
from knownto.guarding import matching
from knownto.guarding.entering import guards_own
from knownto.guarding.landing import AtTheDoor
from proof_tests import two_worlds
from proof_tests.two_worlds import SISTER, World, alerts, at_one_moment, differences, known, sealed, session, told

ROWS_SENT = ('data-label="Rows"', ">Rows read<")
PAIRS = int(os.environ.get("KNOWNTO_WORLDS", "0"))


@pytest.fixture
def worlds(db, settings, tmp_path, monkeypatch):
    """Lives worlds, all at one moment."""
    return at_one_moment(settings, tmp_path, monkeypatch)


def with_her(world: World) -> None:
    """Sealed before partners send her."""
    known(world, SISTER)
    sealed(world, SISTER)
    told(world)


def without_her(world: World) -> None:
    told(world)


def found_before(world: World) -> None:
    """Partners sent her, everybody could find her, and then she was sealed."""
    known(world, SISTER)
    told(world)
    sealed(world, SISTER)


def looked(world: World) -> None:
    world.searches = session(world, SISTER)  # type: ignore[attr-defined]
    world.alerts = alerts()  # type: ignore[attr-defined]


def test_nobody_can_tell_that_somebody_is_sealed(worlds):
    hers, without = worlds(with_her, looked), worlds(without_her, looked)
    told_apart = differences(hers, without)
    if told_apart:
        pytest.fail(f"{len(told_apart)} of {len(hers.seen)}: " + "\n".join(told_apart[:20]), pytrace=False)
    assert not [key for key, body in hers.seen.items() if body.startswith(b"500")]
    assert len(hers.seen) > 400 and hers.searches >= 15
    assert (hers.alerts, without.alerts) == (hers.searches, 0)
    assert hers.routes == without.routes and not not_compared(hers)


# The guardians' own pages; the choice of personas; and what locks or ends the session, and shows nobody.
APART = ("guarding:", "demo", "account_logout", "keep", "resume", "unlock")


def not_compared(world: World) -> list[str]:
    """The routes, by the resolver, that nobody of the session saw; each has to be seen, or to be one of `APART`."""
    return sorted({name for _, name, _ in routes() if not name.startswith(APART)} - world.routes.keys())


def test_what_landed_before_the_seal_leaves_nothing_behind(worlds, monkeypatch):
    """But for what was said before: the ledger's readers are left out, and how many rows a sender of hers had sent."""
    hospital = (("data-manager.hospital", "hospital"),)
    monkeypatch.setattr(two_worlds, "BESIDES", ())
    monkeypatch.setattr(two_worlds, "SESSION", two_worlds.SESSION[:1] + two_worlds.SESSION[-3:-1] + hospital)
    found = differences(worlds(found_before, looked), worlds(without_her, looked))
    told_apart = [each for each in found if not _own_rows(each)]
    if told_apart:
        pytest.fail("\n".join(told_apart[:20]), pytrace=False)


def _own_rows(difference: str) -> bool:
    return difference.startswith("data-manager.hospital") and any(said in difference for said in ROWS_SENT)


def quick(world: World) -> None:
    """Two of the session, for the controls: they would see any one leak as well as all eight."""
    world.searches = session(world, SISTER)  # type: ignore[attr-defined]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(two_worlds, "BESIDES", ())
    monkeypatch.setattr(
        two_worlds, "SESSION", (("screener", "childrens-social-care"), ("privacy-officer", "childrens-social-care"))
    )


class Sleeps(AtTheDoor):
    def withheld(self, file, said_anew):
        return {}


def test_it_goes_red_where_a_guard_sleeps(worlds, few, monkeypatch):
    monkeypatch.setattr(handlers, "_guards", [Sleeps()])
    found = differences(worlds(with_her, quick), worlds(without_her, quick))
    assert any("search by name and birth date: answer" in line for line in found)


def test_it_goes_red_where_the_log_shows_what_guardians_do(worlds, few, monkeypatch):
    monkeypatch.setattr(words, "GUARDS", words.Q(kind="nothing-of-the-sort"))
    monkeypatch.setitem(words.LISTS, "looks", words.Chosen("looks", "", "", words.Q()))
    found = differences(worlds(with_her, quick), worlds(without_her, quick))
    assert any("assurance:entries, all of it" in line for line in found)


def lifted(world: World) -> None:
    from knownto.guarding import acts, reads  # noqa: PLC0415

    first, second = (two_worlds._viewer(world, f"guardian.{a}") for a in ("police", "childrens-social-care"))
    [seal] = reads.seals(first, world.now)
    acts.propose_lift(by=first, seal=seal.id, reason="Over", now=world.now)
    acts.lift(by=second, seal=seal.id, reason="Agreed", now=world.now)
    two_worlds.settle(world)


def test_once_the_seal_is_lifted_she_is_found(worlds, few):
    found = differences(worlds(with_her, lifted, quick), worlds(without_her, quick))
    assert any("search by name and birth date: answer" in line for line in found)


NOBODY = two_worlds.Somebody(
    "Rosamund", SISTER.family, SISTER.born.replace(day=10), SISTER.address, SISTER.postcode, "9990000034",
    "07700 900322",
)  # fmt: skip
WAYS = ("name and birth date", "NHS number", "phone")
campaign = pytest.mark.skipif(not PAIRS, reason="a campaign: KNOWNTO_WORLDS says how many pairs")


def timed(pairs: int, way: str, said: dict[str, list[float]]) -> Callable[[World], None]:
    """Searches for her and for nobody in turn, each timed."""

    def searches(world: World) -> None:
        each = two_worlds.Session(world, "screener")
        for _ in range(pairs):
            for whose, whom in (("hers", SISTER), ("nobody's", NOBODY)):
                asked = dict(whom.asked())[way] | {"purpose": "child-concern", "work": "C-1"}
                begun = time.perf_counter()
                each.client.post("/search/", asked)
                said.setdefault(whose, []).append(time.perf_counter() - begun)

    return searches


@campaign
@pytest.mark.parametrize("way", WAYS)
def test_time_does_not_tell_a_sealed_person_from_nobody(worlds, way):
    """The share of pairs in which the sealed person's search took longer: a guesser by the clock does no better."""
    times: dict[str, list[float]] = {}
    worlds(with_her, timed(PAIRS, way, times))
    assert 0.45 <= area_of(times, way) <= 0.55


@campaign
def test_a_search_that_asked_the_guards_itself_would_be_heard(worlds, monkeypatch):
    """The fault, planted: what is worked out afterwards is worked out while the searcher waits."""
    search, times = footprint.search, {}

    def asks_the_guards(**said):
        with guards_own():
            matching.near_question(said["question"].evidence(localdate(said["now"])))
        return search(**said)

    monkeypatch.setattr(footprint, "search", asks_the_guards)
    worlds(with_her, timed(PAIRS // 4, WAYS[0], times))
    assert area_of(times, "with the fault planted") > 0.55


def area_of(times: dict[str, list[float]], what: str) -> float:
    area = auc(times["hers"], times["nobody's"])
    medians = [round(median(each) * 1000, 2) for each in times.values()]
    print(f"{what}: AUC {area:.3f} over {len(times['hers'])} pairs; medians {medians} ms")  # noqa: T201 (a campaign's)
    return area


def auc(ones: list[float], others: list[float]) -> float:
    ordered = sorted([(t, 1) for t in ones] + [(t, 0) for t in others])
    ranks = sum(at for at, (_, one) in enumerate(ordered, 1) if one)
    return (ranks - len(ones) * (len(ones) + 1) / 2) / (len(ones) * len(others))
