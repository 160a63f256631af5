"""While a backup that was put back is undeclared, no mail leaves."""

import pytest

from knownto.casework import jobs
from knownto.ledger import restores


@pytest.mark.parametrize(("undeclared", "started"), [(True, 0), (False, 1)])
def test_no_mail_leaves_while_a_restore_is_undeclared(monkeypatch, undeclared, started):
    begun = []
    monkeypatch.setattr(restores, "holding", lambda: undeclared)
    monkeypatch.setattr(jobs.Thread, "start", lambda thread: begun.append(thread.name))
    monkeypatch.setattr(jobs, "POST", [])
    jobs.send_mail()
    assert len(begun) == started
