"""The product under the walk of `states`: its own acts on the real database, compared with the model at every step."""

from uuid import uuid4

from django.db import transaction

from knownto.access.acts import rows_open
from knownto.casework import acts, clocks, reads, sweeping
from knownto.casework.models import Answer, Ask, Clock, Episode, Participation
from knownto.casework.tests.conftest import CHILD
from knownto.ledger.acts import Actor
from knownto.partners import offices

SOMEBODY = Actor(uuid4(), "childrens-social-care", "hub-manager")
NOBODY = Actor(None, "", "rule")


class Product:
    """One example's worth of work, in a transaction that is rolled back after it."""

    def __init__(self):
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.rows = rows_open("system:test", "")
        self.rows.__enter__()

    def done(self):
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def team_of(self, office):
        return offices.team_of(office).pk

    def _episode(self, work):
        return Episode.objects.get(pk=work.real)

    def open(self, path, urgency, now):
        same = path.state(path.starts).office == "same"
        episode = acts.open_episode(
            by=SOMEBODY,
            pathway_code=path.code,
            origin=acts.Origin("school"),
            about=[acts.Somebody("subject", CHILD)],
            urgency=urgency,
            team=offices.team_of("hub") if same else None,
            now=now,
        )
        return episode.pk

    def decide(self, work, move, urgency, seen, now):
        level, power = (move.levels or (None,))[0], move.powers[0]
        choice = acts.Choice(move.code, power, "Because", level=level, urgency=urgency)
        by = NOBODY if power == "rule" else SOMEBODY
        acts.decide(episode=self._episode(work), choice=choice, by=by, seen=seen, now=now)

    def ask(self, work, kind, now):
        question = acts.Question(kind.code, offices.team_of("police"), "What do you know?")
        acts.ask(episode=self._episode(work), question=question, by=SOMEBODY, by_team=None, now=now)

    def _ask(self, work, number):
        return list(Ask.objects.filter(episode=work.real).order_by("clock"))[number]

    def answer(self, work, number, now):
        acts.answer(ask=self._ask(work, number), answer=Answer.NOTHING_KNOWN, plain={}, by=SOMEBODY, now=now)

    def pass_on(self, work, number, now):
        to = offices.team_of("child-abuse-investigators")
        acts.pass_on(ask=self._ask(work, number), to=to, because="Theirs", by=SOMEBODY, now=now)

    def pause_or_go_on(self, work, chosen, paused, now):
        same = work.running()
        number = [id(each) for each in same].index(id(chosen))
        clock = list(Clock.objects.filter(episode=work.real, stopped_at=None).order_by("pk"))[number]
        if paused:
            acts.go_on(clock=clock, by=SOMEBODY, now=now)
        else:
            acts.pause(clock=clock, why="waiting", because="Because", by=SOMEBODY, now=now)

    def sweep(self, now):
        acts.sweep(now)

    def is_as(self, works):
        """Each piece of work stands as the model says, and not one, nor any child of one, is lost."""
        assert sweeping.adrift() == 0
        real = Episode.objects.in_bulk([work.real for work in works])
        assert Episode.objects.filter(pk__in=real).count() == len(works)
        for work in works:
            self._is_as(real[work.real], work)

    def _is_as(self, row, work):
        assert (row.state, row.decided, row.team_id) == (work.state, len(work.decided), work.team), work.path.code
        assert bool(row.closed_at) == work.closed and row.next_due == work.next_due, (row.next_due, work.next_due)
        assert reads.rebuilt_state(row, work.path.starts) == row.state
        running = Clock.objects.filter(episode=row, stopped_at=None)
        here = sorted((each.limit, each.runs, each.due_at, clocks.next_of(each)) for each in running)
        assert here == sorted((each.limit, each.runs, each.due, each.next) for each in work.running())
        assert Participation.objects.filter(episode=row, part="about", until=None).count() == work.children
        waiting = Ask.objects.filter(episode=row, answered_at=None).order_by("clock")
        assert [each.to_team_id for each in waiting] == [each.team for each in work.asks if not each.answered]
