"""A disclosure belongs to the act that shows something, and nobody can change it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from knownto.access.acts import Granted, Request, Viewer, asking
from knownto.access.refusals import NotYours
from knownto.disclosure import acts, reads
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.acts import NoTransaction
from knownto.partners.agreement import agreements
from knownto.policy import Allow, Permission

SCREENER = Viewer(uuid4(), "childrens-social-care", frozenset({"screener"}))
OFFICER_OF_PRIVACY = Viewer(uuid4(), "childrens-social-care", frozenset({"privacy-officer"}))
WHY = Request(Permission.FOOTPRINT, purpose="child-concern", work="C-104", found_by_own_search=True)


def disclosed(now, person):
    with asking(SCREENER, WHY, kind="view", about=[str(person)], now=now) as granted:
        return acts.disclose(
            by=SCREENER,
            granted=granted,
            person=person,
            purpose="child-concern",
            agreements=[agreements()["police"], agreements()["hospital"]],
            how=How.VIEW,
            now=now,
        )


def test_it_says_why_to_whom_and_under_which_agreements(db, now):
    made = disclosed(now, uuid4())
    assert (made.to_agency, made.worker, made.marking) == (SCREENER.agency, SCREENER.worker_id, "OFFICIAL-SENSITIVE")
    assert "Children Act 2004" in made.basis
    assert [stamp.split()[0] for stamp in made.agreements] == ["hospital", "police"]
    assert made.expires == now + timedelta(minutes=60)


def test_it_stands_beside_the_ledger_entry_of_the_act(db, now):
    person = uuid4()
    entry = disclosed(now, person).entry
    assert (entry.kind, entry.about.get().subject) == ("view", str(person))


def test_it_refuses_to_be_written_outside_a_transaction(committed, now):
    granted = Granted(Allow(minutes=60), None)
    with pytest.raises(NoTransaction):
        acts.disclose(
            by=SCREENER, granted=granted, person=uuid4(), purpose="section-47", agreements=(), how=How.VIEW, now=now
        )


def test_it_does_not_exist_outside_an_opened_act(db, now):
    disclosed(now, uuid4())
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET purpose = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_it_cannot_be_changed_even_by_the_owner(db, now, statement):
    disclosed(now, uuid4())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(statement.format("disclosure_disclosure"))


def test_it_is_found_by_the_receipt_that_somebody_reads_out(db, now):
    made = disclosed(now, uuid4())
    with asking(OFFICER_OF_PRIVACY, Request(Permission.WHO_LOOKED), kind="who-looked", now=now):
        assert reads.by_receipt(OFFICER_OF_PRIVACY, made.receipt.lower().replace("-", " ")) == made
        assert reads.by_receipt(OFFICER_OF_PRIVACY, "nonsense") is None


def test_it_is_listed_for_the_person_and_for_the_worker(db, now):
    person = uuid4()
    made = disclosed(now, person)
    disclosed(now, uuid4())
    with asking(OFFICER_OF_PRIVACY, Request(Permission.WHO_LOOKED), kind="who-looked", now=now):
        assert reads.of_person(OFFICER_OF_PRIVACY, person) == [made]
        assert len(reads.of_worker(OFFICER_OF_PRIVACY, SCREENER.worker_id)) == 2


def test_it_is_not_for_those_who_search(db, now):
    made = disclosed(now, uuid4())
    with pytest.raises(NotYours):
        reads.by_receipt(SCREENER, made.receipt)
