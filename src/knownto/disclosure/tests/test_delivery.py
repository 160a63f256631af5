"""A copy arrives, once and in its order, whatever a partner's server does."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections, transaction

from knownto.access.acts import system
from knownto.disclosure import delivery, endpoints, parcels, posting
from knownto.disclosure.delivery import deliver
from knownto.disclosure.faults import Fault
from knownto.disclosure.models import Endpoint, Parcel, Way
from knownto.disclosure.tests.conftest import WORKER, fresh, owe, states
from knownto.disclosure.tests.partner import FAULTS, SLOW, Partner
from knownto.keyring import acts as keyring
from knownto.ledger.acts import NoTransaction
from knownto.ledger.models import Entry

CALLED = {
    "refuses": Fault.UNREACHABLE,
    "wrong certificate": Fault.TLS,
    "hangs": Fault.TIMED_OUT,
    "resets": Fault.BROKEN_OFF,
    "answers 500": Fault.SERVER_ERROR,
    "answers 429": Fault.BUSY,
    "answers 503": Fault.BUSY,
    "says 200 and drops it": Fault.NO_ACK,
    "acknowledges something else": Fault.WRONG_ACK,
    "trickles": Fault.TIMED_OUT,
    "half an answer": Fault.BROKEN_OFF,
    "silent after keeping": Fault.BROKEN_OFF,
    "never stops": Fault.TOO_LONG,
    "speaks no HTTP": Fault.BROKEN_OFF,
    "redirects": Fault.REDIRECTED,
    "accepts nothing like it": Fault.NOT_ACCEPTED,
}


def at(moment):
    return lambda: moment


def test_it_arrives_with_its_pdf_and_is_acknowledged(hospital, now):
    child = uuid.uuid4()
    parcel = owe("hospital", now, child, document={"decision": "Step in"}, pdf=b"%PDF-1.7 minutes")
    assert deliver(now=at(now), limit=10) == 1
    [arrived] = hospital.arrived
    said = arrived.said
    assert (said["id"], said["child"], said["number"]) == (str(parcel.id), str(child), 1)
    assert (said["document"], said["marking"]) == ({"decision": "Step in"}, "OFFICIAL-SENSITIVE")
    assert said["pdf"]["base64"] == "JVBERi0xLjcgbWludXRlcw=="
    after = fresh(parcel)
    assert (after.state, after.acknowledged_at, after.attempts, after.fault) == ("acknowledged", now, 1, "")
    with system("test"):
        assert Entry.objects.get(kind="copy-acknowledged").about.get(subject=str(child))


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_tried_again_after_each_kind_of_fault_under_the_same_id(hospital, now, monkeypatch, fault):
    parcel = owe("hospital", now)
    hospital.be(fault)
    with monkeypatch.context() as until:
        if fault in SLOW:  # the others have all the time there is: this machine may be busy
            until.setattr(posting, "SECONDS", 0.4)
        deliver(now=at(now), limit=10)
    failed = fresh(parcel)
    assert (failed.state, failed.fault) == ("waiting", CALLED[fault])
    assert now < failed.next_try <= now + timedelta(minutes=1)
    hospital.be("")
    assert deliver(now=at(now), limit=10) == 0, "tried again before its time"
    deliver(now=at(failed.next_try), limit=10)
    assert fresh(parcel).state == "acknowledged"
    assert {each.headers["webhook-id"] for each in hospital.arrived} == {str(parcel.id)}
    assert len(hospital.records) == 1


def test_it_counts_only_an_answer_that_repeats_id_and_digest(hospital, now, monkeypatch):
    """The negative control: without that check, what a server threw away would count as arrived."""
    monkeypatch.setattr(posting, "_check_answer", lambda answer, envelope: None)
    parcel = owe("hospital", now)
    hospital.be("says 200 and drops it")
    deliver(now=at(now), limit=10)
    assert fresh(parcel).state == "acknowledged" and not hospital.records


def test_it_limits_the_whole_attempt_and_not_each_byte(hospital, now, monkeypatch):
    """The negative control: with a limit for each read only, a server that trickles is never left."""
    owe("hospital", now)
    hospital.be("trickles")
    monkeypatch.setattr(posting, "SECONDS", 0.4)
    monkeypatch.setattr(posting.asyncio, "timeout", lambda seconds: _never())
    lane = threading.Thread(target=elsewhere, args=[now], daemon=True)
    lane.start()
    lane.join(4 * posting.SECONDS)
    assert lane.is_alive()
    hospital.let_go.set()
    lane.join(10)


def elsewhere(moment):
    try:
        deliver(now=at(moment), limit=10)
    finally:
        connections.close_all()  # of the thread that this runs in


class _never:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return False


def test_it_keeps_the_order_of_a_child_and_lets_other_children_pass(hospital, now, monkeypatch):
    stuck, other = uuid.uuid4(), uuid.uuid4()
    first, second = (owe("hospital", now, stuck) for _ in range(2))
    hospital.be("accepts nothing like it")
    deliver(now=at(now), limit=10)
    hospital.be("")
    passing = [owe("hospital", now, other) for _ in range(3)]
    deliver(now=at(now), limit=10)
    assert [number for _, number, _ in hospital.records] == [1, 2, 3]
    assert {fresh(each).state for each in passing} == {"acknowledged"}
    assert fresh(second).attempts == 0
    deliver(now=at(now + timedelta(minutes=2)), limit=10)
    assert [who for who, _, _ in hospital.records[3:]] == [str(stuck)] * 2
    assert [each for _, _, each in hospital.records[3:]] == [str(first.id), str(second.id)]


def test_it_would_lose_the_order_without_the_rule(hospital, now, monkeypatch):
    """The negative control."""
    child = uuid.uuid4()
    owe("hospital", now, child)
    hospital.be("accepts nothing like it")
    deliver(now=at(now), limit=10)
    hospital.be("")
    owe("hospital", now, child)
    anything = lambda moment: Parcel.objects.filter(state="waiting", next_try__lte=moment)  # noqa: E731
    monkeypatch.setattr(delivery, "_due", anything)
    deliver(now=at(now), limit=10)
    assert [number for _, number, _ in hospital.records] == [2]


def test_it_numbers_what_is_about_one_child_for_each_agency(outbox, now):
    child = uuid.uuid4()
    put = [owe(agency, now, child).number for agency in ("police", "police", "hospital", "police")]
    assert put == [1, 2, 1, 3]


def test_it_is_one_parcel_when_the_same_thing_is_put_twice(outbox, now):
    decision, child = uuid.uuid4(), uuid.uuid4()
    put = [owe("police", now, child, copy_of=decision) for _ in range(2)]
    assert put[0] == put[1] and states() == {"waiting": 1}
    owe("police", now, child, copy_of=decision, kind="outcome")
    owe("hospital", now, child, copy_of=decision)
    assert states() == {"waiting": 3}


def test_it_belongs_to_the_transaction_of_the_act(outbox, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        owe("police", now)
        raise RuntimeError
    assert states() == {}
    with pytest.raises(NoTransaction):
        parcels.put(to_agency="police", child=uuid.uuid4(), kind="x", document={}, by=WORKER, because="x", now=now)


def test_it_refuses_a_pdf_that_no_system_takes(outbox, now, monkeypatch):
    monkeypatch.setattr(parcels, "MOST_BYTES", 10)
    with pytest.raises(parcels.TooBig):
        owe("police", now, pdf=b"x" * 11)


def test_it_waits_for_an_agency_that_has_no_endpoint_yet(outbox, now):
    parcel = owe("hospital", now)
    assert deliver(now=at(now), limit=10) == 0 and not endpoints.takes_copies("hospital")
    partner = Partner()
    endpoints.open_endpoint(agency="hospital", way=Way.HTTPS, where=partner.where, by=WORKER, now=now)
    deliver(now=at(now), limit=10)
    partner.close()
    assert fresh(parcel).state == "acknowledged"


def test_it_is_withdrawn_when_its_key_was_destroyed_and_the_next_goes_on(hospital, now):
    child = uuid.uuid4()
    gone, next_one = owe("hospital", now, child), owe("hospital", now, child)
    keyring.shred([gone.key])
    deliver(now=at(now), limit=10)
    assert (fresh(gone).state, fresh(gone).withdrawn_at, bytes(fresh(gone).sealed)) == ("withdrawn", now, b"")
    assert fresh(next_one).state == "acknowledged"
    assert [number for _, number, _ in hospital.records] == [2]


def test_it_can_be_taken_back_until_it_has_arrived(hospital, now):
    arrived = owe("hospital", now)
    deliver(now=at(now), limit=10)
    waiting = owe("hospital", now)
    with system("test"):
        assert not parcels.withdraw(parcel=arrived.id, by=WORKER, because="sent-in-error", now=now)
        assert parcels.withdraw(parcel=waiting.id, by=WORKER, because="sent-in-error", now=now)
    deliver(now=at(now), limit=10)
    assert states() == {"acknowledged": 1, "withdrawn": 1} and len(hospital.records) == 1
    assert not keyring.fetch([waiting.key])


def test_it_leaves_a_server_that_is_down_in_peace_and_sends_one_ahead(hospital, now):
    for _ in range(30):
        owe("hospital", now)
    hospital.be("answers 500")
    assert deliver(now=at(now), limit=30) == 8, "it went on knocking"
    assert deliver(now=at(now + timedelta(seconds=10)), limit=30) == 0
    later = now + timedelta(minutes=7)
    assert deliver(now=at(later), limit=30) == 1, "more than one was sent ahead"
    hospital.be("")
    assert deliver(now=at(later + timedelta(minutes=7)), limit=50) == 30
    assert states() == {"acknowledged": 30}


def test_it_would_go_on_knocking_without_the_circuit(hospital, now, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(delivery.patience, "rest_until", lambda *_: None)
    for _ in range(30):
        owe("hospital", now)
    hospital.be("answers 500")
    assert deliver(now=at(now), limit=30) == 30


@pytest.mark.parametrize("followed", [False, True])
def test_it_follows_no_redirect(hospital, now, monkeypatch, followed):
    """With the negative control: a client that follows knocks again, wherever it was pointed."""
    if followed:
        real = posting._client
        monkeypatch.setattr(posting, "_client", lambda: following(real()))
    owe("hospital", now)
    hospital.be("redirects")
    deliver(now=at(now), limit=1)
    assert (len(hospital.arrived) > 1) == followed


def following(client):
    client.follow_redirects = True
    return client


def test_it_trusts_no_certificate_of_another_authority_or_name(hospital, now, monkeypatch):
    owe("hospital", now)
    Endpoint.objects.update(where=hospital.where.replace("localhost", "127.0.0.1"))
    deliver(now=at(now), limit=1)
    with system("test"):
        assert Parcel.objects.get().fault == Fault.TLS and not hospital.arrived


def test_it_is_carried_by_one_worker_at_a_time(hospital, now):
    owe("hospital", now)
    endpoint = Endpoint.objects.get(agency="hospital")
    assert len(delivery._claim(endpoint, now, 5)) == 1
    assert not delivery._claim(endpoint, now, 5)
    assert len(delivery._claim(endpoint, now + delivery.CLAIM, 5)) == 1, "a dead worker's claim never ended"


def test_it_does_not_undo_what_another_worker_has_brought_further(hospital, now):
    parcel = owe("hospital", now)
    endpoint = Endpoint.objects.get(agency="hospital")
    [claimed] = delivery._claim(endpoint, now, 1)
    [envelope] = delivery._open([claimed], endpoint, now)
    delivery._note(endpoint, envelope, None, now)
    delivery._note(endpoint, envelope, Fault.TIMED_OUT, now)
    assert fresh(parcel).state == "acknowledged"
