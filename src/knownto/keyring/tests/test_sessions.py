"""A session is sealed to its own cookie: neither its row nor its content is of use anywhere else."""

from django.contrib.sessions.models import Session

from knownto.keyring.sessions import SessionStore


def begun(**said):
    session = SessionStore()
    session.update(said)
    session.save()
    return session


def test_it_comes_back_to_whoever_holds_its_cookie(db):
    session = begun(worker="one")
    assert dict(SessionStore(session.session_key).load()) == {"worker": "one"}
    session.cycle_key()
    session.save()
    assert SessionStore(session.session_key).load() == {"worker": "one"}


def test_its_stored_id_is_of_no_use_as_a_cookie(db):
    begun(worker="one")
    assert SessionStore(Session.objects.get().session_key).load() == {}


def test_its_content_opens_nothing_in_another_sessions_place(db):
    """Somebody who can write to the table must not put an administrator's session into the place of their own."""
    mine, theirs = begun(worker="me"), begun(worker="an administrator")
    row = Session.objects.get(session_key=theirs._row_key())
    Session.objects.filter(session_key=mine._row_key()).update(session_data=row.session_data)
    assert SessionStore(mine.session_key).load() == {}
